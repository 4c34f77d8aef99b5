/* Arguments of variadic functions, as compilers that follow gcc build them in. */
#ifndef HVBINDGEN_VA_LIST
#define HVBINDGEN_VA_LIST
typedef __builtin_va_list __gnuc_va_list;
#endif

#if !defined(__need___va_list) && !defined(HVBINDGEN_STDARG_H)
#define HVBINDGEN_STDARG_H
typedef __builtin_va_list va_list;
#define va_start(list, last) __builtin_va_start(list, last)
#define va_arg(list, type) __builtin_va_arg(list, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#define va_end(list) __builtin_va_end(list)
#endif

#undef __need___va_list
