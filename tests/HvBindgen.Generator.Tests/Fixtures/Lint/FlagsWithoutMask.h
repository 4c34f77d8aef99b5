#include "uapi.h"

#define ONE_FLAG 1

struct first {
	__u32 reported_flags;
	__u32 spared_flagship;
	__u64 spared_flags_padding;
	__u64 rsvd;
};

#define VM_FIRST _IOW('x', 1, struct first)

//// or.h
#include "uapi.h"

#define OR_A 1
#define OR_B 4
#define OR_VALID (OR_A | OR_B)

struct second {
	__u32 spared_flags;
	__u32 rsvd;
};

#define VM_SECOND _IOW('x', 2, struct second)

//// bits.h
#include "uapi.h"

enum {
	BIT_A,
	BIT_B,
	BIT_COUNT,
};

#define BITS_KNOWN ((1 << BIT_COUNT) - 1)

struct third {
	__u32 spared_flags;
	__u32 rsvd;
};

#define VM_THIRD _IOW('x', 3, struct third)

//// several.h
#include "uapi.h"

#define MANY_A 1
#define MANY_B 2
#define MANY_VALID (MANY_A | MANY_B)

/* A mask by its name alone is a number like any other. */
#define OTHER_FLAGS_MASK 7

struct fourth {
	__u32 reported_flags;
	__u32 reported_vm_flags;
	__u64 rsvd;
};

#define VM_FOURTH _IOW('x', 4, struct fourth)

//// enumerators.h
#include "uapi.h"

enum {
	IN_A = 1,
	IN_B = 2,
	IN_ALL = IN_A | IN_B,
};

struct fifth {
	__u32 spared_flags;
	__u32 rsvd;
};

#define VM_FIFTH _IOW('x', 5, struct fifth)
