// The layout of 2023: hypervisor types are uapi, every request has its number on every descriptor, pointers stand in records.
// descriptor dev MSHV_GET_VERSION_INFO
// descriptor dev MSHV_CREATE_PARTITION
// descriptor vm MSHV_ROOT_HVCALL
// descriptor vp MSHV_GET_VP_REGISTERS
#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"
#include "hyperv/hvhdk.h"

struct mshv_version_info {
	__u32 build;
	__u32 version[9];
};

struct mshv_create_partition {
	__u64 flags;
	struct hv_creation_properties properties;
};

struct mshv_vp_registers {
	int count;
	void *regs;
};

struct mshv_root_hvcall {
	__u16 code;
	__u16 reps;
	__u16 rsvd[3];
	__u16 in_sz;
	__u32 out_sz;
	__u64 in_ptr;
	__u64 out_ptr;
};

#define MSHV_GET_VERSION_INFO _IOR(0xB8, 0x00, struct mshv_version_info)
#define MSHV_CREATE_PARTITION _IOW(0xB8, 0x01, struct mshv_create_partition)
#define MSHV_GET_VP_REGISTERS _IOWR(0xB8, 0x05, struct mshv_vp_registers)
#define MSHV_ROOT_HVCALL _IOWR(0xB8, 0x35, struct mshv_root_hvcall)

#endif
//// hyperv/hvhdk.h
#ifndef _HVHDK_H
#define _HVHDK_H

struct hv_creation_properties {
	__u64 features[2];
};

#endif
