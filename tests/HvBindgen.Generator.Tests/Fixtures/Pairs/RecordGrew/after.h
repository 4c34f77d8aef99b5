#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
	__u32 c;
	__u32 d;
};

struct spared {
	__u32 a;
	__u32 used;
};

#define REPORTED_CALL _IOW(0xB8, 0, struct reported)
#define SPARED_CALL _IOW(0xB8, 1, struct spared)

#endif
