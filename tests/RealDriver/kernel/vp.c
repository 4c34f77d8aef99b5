// SPDX-License-Identifier: GPL-2.0
/* A virtual processor: its registers and pages, when it runs, and its interrupts. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <asm/mshyperv.h>
#include "hypervisor.h"

#define SLICE			200	/* instructions before others get the CPU */
#define RESET_RIP		0xfff0
#define RESET_FLAGS		2
#define FIRST_VECTOR		16
#define THREAD_BLOCKED		202	/* counter of the statistics page that the driver's root scheduler reads */

/* Registers that are only kept: ranges of names. */
static const struct { u32 first, count; } kept[] = {
	{ HV_REGISTER_PENDING_INTERRUPTION, 6 },
	{ HV_X64_REGISTER_XMM0, 26 },
	{ HV_X64_REGISTER_CR0, 6 },
	{ HV_X64_REGISTER_DR0, 6 },
	{ HV_X64_REGISTER_TSC, 16 },
	{ HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0, 16 },
	{ HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0, 16 },
	{ HV_X64_REGISTER_MSR_MTRR_FIX64K00000, 16 },
	{ HV_X64_REGISTER_APIC_ID, 1 },
	{ HV_REGISTER_VP_RUNTIME, 24 },
	{ HV_REGISTER_SINT0, 22 },
	{ HV_REGISTER_STIMER0_CONFIG, 8 },
};

union hv_register_value *model_stored(struct model_vp *vp, u32 name)
{
	u32 at = 0;
	int i;

	if (name >= HV_X64_REGISTER_INTERMEDIATE_CR0 && name <= HV_X64_REGISTER_INTERMEDIATE_CR8)
		name -= HV_X64_REGISTER_INTERMEDIATE_CR0 - HV_X64_REGISTER_CR0;
	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		if (name >= kept[i].first && name < kept[i].first + kept[i].count)
			return &vp->stored[at + name - kept[i].first];
		at += kept[i].count;
	}
	return NULL;
}

/* The registers that a processor has as a word of its own. */
static u64 *word(struct model_vp *vp, u32 name)
{
	if (name >= HV_X64_REGISTER_RAX && name <= HV_X64_REGISTER_R15)
		return &vp->gpr[name - HV_X64_REGISTER_RAX];
	return name == HV_X64_REGISTER_RIP ? &vp->rip : name == HV_X64_REGISTER_RFLAGS ? &vp->rflags : NULL;
}

int model_get_register(struct model_vp *vp, u32 name, union hv_register_value *value)
{
	memset(value, 0, sizeof(*value));
	switch (name) {
	case HV_REGISTER_EXPLICIT_SUSPEND:
		value->explicit_suspend.suspended = vp->explicit_suspend;
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_INTERCEPT_SUSPEND:
		value->intercept_suspend.suspended = vp->intercept_suspend;
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_DISPATCH_SUSPEND:
		value->dispatch_suspend.suspended = vp->dispatch_suspend;
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_INTERNAL_ACTIVITY_STATE:
		value->reg64 = vp->halted ? 2 : 0;
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_VP_ROOT_SIGNAL_COUNT:
		value->reg64 = vp->signals;
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_VP_INDEX:
		value->reg64 = vp->index;
		return HV_STATUS_SUCCESS;
	}
	if (name >= HV_X64_REGISTER_ES && name <= HV_X64_REGISTER_TR)
		value->segment = vp->segments[name - HV_X64_REGISTER_ES];
	else if (name == HV_X64_REGISTER_IDTR || name == HV_X64_REGISTER_GDTR)
		value->table = vp->tables[name - HV_X64_REGISTER_IDTR];
	else if (word(vp, name))
		value->reg64 = *word(vp, name);
	else if (model_stored(vp, name))
		*value = *model_stored(vp, name);
	else
		return HV_STATUS_INVALID_PARAMETER;
	return HV_STATUS_SUCCESS;
}

