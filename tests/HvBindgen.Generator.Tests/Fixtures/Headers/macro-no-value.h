#include <linux/types.h>

struct thing { int a; };
#define GUARD
#define DOUBLED(x) ((x) * 2)
#define TYPE __u32
#define RECORD struct thing
#define ATTRIBUTE __attribute__((packed))
#define STATEMENT do { } while (0)
#define BRACES { 1, 2 }
#define POINTER ((void *)8)
#define UNKNOWN_NAME no_such_name
#define CALL(x, y...) no_such_function(x, y)
#define UNBALANCED (1
#define OPEN {
#define AFTER_OPEN 5
#define NEGATIVE_SHIFT (1 << DOUBLED(3))
#define HIDDEN_BRACES BRACES
