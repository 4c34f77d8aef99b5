#include <linux/types.h>

enum order { ORDER_FIRST = 3, ORDER_LAST = 9 };
struct sized { __u32 a; __u64 b; __u8 tail[]; };
#define NUMBER 42
#define MINUS (-1)
#define SMALLEST (-2147483647 - 1)
#define SMALLEST_LONG (-9223372036854775807LL - 1)
#define UNSIGNED 42U
#define LONG 42L
#define WIDE 0xffffffffffffffffULL
#define HEXADECIMAL 0x80000000
#define OCTAL 0755
#define SHIFTED (1UL << 40)
#define SHIFTED_BY_UNSIGNED (1 << 3U)
#define PAGE_SIZE (1UL << 12)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define CAST ((__u8)-1)
#define CAST_SHORT ((short)0xffff)
#define SIZE sizeof(struct sized)
#define LETTER 'A'
#define LETTERS 'AB'
#define TRUTH (3 > 2)
#define BOOLEAN ((_Bool)1)
#define CHARACTER ((char)200)
#define ALIAS ORDER_LAST
#define ENUM_SUM (ORDER_FIRST + ORDER_LAST)
#define CAST_ENUM ((enum order)9)
#define CHOICE (sizeof(long) == 8 ? 1 : 2)
#define ORDER_FIRST ORDER_FIRST
#define CONTINUED \
	(1 | \
	 2)
