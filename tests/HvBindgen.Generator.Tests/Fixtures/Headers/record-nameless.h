#include <linux/ioctl.h>

typedef const struct { int a; } held_t;
typedef volatile union { int first; char bytes[8]; } seen_t;
typedef __typeof__(struct { int a; }) typed_t;
typedef struct { int a; } both_t[2];
typedef held_t again_t;

struct other { struct { int a; } x; };
typedef __typeof__(((struct other *)0)->x) found_t;

struct holder {
	held_t held;
	both_t both;
	found_t found;
	seen_t seen;
	typed_t last;
	held_t *pointer;
	again_t again;
	void (*take)(held_t);
	found_t (*give)(void);
	void (*typed)(int, typed_t);
	int (*behind)(held_t *);
};

#define NAMELESS_READ _IOR(1, 1, both_t)
#define NAMELESS_WRITE _IOW(1, 2, held_t)
#define NAMELESS_SEVERAL _IOW(1, 3, found_t[3])
#define NAMELESS_MATRIX _IOW(1, 4, struct { int a; }[3])
#define NAMELESS_POINTER _IOW(1, 5, struct { int a; } *)
