#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u16 rsvd1;
	__u16 rsvd2;
	__u32 mbz;
};

struct spared {
	__u32 a;
	__u32 used;
};

#endif
