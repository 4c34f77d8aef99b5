#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	TWO,
	THREE,
	REPORTED_MAX,
};

enum {
	REPORTED_BIT_A,
	REPORTED_BIT_B,
	REPORTED_BIT_C,
	REPORTED_BIT_D,
	REPORTED_BIT_COUNT,
};

#define REPORTED_MASK ((1 << REPORTED_BIT_COUNT) - 1)
enum spared {
	A,
	RENAMED,
};

#endif
