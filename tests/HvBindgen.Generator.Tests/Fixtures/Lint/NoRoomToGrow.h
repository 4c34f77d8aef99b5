#include "uapi.h"

struct reported {
	__u32 index;
	__u32 preserved;
};

struct spared {
	__u32 index;
	__u32 reserved;
};

struct spared_sized {
	__u32 size;
	__u32 index;
};

struct spared_buffer {
	__u8 bytes[256];
};

/* A part of an argument: the whole has the room. */
struct spared_part {
	__u64 a;
};

struct spared_whole {
	struct spared_part part;
	__u64 rsvd[4];
};

#define VM_SET _IOW('x', 1, struct reported)
#define VM_SET_RESERVED _IOW('x', 2, struct spared)
#define VM_SET_SIZED _IOW('x', 3, struct spared_sized)
#define VM_READ _IOR('x', 4, struct spared_buffer)
#define VM_SET_WHOLE _IOW('x', 5, struct spared_whole)