/* While the processor is stopped the register page shows its registers, and takes what the page's owner marks as changed. */
static void show(struct model_vp *vp)
{
	struct hv_vp_register_page *page = page_address(vp->registers);
	int i;

	page->version = HV_VP_REGISTER_PAGE_VERSION_1;
	page->isvalid = 1;
	page->dirty = 0;
	memcpy(page->gp_registers, vp->gpr, sizeof(vp->gpr));
	page->rip = vp->rip;
	page->rflags = vp->rflags;
	memcpy(page->segment_registers, vp->segments, sizeof(page->segment_registers));
	for (i = 0; i < ARRAY_SIZE(page->xmm_registers); i++)
		page->xmm_registers[i] = model_stored(vp, HV_X64_REGISTER_XMM0 + i)->reg128;
	page->cr0 = model_stored(vp, HV_X64_REGISTER_CR0)->reg64;
	page->cr3 = model_stored(vp, HV_X64_REGISTER_CR3)->reg64;
	page->cr4 = model_stored(vp, HV_X64_REGISTER_CR4)->reg64;
	page->cr8 = model_stored(vp, HV_X64_REGISTER_CR8)->reg64;
	page->efer = model_stored(vp, HV_X64_REGISTER_EFER)->reg64;
}

static void take(struct model_vp *vp)
{
	struct hv_vp_register_page *page = page_address(vp->registers);
	u32 dirty = page->isvalid ? page->dirty : 0;
	int i;

	if (dirty & BIT(HV_X64_REGISTER_CLASS_GENERAL))
		memcpy(vp->gpr, page->gp_registers, sizeof(vp->gpr));
	if (dirty & BIT(HV_X64_REGISTER_CLASS_IP))
		vp->rip = page->rip;
	if (dirty & BIT(HV_X64_REGISTER_CLASS_FLAGS))
		vp->rflags = page->rflags;
	if (dirty & BIT(HV_X64_REGISTER_CLASS_SEGMENT))
		memcpy(vp->segments, page->segment_registers, sizeof(page->segment_registers));
	if (dirty & BIT(HV_X64_REGISTER_CLASS_XMM))
		for (i = 0; i < ARRAY_SIZE(page->xmm_registers); i++)
			model_stored(vp, HV_X64_REGISTER_XMM0 + i)->reg128 = page->xmm_registers[i];
	page->dirty = 0;
}

/* The page holds nothing while the processor runs. */
static void begin(struct model_vp *vp)
{
	take(vp);
	((struct hv_vp_register_page *)page_address(vp->registers))->isvalid = 0;
}

int model_set_register(struct model_vp *vp, u32 name, const union hv_register_value *value)
{
	bool shows = ((struct hv_vp_register_page *)page_address(vp->registers))->isvalid;

	switch (name) {
	case HV_REGISTER_EXPLICIT_SUSPEND:
		vp->explicit_suspend = value->explicit_suspend.suspended;
		if (vp->explicit_suspend && !shows)
			show(vp);
		model_wake(vp);
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_INTERCEPT_SUSPEND:
		vp->intercept_suspend = value->intercept_suspend.suspended;
		model_wake(vp);
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_DISPATCH_SUSPEND:
		vp->dispatch_suspend = value->dispatch_suspend.suspended;
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_INTERNAL_ACTIVITY_STATE:
		vp->halted = (value->reg64 & 2) != 0;
		return HV_STATUS_SUCCESS;
	case HV_REGISTER_VP_INDEX:
	case HV_REGISTER_VP_ROOT_SIGNAL_COUNT:
		return HV_STATUS_ACCESS_DENIED;
	}
	take(vp);
	if (name >= HV_X64_REGISTER_ES && name <= HV_X64_REGISTER_TR)
		vp->segments[name - HV_X64_REGISTER_ES] = value->segment;
	else if (name == HV_X64_REGISTER_IDTR || name == HV_X64_REGISTER_GDTR)
		vp->tables[name - HV_X64_REGISTER_IDTR] = value->table;
	else if (word(vp, name))
		*word(vp, name) = value->reg64;
	else if (model_stored(vp, name))
		*model_stored(vp, name) = *value;
	else
		return HV_STATUS_INVALID_PARAMETER;
	if (shows)
		show(vp);
	return HV_STATUS_SUCCESS;
}

