#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a:4;
	__u32 b:4;
	__u32 c:24;
};

union reported_text {
	__u32 a;
	__u32 b;
	__u32 c;
};

struct spared {
	__u32 a;
	__u32 b;
	__u32 c;
};

#endif
