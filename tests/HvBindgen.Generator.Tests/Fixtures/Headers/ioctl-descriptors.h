#include <linux/types.h>
#include <linux/ioctl.h>

struct create { __u64 flags; };
struct run { __u8 message[8]; };
#define DEMO_CREATE_PARTITION _IOW(0xB8, 0x00, struct create)
#define DEMO_INITIALIZE_PARTITION _IO(0xB8, 0x00)
#define DEMO_RUN_VP _IOR(0xB8, 0x00, struct run)
#define DEMO_CHECK_EXTENSION _IOW(0xB8, 0x01, __u32)
