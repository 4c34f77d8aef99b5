#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED(x) ((x) + 2)
#define SPARED(x) \
	((x)   +   2) /* the same */

#endif
