/* Requests that point to memory, carry descriptors, end in elements, or make a descriptor. */
#include <linux/ioctl.h>
enum { DEMO_BIT_PLAIN, DEMO_BIT_LONG };
#define DEMO_FLAGS_MASK 3
struct demo_make { unsigned flags; int fd; };
struct demo_make_long { unsigned flags; int fd; unsigned long long more[2]; };
struct demo_entry { unsigned long long first, second; };
struct demo_table { unsigned count; unsigned spare; struct demo_entry entries[]; };
struct demo_copy { unsigned long long from, to; unsigned short from_size; unsigned short spare; unsigned to_count; };
struct demo_point { struct demo_entry *to; unsigned long long *count; };
#define DEMO_MAKE	_IOW('d', 0, struct demo_make)
#define DEMO_TABLE	_IOW('d', 1, struct demo_table)
#define DEMO_COPY	_IOWR('d', 2, struct demo_copy)
#define DEMO_START	_IO('d', 3)
#define DEMO_POINT	_IOWR('d', 4, struct demo_point)
