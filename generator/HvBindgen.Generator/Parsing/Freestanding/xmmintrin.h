/* The types of x86's vector instructions: those of SSE, and what belongs to MMX. */
#ifndef HVBINDGEN_XMMINTRIN_H
#define HVBINDGEN_XMMINTRIN_H

#include <mmintrin.h>

typedef float __m128 __attribute__((vector_size(16)));

#endif
