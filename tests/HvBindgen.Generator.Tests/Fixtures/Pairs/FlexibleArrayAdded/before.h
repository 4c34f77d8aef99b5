#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
};

struct spared {
	__u32 a;
	__u32 b;
};

#endif
