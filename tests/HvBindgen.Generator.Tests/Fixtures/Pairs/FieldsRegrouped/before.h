#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
	__u32 c;
};

struct spared {
	__u32 a;
	__u32 b;
};

#endif
