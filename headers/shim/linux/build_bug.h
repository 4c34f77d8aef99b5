/* SPDX-License-Identifier: MIT */
/* Stands in for the kernel's linux/build_bug.h: static_assert() is in kernel.h. */
#include "../kernel.h"
#include "../abi_checks.h"
