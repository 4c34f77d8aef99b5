#include <linux/types.h>

struct page {
	__u32 valid;
	union {
		struct {
			__u64 low;
			union {
				struct { __u32 rip; __u32 flags; };
				__u64 both;
			};
		};
		__u8 raw[16];
	};
	__u32 end;
};
