#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define FLAG_A 0x01
#define FLAG_B 0x02
#define FLAG_C 0x04
#define REPORTED_MASK (FLAG_A | FLAG_B)
#define SPARED_MASK (FLAG_A | FLAG_B)

enum flags {
	ONE = 1,
	TWO = 2,
	REPORTED_ALL = ONE | TWO,
};

#endif
