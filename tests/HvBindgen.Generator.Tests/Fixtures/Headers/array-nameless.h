/* Arrays of records without a name, by a name of the array. */
typedef struct { int a; char b; } pair_t[2];
typedef pair_t pairs_t[3];

struct s {
	char c;
	pair_t one;
	const pair_t two;
	pairs_t many;
	pair_t *pointer;
	void (*take)(pair_t);
};
