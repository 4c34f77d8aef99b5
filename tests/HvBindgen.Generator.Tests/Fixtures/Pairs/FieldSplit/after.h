#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u8 name[4];
	__u8 more[4];
};

struct reported_bits {
	__u64 type:8;
	__u64 one:1;
	__u64 rest:55;
};

struct reported_whole {
	__u32 low;
	__u32 high;
};

struct spared {
	__u32 a;
	__u8 name[4];
	__u8 more[4];
};

#endif
