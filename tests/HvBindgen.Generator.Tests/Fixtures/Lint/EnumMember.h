#include "uapi.h"

enum kind {
	KIND_A,
	KIND_B,
};

typedef enum kind kind_t;

struct chosen {
	enum kind reported;
	kind_t reported_typedef[2];
	__u32 spared;
	__u64 rsvd;
};

#define VM_SET _IOW('x', 1, struct chosen)
