#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	TWO,
};

enum reported_too {
	UNO,
	DUE,
};

enum spared {
	A,
	C,
};

#endif
