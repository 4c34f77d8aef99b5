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
#define NAME_SIZE sizeof(__func__)
#define OTHER_NAME_SIZE (sizeof(__FUNCTION__) + sizeof(__PRETTY_FUNCTION__))
#define BUILT_LINE __builtin_LINE()
#define BUILT_COLUMN (__builtin_COLUMN() + 1)
#define BUILT_SIZE sizeof(__builtin_FILE())
#define BUILT_NAME __builtin_FUNCTION()
#define FIXED 3
