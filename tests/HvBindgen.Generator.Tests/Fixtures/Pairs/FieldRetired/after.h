#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 rsvd;
};

struct reported_bits {
	__u64 one:1;
	__u64 reserved:63;
};

struct spared {
	__u32 a;
	__u32 c;
};

#endif
