#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct old_name {
	__u32 a;
	__u32 b;
};

struct spared {
	__u32 a;
	__u64 b;
};

struct user {
	struct old_name first;
	__u32 c;
};

#endif
