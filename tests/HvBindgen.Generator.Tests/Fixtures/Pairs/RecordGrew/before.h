#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
};

struct spared {
	__u32 a;
	__u32 rsvd;
};

#define REPORTED_CALL _IOW(0xB8, 0, struct reported)
#define SPARED_CALL _IOW(0xB8, 1, struct spared)

#endif
