#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define SPARED 1

#endif
