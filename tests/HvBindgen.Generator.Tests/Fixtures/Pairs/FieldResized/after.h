#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	unsigned long b;
};

struct spared {
	__u32 a;
	unsigned int b;
};

#endif
