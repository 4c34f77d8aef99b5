#include <linux/types.h>

struct payload { struct { } none; __u16 words[]; };
struct packet { __u32 count; __u32 tail_words; struct payload tail; };
struct entries { __u32 count; struct { struct { __u8 kind; __u8 size; } item[0]; } list; };
struct choice { __u64 count; union { struct { } none; struct payload words; __u8 bytes[0]; } as; };
