#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED _IO(0xB8, 0)
#define SPARED _IO(0xB8, 1)

#endif
