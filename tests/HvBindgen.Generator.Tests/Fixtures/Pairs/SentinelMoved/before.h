#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	__REPORTED_MAX,
};

enum spared {
	A = 1,
	B = 2,
};

#endif
