#include <linux/types.h>
#include <linux/ioctl.h>

#ifdef __x86_64__
enum reg { REG_A = 0x20000, REG_B };
struct frame { __u64 rax; __u64 rip; };
#define STACK_LIMIT 0x1000
#else
enum reg { REG_A = 0x10000, REG_C };
struct frame { __u64 x[31]; __u64 pc; };
#define STACK_LIMIT 0x4000UL
#endif
struct same { __u32 value; };
struct holder { struct same same; struct frame frame; };
struct pointing { struct holder *holder; };
struct choosing { enum reg reg; };
#define GET_FRAME _IOR('t', 1, struct frame)
#define GET_SAME _IOR('t', 2, struct same)
#define GET_POINTING _IOR('t', 3, struct pointing)
