/* SPDX-License-Identifier: MIT */
/*
 * Isolated (AMD SEV-SNP) partitions: loading their memory, finishing the launch,
 * and what the security processor is given. Field names and meanings of its data
 * are those of the SEV-SNP firmware interface.
 */
#ifndef HVBINDGEN_VMM_HV_ISOLATION_H
#define HVBINDGEN_VMM_HV_ISOLATION_H

#include <hyperv/hvhdk.h>

/* What an imported page holds. */
enum hv_isolated_page_type {
	HV_ISOLATED_PAGE_TYPE_NORMAL		= 0,
	HV_ISOLATED_PAGE_TYPE_VMSA		= 1,
	HV_ISOLATED_PAGE_TYPE_ZERO		= 2,
	HV_ISOLATED_PAGE_TYPE_UNMEASURED	= 3,
	HV_ISOLATED_PAGE_TYPE_SECRETS		= 4,
	HV_ISOLATED_PAGE_TYPE_CPUID		= 5,
	HV_ISOLATED_PAGE_TYPE_COUNT		= 6,
};

enum hv_isolated_page_size {
	HV_ISOLATED_PAGE_SIZE_4KB	= 0,
	HV_ISOLATED_PAGE_SIZE_2MB	= 1,
};

/* HVCALL_IMPORT_ISOLATED_PAGES */
struct hv_input_import_isolated_pages {
	__u64 partition_id;
	__u32 page_type;	/* enum hv_isolated_page_type */
	__u32 page_size;	/* enum hv_isolated_page_size */
	__u64 page_number[];
} __packed;

/* HV_ISOLATED_PAGE_TYPE_CPUID: CPUID results for the firmware to check. */
#define HV_PSP_CPUID_LEAF_COUNT_MAX	64

struct hv_psp_cpuid_leaf {
	__u32 eax_in;	/* leaf */
	__u32 ecx_in;	/* subleaf */
	__u64 xfem_in;	/* XCR0 */
	__u64 xss_in;	/* IA32_XSS */
	__u32 eax_out;
	__u32 ebx_out;
	__u32 ecx_out;
	__u32 edx_out;
	__u64 reserved_z;
} __packed;

struct hv_psp_cpuid_page {
	__u32 count;	/* leaves in use */
	__u32 reserved_z1;
	__u64 reserved_z2;
	struct hv_psp_cpuid_leaf cpuid_leaf_info[HV_PSP_CPUID_LEAF_COUNT_MAX];
} __packed;

/* What the owner of the guest allows its host. */
union hv_snp_guest_policy {
	struct {
		__u64 minor_version : 8;	/* of the firmware interface, at least */
		__u64 major_version : 8;	/* of the firmware interface, at least */
		__u64 smt_allowed : 1;
		__u64 vmpls_required : 1;
		__u64 migration_agent_allowed : 1;
		__u64 debug_allowed : 1;
		__u64 reserved : 44;
	};
	__u64 as_uint64;
};

/* Identity of the guest, signed by its owner. */
struct hv_snp_id_block {
	__u8 launch_digest[48];	/* expected measurement */
	__u8 family_id[16];
	__u8 image_id[16];
	__u32 version;
	__u32 guest_svn;
	union hv_snp_guest_policy policy;
} __packed;

struct hv_snp_id_auth_info {
	__u32 id_key_algorithm;
	__u32 auth_key_algorithm;
	__u8 reserved0[56];
	__u8 id_block_signature[512];
	__u8 id_key[1028];
	__u8 reserved1[60];
	__u8 id_key_signature[512];
	__u8 author_key[1028];
} __packed;

struct hv_psp_launch_finish_data {
	struct hv_snp_id_block id_block;
	struct hv_snp_id_auth_info id_auth_info;
	__u8 host_data[32];	/* chosen by the host, repeated in attestation reports */
	__u8 id_block_enabled;
	__u8 author_key_enabled;
};

/* HVCALL_COMPLETE_ISOLATED_IMPORT */
union hv_partition_complete_isolated_import_data {
	__u64 reserved;
	struct hv_psp_launch_finish_data psp_parameters;
} __packed;

struct hv_input_complete_isolated_import {
	__u64 partition_id;
	union hv_partition_complete_isolated_import_data import_data;
} __packed;

/* HVCALL_ISSUE_SNP_PSP_GUEST_REQUEST: a guest's request, carried to the firmware. */
struct hv_input_issue_psp_guest_request {
	__u64 partition_id;
	__u64 request_page;	/* guest physical, 4096-byte pages */
	__u64 response_page;	/* guest physical, 4096-byte pages */
} __packed;

#endif /* HVBINDGEN_VMM_HV_ISOLATION_H */
