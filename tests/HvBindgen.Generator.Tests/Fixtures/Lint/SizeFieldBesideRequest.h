#include "uapi.h"

struct reported {
	__u32 argsz;
	__u32 index;
};

/* The size of a range of memory. */
struct spared {
	__u64 size;
	__u64 address;
	__u64 rsvd;
};

/* Not first. */
struct spared_later {
	__u32 rsvd;
	__u32 size;
};

#define VM_SET _IOW('x', 1, struct reported)
#define VM_MAP _IOW('x', 2, struct spared)
#define VM_MAP_LATER _IOW('x', 3, struct spared_later)
