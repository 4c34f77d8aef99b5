/* The types of x86's vector instructions: those of SSE2 and before. */
#ifndef HVBINDGEN_EMMINTRIN_H
#define HVBINDGEN_EMMINTRIN_H

#include <xmmintrin.h>

typedef double __m128d __attribute__((vector_size(16)));
typedef long long __m128i __attribute__((vector_size(16)));

#endif
