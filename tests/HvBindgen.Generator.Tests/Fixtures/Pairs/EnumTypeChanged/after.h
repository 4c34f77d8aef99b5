#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	MINUS = -1,
	ONE,
	TWO,
};

enum spared {
	A,
	B,
	C,
};

struct holder {
	enum reported first;
	__u32 c;
};

#endif
