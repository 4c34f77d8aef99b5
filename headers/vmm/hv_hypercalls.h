/* SPDX-License-Identifier: MIT */
/*
 * Hypercalls of a VMM: codes that hvgdk_mini.h does not have, then inputs and
 * outputs that no kernel header has. Through /dev/mshv the kernel overwrites the
 * partition_id at the front of every input with the caller's own partition.
 */
#ifndef HVBINDGEN_VMM_HV_HYPERCALLS_H
#define HVBINDGEN_VMM_HV_HYPERCALLS_H

#include <hyperv/hvhdk.h>

/* Call codes; the driver of Linux 7.3 does not let these five through. */
#define HVCALL_READ_GPA				0x0053
#define HVCALL_WRITE_GPA			0x0054
#define HVCALL_IMPORT_ISOLATED_PAGES		0x00ef
#define HVCALL_COMPLETE_ISOLATED_IMPORT		0x00f1
#define HVCALL_ISSUE_SNP_PSP_GUEST_REQUEST	0x00f2

/* Width in bits of the page count in a range of pages, hv_pfn_range.add_pfns. */
#define HV_PFN_RNG_PAGEBITS	24

/* HVCALL_INSTALL_INTERCEPT: which accesses shall be reported. */
#define HV_INTERCEPT_ACCESS_MASK_NONE		0x0
#define HV_INTERCEPT_ACCESS_MASK_READ		0x1
#define HV_INTERCEPT_ACCESS_MASK_WRITE		0x2
#define HV_INTERCEPT_ACCESS_MASK_EXECUTE	0x4

/* Continues enum hv_intercept_type; the generator makes one enum of the two. */
enum hv_intercept_type__vmm {
	/* A message or event for a connection that nobody has made known */
	HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION			= 0x0000000D,
	HV_INTERCEPT_TYPE_RETARGET_INTERRUPT_WITH_UNKNOWN_DEVICE_ID	= 0x0000000F,
#if defined(__x86_64__)
	HV_INTERCEPT_TYPE_X64_APIC_EOI		= 0x0000000E,
	HV_INTERCEPT_TYPE_X64_IO_PORT_RANGE	= 0x00000011,	/* first port, last port << 16 */
#endif
};

struct hv_input_install_intercept {
	__u64 partition_id;
	__u32 access_type;	/* HV_INTERCEPT_ACCESS_MASK_* */
	__u32 intercept_type;	/* enum hv_intercept_type */
	union hv_intercept_parameters intercept_parameter;
} __packed;

/*
 * HVCALL_CLEAR_VIRTUAL_INTERRUPT: the acknowledgement of an external interrupt has
 * been seen, and another one may be asserted.
 */
struct hv_input_clear_virtual_interrupt {
	__u64 partition_id;
};

/* The status that hvgdk_mini.h lacks: the guest has taken the one before, and nobody has cleared it. */
#define HV_STATUS_ACKNOWLEDGED	0x16

/* HVCALL_TRANSLATE_VIRTUAL_ADDRESS: control_flags, first those of both arches. */
#define HV_TRANSLATE_GVA_VALIDATE_READ		0x001
#define HV_TRANSLATE_GVA_VALIDATE_WRITE		0x002
#define HV_TRANSLATE_GVA_VALIDATE_EXECUTE	0x004
#define HV_TRANSLATE_GVA_SET_PAGE_TABLE_BITS	0x010
#define HV_TRANSLATE_GVA_TLB_FLUSH_INHIBIT	0x020
#define HV_TRANSLATE_GVA_SUPERVISOR_ACCESS	0x040
#define HV_TRANSLATE_GVA_USER_ACCESS		0x080
#if defined(__x86_64__)
#define HV_TRANSLATE_GVA_PRIVILEGE_EXEMPT	0x008
#define HV_TRANSLATE_GVA_ENFORCE_SMAP		0x100
#define HV_TRANSLATE_GVA_OVERRIDE_SMAP		0x200
#define HV_TRANSLATE_GVA_SHADOW_STACK		0x400
#elif defined(__aarch64__)
#define HV_TRANSLATE_GVA_PAN_SET	0x100
#define HV_TRANSLATE_GVA_PAN_CLEAR	0x200
#endif

/* How a translation ended. */
enum hv_translate_gva_result_code {
	HV_TRANSLATE_GVA_SUCCESS			= 0,
	HV_TRANSLATE_GVA_PAGE_NOT_PRESENT		= 1,
	HV_TRANSLATE_GVA_PRIVILEGE_VIOLATION		= 2,
	HV_TRANSLATE_GVA_INVALIDE_PAGE_TABLE_FLAGS	= 3,
	HV_TRANSLATE_GVA_GPA_UNMAPPED			= 4,
	HV_TRANSLATE_GVA_GPA_NO_READ_ACCESS		= 5,
	HV_TRANSLATE_GVA_GPA_NO_WRITE_ACCESS		= 6,
	HV_TRANSLATE_GVA_GPA_ILLEGAL_OVERLAY_ACCESS	= 7,
	HV_TRANSLATE_GVA_INTERCEPT			= 8,
	HV_TRANSLATE_GVA_GPA_UNACCEPTED			= 9,
};

union hv_translate_gva_result {
	__u64 as_uint64;
	struct {
		__u32 result_code;	/* enum hv_translate_gva_result_code */
		__u32 cache_type : 8;	/* memory type */
		__u32 overlay_page : 1;	/* the hypervisor's own page lies there */
		__u32 reserved : 23;
	};
};

