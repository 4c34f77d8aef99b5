/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stands in for asm/mshyperv.h of x86, which user-mode Linux does not have: what
 * the driver's files take from it, with a hypervisor that is called as a function.
 */
#ifndef MSHV_MODEL_MSHYPERV_H
#define MSHV_MODEL_MSHYPERV_H

#include <linux/types.h>
#include <linux/nmi.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <hyperv/hvhdk.h>

/* Only handed on to the hypervisor, as the vector of its interrupt sources. */
#define HYPERVISOR_CALLBACK_VECTOR	0xf3

u64 hv_get_non_nested_msr(unsigned int reg);
void hv_set_non_nested_msr(unsigned int reg, u64 value);

/* The pages that the hypervisor has given its parent are ordinary memory here. */
#define memremap(address, size, flags)	((void *)__va(address))
#define memunmap(address)		((void)(address))

#include <asm-generic/mshyperv.h>

#endif
