#include <linux/types.h>

union value {
	__u64 as_u64;
	double as_double;
	__u8 bytes[12];
	struct { __u32 low, high; } halves;
};

typedef union { int number; void *pointer; } either_t;
