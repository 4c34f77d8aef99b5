#include <linux/types.h>
#include <linux/ioctl.h>

struct request { __u32 handle; char name[12]; };
#define WRAP_BASE 'd'
#define WRAP_IO(nr) _IO(WRAP_BASE, nr)
#define WRAP_IOWR(nr, type) _IOWR(WRAP_BASE, nr, type)
#define WRAP_OPEN WRAP_IOWR(0x10, struct request)
#define WRAP_CLOSE WRAP_IO(0x11)
#define WRAP_NAMES WRAP_IOWR(0x12, char[4][8])
