/* All of x86's instructions, as compilers that follow gcc call them together. */
#include <immintrin.h>
