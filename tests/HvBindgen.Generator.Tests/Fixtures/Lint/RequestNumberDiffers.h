#include "uapi.h"

struct padded {
	__u64 a;
	__u32 b;
};


struct fixed {
	__u64 a;
	__u64 rsvd;
};

#define VM_REPORTED _IOW('x', 1, struct padded)
#define VM_SPARED _IOW('x', 2, struct fixed)
#define VM_SPARED_NOTHING _IO('x', 3)
