#include "uapi.h"

typedef unsigned long uint64_t;
typedef uint64_t chained_t;

struct pointers {
	__u64 *reported;
	unsigned long reported_too[2];
	__u64 spared;
	long long spared_too;
	uint64_t spared_by_width;
	chained_t spared_by_chain[2];
	__u64 rsvd;
};

/* Nobody hands it to the kernel. */
struct spared {
	void *user;
};

#define VM_SET _IOW('x', 1, struct pointers)
#define VM_REPORTED_LONG _IOR('x', 2, long)
#define VM_SPARED_WORD _IOR('x', 3, __u32)
