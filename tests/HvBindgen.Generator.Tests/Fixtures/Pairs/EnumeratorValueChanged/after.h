#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE = 1,
	TWO = 4,
};

enum spared {
	A,
	B,
	C,
	SPARED_MAX,
};

#endif
