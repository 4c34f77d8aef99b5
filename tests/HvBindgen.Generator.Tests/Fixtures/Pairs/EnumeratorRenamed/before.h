#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	TWO,
};

enum spared {
	A,
	B,
};

#endif
