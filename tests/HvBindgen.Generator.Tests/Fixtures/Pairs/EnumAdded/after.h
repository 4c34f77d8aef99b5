#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum {
	SPARED_A,
	SPARED_B,
};

enum reported {
	ONE,
};

#endif