struct hv_input_translate_virtual_address {
	__u64 partition_id;
	__u32 vp_index;
	__u32 padding;
	__u64 control_flags;	/* HV_TRANSLATE_GVA_* */
	__u64 gva_page;	/* guest virtual, 4096-byte pages */
} __packed;

struct hv_output_translate_virtual_address {
	union hv_translate_gva_result translation_result;
	__u64 gpa_page;	/* guest physical, 4096-byte pages */
} __packed;

/* HVCALL_READ_GPA and HVCALL_WRITE_GPA: bytes that one call moves at most. */
#define HV_READ_WRITE_GPA_MAX_SIZE	16

/* How an access to guest memory ended. */
enum hv_access_gpa_result_code {
	HV_ACCESS_GPA_SUCCESS			= 0,
	HV_ACCESS_GPA_UNMAPPED			= 1,
	HV_ACCESS_GPA_READ_INTERCEPT		= 2,
	HV_ACCESS_GPA_WRITE_INTERCEPT		= 3,
	HV_ACCESS_GPA_ILLEGAL_OVERLAY_ACCESS	= 4,
};

union hv_access_gpa_result {
	__u64 as_uint64;
	struct {
		__u32 result_code;	/* enum hv_access_gpa_result_code */
		__u32 reserved;
	};
};

union hv_access_gpa_control_flags {
	__u64 as_uint64;
	struct {
		__u64 cache_type : 8;	/* memory type */
		__u64 reserved : 56;
	};
};

struct hv_input_read_gpa {
	__u64 partition_id;
	__u32 vp_index;
	__u32 byte_count;
	__u64 base_gpa;	/* guest physical, bytes */
	union hv_access_gpa_control_flags control_flags;
} __packed;

struct hv_output_read_gpa {
	union hv_access_gpa_result access_result;
	__u8 data[HV_READ_WRITE_GPA_MAX_SIZE];
} __packed;

struct hv_input_write_gpa {
	__u64 partition_id;
	__u32 vp_index;
	__u32 byte_count;
	__u64 base_gpa;	/* guest physical, bytes */
	union hv_access_gpa_control_flags control_flags;
	__u8 data[HV_READ_WRITE_GPA_MAX_SIZE];
} __packed;

struct hv_output_write_gpa {
	union hv_access_gpa_result access_result;
} __packed;

/* HVCALL_GET_VP_CPUID_VALUES: one leaf in, one result out, repeated. */
struct hv_cpuid_leaf_info {
	__u32 eax;	/* leaf */
	__u32 ecx;	/* subleaf */
	__u64 xfem;	/* XCR0 to assume */
	__u64 xss;	/* IA32_XSS to assume */
} __packed;

union hv_get_vp_cpuid_values_flags {
	__u32 as_uint32;
	struct {
		__u32 use_vp_xfem_xss : 1;	/* the processor's own, not those given */
		__u32 apply_registered_values : 1;	/* as registered for the partition */
		__u32 reserved : 30;
	};
} __packed;

struct hv_input_get_vp_cpuid_values {
	__u64 partition_id;
	__u32 vp_index;
	union hv_get_vp_cpuid_values_flags flags;
	__u32 reserved;
	__u32 padding;
	struct hv_cpuid_leaf_info cpuid_leaf_info[];
} __packed;

union hv_output_get_vp_cpuid_values {
	__u32 as_uint32[4];
	struct {
		__u32 eax;
		__u32 ebx;
		__u32 ecx;
		__u32 edx;
	};
};

#if defined(__x86_64__)
/*
 * HVCALL_REGISTER_INTERCEPT_RESULT: the answer that CPUID or an MSR shall give
 * without asking the VMM. A set mask bit takes that bit from the result.
 */
struct hv_register_x64_cpuid_result_parameters {
	struct {
		__u32 eax;	/* leaf */
		__u32 ecx;	/* subleaf */
		__u8 subleaf_specific;	/* not 0: for this subleaf alone */
		__u8 always_override;
		__u16 padding;
	} input;
	struct {
		__u32 eax;
		__u32 eax_mask;
		__u32 ebx;
		__u32 ebx_mask;
		__u32 ecx;
		__u32 ecx_mask;
		__u32 edx;
		__u32 edx_mask;
	} result;
} __packed;

struct hv_register_x64_msr_result_parameters {
	__u32 msr_index;
	__u32 access_type;
	__u32 action;
} __packed;

union hv_register_intercept_result_parameters {
	struct hv_register_x64_cpuid_result_parameters cpuid;
	struct hv_register_x64_msr_result_parameters msr;
};

struct hv_input_register_intercept_result {
	__u64 partition_id;
	__u32 vp_index;
	__u32 intercept_type;	/* enum hv_intercept_type */
	union hv_register_intercept_result_parameters parameters;
} __packed;

/* HVCALL_SIGNAL_EVENT_DIRECT: sets a flag of a guest's interrupt source. */
struct hv_input_signal_event_direct {
	__u64 target_partition;
	__u32 target_vp;
	__u8 target_vtl;
	__u8 target_sint;
	__u16 flag_number;
} __packed;

struct hv_output_signal_event_direct {
	__u8 newly_signaled;	/* 0: it was set already */
	__u8 reserved[7];
};

/* HVCALL_POST_MESSAGE_DIRECT: puts a whole hv_message to an interrupt source. */
struct hv_input_post_message_direct {
	__u64 partition_id;
	__u32 vp_index;
	__u8 vtl;
	__u8 padding[3];
	__u32 sint_index;
	__u8 message[HV_MESSAGE_SIZE];
	__u32 padding2;
} __packed;
#endif

#endif /* HVBINDGEN_VMM_HV_HYPERCALLS_H */
