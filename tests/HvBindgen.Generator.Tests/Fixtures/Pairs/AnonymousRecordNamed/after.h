#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	struct {
		__u32 x;
		__u32 y;
	} position;
};

struct reported_back {
	union {
		__u32 word;
		__u16 half;
	};
};

struct spared {
	struct {
		__u32 low;
		__u32 high;
	};
};

#endif
