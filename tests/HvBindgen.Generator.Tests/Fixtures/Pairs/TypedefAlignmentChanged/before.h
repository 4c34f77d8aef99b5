#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef __u64 reported;
typedef __u64 spared;
struct user {
	reported first;
	__u32 c;
};

#endif
