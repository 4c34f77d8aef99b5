/* What C promises without a library: for headers that include <stddef.h> where no compiler's own is searched. */
/* C libraries include it several times, asking for parts of it; all of it is given at once. */
#ifndef HVBINDGEN_STDDEF_H
#define HVBINDGEN_STDDEF_H

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __WCHAR_TYPE__ wchar_t;
typedef struct {
	long long hvbindgen_integer __attribute__((aligned(__alignof__(long long))));
	long double hvbindgen_floating __attribute__((aligned(__alignof__(long double))));
} max_align_t;

#undef NULL
#define NULL ((void *)0)
#undef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)

#endif

#if defined(__need_wint_t) && !defined(HVBINDGEN_WINT_T)
#define HVBINDGEN_WINT_T
typedef __WINT_TYPE__ wint_t;
#endif

#undef __need_size_t
#undef __need_ptrdiff_t
#undef __need_wchar_t
#undef __need_wint_t
#undef __need_NULL
#undef __need_max_align_t
#undef __need_offsetof
