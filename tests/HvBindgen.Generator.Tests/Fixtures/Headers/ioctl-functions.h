#include <linux/types.h>
#include <linux/ioctl.h>

struct item { __u64 address; __u32 length; __u32 pad; };
#define FUN_GET_NAME(len) _IOC(_IOC_READ, 'f', 0x06, len)
#define FUN_GET_BITS(ev, len) _IOC(_IOC_READ, 'f', 0x20 + (ev), len)
#define FUN_SET_NAME(len) _IOC(_IOC_WRITE, 'f', 0x07, len)
#define FUN_FEATURE(len) _IOC(_IOC_WRITE|_IOC_READ, 'f', 0x08, len)
#define FUN_GET_AXIS(axis) _IOR('f', 0x40 + (axis), struct item)
#define FUN_SET_AXIS(axis) _IOW('f', 0x80 + (axis), struct item)
#define FUN_SIZE_OF(n) ((((n) * (sizeof(struct item))) < (1 << 14)) ? ((n) * (sizeof(struct item))) : 0)
#define FUN_MESSAGE(N) _IOW('f', 0, char[FUN_SIZE_OF(N)])
#define FUN_PLAIN(slot) _IO('f', 0xc0 + (slot))
#define FUN_KEYWORD(fixed, argument) _IOC(_IOC_READ, 'f', 0xd0 + (fixed), argument)
/* No sum of multiples of their arguments, or in another field: no methods. */
#define FUN_SQUARE(n) _IOC(_IOC_READ, 'f', (n) * (n), 4)
#define FUN_OTHER_DRIVER(type) _IOC(_IOC_READ, type, 1, 4)
#define FUN_TWO_SIZES(a, b) _IOC(_IOC_READ, 'f', 1, (a) + (b))
#define FUN_UNUSED(n) _IOC(_IOC_READ, 'f', 1, 4)
#define FUN_HELPER(nr) _IO('f', nr)
#define FUN_HELPED FUN_HELPER(0xf0)
#define FUN_NO_REQUEST(n) ((n) + 1)
enum { FUN_SHARED = 3 };
#define FUN_SHARED(len) _IOC(_IOC_READ, 'f', 0x09, len)
/* Sums of multiples of the first few arguments alone. */
#define FUN_MASKED(n) _IOC(_IOC_WRITE, 'f', (n) & 3, 4)
#define FUN_CAST(len) _IOC(_IOC_WRITE, 'f', 0x0a, (unsigned char)(len))
#define FUN_LIMITED(n) _IOC(_IOC_WRITE, 'f', 0x40 + ((n) < 150 ? (n) : 150), 4)
#define FUN_NOT_FOUR(n) _IOC(_IOC_WRITE, 'f', 8 / ((n) != 4) - 8 + (n), 4)
#define FUN_TOGETHER(nr, len) _IOC(_IOC_READ, 'f', nr, (nr) == (len) && (len) == 64 ? 0 : (len))
