#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED_MASK 0x0f
#define SPARED_MASK 0x0f

#endif
