#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define GET_REPORTED(len) _IOC(_IOC_READ, 'E', 0x06, len)
#define SET_REPORTED(nr, len) _IOC(_IOC_WRITE, 'E', 0x20 + (nr), len)
#define BASE 0x40
#define BASE_REPORTED(len) _IOC(_IOC_READ, 'E', BASE, len)
#define MASK_REPORTED(n) _IOC(_IOC_READ, 'E', 0x80 + (n), 4)
#define MASK_SPARED(n) _IOC(_IOC_READ, 'E', (n) & 7, 4)
#define GET_SPARED(len) _IOC(_IOC_READ, 'E', 0x07, len)
#define SPARED(x) ((x) + 1)

#endif
