#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define FLAG_A 0x01
#define FLAG_B 0x02
#define FLAG_C 0x04
#define REPORTED_FLAGS (FLAG_A | FLAG_B | FLAG_C)
#define REPORTED_CMD_MASK ~(FLAG_A | FLAG_B | FLAG_C)
#define SPARED_NARROWED (FLAG_A | FLAG_C)
#define SPARED_MASK_OFFSET 0x1f
#define SPARED_INVALID_ID 0x30

enum reported_bits {
	REPORTED_BIT_ONE,
	REPORTED_BIT_TWO,
	REPORTED_BIT_THREE,
	REPORTED_BIT_COUNT,
};

#define REPORTED_BITS ((1 << REPORTED_BIT_COUNT) - 1)

#endif
