#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define SPARED_RENAMED _IO(0xB8, 1)

#endif
