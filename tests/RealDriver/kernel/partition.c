// SPDX-License-Identifier: GPL-2.0
/* A partition's properties and its guest memory, page by page. */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <asm/mshyperv.h>
#include "hypervisor.h"

#define MAX_XSAVE_BYTES		2696
#define SYNTHETIC_FEATURES	0xffffULL
#define HUNDRED_NANOSECONDS	100

/* Properties that start with a value, and may be set once the partition is initialized. */
static const struct model_property ordinary[] = {
	{ HV_PARTITION_PROPERTY_PRIVILEGE_FLAGS, 0 },
	{ HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION, HV_UNIMPLEMENTED_MSR_ACTION_FAULT },
	{ HV_PARTITION_PROPERTY_PROCESSORS_PER_SOCKET, 1 },
	{ HV_PARTITION_PROPERTY_CPU_RESERVE, 0 },
	{ HV_PARTITION_PROPERTY_CPU_CAP, 0 },
	{ HV_PARTITION_PROPERTY_CPU_WEIGHT, 100 },
	{ HV_PARTITION_PROPERTY_CPU_GROUP_ID, 0 },
	{ HV_PARTITION_PROPERTY_SUSPEND, 0 },
	{ HV_PARTITION_PROPERTY_ZERO_MEMORY_ON_RESET, 0 },
	{ HV_PARTITION_PROPERTY_ALLOCATION_ID, 0 },
	{ HV_PARTITION_PROPERTY_MONITORING_ID, 0 },
	{ HV_PARTITION_PROPERTY_GUEST_OS_ID, 0 },
};

/* Properties of the machine, which nobody sets. */
static const struct model_property machine[] = {
	{ HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0, 0 },
	{ HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1, 0 },
	{ HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES, 0 },
	{ HV_PARTITION_PROPERTY_XSAVE_STATES, 3 },
	{ HV_PARTITION_PROPERTY_MAX_XSAVE_DATA_SIZE, MAX_XSAVE_BYTES },
	{ HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES, SYNTHETIC_FEATURES },
	{ HV_PARTITION_PROPERTY_PROCESSOR_CLOCK_FREQUENCY, 1000000000 },
	{ HV_PARTITION_PROPERTY_COMPATIBILITY_VERSION, HV_COMPATIBILITY_21_H2 },
	{ HV_PARTITION_PROPERTY_PHYSICAL_ADDRESS_WIDTH, 40 },
	{ HV_PARTITION_PROPERTY_IMPLEMENTED_PHYSICAL_ADDRESS_BITS, 40 },
	{ HV_PARTITION_PROPERTY_PROCESSOR_CL_FLUSH_SIZE, 64 },
};

static bool is_early(u32 code)
{
	return code == HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES || code == HV_PARTITION_PROPERTY_ISOLATION_POLICY;
}

static const struct model_property *find(const struct model_property *table, int count, u32 code)
{
	int i;

	for (i = 0; i < count; i++)
		if (table[i].code == code)
			return &table[i];
	return NULL;
}

/* What was set, in the order in which it was first set. */
static struct model_property *own(struct model_partition *partition, u32 code, bool make)
{
	int i;

	for (i = 0; code && i < MODEL_PROPERTIES; i++) {
		if (partition->properties[i].code == code)
			return &partition->properties[i];
		if (!partition->properties[i].code) {
			if (!make)
				return NULL;
			partition->properties[i].code = code;
			return &partition->properties[i];
		}
	}
	return NULL;
}

static u64 now(void)
{
	return ktime_get_ns() / HUNDRED_NANOSECONDS;
}

int model_get_property(struct model_partition *partition, u32 code, u64 *value)
{
	const struct model_property *property = find(machine, ARRAY_SIZE(machine), code);

	if (partition && code == HV_PARTITION_PROPERTY_TIME_FREEZE) {
		*value = partition->frozen;
		return HV_STATUS_SUCCESS;
	}
	if (partition && code == HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING) {
		*value = partition->tracks;
		return HV_STATUS_SUCCESS;
	}
	if (partition && code == HV_PARTITION_PROPERTY_REFERENCE_TIME) {
		*value = partition->frozen ? partition->time : partition->time + now();
		return HV_STATUS_SUCCESS;
	}
	if (!property && partition)
		property = own(partition, code, false);
	if (!property && partition)
		property = find(ordinary, ARRAY_SIZE(ordinary), code);
	*value = property ? property->value : 0;
	return property || (partition && is_early(code)) ? HV_STATUS_SUCCESS : HV_STATUS_UNKNOWN_PROPERTY;
}

/* Whatever was written before tracking began may have been: all of it counts as written. */
static void track(struct model_partition *partition, bool on)
{
	unsigned long gfn;
	void *entry;

	if (on && !partition->tracks)
		xa_for_each(&partition->pages, gfn, entry) {
			xa_set_mark(&partition->pages, gfn, MODEL_ACCESSED);
			xa_set_mark(&partition->pages, gfn, MODEL_DIRTY);
		}
	partition->tracks = on;
}

