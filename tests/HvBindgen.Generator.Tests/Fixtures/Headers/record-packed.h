#include <linux/types.h>

struct header { __u8 kind; __u32 length; __u64 address; } __attribute__((packed));
struct table { __u8 count; struct header entries[3]; __u16 checksum; };
#pragma pack(push, 2)
struct halfway { __u8 kind; __u64 address; __u8 end; };
#pragma pack(pop)
struct cells { __u8 first; struct halfway cell[2]; };
