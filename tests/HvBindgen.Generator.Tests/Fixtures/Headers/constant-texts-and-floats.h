#define NAME "demo"
#define JOINED "one" " " "two"
#define QUOTED "a\"b\\c\n\001"
#define EMPTY_TEXT ""
#define ACCENT "\xc3\xa9"
#define DEVICE NAME
#define RATIO 0.5
#define SMALL 1e-3f
#define LARGE 1e300
#define INTEGRAL 3.0
#define PREFIX "user."
#define SUFFIX "demo"
#define CONCATENATED (PREFIX SUFFIX)
