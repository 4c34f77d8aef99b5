#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED_MAX 8
#define SPARED_LIMIT 8
#define SPARED_COUNT 6

#endif
