/* SPDX-License-Identifier: MIT */
/*
 * Messages by which the hypervisor reports what a guest did: their types beyond
 * the kernel's enum, and their payloads. A payload is what hv_message holds after
 * its 16-byte header; 240 bytes at most.
 */
#ifndef HVBINDGEN_VMM_HV_MESSAGES_H
#define HVBINDGEN_VMM_HV_MESSAGES_H

#include <hyperv/hvhdk.h>

/* Continues enum hv_message_type; the generator makes one enum of the two. */
enum hv_message_type__vmm {
	HVMSG_UNACCEPTED_GPA		= 0x80000003,
	HVMSG_GPA_ATTRIBUTE_INTERCEPT	= 0x80000004,
	/* Shares its number with the kernel's HVMSG_X64_IOMMU_PRQ, which VMMs never get. */
	HVMSG_REGISTER_INTERCEPT	= 0x80010006,
	HVMSG_ARM64_RESET_INTERCEPT	= 0x8001000C,
	HVMSG_X64_SEV_VMGEXIT_INTERCEPT	= 0x80010013,
};

#if defined(__x86_64__)
/* The payloads below were laid out for this header in front of them. */
_Static_assert(sizeof(struct hv_x64_intercept_message_header) == 40,
	       "hvhdk.h has another intercept header than the messages need");

/* HVMSG_X64_IO_PORT_INTERCEPT: an IN or OUT instruction. */
union hv_x64_io_port_access_info {
	__u8 as_uint8;
	struct {
		__u8 access_size : 3;	/* bytes: 1, 2 or 4 */
		__u8 string_op : 1;
		__u8 rep_prefix : 1;
		__u8 reserved : 3;
	};
};

struct hv_x64_io_port_intercept_message {
	struct hv_x64_intercept_message_header header;
	__u16 port_number;
	union hv_x64_io_port_access_info access_info;
	__u8 instruction_byte_count;	/* valid bytes below; 0 when not fetched */
	__u32 reserved;
	__u64 rax;	/* what OUT writes; IN changes its low bytes */
	__u8 instruction_bytes[16];
	struct hv_x64_segment_register ds_segment;	/* source of a string OUT */
	struct hv_x64_segment_register es_segment;	/* destination of a string IN */
	__u64 rcx;
	__u64 rsi;
	__u64 rdi;
} __packed;

/* HVMSG_X64_MSR_INTERCEPT: RDMSR or WRMSR; the value is rdx:rax, 32 bits each. */
struct hv_x64_msr_intercept_message {
	struct hv_x64_intercept_message_header header;
	__u32 msr_number;
	__u32 reserved;
	__u64 rdx;
	__u64 rax;
} __packed;

/* HVMSG_X64_CPUID_INTERCEPT: with what the hypervisor would answer by itself. */
struct hv_x64_cpuid_intercept_message {
	struct hv_x64_intercept_message_header header;
	__u64 rax;
	__u64 rcx;
	__u64 rdx;
	__u64 rbx;
	__u64 default_result_rax;
	__u64 default_result_rcx;
	__u64 default_result_rdx;
	__u64 default_result_rbx;
} __packed;

/* HVMSG_X64_EXCEPTION_INTERCEPT: an exception, before the guest has it. */
union hv_x64_exception_info {
	__u8 as_uint8;
	struct {
		__u8 error_code_valid : 1;
		__u8 software_exception : 1;
		__u8 reserved : 6;
	};
};

struct hv_x64_exception_intercept_message {
	struct hv_x64_intercept_message_header header;
	__u16 exception_vector;
	union hv_x64_exception_info exception_info;
	__u8 instruction_byte_count;	/* valid bytes below */
	__u32 error_code;
	__u64 exception_parameter;	/* page fault: address; debug: DR6 */
	__u64 reserved;
	__u8 instruction_bytes[16];
	struct hv_x64_segment_register ds_segment;
	struct hv_x64_segment_register ss_segment;
	__u64 rax;
	__u64 rcx;
	__u64 rdx;
	__u64 rbx;
	__u64 rsp;
	__u64 rbp;
	__u64 rsi;
	__u64 rdi;
	__u64 r8;
	__u64 r9;
	__u64 r10;
	__u64 r11;
	__u64 r12;
	__u64 r13;
	__u64 r14;
	__u64 r15;
} __packed;

