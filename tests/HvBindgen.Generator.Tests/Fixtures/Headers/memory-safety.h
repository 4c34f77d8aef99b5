#include <linux/types.h>
#include <linux/ioctl.h>

struct numbers { __u32 kind; __u32 flags:3; __u32 rest:29; };
struct holder { __u64 length; void *where; };
union either { __u64 number; char *text; void (*call)(int); };
struct deep { struct holder *none_of_these; union either inside[2]; };
struct list { __u32 count; __u32 pad; struct numbers entries[]; };
struct unknown { float lanes __attribute__((vector_size(16))); };
#define SAFE_RUN _IO('s', 0x01)
#define SAFE_SET_NUMBERS _IOW('s', 0x02, struct numbers)
#define SAFE_GET_NUMBERS _IOR('s', 0x03, struct numbers)
#define SAFE_SET_HOLDER _IOW('s', 0x04, struct holder)
#define SAFE_SWAP_DEEP _IOWR('s', 0x05, struct deep)
#define SAFE_GET_LIST _IOWR('s', 0x06, struct list)
#define SAFE_GET_UNKNOWN _IOR('s', 0x07, struct unknown)
#define SAFE_SET_HANDLE _IOW('s', 0x08, __u64)
#define SAFE_GET_NAME(len) _IOC(_IOC_READ, 's', 0x09, len)
