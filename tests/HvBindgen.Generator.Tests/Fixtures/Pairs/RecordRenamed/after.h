#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
};

struct spared_otherwise {
	__u32 b;
	__u64 c;
};

struct user {
	struct reported first;
	__u32 c;
};

#endif
