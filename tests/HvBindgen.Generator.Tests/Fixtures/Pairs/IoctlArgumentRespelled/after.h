#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED _IOW(0xB8, 3, unsigned int)
#define SPARED _IOW(0xB8, 4, __s32)

#endif
