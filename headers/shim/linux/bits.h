/* SPDX-License-Identifier: MIT */
/*
 * Stands in for the kernel's linux/bits.h: BIT() and GENMASK() come with
 * kernel.h. Also the first file that the Hyper-V headers include after
 * linux/types.h, so this is where a missing -include is made good and where
 * the surroundings are looked at once more.
 */
#include "../kernel.h"
#include "../abi_checks.h"

/* User space may have a smaller file of that name, wanted by uapi headers. */
#if __has_include_next(<linux/bits.h>)
#include_next <linux/bits.h>
#endif

/* hvgdk_mini.h: without either option, unions are missing and others empty. */
#if defined(_HV_HVGDK_MINI_H) && !defined(CONFIG_X86) && !defined(CONFIG_ARM64)
#error "the Hyper-V headers describe x86 and arm64 only: choose such a --target"
#endif
