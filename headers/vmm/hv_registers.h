/* SPDX-License-Identifier: MIT */
/*
 * What registers hold: the values for which the kernel's union hv_register_value
 * has no member of its own. All are at most 16 bytes, as every register is.
 */
#ifndef HVBINDGEN_VMM_HV_REGISTERS_H
#define HVBINDGEN_VMM_HV_REGISTERS_H

#include <hyperv/hvhdk.h>

/* HV_REGISTER_INTERNAL_ACTIVITY_STATE: what keeps the processor from running. */
union hv_internal_activity_register {
	__u64 as_uint64;
	struct {
		__u64 startup_suspend : 1;	/* waits for its start-up interrupt */
		__u64 halt_suspend : 1;	/* executed HLT, or WFI */
		__u64 idle_suspend : 1;	/* idles by the guest-idle register */
		__u64 rsvd_z : 61;
	};
};

/*
 * HV_REGISTER_DELIVERABILITY_NOTIFICATIONS: what the VMM wants to be told of as soon
 * as it can be delivered. The first three concern x86-64 only.
 */
union hv_deliverability_notifications_register {
	__u64 as_uint64;
	struct {
		__u64 nmi_notification : 1;
		__u64 interrupt_notification : 1;
		__u64 interrupt_priority : 4;	/* tell of this one and higher; 0: of any */
		__u64 reserved : 42;
		__u64 sints : 16;	/* one bit per synthetic interrupt source */
	};
};

/* HV_X64_REGISTER_FP_CONTROL_STATUS: x87 state other than the data registers. */
union hv_x64_fp_control_status_register {
	struct hv_u128 as_uint128;
	struct {
		__u16 fp_control;
		__u16 fp_status;
		__u8 fp_tag;	/* one bit per register, as FXSAVE has it */
		__u8 reserved;
		__u16 last_fp_op;
		union {
			__u64 last_fp_rip;	/* 64-bit mode */
			struct {
				__u32 last_fp_eip;	/* other modes */
				__u16 last_fp_cs;
				__u16 padding;
			};
		};
	};
} __packed;

/* HV_X64_REGISTER_XMM_CONTROL_STATUS: the x87 data pointer, then MXCSR. */
union hv_x64_xmm_control_status_register {
	struct hv_u128 as_uint128;
	struct {
		union {
			__u64 last_fp_rdp;	/* 64-bit mode */
			struct {
				__u32 last_fp_dp;	/* other modes */
				__u16 last_fp_ds;
				__u16 padding;
			};
		};
		__u32 xmm_status_control;	/* MXCSR */
		__u32 xmm_status_control_mask;	/* bits of MXCSR that may be set */
	};
} __packed;

/* HV_X64_REGISTER_FP_MMX0 to 7: one x87 register of 80 bits. */
union hv_x64_fp_register {
	struct hv_u128 as_uint128;
	struct {
		__u64 mantissa;
		__u64 biased_exponent : 15;
		__u64 sign : 1;
		__u64 reserved : 48;
	};
} __packed;

/* The MSR that keeps user mode from reading descriptor-table addresses. */
union hv_x64_msr_npiep_config_contents {
	__u64 as_uint64;
	struct {
		__u64 prevents_gdt : 1;	/* SGDT */
		__u64 prevents_idt : 1;	/* SIDT */
		__u64 prevents_ldt : 1;	/* SLDT */
		__u64 prevents_tr : 1;	/* STR */
		__u64 reserved : 60;
	};
};

/* HV_X64_REGISTER_SEV_GHCB_GPA: where guest and hypervisor exchange requests. */
union hv_x64_register_sev_ghcb {
	__u64 as_uint64;
	struct {
		__u64 enabled : 1;
		__u64 reservedz : 11;
		__u64 page_number : 52;	/* guest physical, 4096-byte pages */
	};
};

/* HV_X64_REGISTER_SEV_DOORBELL_GPA: where the hypervisor announces events. */
union hv_x64_register_sev_hv_doorbell {
	__u64 as_uint64;
	struct {
		__u64 enabled : 1;
		__u64 reservedz : 11;
		__u64 page_number : 52;	/* guest physical, 4096-byte pages */
	};
};

#if defined(__x86_64__)
/* hv_x64_pending_interruption_register.interruption_type */
#define HV_X64_PENDING_INTERRUPT	0
#define HV_X64_PENDING_NMI		2
#define HV_X64_PENDING_EXCEPTION	3

/*
 * HV_REGISTER_PENDING_EVENT0 as an exception, event_type 0: the way to raise
 * one in the guest.
 */
union hv_x64_pending_exception_event {
	__u64 as_uint64[2];
	struct {
		__u32 event_pending : 1;
		__u32 event_type : 3;
		__u32 reserved0 : 4;
		__u32 deliver_error_code : 1;
		__u32 reserved1 : 7;
		__u32 vector : 16;
		__u32 error_code;
		__u64 exception_parameter;	/* for a page fault the address, CR2 */
	};
};

/* HV_REGISTER_PENDING_EVENT0 as a virtualization fault. */
union hv_x64_pending_virtualization_fault_event {
	__u64 as_uint64[2];
	struct {
		__u32 event_pending : 1;
		__u32 event_type : 3;
		__u32 reserved0 : 4;
		__u32 reserved1 : 8;
		__u32 parameter0 : 16;
		__u32 code;
		__u64 parameter1;
	};
};

/* HV_X64_REGISTER_SEV_CONTROL: encrypted state, and the page that holds it. */
union hv_x64_register_sev_control {
	__u64 as_uint64;
	struct {
		__u64 enable_encrypted_state : 1;
		__u64 reserved_z : 11;
		__u64 vmsa_gpa_page_number : 52;	/* guest physical, 4096-byte pages */
	};
};
#elif defined(__aarch64__)
/* hv_arm64_pending_interruption_register.interruption_type */
enum hv_arm64_pending_interruption_type {
	HV_ARM64_PENDING_INTERRUPT	= 0,
	HV_ARM64_PENDING_EXCEPTION	= 1,
};
#endif

#endif /* HVBINDGEN_VMM_HV_REGISTERS_H */
