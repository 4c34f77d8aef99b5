#include "uapi.h"

struct reported_size {
	__u64 a;
	__u32 b;
};

/* Of one size everywhere: nothing but the bytes tells. */
struct reported_place {
	__u32 a;
	__u64 b;
	__u8 c[9];
} __attribute__((aligned(16)));

struct spared {
	__u64 a;
	__u32 b;
	__u32 rsvd;
};

/* i686 aligns it otherwise, and yet every byte is where it was. */
struct spared_alignment {
	__u64 a[3];
};

#define VM_SIZE _IOW('x', 1, struct reported_size)
#define VM_PLACE _IOW('x', 2, struct reported_place)
#define VM_SAME _IOW('x', 3, struct spared)
#define VM_ALIGNED _IOW('x', 4, struct spared_alignment)
