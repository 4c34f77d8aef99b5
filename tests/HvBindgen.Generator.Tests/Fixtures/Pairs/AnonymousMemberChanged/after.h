#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	struct {
		__u8 b;
	} __attribute__((aligned(4)));
	__u32 c;
};

struct spared {
	__u32 a;
	__u8 b;
	__u32 c;
};

#endif
