/* SPDX-License-Identifier: MIT */
/*
 * Interrupts as a VMM asserts them, and the state of the local APIC.
 */
#ifndef HVBINDGEN_VMM_HV_INTERRUPT_H
#define HVBINDGEN_VMM_HV_INTERRUPT_H

#include <hyperv/hvhdk.h>

/* Stands for "no vector" where a vector is returned. */
#define HV_INTERRUPT_VECTOR_NONE	0xFFFFFFFF

#if defined(__x86_64__)
/*
 * The local APIC of one processor, HV_GET_SET_VP_STATE_LAPIC_STATE. Registers
 * as in the APIC's own page, without the gaps between them.
 */
struct hv_local_interrupt_controller_state {
	__u32 apic_id;
	__u32 apic_version;
	__u32 apic_ldr;
	__u32 apic_dfr;
	__u32 apic_spurious;
	__u32 apic_isr[8];	/* in service, one bit per vector */
	__u32 apic_tmr[8];	/* trigger mode, set for level */
	__u32 apic_irr[8];	/* requested */
	__u32 apic_esr;
	__u32 apic_icr_high;
	__u32 apic_icr_low;
	__u32 apic_lvt_timer;
	__u32 apic_lvt_thermal;
	__u32 apic_lvt_perfmon;
	__u32 apic_lvt_lint0;
	__u32 apic_lvt_lint1;
	__u32 apic_lvt_error;
	__u32 apic_lvt_cmci;
	__u32 apic_error_status;
	__u32 apic_initial_count;
	__u32 apic_counter_value;
	__u32 apic_divide_configuration;
	__u32 apic_remote_read;
} __packed;
#elif defined(__aarch64__)
/* Continues enum hv_interrupt_type; the generator makes one enum of the two. */
enum hv_interrupt_type__vmm {
	HV_ARM64_INTERRUPT_TYPE_FIXED	= 0x0000,
	HV_ARM64_INTERRUPT_TYPE_MAXIMUM	= 0x0008,
};
#endif

#endif /* HVBINDGEN_VMM_HV_INTERRUPT_H */
