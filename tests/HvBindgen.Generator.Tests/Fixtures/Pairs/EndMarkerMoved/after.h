#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum attribute {
	ATTRIBUTE_ONE,
	ATTRIBUTE_TWO,
	ATTRIBUTE_THREE,
	__ATTRIBUTE_MAX,
};

#define REPORTED_MAX (__ATTRIBUTE_MAX - 1)

#define OP_READ 1
#define OP_WRITE 2
#define OP_TRIM 3
#define REPORTED_LAST OP_TRIM

#define LONE_SPARED_MAX 8
#define SPARED_LIMIT (OP_READ + 7)
#define SPARED_COUNT 6

#define MODE_READ 0
#define MODE_WRITE 1
#define MODE_TRIM 2
#define MODE_MAX 3

#endif
