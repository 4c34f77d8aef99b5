#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct spared {
	__u32 a;
};

struct reported {
	__u32 b;
};

#endif
