#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

union reported {
	__u64 a;
	__u32 b;
};

union spared {
	__u64 a;
	__u32 b;
};

#endif
