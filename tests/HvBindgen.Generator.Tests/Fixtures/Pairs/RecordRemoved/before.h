#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
};

struct spared_later;
struct spared_later {
	__u32 b;
};

#endif
