#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u8 name[8];
};

struct reported_bits {
	__u64 type:8;
	__u64 rest:56;
};

struct reported_whole {
	__u64 address;
};

struct spared {
	__u32 a;
	__u8 name[4];
	__u8 rsvd[4];
};

#endif
