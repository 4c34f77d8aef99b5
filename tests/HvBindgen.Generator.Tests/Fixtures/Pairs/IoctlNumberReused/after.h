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

#define REPORTED_CHECK _IOWR(0xB8, 0, struct other)
#define GET_PAIR _IOR(0xB8, 2, struct arg)
#define SPARED_SET_PAIR _IOW(0xB8, 2, struct arg)
#define OLD_NAME _IO(0xB8, 3)
#define SPARED_ALIAS OLD_NAME
#define VM_RUN _IO(0xB8, 1)
#define SPARED_CREATE _IO(0xB8, 1)

#endif
