#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

typedef unsigned int spared;
typedef __u32 reported;
struct user {
	__be64 first_use;
};

#endif
