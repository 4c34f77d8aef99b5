#include <linux/types.h>

struct signs {
	int small:5;
	int bit:1;
	signed char tiny:3;
	__s64 wide:40;
	int whole:32;
};
