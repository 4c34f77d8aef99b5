#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 items[1];
};

struct reported_zero {
	__u32 a;
	__u32 items[0];
};

struct spared {
	__u32 a;
	__u32 items[2];
};

#define REPORTED_CALL _IOW(0xB8, 0, struct reported)

#endif
