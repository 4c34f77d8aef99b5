#define BIT_COUNT (8 * sizeof(long))
#define ALL_ONES (~0UL)
#define SMALL_LONG 1L
#define PLAIN 1
