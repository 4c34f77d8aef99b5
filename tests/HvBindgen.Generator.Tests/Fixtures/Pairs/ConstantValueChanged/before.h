#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED 1
#define REPORTED_TEXT "one"
#define SPARED_MASK 0x3

#endif
