#include <linux/types.h>

union state {
	__u64 as_u64;
	struct { __u64 kind:4; __u64 vector:8; __u64 :20; __u64 error:32; };
	__u8 low:2;
	struct { __u32 valid:1; __u32 other:31; } named;
};

struct holder { __u8 lead; struct { __u16 x:9; union { __u8 y:3; __u8 z:6; }; }; } __attribute__((packed));
