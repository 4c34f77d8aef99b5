#include <linux/types.h>
#include <linux/ioctl.h>

struct range { __u64 start; __u64 size; };
struct table { __u32 count; __u32 pad; __u64 entries[]; };
#define USE_DROP _IOR('u', 0x01, struct range)
#define USE_COUNT _IOR('u', 0x02, unsigned int)
#define USE_KEEP _IOW('u', 0x03, int)
#define USE_QUERY _IO('u', 0x04)
#define USE_LIST _IOW('u', 0x05, int[2])
#define USE_RESET _IOR('u', 0x06, int)
#define USE_BUFFER _IOW('u', 0x07, char *)
#define USE_ELSEWHERE _IOR('u', 0x08, int)
#define USE_BELIEVED _IOR('u', 0x09, struct range)
#define USE_OLD 0x5401
#define USE_NO_REQUEST 0x5402
enum { USE_ENUMERATED = _IOWR('u', 0x0a, struct range), USE_PLAIN_ENUMERATOR = 7 };
enum use_list { USE_LISTED = _IO('u', 0x0b) };
