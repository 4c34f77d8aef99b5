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

#define REPORTED _IOW(0xB8, 3, struct arg)
#define SPARED _IOW(0xB8, 4, __u32)

#endif
