#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef __u32 my_u32;
struct reported {
	__u32 a;
	__u16 b;
};

struct spared {
	__u32 a;
	__u32 b;
};

#endif
