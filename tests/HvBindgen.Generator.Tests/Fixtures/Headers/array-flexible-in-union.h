#include <linux/types.h>

#define FLEX(TYPE, NAME) struct { struct { } __empty_ ## NAME; TYPE NAME[]; }

struct message {
	__u32 kind;
	union {
		FLEX(__u8, bytes);
		FLEX(__u64, words);
		__u32 number;
	};
};

struct named_end { __u32 count; union { __u8 bytes[0]; __u32 words[0]; } data; };
struct wrapper { __u64 id; struct message message; };
