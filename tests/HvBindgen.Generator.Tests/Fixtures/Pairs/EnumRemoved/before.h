#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	TWO,
};

enum {
	SPARED_A,
	SPARED_B,
};

enum spared {
	THREE,
};

#endif