/* HVMSG_X64_HALT: nothing but the header. */
struct hv_x64_halt_message {
	struct hv_x64_intercept_message_header header;
};

/* HVMSG_X64_INTERRUPTION_DELIVERABLE: a notice that had been asked for. */
struct hv_x64_interruption_deliverable_message {
	struct hv_x64_intercept_message_header header;
	__u32 deliverable_type;	/* HV_X64_PENDING_INTERRUPT or _NMI */
	__u32 rsvd;
} __packed;

/* HVMSG_SYNIC_SINT_DELIVERABLE: sources that take a message again. */
struct hv_x64_sint_deliverable_message {
	struct hv_x64_intercept_message_header header;
	__u16 deliverable_sints;	/* one bit per source */
	__u16 rsvd1;
	__u32 rsvd2;
} __packed;

/* HVMSG_X64_SIPI_INTERCEPT: a start-up interrupt from one processor to another. */
struct hv_x64_sipi_intercept_message {
	struct hv_x64_intercept_message_header header;
	__u32 target_vp_index;
	__u32 interrupt_vector;
} __packed;

/* HVMSG_HYPERCALL_INTERCEPT: a hypercall of the guest and its registers. */
#define HV_HYPERCALL_INTERCEPT_MAX_XMM_REGISTERS	6

struct hv_x64_hypercall_intercept_message {
	struct hv_x64_intercept_message_header header;
	__u64 rax;
	__u64 rbx;
	__u64 rcx;
	__u64 rdx;
	__u64 r8;
	__u64 rsi;
	__u64 rdi;
	struct hv_u128 xmmregisters[HV_HYPERCALL_INTERCEPT_MAX_XMM_REGISTERS];
	struct {
		__u32 isolated : 1;
		__u32 reserved : 31;
	};
} __packed;

/*
 * HVMSG_REGISTER_INTERCEPT: access to an intercepted register; is_memory_op tells
 * whether a value or an address is meant.
 */
union hv_x64_register_access_info {
	union hv_register_value source_value;
	__u32 destination_register;	/* enum hv_register_name */
	__u64 source_address;
	__u64 destination_address;
};

struct hv_x64_register_intercept_message {
	struct hv_x64_intercept_message_header header;
	struct {
		__u8 is_memory_op : 1;
		__u8 reserved : 7;
	};
	__u8 reserved8;
	__u16 reserved16;
	__u32 register_name;	/* enum hv_register_name */
	union hv_x64_register_access_info access_info;
} __packed;

/* HVMSG_INVALID_VP_REGISTER_VALUE: no common header. */
struct hv_x64_invalid_vp_register_message {
	__u32 vp_index;
	__u32 reserved;
} __packed;

/* HVMSG_UNRECOVERABLE_EXCEPTION: a triple fault; nothing but the header. */
struct hv_x64_unrecoverable_exception_message {
	struct hv_x64_intercept_message_header header;
};

/* HVMSG_UNSUPPORTED_FEATURE: no common header; what feature_code may be. */
#define HV_UNSUPPORTED_FEATURE_INTERCEPT	1
#define HV_UNSUPPORTED_FEATURE_TASK_SWITCH_TSS	2

struct hv_x64_unsupported_feature_message {
	__u32 vp_index;
	__u32 feature_code;	/* HV_UNSUPPORTED_FEATURE_* */
	__u64 feature_parameter;
} __packed;

/*
 * HVMSG_GPA_ATTRIBUTE_INTERCEPT: ranges of guest memory whose visibility to the
 * host or whose type is to change. No common header.
 */
#define HV_GPA_ATTRIBUTE_INTERCEPT_MAX_RANGES	29

