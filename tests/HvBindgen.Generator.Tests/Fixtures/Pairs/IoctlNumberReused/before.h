#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct arg {
	__u32 a;
	__u32 b;
};

#define GET_VERSION _IOWR(0xB8, 0, struct arg)
#define VM_RUN _IO(0xB8, 1)

#endif
