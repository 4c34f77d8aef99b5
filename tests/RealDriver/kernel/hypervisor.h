/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of the hypervisor behind the driver: partitions, memory, registers,
 * messages, and a processor that knows some forty instructions.
 *
 * A hypercall runs to its end, and a processor's work lets others in only
 * between two instructions: one CPU at a time is in here.
 */
#ifndef MSHV_MODEL_HYPERVISOR_H
#define MSHV_MODEL_HYPERVISOR_H

#include <linux/list.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <hyperv/hvhdk.h>
#include "hv_register_names.h"
#include "hv_messages.h"
#include "hv_hypercalls.h"
#include "hv_partition.h"
#include "hv_interrupt.h"

#define MODEL_MAX_VPS		256
#define MODEL_STORED		256
#define MODEL_PROPERTIES	32
#define MODEL_STATE_PAGES	4
#define MODEL_MAX_GFN		BIT_ULL(40)

/* What a guest page's entry holds beside the frame's number. */
#define MODEL_ACCESS		0xfUL	/* HV_MAP_GPA_READABLE and so on */
#define MODEL_FRAME_SHIFT	4
#define MODEL_ACCESSED		XA_MARK_0
#define MODEL_DIRTY		XA_MARK_1

struct model_property {
	u32 code;
	u64 value;
};

struct model_partition {
	struct list_head link;
	u64 id;
	u64 flags;
	bool initialized;
	bool frozen;
	bool tracks;
	u64 time;
	struct xarray pages;
	struct list_head deposits;
	struct list_head doorbells;
	struct model_vp *vps[MODEL_MAX_VPS];
	struct model_property properties[MODEL_PROPERTIES];
};

enum model_external {
	MODEL_EXTERNAL_NONE,
	MODEL_EXTERNAL_ASSERTED,
	MODEL_EXTERNAL_ACKNOWLEDGED,
};

struct model_vp {
	struct model_partition *partition;
	u32 index;
	struct work_struct work;

	bool explicit_suspend;
	bool intercept_suspend;
	bool dispatch_suspend;
	bool halted;
	bool blocked;		/* the root scheduler waits for a signal */
	bool shadow;		/* after STI */
	u64 signals;

	u64 gpr[16];
	u64 rip;
	u64 rflags;
	struct hv_x64_segment_register segments[8];
	struct hv_x64_table_register tables[2];
	union hv_register_value stored[MODEL_STORED];

	u64 requested[4];	/* the local APIC: interrupts that wait, */
	u64 serviced[4];	/* those being handled, */
	u64 level[4];		/* and whose end is told */
	enum model_external external;
	u8 external_vector;

	struct page *registers;
	struct page *message;
	struct page *statistics[2];
	struct page *states[MODEL_STATE_PAGES];
	struct hv_synthetic_timers_state timers;
};

/* hypervisor.c */
extern bool model_root_scheduler;
unsigned long model_enter(void);
void model_leave(unsigned long flags);
struct model_partition *model_find_partition(u64 id);
struct model_vp *model_find_vp(u64 id, u32 index);
void model_deliver(u32 type, u64 sender, const void *payload, u8 size);
void model_ring(u32 port);
bool model_ring_doorbell(struct model_partition *partition, u64 gpa, u64 value, int size);

/* outside.c */
bool model_is_outside(void);
u64 model_call_outside(u64 control, u64 input, u64 output);

/* partition.c */
int model_get_property(struct model_partition *partition, u32 code, u64 *value);
int model_set_property(struct model_partition *partition, u32 code, u64 value);
int model_map(struct model_partition *partition, u64 gfn, u32 flags, u64 frame);
int model_unmap(struct model_partition *partition, u64 gfn, u32 flags);
int model_page_state(struct model_partition *partition, u64 gfn,
		     union hv_gpa_page_access_state_flags flags, u8 *state);

/* vp.c */
struct model_vp *model_create_vp(struct model_partition *partition, u32 index);
void model_stop(struct model_vp *vp);
void model_delete_vp(struct model_vp *vp);
int model_get_register(struct model_vp *vp, u32 name, union hv_register_value *value);
int model_set_register(struct model_vp *vp, u32 name, const union hv_register_value *value);
union hv_register_value *model_stored(struct model_vp *vp, u32 name);
int model_assert(struct model_partition *partition, const struct hv_input_assert_virtual_interrupt *input);
int model_clear(struct model_partition *partition);
int model_post_message(struct model_vp *vp, const struct hv_input_post_message_direct *input);
int model_signal_event(struct model_vp *vp, const struct hv_input_signal_event_direct *input,
		       struct hv_output_signal_event_direct *output);
int model_state(struct model_vp *vp, u32 type, bool set, const u64 *frames, u64 count, void *data);
void model_resume(struct model_vp *vp);
void model_wake(struct model_vp *vp);
bool model_may_run(struct model_vp *vp);
void model_intercept(struct model_vp *vp, u32 type, u8 size);
void model_dispatch(struct model_vp *vp, u32 flags, struct hv_output_dispatch_vp *output);

/* processor.c */
void model_execute(struct model_vp *vp, int instructions);
bool model_has_interrupt(struct model_vp *vp);

#endif
