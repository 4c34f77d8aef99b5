#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct arg {
	__u32 a;
	__u32 b;
};

struct other {
	__u32 a;
	__u32 z;
};

#define REPORTED _IOW(0xB8, 3, struct other)
#define REPORTED_AT(nr) _IOW(0xB8, 0x20 + (nr), struct other)
#define SPARED_AT(nr) _IOW(0xB8, 0x40 + (nr), unsigned int)
#define SPARED _IOW(0xB8, 4, unsigned int)

#endif
