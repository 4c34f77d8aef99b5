#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	ZWEI,
};

enum spared {
	A,
	B,
	C,
};

#endif
