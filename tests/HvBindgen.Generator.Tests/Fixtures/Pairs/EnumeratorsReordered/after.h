#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	TWO = 2,
	ONE = 1,
};

enum spared {
	B,
	A,
};

#endif
