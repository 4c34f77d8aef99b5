#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__s32 b;
};

struct spared {
	__u32 a;
	__le32 b;
};

#endif
