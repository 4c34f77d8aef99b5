#include <linux/types.h>

typedef __u64 address_t;
typedef address_t page_t;
typedef struct node { page_t page; struct node *next; } node_t;
typedef node_t *node_ref;
typedef node_ref table_t[2];
typedef struct { __s32 value; } only_typedef;
typedef only_typedef second_name;
struct user { page_t page; node_t node; node_ref ref; table_t table; second_name second; only_typedef *pointer; };
