#include "uapi.h"

struct inner {
	__u16 reported_inner;
	__u32 b;
};

struct holes {
	__u8 reported;
	__u64 b;
	struct inner c;
	__u64 rsvd;
};

/* The other alternative covers it. */
struct filled {
	__u8 spared;
	__u8 pad[7];
	union {
		struct {
			__u8 spared_alternative;
			__u64 d;
		};
		__u8 raw[16];
	};
	__u64 rsvd;
};

/* Not an argument. */
struct elsewhere {
	__u8 spared;
	__u64 b;
};

#define VM_SET _IOW('x', 1, struct holes)
#define VM_SET_FILLED _IOW('x', 2, struct filled)
