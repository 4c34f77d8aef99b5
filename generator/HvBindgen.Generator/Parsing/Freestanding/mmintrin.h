/* The types of x86's vector instructions. Declarations need no more; the instructions are for function bodies. */
#ifndef HVBINDGEN_MMINTRIN_H
#define HVBINDGEN_MMINTRIN_H

typedef long long __m64 __attribute__((vector_size(8)));

#endif
