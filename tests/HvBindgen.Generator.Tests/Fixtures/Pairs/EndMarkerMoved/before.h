#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum attribute {
	ATTRIBUTE_ONE,
	ATTRIBUTE_TWO,
	__ATTRIBUTE_MAX,
};

#define REPORTED_MAX (__ATTRIBUTE_MAX - 1)

#define OP_READ 1
#define OP_WRITE 2
#define REPORTED_LAST OP_WRITE

#define LONE_SPARED_MAX 7
#define SPARED_LIMIT (OP_READ + 6)
#define SPARED_COUNT 7

#define MODE_READ 0
#define MODE_WRITE 1
#define MODE_MAX 2

#endif
