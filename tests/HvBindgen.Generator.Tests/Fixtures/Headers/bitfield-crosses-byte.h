#include <linux/types.h>

struct crossing {
	__u16 first:3;
	__u16 second:7;
	__u16 third:6;
	__u32 page:20, low:12;
	__u8 alone:1;
};
