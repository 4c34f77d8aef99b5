#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct spared_later {
	__u32 b;
};

#endif
