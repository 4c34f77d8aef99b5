#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED_ONE 1
#define REPORTED_TWO 2
#define REPORTED_GET _IOR(0xB8, 2, __u32)
#define SPARED_GONE 3

enum spared {
	SPARED_A,
};

#endif
