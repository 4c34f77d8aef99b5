#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u8 a;
	__u64 b;
};

struct spared {
	__u8 a;
	__u8 rsvd[7];
	__u64 b;
};

#endif
