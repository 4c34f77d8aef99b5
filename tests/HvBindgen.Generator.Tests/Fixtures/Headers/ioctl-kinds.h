#include <linux/types.h>
#include <linux/ioctl.h>

#define DEMO_MAGIC 0xB8
struct region { __u64 start; __u64 size; };
struct msr_list { __u32 count; __u32 pad; __u64 entries[]; };
typedef __u64 handle_t;
enum level { LEVEL_LOW, LEVEL_HIGH };
#define DEMO_RUN _IO(DEMO_MAGIC, 0x00)
#define DEMO_SET_REGION _IOW(DEMO_MAGIC, 0x01, struct region)
#define DEMO_GET_REGION _IOR(DEMO_MAGIC, 0x02, struct region)
#define DEMO_SWAP_REGION _IOWR(DEMO_MAGIC, 0x03, struct region)
#define DEMO_SET_WORDS _IOW(DEMO_MAGIC, 0x04, __u32[8])
#define DEMO_SET_POINTER _IOW(DEMO_MAGIC, 0x05, void *)
#define DEMO_SET_HANDLE _IOW(DEMO_MAGIC, 0x06, handle_t)
#define DEMO_GET_MSRS _IOWR(DEMO_MAGIC, 0x07, struct msr_list)
#define DEMO_SET_MSRS _IOW(DEMO_MAGIC, 0x08, struct msr_list)
#define DEMO_SET_LEVEL _IOW(DEMO_MAGIC, 0x09, enum level)
#define DEMO_GET_BYTES _IOC(_IOC_READ, DEMO_MAGIC, 0x0a, 64)
#define DEMO_ALIAS DEMO_RUN
#define DEMO_OLD 0x5401
#define DEMO_GET_SIZE _IOR(DEMO_MAGIC, 0x0b, size_t)
