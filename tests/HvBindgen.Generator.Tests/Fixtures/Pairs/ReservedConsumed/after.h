#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u8 flags;
	__u8 mode;
	__u8 rsvd[6];
	__u32 whole;
};

struct reported_bits {
	__u64 one:1;
	__u64 two:1;
	__u64 reserved:62;
};

struct spared {
	__u32 a;
	__u32 used;
};

struct spared_hole {
	__u32 a;
	__u32 used;
	__u64 b;
};

#endif
