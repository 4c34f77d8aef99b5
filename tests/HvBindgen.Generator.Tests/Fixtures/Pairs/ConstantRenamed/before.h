#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define OP_OLD 5
#define KEPT_OLD 6
#define ONE_OLD 7

#endif
