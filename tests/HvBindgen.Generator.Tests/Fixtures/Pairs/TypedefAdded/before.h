#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef __u32 spared;
struct user {
	__u64 first_use;
};

#endif
