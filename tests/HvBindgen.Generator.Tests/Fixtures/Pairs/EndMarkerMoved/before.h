#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED_MAX 7
#define SPARED_LIMIT 7
#define SPARED_COUNT 7

#endif
