/* SPDX-License-Identifier: MIT */
/*
 * What the kernel's build gives to every one of its files and user space does
 * not: enough to parse kernel-internal headers with user-space headers alone.
 * To be seen before any of them, by -include or as the first #include.
 *
 * Only names that such headers use are here, each with the type and value it
 * has inside the kernel, since the types of constants become part of the ABI.
 */
#ifndef HVBINDGEN_SHIM_KERNEL_H
#define HVBINDGEN_SHIM_KERNEL_H

/* Fixed-width types, and the flexible-array macro by way of linux/stddef.h. */
#include <linux/types.h>
#include <linux/stddef.h>

/* _UL() and _BITULL(), which some macros expand to without including this. */
#include <linux/const.h>

/* _IOWR() and friends: uapi headers use them and leave the include to others. */
#include <linux/ioctl.h>

/*
 * The architecture. The kernel takes it from its configuration; here it follows
 * from the compiler's target alone, so that the two cannot disagree. Whoever
 * sets the wrong one from outside is told, by abi_checks.h below.
 */
#if defined(__x86_64__) || defined(__i386__)
#undef CONFIG_X86
#define CONFIG_X86	1
#elif defined(__aarch64__)
#undef CONFIG_ARM64
#define CONFIG_ARM64	1
#endif

/* An unset option is an unknown name, which #if reads as 0. No modules here. */
#undef IS_ENABLED
#define IS_ENABLED(option)	((option) + 0)

/* Integer types under the names that kernel code uses. */
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

/* As wide as a register; glibc has the same typedef, which C11 lets repeat. */
typedef unsigned long ulong;

/* Layout attributes. Taken over whatever they were: empty ones change the ABI. */
#undef __packed
#define __packed		__attribute__((__packed__))
#undef __aligned
#define __aligned(bytes)	__attribute__((__aligned__(bytes)))

/* Checks that the headers make themselves; kept, as they guard the layout too. */
#undef static_assert
#define static_assert(condition, ...) \
	_Static_assert(condition, #condition)

/* From the compiler, since its stddef.h is not on a bare include path. */
#ifndef offsetof
#define offsetof(type, member)	__builtin_offsetof(type, member)
#endif

/* Single bits: unsigned long and unsigned long long, like in the kernel. */
#undef BIT
#define BIT(nr)			(1UL << (nr))
#undef BIT_ULL
#define BIT_ULL(nr)		(1ULL << (nr))

/* Runs of bits, from low to high, both included. */
#undef GENMASK
#define GENMASK(high, low) \
	((~0UL << (low)) & (~0UL >> (__SIZEOF_LONG__ * 8 - 1 - (high))))
#undef GENMASK_ULL
#define GENMASK_ULL(high, low) \
	((~0ULL << (low)) & (~0ULL >> (__SIZEOF_LONG_LONG__ * 8 - 1 - (high))))

/* A flexible array where C wants another member first. */
#undef DECLARE_FLEX_ARRAY
#define DECLARE_FLEX_ARRAY(type, name)	__DECLARE_FLEX_ARRAY(type, name)

/*
 * A record that ends in the flexible array "fam", and further members that lie
 * where that array begins: both in one union, the members behind a filler.
 */
#undef __TRAILING_OVERLAP
#define __TRAILING_OVERLAP(type, name, fam, attributes, members) \
	union { \
		type name; \
		struct { \
			unsigned char __offset_to_FAM[offsetof(type, fam)]; \
			members \
		} attributes; \
	}

/* Nanoseconds in a second; a long, which decides the type of clock rates. */
#undef NSEC_PER_SEC
#define NSEC_PER_SEC		1000000000L

#include "abi_checks.h"

#endif /* HVBINDGEN_SHIM_KERNEL_H */