bool model_may_run(struct model_vp *vp)
{
	return !vp->explicit_suspend && !vp->intercept_suspend && !vp->dispatch_suspend && !vp->partition->frozen &&
	       (!vp->halted || model_has_interrupt(vp));
}

static void run(struct work_struct *work)
{
	struct model_vp *vp = container_of(work, struct model_vp, work);
	unsigned long flags = model_enter();

	begin(vp);
	while (model_may_run(vp)) {
		model_execute(vp, SLICE);
		model_leave(flags);
		cond_resched();
		flags = model_enter();
	}
	model_leave(flags);
}

static void signal(struct model_vp *vp)
{
	struct hv_vp_signal_pair_scheduler_message message = {
		.vp_count = 1,
		.partition_ids = { vp->partition->id },
		.vp_indexes = { vp->index },
	};

	vp->blocked = false;
	((struct hv_stats_page *)page_address(vp->statistics[0]))->data[THREAD_BLOCKED] = 0;
	vp->signals++;
	model_deliver(HVMSG_SCHEDULER_VP_SIGNAL_PAIR, vp->partition->id, &message, sizeof(message));
}

/* Something that kept the processor from running may be gone. */
void model_wake(struct model_vp *vp)
{
	if (!model_may_run(vp))
		return;
	if (!model_root_scheduler)
		queue_work(system_dfl_wq, &vp->work);
	else if (vp->blocked)
		signal(vp);
}

void model_intercept(struct model_vp *vp, u32 type, u8 size)
{
	struct hv_message *message = page_address(vp->message);
	struct hv_opaque_intercept_message opaque = { .vp_index = vp->index };

	message->header.message_type = type;
	message->header.payload_size = size;
	message->header.sender = vp->partition->id;
	vp->intercept_suspend = true;
	show(vp);
	if (!model_root_scheduler)
		model_deliver(HVMSG_OPAQUE_INTERCEPT, vp->partition->id, &opaque, sizeof(opaque));
}

/* The root scheduler lends its CPU to a processor. */
void model_dispatch(struct model_vp *vp, u32 flags, struct hv_output_dispatch_vp *output)
{
	struct hv_stats_page *statistics = page_address(vp->statistics[0]);

	if (flags & HV_DISPATCH_VP_FLAG_CLEAR_INTERCEPT_SUSPEND)
		vp->intercept_suspend = false;
	if (!vp->intercept_suspend)
		begin(vp);
	if (model_may_run(vp))
		model_execute(vp, SLICE);
	if (vp->intercept_suspend || model_may_run(vp)) {
		output->dispatch_state = HV_VP_DISPATCH_STATE_READY;
		output->dispatch_event = vp->intercept_suspend ? HV_VP_DISPATCH_EVENT_INTERCEPT : HV_VP_DISPATCH_EVENT_INVALID;
		return;
	}
	vp->blocked = true;
	statistics->data[THREAD_BLOCKED] = !vp->explicit_suspend;
	output->dispatch_state = HV_VP_DISPATCH_STATE_BLOCKED;
	output->dispatch_event = vp->explicit_suspend ? HV_VP_DISPATCH_EVENT_SUSPEND : HV_VP_DISPATCH_EVENT_INVALID;
}

/* The vectors that a kind of interrupt may have. */
static bool fits(u32 type, u32 vector)
{
	switch (type) {
	case HV_X64_INTERRUPT_TYPE_FIXED:
	case HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY:
		return vector >= FIRST_VECTOR && vector <= 0xff;
	case HV_X64_INTERRUPT_TYPE_NMI:
	case HV_X64_INTERRUPT_TYPE_INIT:
		return !vector;
	case HV_X64_INTERRUPT_TYPE_EXTINT:
		return vector <= 0xff || vector == HV_INTERRUPT_VECTOR_NONE;
	}
	return vector <= 0xff;
}

