#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u8 a;
	__u32 b;
};

struct spared {
	__u8 a;
	__u8 pad[3];
	__u32 b;
};

#endif
