#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u64 address;
};

struct spared {
	struct {
		__u32 low;
		__u32 high;
	};

};

#endif
