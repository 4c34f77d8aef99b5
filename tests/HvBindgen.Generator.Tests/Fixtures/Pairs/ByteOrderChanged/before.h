#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__u32 a;
	__u32 b;
	__le16 c;
	__le16 d;
};

struct spared {
	__u32 a;
	__le32 b;
};

#endif
