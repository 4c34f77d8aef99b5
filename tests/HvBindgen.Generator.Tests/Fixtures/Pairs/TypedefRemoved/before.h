#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef __u32 reported;
typedef __u32 spared;
struct user {
	__be64 last_use;
};

#endif
