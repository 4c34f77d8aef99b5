#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum reported {
	ONE,
	THREE = 9,
};

enum spared {
	A,
	RENAMED,
};

#endif
