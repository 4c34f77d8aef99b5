/* What C# has no type for keeps its place, its size and its bytes. */
typedef float vector4 __attribute__((vector_size(16)));
struct opaque {
    char tag;
    vector4 vector;
    _Complex double complex;
    __builtin_va_list list;
    __float128 quad;
    char end;
};
struct inside { char tag; struct opaque opaque[2]; vector4 *pointer; };
struct atomic { _Atomic int head; _Atomic(unsigned long) tail; int plain; };
struct ring { unsigned int head; unsigned char data[2 * 1024 * 1024]; unsigned int tail; };
