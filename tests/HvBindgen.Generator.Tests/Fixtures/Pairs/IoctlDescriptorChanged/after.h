#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

// descriptor vm REPORTED*
struct arg {
	__u32 a;
	__u32 b;
};

#define REPORTED _IOW(0xB8, 3, struct arg)
#define VM_SPARED _IOW(0xB8, 4, unsigned int)

#endif
