typedef _Atomic int counter_t;
typedef const int fixed_t;

typedef int (*take_t)(_Atomic int value);
typedef _Atomic int (*give_t)(void);
typedef const int (*keep_t)(void);
typedef int *const (*point_t)(const int value);
typedef int (*more_t)(int *_Atomic cursor, counter_t value, int list[3], const counter_t *all);
typedef volatile counter_t (*wide_t)(int (*each)(counter_t), const fixed_t value);
typedef fixed_t (*both_t)(fixed_t);

struct operations {
	const int (*get)(void);
	int (*set)(_Atomic int value, _Atomic long *all);
	counter_t (*count)(int);
};
