#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED 2
#define REPORTED_TEXT "two"
#define SPARED_MASK 0x7

#endif