static int assert_external(struct model_partition *partition, u64 destination, u32 vector)
{
	struct model_vp *vp = partition->vps[0];

	/* Always the boot processor, so no destination may be given. */
	if (destination)
		return HV_STATUS_INVALID_PARAMETER;
	if (!vp)
		return HV_STATUS_INVALID_VP_INDEX;
	if (vp->external == MODEL_EXTERNAL_ACKNOWLEDGED)
		return HV_STATUS_ACKNOWLEDGED;
	vp->external = vector == HV_INTERRUPT_VECTOR_NONE ? MODEL_EXTERNAL_NONE : MODEL_EXTERNAL_ASSERTED;
	vp->external_vector = vector;
	model_wake(vp);
	return HV_STATUS_SUCCESS;
}

int model_assert(struct model_partition *partition, const struct hv_input_assert_virtual_interrupt *input)
{
	u32 type = input->control.interrupt_type;
	bool found = false;
	int i;

	if (type >= HV_X64_INTERRUPT_TYPE_MAXIMUM || input->target_vtl || !fits(type, input->vector))
		return HV_STATUS_INVALID_PARAMETER;
	if (!(partition->flags & HV_PARTITION_CREATION_FLAG_LAPIC_ENABLED))
		return HV_STATUS_INVALID_PARTITION_STATE;
	if (type == HV_X64_INTERRUPT_TYPE_EXTINT)
		return assert_external(partition, input->dest_addr, input->vector);

	for (i = 0; i < MODEL_MAX_VPS; i++) {
		struct model_vp *vp = partition->vps[i];
		bool meant = input->control.logical_dest_mode ? (input->dest_addr >> i) & 1 :
			     input->dest_addr == i || input->dest_addr == 0xff || input->dest_addr == U32_MAX;

		if (!vp || !meant)
			continue;
		found = true;
		if (type > HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY)
			continue;
		__set_bit(input->vector, (unsigned long *)vp->requested);
		__assign_bit(input->vector, (unsigned long *)vp->level, input->control.level_triggered);
		model_wake(vp);
	}
	return found || input->control.logical_dest_mode ? HV_STATUS_SUCCESS : HV_STATUS_INVALID_VP_INDEX;
}

int model_clear(struct model_partition *partition)
{
	struct model_vp *vp = partition->vps[0];

	if (!vp || vp->external != MODEL_EXTERNAL_ACKNOWLEDGED)
		return HV_STATUS_NOT_ACKNOWLEDGED;
	vp->external = MODEL_EXTERNAL_NONE;
	return HV_STATUS_SUCCESS;
}

/* The page of the guest's whose address and switch a register has; NULL where it is off or no memory. */
static void *synic_page(struct model_vp *vp, u32 name)
{
	u64 value = model_stored(vp, name)->reg64;
	void *found = xa_load(&vp->partition->pages, value >> HV_HYP_PAGE_SHIFT);
	unsigned long entry = found ? xa_to_value(found) : 0;

	if (!(value & HV_SYNIC_SIMP_ENABLE) || !(entry & HV_MAP_GPA_WRITABLE) ||
	    !(model_stored(vp, HV_REGISTER_SCONTROL)->reg64 & HV_SYNIC_CONTROL_ENABLE))
		return NULL;
	return page_address(pfn_to_page(entry >> MODEL_FRAME_SHIFT));
}

static void raise_sint(struct model_vp *vp, u32 index)
{
	union hv_synic_sint sint = { .as_uint64 = model_stored(vp, HV_REGISTER_SINT0 + index)->reg64 };

	if (!sint.as_uint64 || sint.masked || sint.polling || sint.vector < FIRST_VECTOR)
		return;
	__set_bit(sint.vector, (unsigned long *)vp->requested);
	__clear_bit(sint.vector, (unsigned long *)vp->level);
	model_wake(vp);
}

int model_post_message(struct model_vp *vp, const struct hv_input_post_message_direct *input)
{
	struct hv_message_page *page;
	struct hv_message *to;

	if (input->vtl || input->sint_index >= HV_SYNIC_SINT_COUNT)
		return HV_STATUS_INVALID_PARAMETER;
	page = synic_page(vp, HV_REGISTER_SIMP);
	if (!page)
		return HV_STATUS_INVALID_VP_STATE;
	to = &page->sint_message[input->sint_index];
	if (to->header.message_type != HVMSG_NONE) {
		to->header.message_flags.msg_pending = 1;
		return HV_STATUS_INSUFFICIENT_BUFFERS;
	}
	memcpy(to, input->message, sizeof(*to));
	raise_sint(vp, input->sint_index);
	return HV_STATUS_SUCCESS;
}

