#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED_MASK 0x1f
#define SPARED_MASK 0x17

#endif
