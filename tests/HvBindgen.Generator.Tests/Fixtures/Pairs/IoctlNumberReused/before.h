#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct arg {
	__u32 a;
	__u32 b;
};

struct other {
	__u64 c;
};

#define GET_VERSION _IOWR(0xB8, 0, struct arg)
#define GET_PAIR _IOR(0xB8, 2, struct arg)
#define OLD_NAME _IO(0xB8, 3)
#define VM_RUN _IO(0xB8, 1)

#endif