int model_signal_event(struct model_vp *vp, const struct hv_input_signal_event_direct *input,
		       struct hv_output_signal_event_direct *output)
{
	struct hv_synic_event_flags_page *page;

	if (input->target_vtl || input->target_sint >= HV_SYNIC_SINT_COUNT || input->flag_number >= HV_EVENT_FLAGS_COUNT)
		return HV_STATUS_INVALID_PARAMETER;
	page = synic_page(vp, HV_REGISTER_SIEFP);
	if (!page)
		return HV_STATUS_INVALID_VP_STATE;
	output->newly_signaled = !test_and_set_bit(input->flag_number, (ulong *)page->event_flags[input->target_sint].flags);
	if (output->newly_signaled)
		raise_sint(vp, input->target_sint);
	return HV_STATUS_SUCCESS;
}

int model_state(struct model_vp *vp, u32 type, bool set, const u64 *frames, u64 count, void *data)
{
	void *kept_page, *other;

	if (type == HV_GET_SET_VP_STATE_SYNTHETIC_TIMERS) {
		if (set)
			memcpy(&vp->timers, data, sizeof(vp->timers));
		else
			memcpy(data, &vp->timers, sizeof(vp->timers));
		return HV_STATUS_SUCCESS;
	}
	type &= ~HV_GET_SET_VP_STATE_TYPE_PFN;
	if (type >= MODEL_STATE_PAGES || !count)
		return HV_STATUS_INVALID_PARAMETER;
	kept_page = page_address(vp->states[type]);
	other = page_address(pfn_to_page(frames[0]));
	memcpy(set ? kept_page : other, set ? other : kept_page, PAGE_SIZE);
	return HV_STATUS_SUCCESS;
}

static bool give_pages(struct model_vp *vp)
{
	struct page **pages[] = {
		&vp->registers, &vp->message, &vp->statistics[0], &vp->statistics[1],
		&vp->states[0], &vp->states[1], &vp->states[2], &vp->states[3],
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		*pages[i] = alloc_page(GFP_ATOMIC | __GFP_ZERO);
		if (!*pages[i])
			return false;
	}
	return true;
}

static void free_vp(struct model_vp *vp)
{
	struct page *pages[] = {
		vp->registers, vp->message, vp->statistics[0], vp->statistics[1],
		vp->states[0], vp->states[1], vp->states[2], vp->states[3],
	};
	int i;

	/* A process may have one mapped still. */
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i])
			put_page(pages[i]);
	kfree(vp);
}

struct model_vp *model_create_vp(struct model_partition *partition, u32 index)
{
	struct model_vp *vp = kzalloc(sizeof(*vp), GFP_ATOMIC);
	int i;

	if (!vp)
		return NULL;
	if (!give_pages(vp)) {
		free_vp(vp);
		return NULL;
	}
	vp->partition = partition;
	vp->index = index;
	vp->explicit_suspend = true;
	vp->rip = RESET_RIP;
	vp->rflags = RESET_FLAGS;
	for (i = 0; i < ARRAY_SIZE(vp->segments); i++)
		vp->segments[i] = (struct hv_x64_segment_register){ .limit = 0xffff, .attributes = i == 1 ? 0x9b : 0x93 };
	model_stored(vp, HV_X64_REGISTER_CR0)->reg64 = 0x60000010;
	INIT_WORK(&vp->work, run);
	partition->vps[index] = vp;
	((struct hv_vp_register_page *)page_address(vp->registers))->version = HV_VP_REGISTER_PAGE_VERSION_1;
	return vp;
}

/* The processor's work has ended, and does not begin again. */
void model_stop(struct model_vp *vp)
{
	unsigned long flags = model_enter();

	vp->explicit_suspend = true;
	model_leave(flags);
	cancel_work_sync(&vp->work);
}

/* The processor is stopped. */
void model_delete_vp(struct model_vp *vp)
{
	vp->partition->vps[vp->index] = NULL;
	free_vp(vp);
}
