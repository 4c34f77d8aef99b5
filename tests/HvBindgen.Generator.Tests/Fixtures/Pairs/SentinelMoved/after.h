#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	TWO,
	__REPORTED_MAX,
	REPORTED_MAX = __REPORTED_MAX - 1,
};

enum prefixed {
	KIND_ONE,
	KIND_TWO,
	NUM_REPORTED_KINDS,
};

enum spared {
	A = 1,
	B = 3,
};

enum spared_speed {
	SPEED_MIN = 1,
	SPEED_MAX = 200,
};

enum spared_last {
	PRIORITY_LAST = 7,
};

#endif
