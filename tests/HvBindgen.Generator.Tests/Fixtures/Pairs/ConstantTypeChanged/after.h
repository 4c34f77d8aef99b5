#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED 1ULL
#define SPARED (2 - 1)

#endif
