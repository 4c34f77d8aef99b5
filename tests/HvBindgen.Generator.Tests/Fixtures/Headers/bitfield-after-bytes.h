#include <linux/types.h>

struct mixed {
	__u8 tag;
	__u32 bits:24;
	__u16 half;
	__u8 nibble:4;
	__u8 byte;
	__u32 tail:8;
};
