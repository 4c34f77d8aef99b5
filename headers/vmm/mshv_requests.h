/* SPDX-License-Identifier: MIT */
/*
 * Requests of /dev/mshv that have been posted for Linux and are not in 7.3: a
 * program tries them, and goes another way where the driver says ENOTTY.
 */
#ifndef HVBINDGEN_VMM_MSHV_REQUESTS_H
#define HVBINDGEN_VMM_MSHV_REQUESTS_H

#include <linux/mshv.h>
#include "hv_hypercalls.h"

/*
 * Of a processor: HVCALL_TRANSLATE_VIRTUAL_ADDRESS with the pages of movable
 * memory brought along ("mshv: Add dedicated ioctl for GVA to GPA translation",
 * linux-hyperv, 28 April 2026). Of the result the driver may write the code alone.
 */
struct mshv_translate_gva {
	__u64 gva;
	__u64 flags;	/* HV_TRANSLATE_GVA_* */
	union hv_translate_gva_result *result;
	__u64 *gpa;	/* with the offset within the page */
};

#define MSHV_TRANSLATE_GVA	_IOWR(MSHV_IOCTL, 0xF2, struct mshv_translate_gva)

#endif /* HVBINDGEN_VMM_MSHV_REQUESTS_H */
