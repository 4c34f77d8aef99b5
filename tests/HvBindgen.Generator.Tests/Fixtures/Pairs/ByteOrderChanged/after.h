#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct reported {
	__le32 a;
	__be32 b;
	__be16 c;
	__le16 d;
};

struct spared {
	__u32 a;
	__le32 renamed;
};

#endif
