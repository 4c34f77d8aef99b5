#define HERE __LINE__
#define NEXT (HERE + 1)
#define WHERE __FILE__ ":"
#define BASE __BASE_FILE__
#define COUNT __COUNTER__
#define DAY __DATE__ " " __TIME__
#define STAMP __TIMESTAMP__
#define DEPTH __INCLUDE_LEVEL__
#define LENGTH sizeof(char[__LINE__])
#define CALL(x) ((x) + __LINE__)
#define CALLED CALL(2)
#define COMPILER (__GNUC__ * 100 + __GNUC_MINOR__)
#define BY_CLANG __clang__
#define BY_LLVM (__llvm__ + 1)
#define FIXED 3
