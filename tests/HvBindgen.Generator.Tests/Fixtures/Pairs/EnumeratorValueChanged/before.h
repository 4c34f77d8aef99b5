#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE = 1,
	TWO = 2,
};

enum spared {
	A,
	B,
	SPARED_MAX,
};

#endif
