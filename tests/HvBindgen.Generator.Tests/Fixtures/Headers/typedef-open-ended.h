typedef int open_t[];
typedef int rows_t[][3];
typedef void (*calls_t[])(int);
typedef int none_t[0];
typedef open_t again_t;

struct user {
	int count;
	open_t numbers;
};

struct rows {
	char count;
	const rows_t rows;
};

struct calls {
	char count;
	calls_t calls;
};

struct none {
	again_t *elsewhere;
	none_t numbers;
};
