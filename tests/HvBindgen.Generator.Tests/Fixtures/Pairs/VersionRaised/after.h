#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED_VERSION 8
#define REPORTED_MINOR_VERSION 46
#define REPORTED_VERSION_EXTRA "two"
#define SPARED_VERSION 6
#define SPARED_VERSION_MASK 0x0e
#define SPARED_CONVERSIONS 4

#endif
