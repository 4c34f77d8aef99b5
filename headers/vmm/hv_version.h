/* SPDX-License-Identifier: MIT */
/*
 * Builds of the hypervisor interface that the declarations in this folder
 * follow, one for each of the interface's own header files.
 */
#ifndef HVBINDGEN_VMM_HV_VERSION_H
#define HVBINDGEN_VMM_HV_VERSION_H

#include <linux/types.h>

#define HVGDK_MINI_H_VERSION	25294
#define HVGDK_H_VERSION		25125
#define HVHVK_MINI_VERSION	25294
#define HVHDK_H_VERSION		25212

#endif /* HVBINDGEN_VMM_HV_VERSION_H */
