#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef unsigned int reported;
typedef __s32 spared;

#endif
