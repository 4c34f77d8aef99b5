#include "uapi.h"

struct reported {
	__u64 a;
	__u8 rsvd;
};

struct spared {
	__u64 a;
	__u8 b;
	__u8 rsvd[7];
};

struct spared_packed {
	__u64 a;
	__u8 rsvd;
} __attribute__((packed));

#define VM_SET _IOW('x', 1, struct reported)
#define VM_SET_NAMED _IOW('x', 2, struct spared)
#define VM_SET_PACKED _IOW('x', 3, struct spared_packed)
