#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	__REPORTED_MAX,
	REPORTED_MAX = __REPORTED_MAX - 1,
};

enum prefixed {
	KIND_ONE,
	NUM_REPORTED_KINDS,
};

enum spared {
	A = 1,
	B = 2,
};

enum spared_speed {
	SPEED_MIN = 1,
	SPEED_MAX = 100,
};

enum spared_last {
	PRIORITY_LAST = 3,
};

#endif
