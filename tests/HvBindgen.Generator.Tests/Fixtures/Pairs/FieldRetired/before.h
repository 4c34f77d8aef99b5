#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
};

struct reported_bits {
	__u64 one:1;
	__u64 two:1;
	__u64 reserved:62;
};

struct spared {
	__u32 a;
	__u32 b;
};

#endif
