#include <linux/types.h>

struct wide {
	__u64 present:1;
	__u64 ignored:11;
	__u64 page:52;
	__u32 error:32;
	__u64 whole:64;
};
