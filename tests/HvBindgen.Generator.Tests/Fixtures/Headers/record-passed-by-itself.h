struct self { struct self (*make)(struct self); };
struct left { struct right (*other)(struct left); int tag; };
struct right { struct left (*table[2])(struct right); struct left inside; };
typedef struct node *(*visit_t)(struct node);
struct node { visit_t visit; };
