#include "uapi.h"

struct list {
	__u32 count;
	__u32 rsvd;
	__u64 spared_last[];
};

struct inside {
	__u32 rsvd;
	__u32 reported[0];
	__u32 behind;
	struct list reported_record;
	__u64 end;
};

struct alternatives {
	__u64 rsvd;
	union {
		__u8 spared_bytes[0];
		__u64 words[2];
	};
};

#define VM_LIST _IOW('x', 1, struct list)
#define VM_INSIDE _IOW('x', 2, struct inside)
#define VM_EITHER _IOW('x', 3, struct alternatives)
