#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef __u64 reported __attribute__((aligned(16)));
typedef unsigned long long spared;
struct user {
	reported first;
	__u32 c;
};

#endif
