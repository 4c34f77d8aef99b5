/* Parameters as C adjusts them, and calls that C# cannot make. */
typedef float quad[4];
typedef struct { int token; } handle_t;
struct pair { int low; unsigned long high; };
struct pixel { float red; float green; };
struct odd { char tag; double value; } __attribute__((packed));
struct unknown;
typedef __builtin_va_list argument_list;
struct calls {
    int (*sum)(const int values[3], int count);
    int (*first)(quad values);
    int (*rows)(int rows[2][3]);
    int (*names)(const char *names[]);
    void (*at_least)(double values[const static 3], int callback(int));
    void (*lengths)(int count, int values[*]);
    handle_t (*by_value)(struct pair pair, handle_t handle);
    struct pixel (*floats)(struct pixel pixel);
    int (__attribute__((ms_abi)) *firmware)(void *handle);
    long double (*wide)(void);
    int (*wider)(unsigned __int128 value);
    double (*complex)(_Complex double value);
    void (*packed)(struct odd odd);
    void (*incomplete)(struct unknown value);
    int (*list)(const char *format, __builtin_va_list list);
    int (*listed)(const char *format, argument_list list);
    int (*old)();
    int (*nameless)(struct { int a; } value);
};
