#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u8 flags;
	__u8 rsvd[7];
	__u32 reserved2;
};

struct reported_bits {
	__u64 one:1;
	__u64 reserved:63;
};

struct spared {
	__u32 a;
	__u32 preserved;
};

struct spared_hole {
	__u32 a;
	__u64 b;
};

#endif
