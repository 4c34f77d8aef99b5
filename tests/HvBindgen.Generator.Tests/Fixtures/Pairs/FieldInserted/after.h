#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 new_one;
	__u32 b;
};

struct spared {
	__u32 a;
	__u32 b;
	__u32 new_one;
};

struct holder {
	struct reported first;
	__u32 c;
};

#endif
