#include <linux/types.h>

struct line { __u32 words[4]; } __attribute__((aligned(64)));
struct pair { __u8 tag; struct line line; };
struct wire { __u8 tag; struct line line; __u16 end; } __attribute__((packed));
struct member { __u8 tag; __u32 word __attribute__((aligned(16))); };
typedef __u64 __attribute__((aligned(4))) loose_u64;
struct loose { __u32 first; loose_u64 wide; };