static void freeze(struct model_partition *partition, bool on)
{
	int i;

	if (on == partition->frozen)
		return;
	partition->time = on ? partition->time + now() : partition->time - now();
	partition->frozen = on;
	for (i = 0; !on && i < MODEL_MAX_VPS; i++)
		if (partition->vps[i])
			model_wake(partition->vps[i]);
}

int model_set_property(struct model_partition *partition, u32 code, u64 value)
{
	struct model_property *property;
	u64 before;

	if (!is_early(code) && model_get_property(partition, code, &before) != HV_STATUS_SUCCESS)
		return HV_STATUS_UNKNOWN_PROPERTY;
	if (partition->initialized == is_early(code))
		return HV_STATUS_INVALID_PARTITION_STATE;

	switch (code) {
	case HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES:
		if (value & ~SYNTHETIC_FEATURES)
			return HV_STATUS_PROPERTY_VALUE_OUT_OF_RANGE;
		break;
	case HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION:
		if (value >= HV_UNIMPLEMENTED_MSR_ACTION_COUNT)
			return HV_STATUS_INVALID_PARAMETER;
		break;
	case HV_PARTITION_PROPERTY_TIME_FREEZE:
	case HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING:
		if (value > 1)
			return HV_STATUS_INVALID_PARAMETER;
		if (code == HV_PARTITION_PROPERTY_TIME_FREEZE)
			freeze(partition, value);
		else
			track(partition, value);
		return HV_STATUS_SUCCESS;
	case HV_PARTITION_PROPERTY_REFERENCE_TIME:
		if (!partition->frozen)
			return HV_STATUS_INVALID_PARTITION_STATE;
		partition->time = value;
		return HV_STATUS_SUCCESS;
	}

	if (find(machine, ARRAY_SIZE(machine), code))
		return HV_STATUS_ACCESS_DENIED;
	property = own(partition, code, true);
	if (!property)
		return HV_STATUS_NO_RESOURCES;
	property->value = value;
	return HV_STATUS_SUCCESS;
}

int model_map(struct model_partition *partition, u64 gfn, u32 flags, u64 frame)
{
	u64 count = flags & HV_MAP_GPA_LARGE_PAGE ? PTRS_PER_PMD : 1;
	unsigned long access = flags & HV_MAP_GPA_NO_ACCESS ? 0 : flags & HV_MAP_GPA_PERMISSIONS_MASK;
	u64 i;

	if (gfn >= MODEL_MAX_GFN || count > MODEL_MAX_GFN - gfn)
		return HV_STATUS_INVALID_PARAMETER;
	for (i = 0; i < count; i++) {
		unsigned long entry = access | (access ? (frame + i) << MODEL_FRAME_SHIFT : 0);

		if (xa_is_err(xa_store(&partition->pages, gfn + i, xa_mk_value(entry), GFP_ATOMIC)))
			return HV_STATUS_NO_RESOURCES;
		if (partition->tracks) {
			xa_set_mark(&partition->pages, gfn + i, MODEL_ACCESSED);
			xa_set_mark(&partition->pages, gfn + i, MODEL_DIRTY);
		}
	}
	return HV_STATUS_SUCCESS;
}

int model_unmap(struct model_partition *partition, u64 gfn, u32 flags)
{
	u64 count = flags & HV_UNMAP_GPA_LARGE_PAGE ? PTRS_PER_PMD : 1;
	u64 i;

	if (gfn >= MODEL_MAX_GFN || count > MODEL_MAX_GFN - gfn)
		return HV_STATUS_INVALID_PARAMETER;
	for (i = 0; i < count; i++)
		xa_erase(&partition->pages, gfn + i);
	return HV_STATUS_SUCCESS;
}

static void change(struct model_partition *partition, u64 gfn, bool clear, bool set, xa_mark_t mark)
{
	if (clear)
		xa_clear_mark(&partition->pages, gfn, mark);
	if (set)
		xa_set_mark(&partition->pages, gfn, mark);
}

int model_page_state(struct model_partition *partition, u64 gfn,
		     union hv_gpa_page_access_state_flags flags, u8 *state)
{
	union hv_gpa_page_access_state found = { };

	if (!partition->tracks)
		return HV_STATUS_INVALID_PARTITION_STATE;
	found.accessed = xa_get_mark(&partition->pages, gfn, MODEL_ACCESSED);
	found.dirty = xa_get_mark(&partition->pages, gfn, MODEL_DIRTY);
	change(partition, gfn, flags.clear_accessed, flags.set_accessed, MODEL_ACCESSED);
	change(partition, gfn, flags.clear_dirty, flags.set_dirty, MODEL_DIRTY);
	*state = found.as_uint8;
	return HV_STATUS_SUCCESS;
}
