#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	TWO = 5,
	THREE = 9,
};

enum spared {
	A,
	B,
};

#endif
