#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	TWO,
	__REPORTED_MAX,
};

enum spared {
	A = 1,
	B = 3,
};

#endif
