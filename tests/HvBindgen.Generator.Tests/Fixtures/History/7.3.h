// Upstream goes on: a second form of creation, further flags, hypercalls on the device too, reserved bytes in a new record.
// descriptor dev MSHV_ROOT_HVCALL
// descriptor dev MSHV_CREATE_PARTITION
// descriptor vm MSHV_CREATE_VP
// descriptor vm MSHV_ROOT_HVCALL
// descriptor vp MSHV_ROOT_HVCALL
// descriptor vp MSHV_GET_VP_REGISTERS
#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

enum {
	MSHV_PT_BIT_LAPIC,
	MSHV_PT_BIT_X2APIC,
	MSHV_PT_BIT_GPA_SUPER_PAGES,
	MSHV_PT_BIT_CPU_AND_XSAVE_FEATURES,
	MSHV_PT_BIT_NESTED,
	MSHV_PT_BIT_COUNT,
};

#define MSHV_PT_FLAGS_MASK ((1 << MSHV_PT_BIT_COUNT) - 1)

enum {
	MSHV_PT_ISOLATION_NONE,
	MSHV_PT_ISOLATION_COUNT,
};

struct mshv_create_partition {
	__u64 pt_flags;
	__u64 pt_isolation;
};

struct mshv_create_partition_v2 {
	__u64 pt_flags;
	__u64 pt_isolation;
	__u16 pt_num_cpu_fbanks;
	__u8 pt_rsvd[6];
	__u64 pt_cpu_fbanks[2];
	__u64 pt_rsvd1[2];
};

struct mshv_create_vp {
	__u32 vp_index;
};

struct mshv_vp_registers {
	__u32 count;
	__u32 rsvd;
	__u64 regs_ptr;
};

struct mshv_root_hvcall {
	__u16 code;
	__u16 reps;
	__u16 in_sz;
	__u16 out_sz;
	__u16 status;
	__u8 rsvd[6];
	__u64 in_ptr;
	__u64 out_ptr;
};

#define MSHV_CREATE_PARTITION _IOW(0xB8, 0x00, struct mshv_create_partition)
#define MSHV_CREATE_VP _IOW(0xB8, 0x01, struct mshv_create_vp)
#define MSHV_ROOT_HVCALL _IOWR(0xB8, 0x07, struct mshv_root_hvcall)
#define MSHV_GET_VP_REGISTERS _IOWR(0xB8, 0x05, struct mshv_vp_registers)

#endif
