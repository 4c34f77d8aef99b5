#include <linux/types.h>

struct nine_bytes { __u8 lead:4; __u64 wide:64; __u8 tail:4; } __attribute__((packed));
struct three_bytes { __u8 a:5; __u8 b:4; __s16 c:15; } __attribute__((packed));
struct five_bytes { __u8 tag; __u32 low:5; __u32 middle:25; __u32 high:2; } __attribute__((packed));
struct signed_nine { __u8 lead:1; __s64 wide:64; __u8 tail:7; } __attribute__((packed));
