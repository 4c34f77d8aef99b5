typedef struct { char a; int b; } wide_t __attribute__((aligned(16)));
typedef struct { long a; } loose_t __attribute__((aligned(4)));
typedef union { char a; int b; } either_t __attribute__((aligned(32)));
typedef __attribute__((aligned(64))) struct { int a; } late_t;
typedef struct { char a; int b; } plain_t;

typedef struct tagged { char a; int b; } tagged_t __attribute__((aligned(16)));

struct user {
	char x;
	wide_t wide;
	char y;
	loose_t loose;
	either_t *pointer;
	void (*take)(wide_t);
};
