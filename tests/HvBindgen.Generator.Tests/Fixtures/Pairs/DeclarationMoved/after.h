#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

struct spared {
	__u32 a;
};

#endif
//// second.h
#ifndef _SECOND_H
#define _SECOND_H
struct reported {
	__u32 a;
};

#define REPORTED_LIMIT 4
#endif
