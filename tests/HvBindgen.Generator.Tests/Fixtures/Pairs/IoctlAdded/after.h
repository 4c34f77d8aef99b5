#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define SPARED _IO(0xB8, 1)
#define REPORTED _IO(0xB8, 2)
#define SPARED_REUSE _IO(0xB8, 1)

#endif
