#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef __u32 my_u32;
struct reported {
	my_u32 a;
	unsigned short b;
};

struct spared {
	__s32 a;
	__u32 b;
};

#endif
