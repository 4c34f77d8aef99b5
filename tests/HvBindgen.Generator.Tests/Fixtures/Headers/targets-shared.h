#include <linux/types.h>

struct same { __u64 value; unsigned long size; char name[4]; };
enum level { LEVEL_LOW, LEVEL_HIGH };
#define LIMIT 16
#define NEGATIVE_CHAR ((char)-1)
