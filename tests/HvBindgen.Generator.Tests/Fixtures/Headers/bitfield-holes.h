#include <linux/types.h>

struct holes {
	__u32 a:3;
	__u32 :5;
	__u32 b:4;
	__u32 :0;
	__u32 c:1;
	__u8 :0;
	__u8 d:2;
	__u64 :60;
};
