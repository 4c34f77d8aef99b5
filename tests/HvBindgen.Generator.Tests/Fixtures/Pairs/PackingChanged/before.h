#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
} __attribute__((packed));
struct spared {
	__u32 a;
	__u32 b;
};

struct holder {
	__u8 first;
	struct reported second;
};

#endif
