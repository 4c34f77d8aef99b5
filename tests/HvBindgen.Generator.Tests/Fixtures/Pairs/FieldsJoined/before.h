#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 low;
	__u32 high;
};

struct spared {
	__u32 low;
	__u32 high;
};

#endif
