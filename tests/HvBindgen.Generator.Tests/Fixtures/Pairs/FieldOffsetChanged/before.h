#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u64 b __attribute__((aligned(8)));
	__u32 c;
};

struct spared {
	__u32 a;
	__u8 rsvd[4];
	__u32 b;
};

#endif
