#include "uapi.h"
// descriptor cpu CPU_*

struct small {
	__u64 rsvd;
};

struct large {
	__u64 a;
	__u64 rsvd;
};

#define VM_FIRST _IOW('x', 1, struct small)
#define VM_REPORTED _IOW('x', 1, struct small)
#define VM_REPORTED_DIRECTION _IOR('x', 1, struct small)
#define VM_SPARED _IOW('x', 2, struct large)
#define CPU_SPARED_DESCRIPTOR _IOW('x', 1, struct small)
#define VM_SPARED_ALIAS VM_FIRST
#define VM_SPARED_TYPE _IOW('y', 1, struct small)
