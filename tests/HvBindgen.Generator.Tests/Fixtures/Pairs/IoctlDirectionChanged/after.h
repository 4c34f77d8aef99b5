#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct arg {
	__u32 a;
	__u32 b;
};

#define REPORTED _IOWR(0xB8, 3, struct arg)
#define SPARED _IOW(0xB9, 4, struct arg)

#endif
