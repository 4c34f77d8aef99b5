#include <linux/types.h>

struct entry { __u16 key; __u32 value; };
struct list { __u32 count; struct entry entries[]; };
struct zero { __u64 count; __u64 words[0]; };
struct one { __u32 count; __u32 words[1]; };
struct tail { __u64 wide; __u8 count; __u8 data[]; };
struct inline_items { __u8 count; struct { __u8 kind; __u16 size; } items[]; } __attribute__((packed));
struct pointers { __u32 count; void *items[]; };
struct rows { __u32 count; __u32 cells[][4]; };
