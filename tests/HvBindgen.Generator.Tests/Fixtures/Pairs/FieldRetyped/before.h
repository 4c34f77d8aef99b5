#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum mode {
	FAST,
	SLOW,
};

struct reported {
	__u32 a;
	__u64 address;
};

struct spared {
	__u32 a;
	__u32 b;
};

#endif
