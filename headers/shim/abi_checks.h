/* SPDX-License-Identifier: MIT */
/*
 * Two mistakes parse without complaint and give a wrong ABI: the configuration
 * of another architecture, and layout attributes that do nothing. This file
 * stops at both. It has no include guard: each stand-in header looks again, so
 * that a definition which came after kernel.h is found too.
 */
#if defined(CONFIG_X86) && !defined(__x86_64__) && !defined(__i386__)
#error "CONFIG_X86 is defined, but the target is not x86: remove the define, the shim follows --target"
#endif

#if defined(CONFIG_ARM64) && !defined(__aarch64__)
#error "CONFIG_ARM64 is defined, but the target is not arm64: remove the define, the shim follows --target"
#endif

#ifndef __packed
#error "__packed is not defined: something removed the definition made by shim/kernel.h"
#endif

_Static_assert(sizeof(struct { char a; int b; } __packed) == 5,
	       "__packed does not pack: something redefined it after shim/kernel.h");
_Static_assert(_Alignof(struct { char a; } __aligned(8)) == 8,
	       "__aligned does not align: something redefined it after shim/kernel.h");
