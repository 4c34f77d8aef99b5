#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED 1
#define SPARED (1 + 1)

#endif
