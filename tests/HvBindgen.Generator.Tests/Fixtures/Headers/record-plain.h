#include <linux/types.h>

struct region {
	__u64 start;
	__u32 pages;
	__u8 flags;
	__u8 node;
	__u16 padding;
	void *owner;
	const char *name;
};
