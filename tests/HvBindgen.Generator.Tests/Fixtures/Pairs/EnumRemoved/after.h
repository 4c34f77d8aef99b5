#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum spared_now {
	SPARED_A,
	SPARED_B,
};

enum spared {
	THREE,
};

#endif
