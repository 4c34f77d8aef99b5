#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum kinds {
	REPORTED_ONE = 1,
	REPORTED_TWO = 3,
};

#define REPORTED_GET 0x8004b802

enum spared {
	SPARED_A,
};

#define SPARED_A SPARED_A

#endif
