#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define OP_REPORTED 5
#define KEPT_OLD 6
#define KEPT_SPARED KEPT_OLD
#define OTHER_SPARED 7

#endif
