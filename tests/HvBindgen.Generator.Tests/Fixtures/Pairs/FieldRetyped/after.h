#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum mode {
	FAST,
	SLOW,
};

struct reported {
	enum mode a;
	double address;
};

struct spared {
	unsigned int a;
	__u32 b;
};

#endif
