#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u64 a;
	__u32 b;
	__u16 taken;
} __attribute__((aligned(8)));
struct spared {
	__u64 a;
	__u32 b;
	__u32 taken;
};

#endif
