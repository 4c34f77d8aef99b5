#include <linux/types.h>

enum plain { PLAIN_A, PLAIN_B = 5, PLAIN_C };
enum negative { NEGATIVE_LOW = -2147483647 - 1, NEGATIVE_HIGH = 2147483647 };
enum high { HIGH_BIT = 0x80000000 };
enum wide { WIDE_BIT = 1ULL << 63, WIDE_NONE = 0 };
enum wide_negative { WIDE_MINUS = -1, WIDE_PLUS = 1LL << 40 };
enum __attribute__((packed)) tiny { TINY_A, TINY_B = 255 };
enum fixed : unsigned char { FIXED_A, FIXED_Z = 200 };
enum { LOOSE_A = 7, LOOSE_B, LOOSE_MINUS = -3 };
enum { LOOSE_WIDE = 0xffffffffffffffff };
typedef enum { ALIASED_A = 1 } aliased_t;
typedef enum plain plain_t;
struct user { enum plain plain; plain_t again; enum tiny tiny; enum fixed fixed; aliased_t aliased; enum { INNER_A = 3 } inner; };
