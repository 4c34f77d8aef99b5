#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum old_name {
	ONE,
	TWO,
};

enum {
	UNO,
	DUE,
};

enum spared {
	A,
	B,
};

#endif
