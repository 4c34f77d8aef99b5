/* The type of the member "pair" would be called pair_t in C#, and hide the one that other members have. */
typedef struct { unsigned long first, second; } pair_t;
struct holder {
	struct { int only; } pair;
	pair_t both;
	pair_t *next;
	struct { struct { short half; } pair; } deep;
	int pair_t_;
	int tail;
};
