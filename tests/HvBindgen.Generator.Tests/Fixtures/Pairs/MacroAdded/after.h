#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define SPARED(x, y) ((x) + (y))
#define REPORTED(x) ((x) + 1)

#endif