struct hv_x64_gpa_attribute_intercept_message {
	__u32 vp_index;
	struct {
		__u32 range_count : 5;
		__u32 adjust : 1;
		__u32 host_visibility : 2;	/* enum hv_mem_host_visibility */
		__u32 memory_type : 6;
		__u32 reserved : 18;
	};
	union hv_gpa_page_range ranges[HV_GPA_ATTRIBUTE_INTERCEPT_MAX_RANGES];
} __packed;

/*
 * HVMSG_X64_SEV_VMGEXIT_INTERCEPT: an exit of an encrypted guest, with the part
 * of its communication block that says what it asks for.
 */
struct hv_x64_vmgexit_intercept_message {
	struct hv_x64_intercept_message_header header;
	__u64 ghcb_msr;
	struct {
		__u64 ghcb_page_valid : 1;	/* 1: what follows was read from it */
		__u64 reserved : 63;
	};
	struct {
		__u32 ghcb_usage;
		__u32 rserved_ghcb_page;
		struct {
			__u16 ghcb_protocol_version;
			__u16 reserved_st[3];
			__u64 sw_exit_code;
			__u64 sw_exit_info1;
			__u64 sw_exit_info2;
			__u64 sw_scratch;
		};
	};
} __packed;
#elif defined(__aarch64__)
/* The payloads below were laid out for this header in front of them. */
_Static_assert(sizeof(struct hv_arm64_intercept_message_header) == 24,
	       "hvhdk.h has another intercept header than the messages need");

/*
 * HVMSG_HYPERCALL_INTERCEPT: an HVC instruction and the registers that calls pass
 * their parameters in. Immediate 0 follows the SMC calling convention, with the
 * number of a function in x0; 1 is a call of the hypervisor, its control in x0.
 */
#define HV_ARM64_HYPERCALL_INTERCEPT_REGISTERS	18

struct hv_arm64_hypercall_intercept_message {
	struct hv_arm64_intercept_message_header header;
	__u16 immediate;
	__u16 reserved16;
	struct {
		__u32 isolated : 1;
		__u32 reserved : 31;
	};
	__u64 x[HV_ARM64_HYPERCALL_INTERCEPT_REGISTERS];
} __packed;

/* HVMSG_SYNIC_SINT_DELIVERABLE: sources that take a message again. */
struct hv_arm64_sint_deliverable_message {
	struct hv_arm64_intercept_message_header header;
	__u16 deliverable_sints;	/* one bit per source */
	__u16 rsvd1;
	__u32 rsvd2;
} __packed;

/* HVMSG_REGISTER_INTERCEPT: its value, or where it is to go. */
union hv_arm64_register_access_info {
	union hv_register_value source_value;
	__u32 destination_register;	/* enum hv_register_name */
} __packed;

struct hv_arm64_register_intercept_message {
	struct hv_arm64_intercept_message_header Header;
	struct {
		__u8 is_memory_op : 1;
		__u8 reserved : 7;
	};
	__u8 reserved8;
	__u16 reserved16;
	__u32 register_name;	/* enum hv_register_name */
	union hv_arm64_register_access_info access_info;
} __packed;

/* hv_arm64_reset_intercept_message.reset_type: what the guest asked for. */
enum hv_arm64_reset_type {
	HV_ARM64_RESET_TYPE_POWER_OFF		= 0,
	HV_ARM64_RESET_TYPE_REBOOT		= 1,
	HV_ARM64_RESET_TYPE_SYSTEM_RESET2	= 2,
	HV_ARM64_RESET_TYPE_HIBERNATE		= 3,
	HV_ARM64_RESET_TYPE_MAX			= 4,
};

/* HVMSG_ARM64_RESET_INTERCEPT: the guest ends or restarts itself. */
struct hv_arm64_reset_intercept_message {
	struct hv_arm64_intercept_message_header header;
	__u32 reset_type;	/* enum hv_arm64_reset_type */
	__u32 reset_code;
};
#endif

#endif /* HVBINDGEN_VMM_HV_MESSAGES_H */
