typedef int (*handler_t)(void *context, unsigned long count);
struct node { struct node *next; int **rows; int (*matrix)[4]; };
struct calls {
	handler_t handler;
	void (*notify)(struct node *, char);
	int (*print)(const char *, ...);
	handler_t table[2];
	int (*direct[3])(void);
	handler_t (*chooser)(int);
	struct { int a; } *anonymous;
};
