#include "uapi.h"

struct reported {
	__u32 a : 1;
	__u32 b : 2;
	__u32 c : 3;
	__u32 d : 26;
	__u32 rsvd;
};

struct spared {
	__u32 word;
	__u32 rsvd;
};

/* Of the hypervisor, and no argument. */
struct spared_register {
	__u64 a : 1;
	__u64 b : 63;
};

#define VM_SET _IOW('x', 1, struct reported)
#define VM_SET_WORD _IOW('x', 2, struct spared)
