#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum {
	SPARED_A,
};

#endif
