#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

union reported {
	__u64 a;
	__u32 b[2];
	__u16 c;
};

struct reported_inside {
	__u32 a;
	union {
		__u32 b;
		__s16 c;
		__u8 d[4];
	};

};

union spared {
	__u32 a;
	__u64 larger;
};

#endif
