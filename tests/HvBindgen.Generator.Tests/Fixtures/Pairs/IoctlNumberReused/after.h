#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct arg {
	__u32 a;
	__u32 b;
};

#define REPORTED_CHECK _IOW(0xB8, 0, __u32)
#define VM_RUN _IO(0xB8, 1)
#define SPARED_CREATE _IO(0xB8, 1)

#endif
