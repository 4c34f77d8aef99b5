#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED_VERSION 7
#define REPORTED_MINOR_VERSION 45
#define REPORTED_VERSION_EXTRA "one"
#define SPARED_VERSION 7
#define SPARED_VERSION_MASK 0x0f
#define SPARED_CONVERSIONS 3

#endif
