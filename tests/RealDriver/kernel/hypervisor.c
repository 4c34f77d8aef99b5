// SPDX-License-Identifier: GPL-2.0
/*
 * The hypervisor as the driver calls it: hypercalls, model-specific registers,
 * messages to the driver's interrupt handler, and doorbell ports.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <asm/mshyperv.h>
#include "hypervisor.h"

#define MODEL_VERSION_BUILD	27747
#define MODEL_QUEUE		64
#define ROOT_ID			1ULL

struct ms_hyperv_info ms_hyperv;
bool hv_nested;
u64 hv_current_partition_id = ROOT_ID;
enum hv_partition_type hv_curr_partition_type = HV_PARTITION_TYPE_ROOT;
void * __percpu *hyperv_pcpu_input_arg;
void * __percpu *hyperv_pcpu_output_arg;
u8 * __percpu *hv_synic_eventring_tail;

bool model_root_scheduler;
module_param_named(root, model_root_scheduler, bool, 0444);

/* The synthetic interrupt controller of each of the machine's processors, and where its ring of doorbells goes on. */
struct model_synic {
	u64 simp, siefp, sirbp, scontrol, sints[HV_SYNIC_SINT_COUNT];
	u8 head;
};

static DEFINE_PER_CPU(struct model_synic, synic);
static LIST_HEAD(partitions);
static u64 last_id = ROOT_ID;
static unsigned int creations;
static void (*handler)(void);
static struct hv_message queue[MODEL_QUEUE];
static unsigned int queued;
static bool delivering;
static LIST_HEAD(root_deposits);

struct model_port {
	struct list_head link;
	u32 port;
	u64 partition;
	u64 gpa;
	u64 value;
	u32 flags;
};

static LIST_HEAD(ports);

int hv_get_hypervisor_version(union hv_hypervisor_version_info *info)
{
	memset(info, 0, sizeof(*info));
	info->build_number = MODEL_VERSION_BUILD;
	return 0;
}

void hv_setup_mshv_handler(void (*isr)(void))
{
	handler = isr;
}

/*
 * One processor at a time is in here; the driver's handler, which is called from
 * here, may call back.
 */
static DEFINE_RAW_SPINLOCK(entrance);
static int inside = -1;
static int depth;

unsigned long model_enter(void)
{
	unsigned long flags;

	local_irq_save(flags);
	if (READ_ONCE(inside) != smp_processor_id()) {
		raw_spin_lock(&entrance);
		WRITE_ONCE(inside, smp_processor_id());
	}
	depth++;
	return flags;
}

void model_leave(unsigned long flags)
{
	if (!--depth) {
		WRITE_ONCE(inside, -1);
		raw_spin_unlock(&entrance);
	}
	local_irq_restore(flags);
}

static struct hv_message *slot(void)
{
	return __va((this_cpu_ptr(&synic)->simp >> HV_HYP_PAGE_SHIFT) << PAGE_SHIFT);
}

/* Hands over what waits, as long as the driver takes it out of the one slot. */
static void pump(void)
{
	struct hv_message *to = slot() + HV_SYNIC_INTERCEPTION_SINT_INDEX;

	if (delivering)
		return;

	delivering = true;
	while (queued && to->header.message_type == HVMSG_NONE) {
		*to = queue[0];
		queued--;
		memmove(queue, queue + 1, queued * sizeof(*queue));
		to->header.message_flags.msg_pending = queued != 0;
		if (handler)
			handler();
	}

	if (queued)
		to->header.message_flags.msg_pending = 1;
	delivering = false;
}

void model_deliver(u32 type, u64 sender, const void *payload, u8 size)
{
	unsigned long flags = model_enter();
	struct hv_message *message = &queue[queued];

	if (queued < MODEL_QUEUE) {
		memset(message, 0, sizeof(*message));
		message->header.message_type = type;
		message->header.sender = sender;
		message->header.payload_size = size;
		memcpy(message->u.payload, payload, size);
		queued++;
		pump();
	}
	model_leave(flags);
}

static u64 *msr(unsigned int reg)
{
	struct model_synic *own = this_cpu_ptr(&synic);

	switch (reg) {
	case HV_MSR_SIMP:
		return &own->simp;
	case HV_MSR_SIEFP:
		return &own->siefp;
	case HV_MSR_SIRBP:
		return &own->sirbp;
	case HV_MSR_SCONTROL:
		return &own->scontrol;
	}
	return reg >= HV_MSR_SINT0 && reg < HV_MSR_SINT0 + HV_SYNIC_SINT_COUNT ? &own->sints[reg - HV_MSR_SINT0] : NULL;
}

u64 hv_get_non_nested_msr(unsigned int reg)
{
	u64 *found = msr(reg);

	if (!found)
		pr_err("model: read of MSR %#x\n", reg);
	return found ? *found : 0;
}

void hv_set_non_nested_msr(unsigned int reg, u64 value)
{
	unsigned long flags = model_enter();
	u64 *found = msr(reg);

	if (reg == HV_MSR_EOM)
		pump();
	else if (found)
		*found = value;
	else
		pr_err("model: write of MSR %#x\n", reg);
	model_leave(flags);
}

struct model_partition *model_find_partition(u64 id)
{
	struct model_partition *partition;

	list_for_each_entry(partition, &partitions, link)
		if (partition->id == id)
			return partition;
	return NULL;
}

struct model_vp *model_find_vp(u64 id, u32 index)
{
	struct model_partition *partition = model_find_partition(id);

	return partition && index < MODEL_MAX_VPS ? partition->vps[index] : NULL;
}

static int create_partition(const struct hv_input_create_partition *input,
			    struct hv_output_create_partition *output)
{
	struct model_partition *partition;

	/* The parent must pay from time to time, so that its way to pay is tried. */
	if (!(creations++ % 4) && list_empty(&root_deposits))
		return HV_STATUS_INSUFFICIENT_MEMORY;

	partition = kzalloc(sizeof(*partition), GFP_ATOMIC);
	if (!partition)
		return HV_STATUS_NO_RESOURCES;

	partition->id = ++last_id;
	partition->flags = input->flags;
	xa_init(&partition->pages);
	INIT_LIST_HEAD(&partition->deposits);
	list_add(&partition->link, &partitions);
	output->partition_id = partition->id;
	return HV_STATUS_SUCCESS;
}

static int delete_partition(struct model_partition *partition)
{
	int i;

	for (i = 0; i < MODEL_MAX_VPS; i++)
		if (partition->vps[i])
			model_delete_vp(partition->vps[i]);
	list_del(&partition->link);
	xa_destroy(&partition->pages);
	kfree(partition);
	return HV_STATUS_SUCCESS;
}

static struct list_head *deposits_of(u64 id)
{
	struct model_partition *partition = model_find_partition(id);

	if (id == ROOT_ID || id == HV_PARTITION_ID_SELF)
		return &root_deposits;
	return partition ? &partition->deposits : NULL;
}

static u64 deposit(const struct hv_deposit_memory *input, u32 first, u32 count)
{
	struct list_head *to = deposits_of(input->partition_id);
	u32 i;

	if (!to)
		return HV_STATUS_INVALID_PARTITION_ID;
	for (i = first; i < count; i++)
		list_add(&pfn_to_page(input->gpa_page_list[i])->lru, to);
	return HV_STATUS_SUCCESS | ((u64)count << HV_HYPERCALL_REP_COMP_OFFSET);
}

static u64 withdraw(const struct hv_input_withdraw_memory *input,
		    struct hv_output_withdraw_memory *output, u32 count)
{
	struct list_head *from = deposits_of(input->partition_id);
	u32 done;

	if (!from)
		return HV_STATUS_INVALID_PARTITION_ID;
	for (done = 0; done < count && !list_empty(from); done++) {
		struct page *page = list_first_entry(from, struct page, lru);

		list_del(&page->lru);
		output->gpa_page_list[done] = page_to_pfn(page);
	}
	return (done < count ? HV_STATUS_NO_RESOURCES : HV_STATUS_SUCCESS) |
	       ((u64)done << HV_HYPERCALL_REP_COMP_OFFSET);
}

static struct page *state_page(struct model_vp *vp, u32 type)
{
	return type == HV_VP_STATE_PAGE_REGISTERS ? vp->registers :
	       type == HV_VP_STATE_PAGE_INTERCEPT_MESSAGE ? vp->message : NULL;
}

static int map_state_page(const struct hv_input_map_vp_state_page *input,
			  struct hv_output_map_vp_state_page *output)
{
	struct model_vp *vp = model_find_vp(input->partition_id, input->vp_index);
	struct page *page = vp ? state_page(vp, input->type) : NULL;

	if (!vp)
		return HV_STATUS_INVALID_VP_INDEX;
	if (!page)
		return HV_STATUS_INVALID_PARAMETER;
	output->map_location = page_to_pfn(page);
	return HV_STATUS_SUCCESS;
}

static int map_statistics(const struct hv_input_map_stats_page *input,
			  struct hv_output_map_stats_page *output)
{
	struct model_vp *vp = model_find_vp(input->identity.vp.partition_id, input->identity.vp.vp_index);

	if (!vp)
		return HV_STATUS_INVALID_VP_INDEX;
	output->map_location =
		page_to_pfn(vp->statistics[input->identity.vp.stats_area_type == HV_STATS_AREA_PARENT]);
	return HV_STATUS_SUCCESS;
}

static int connect_port(const struct hv_input_connect_port *input)
{
	struct model_port *port = kzalloc(sizeof(*port), GFP_ATOMIC);

	if (!port)
		return HV_STATUS_NO_RESOURCES;
	port->port = input->connection_id.u.id;
	port->partition = input->connection_partition_id;
	port->gpa = input->connection_info.doorbell_connection_info.gpa;
	port->value = input->connection_info.doorbell_connection_info.trigger_value;
	port->flags = input->connection_info.doorbell_connection_info.flags;
	list_add_tail(&port->link, &ports);
	return HV_STATUS_SUCCESS;
}

static int disconnect_port(u64 partition, u32 id)
{
	struct model_port *port, *next;

	list_for_each_entry_safe(port, next, &ports, link) {
		if (port->partition == partition && port->port == id) {
			list_del(&port->link);
			kfree(port);
			return HV_STATUS_SUCCESS;
		}
	}
	return HV_STATUS_INVALID_CONNECTION_ID;
}

static bool fits(const struct model_port *port, u64 gpa, u64 value, int size)
{
	int wanted = port->flags & HV_DOORBELL_FLAG_TRIGGER_SIZE_MASK;
	int has = size == 1 ? HV_DOORBELL_FLAG_TRIGGER_SIZE_BYTE :
		  size == 2 ? HV_DOORBELL_FLAG_TRIGGER_SIZE_WORD :
		  size == 4 ? HV_DOORBELL_FLAG_TRIGGER_SIZE_DWORD : HV_DOORBELL_FLAG_TRIGGER_SIZE_QWORD;

	return port->gpa == gpa && (wanted == HV_DOORBELL_FLAG_TRIGGER_SIZE_ANY || wanted == has) &&
	       ((port->flags & HV_DOORBELL_FLAG_TRIGGER_ANY_VALUE) || port->value == value);
}

/* A port's number goes into the ring, with a message if the driver does not look already. */
void model_ring(u32 port)
{
	unsigned long flags = model_enter();
	struct model_synic *own = this_cpu_ptr(&synic);
	struct hv_synic_event_ring_page *page = __va((own->sirbp >> HV_HYP_PAGE_SHIFT) << PAGE_SHIFT);
	struct hv_synic_event_ring *ring = &page->sint_event_ring[HV_SYNIC_DOORBELL_SINT_INDEX];
	struct hv_notification_message_payload notice = { .sint_index = HV_SYNIC_DOORBELL_SINT_INDEX };

	if (ring->data[own->head]) {
		ring->ring_full = 1;
	} else {
		ring->data[own->head] = port;
		own->head = (own->head + 1) % HV_SYNIC_EVENT_RING_MESSAGE_COUNT;
		if (!ring->signal_masked) {
			ring->signal_masked = 1;
			model_deliver(HVMSG_SYNIC_SINT_INTERCEPT, ROOT_ID, &notice, sizeof(notice));
		}
	}
	model_leave(flags);
}

/* A write that a port may wait for. */
bool model_ring_doorbell(struct model_partition *partition, u64 gpa, u64 value, int size)
{
	struct model_port *port;

	list_for_each_entry(port, &ports, link) {
		if (port->partition == partition->id && fits(port, gpa, value, size)) {
			model_ring(port->port);
			return true;
		}
	}
	return false;
}

static int get_property_ex(const struct hv_input_get_partition_property_ex *input, void *output)
{
	struct hv_partition_property_vmm_capabilities *caps = output;

	switch (input->property_code) {
	case HV_PARTITION_PROPERTY_VMM_CAPABILITIES:
		memset(caps, 0, sizeof(*caps));
		caps->bank_count = 1;
		caps->assignable_synthetic_proc_features = 1;
		return HV_STATUS_SUCCESS;
	case HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES:
		return model_get_property(NULL, input->property_code, output);
	}
	return HV_STATUS_UNKNOWN_PROPERTY;
}

/* Setting a property may complete later: the time's does, so that the driver's waiting is tried. */
static int set_property(struct model_partition *partition, const struct hv_input_set_partition_property *input)
{
	struct hv_async_completion_message_payload done = { .partition_id = partition->id };
	int status = model_set_property(partition, input->property_code, input->property_value);

	if (input->property_code != HV_PARTITION_PROPERTY_TIME_FREEZE || status != HV_STATUS_SUCCESS)
		return status;
	model_deliver(HVMSG_ASYNC_CALL_COMPLETION, partition->id, &done, sizeof(done));
	return HV_STATUS_CALL_PENDING;
}

static int install_intercept(const struct hv_input_install_intercept *input)
{
	if (input->intercept_type >= HV_INTERCEPT_TYPE_MAX ||
	    (input->access_type & ~(HV_INTERCEPT_ACCESS_MASK_READ | HV_INTERCEPT_ACCESS_MASK_WRITE | HV_INTERCEPT_ACCESS_MASK_EXECUTE)))
		return HV_STATUS_INVALID_PARAMETER;
	return input->intercept_type == HV_INTERCEPT_TYPE_EXCEPTION && input->access_type &&
	       input->access_type != HV_INTERCEPT_ACCESS_MASK_EXECUTE ? HV_STATUS_INVALID_PARAMETER : HV_STATUS_SUCCESS;
}

static int on_partition(struct model_partition *partition, u16 code, void *input, void *output)
{
	struct hv_input_translate_virtual_address *translate = input;
	struct hv_output_translate_virtual_address *translated = output;
	struct hv_input_register_intercept_result *result = input;
	struct model_vp *vp;
	unsigned long entry;

	switch (code) {
	case HVCALL_INITIALIZE_PARTITION:
		partition->initialized = true;
		return HV_STATUS_SUCCESS;
	case HVCALL_FINALIZE_PARTITION:
		for (entry = 0; entry < MODEL_MAX_VPS; entry++)
			if (partition->vps[entry])
				model_delete_vp(partition->vps[entry]);
		return HV_STATUS_SUCCESS;
	case HVCALL_DELETE_PARTITION:
		return delete_partition(partition);
	case HVCALL_GET_PARTITION_PROPERTY:
		return model_get_property(partition, ((struct hv_input_get_partition_property *)input)->property_code, output);
	case HVCALL_SET_PARTITION_PROPERTY:
		return set_property(partition, input);
	}

	if (!partition->initialized)
		return HV_STATUS_INVALID_PARTITION_STATE;

	switch (code) {
	case HVCALL_CREATE_VP:
		return model_create_vp(partition, ((struct hv_create_vp *)input)->vp_index)
			? HV_STATUS_SUCCESS : HV_STATUS_NO_RESOURCES;
	case HVCALL_ASSERT_VIRTUAL_INTERRUPT:
		return model_assert(partition, input);
	case HVCALL_CLEAR_VIRTUAL_INTERRUPT:
		return model_clear(partition);
	case HVCALL_INSTALL_INTERCEPT:
		return install_intercept(input);
	case HVCALL_REGISTER_INTERCEPT_RESULT:
		return result->vp_index == HV_ANY_VP || model_find_vp(partition->id, result->vp_index)
			? HV_STATUS_SUCCESS : HV_STATUS_INVALID_VP_INDEX;
	case HVCALL_POST_MESSAGE_DIRECT:
		vp = model_find_vp(partition->id, ((struct hv_input_post_message_direct *)input)->vp_index);
		return vp ? model_post_message(vp, input) : HV_STATUS_INVALID_VP_INDEX;
	case HVCALL_SIGNAL_EVENT_DIRECT:
		vp = model_find_vp(partition->id, ((struct hv_input_signal_event_direct *)input)->target_vp);
		return vp ? model_signal_event(vp, input, output) : HV_STATUS_INVALID_VP_INDEX;
	case HVCALL_TRANSLATE_VIRTUAL_ADDRESS:
		vp = model_find_vp(partition->id, translate->vp_index);
		if (!vp)
			return HV_STATUS_INVALID_VP_INDEX;
		entry = xa_to_value(xa_load(&partition->pages, translate->gva_page));
		memset(translated, 0, sizeof(*translated));
		translated->gpa_page = translate->gva_page;
		translated->translation_result.result_code =
			!xa_load(&partition->pages, translate->gva_page) ? HV_TRANSLATE_GVA_GPA_UNMAPPED :
			!(entry & HV_MAP_GPA_READABLE) ? HV_TRANSLATE_GVA_GPA_NO_READ_ACCESS : HV_TRANSLATE_GVA_SUCCESS;
		return HV_STATUS_SUCCESS;
	}
	return HV_STATUS_INVALID_HYPERCALL_CODE;
}

static int one_repetition(struct model_partition *partition, u16 code, void *input, void *output, u32 at)
{
	struct hv_input_map_gpa_pages *map = input;
	struct hv_input_unmap_gpa_pages *unmap = input;
	struct hv_input_get_gpa_pages_access_state *access = input;
	struct hv_input_get_vp_registers *get = input;
	struct hv_input_set_vp_registers *set = input;
	struct model_vp *vp;
	u32 stride;

	switch (code) {
	case HVCALL_MAP_GPA_PAGES:
		stride = map->map_flags & HV_MAP_GPA_LARGE_PAGE ? PTRS_PER_PMD : 1;
		return model_map(partition, map->target_gpa_base + (u64)at * stride, map->map_flags,
				 map->source_gpa_page_list[at]);
	case HVCALL_UNMAP_GPA_PAGES:
		stride = unmap->unmap_flags & HV_UNMAP_GPA_LARGE_PAGE ? PTRS_PER_PMD : 1;
		return model_unmap(partition, unmap->target_gpa_base + (u64)at * stride, unmap->unmap_flags);
	case HVCALL_GET_GPA_PAGES_ACCESS_STATES:
		return model_page_state(partition, access->hv_gpa_page_number + at, access->flags, (u8 *)output + at);
	case HVCALL_GET_VP_REGISTERS:
		vp = model_find_vp(partition->id, get->vp_index);
		return !vp ? HV_STATUS_INVALID_VP_INDEX :
			model_get_register(vp, get->names[at], (union hv_register_value *)output + at);
	case HVCALL_SET_VP_REGISTERS:
		vp = model_find_vp(partition->id, set->vp_index);
		if (!vp)
			return HV_STATUS_INVALID_VP_INDEX;
		if (set->elements[at].reserved1 || set->elements[at].reserved2)
			return HV_STATUS_INVALID_PARAMETER;
		return model_set_register(vp, set->elements[at].name, &set->elements[at].value);
	case HVCALL_GET_VP_CPUID_VALUES:
		if (!model_find_vp(partition->id, ((struct hv_input_get_vp_cpuid_values *)input)->vp_index))
			return HV_STATUS_INVALID_VP_INDEX;
		memset((u8 *)output + at * 16, 0, 16);
		return HV_STATUS_SUCCESS;
	}
	return HV_STATUS_INVALID_HYPERCALL_CODE;
}

static bool has_repetitions(u16 code)
{
	return code == HVCALL_MAP_GPA_PAGES || code == HVCALL_UNMAP_GPA_PAGES || code == HVCALL_GET_VP_REGISTERS ||
	       code == HVCALL_SET_VP_REGISTERS || code == HVCALL_GET_VP_CPUID_VALUES ||
	       code == HVCALL_GET_GPA_PAGES_ACCESS_STATES;
}

static u64 with_repetitions(struct model_partition *partition, u16 code, void *input, void *output, u32 first, u32 count)
{
	int status = HV_STATUS_SUCCESS;
	u32 at;

	if (!partition->initialized)
		return HV_STATUS_INVALID_PARTITION_STATE;
	for (at = first; at < count; at++) {
		status = one_repetition(partition, code, input, output, at);
		if (status != HV_STATUS_SUCCESS)
			break;
	}
	return status | ((u64)at << HV_HYPERCALL_REP_COMP_OFFSET);
}

static u64 on_vp(u16 code, void *input, void *output, u32 header)
{
	struct hv_input_get_vp_state *get = input;
	struct hv_input_set_vp_state *set = input;
	struct hv_input_dispatch_vp *dispatch = input;
	bool is_set = code == HVCALL_SET_VP_STATE;
	struct model_vp *vp = model_find_vp(get->partition_id, get->vp_index);
	u32 type = get->state_data.type;

	if (!vp)
		return HV_STATUS_INVALID_VP_INDEX;
	if (code == HVCALL_DISPATCH_VP) {
		model_dispatch(vp, dispatch->flags, output);
		return HV_STATUS_SUCCESS;
	}
	if (code == HVCALL_UNMAP_VP_STATE_PAGE)
		return HV_STATUS_SUCCESS;
	return model_state(vp, type, is_set, is_set ? &set->data[0].pfns : get->output_data_pfns, header,
			   is_set ? (void *)set->data : output);
}

static u64 call(u64 control, void *input, void *output)
{
	u16 code = control & 0xffff;
	u32 count = (control & HV_HYPERCALL_REP_COMP_MASK) >> HV_HYPERCALL_REP_COMP_OFFSET;
	u32 first = (control & HV_HYPERCALL_REP_START_MASK) >> HV_HYPERCALL_REP_START_OFFSET;
	u32 header = (control & HV_HYPERCALL_VARHEAD_MASK) >> HV_HYPERCALL_VARHEAD_OFFSET;
	struct model_partition *partition;

	switch (code) {
	case HVCALL_CREATE_PARTITION:
		return create_partition(input, output);
	case HVCALL_DEPOSIT_MEMORY:
		return deposit(input, first, count);
	case HVCALL_WITHDRAW_MEMORY:
		return withdraw(input, output, count);
	case HVCALL_GET_SYSTEM_PROPERTY:
		((struct hv_output_get_system_property *)output)->scheduler_type =
			model_root_scheduler ? HV_SCHEDULER_TYPE_ROOT : HV_SCHEDULER_TYPE_CORE_SMT;
		return HV_STATUS_SUCCESS;
	case HVCALL_MAP_VP_STATE_PAGE:
		return map_state_page(input, output);
	case HVCALL_MAP_STATS_PAGE:
		return map_statistics(input, output);
	case HVCALL_CREATE_PORT:
	case HVCALL_UNMAP_STATS_PAGE:
		return HV_STATUS_SUCCESS;
	case HVCALL_CONNECT_PORT:
		return connect_port(input);
	case HVCALL_UNMAP_VP_STATE_PAGE:
	case HVCALL_DISPATCH_VP:
	case HVCALL_GET_VP_STATE:
	case HVCALL_SET_VP_STATE:
		return on_vp(code, input, output, header);
	}

	if (has_repetitions(code) != (count != 0))
		return HV_STATUS_INVALID_HYPERCALL_INPUT;
	if (code == HVCALL_GET_PARTITION_PROPERTY_EX)
		return get_property_ex(input, output);
	if (*(u64 *)input == HV_PARTITION_ID_SELF)
		return code == HVCALL_GET_PARTITION_PROPERTY
			? model_get_property(NULL, ((struct hv_input_get_partition_property *)input)->property_code, output)
			: HV_STATUS_ACCESS_DENIED;
	partition = model_find_partition(*(u64 *)input);
	return !partition ? HV_STATUS_INVALID_PARTITION_ID :
	       count ? with_repetitions(partition, code, input, output, first, count) :
	       on_partition(partition, code, input, output);
}

/* What runs a processor may wait to get in here. */
static void before_end(u16 code, u64 partition, u32 processor)
{
	unsigned long flags = model_enter();
	struct model_partition *ending = model_find_partition(partition);
	int i;

	model_leave(flags);
	for (i = 0; ending && i < MODEL_MAX_VPS; i++)
		if (ending->vps[i] && (code != HVCALL_DELETE_VP || i == processor))
			model_stop(ending->vps[i]);
}

u64 hv_do_hypercall(u64 control, void *input, void *output)
{
	u16 code = control & 0xffff;
	unsigned long flags;
	u64 result;

	if (model_is_outside())
		return model_call_outside(control, input ? __pa(input) : 0, output ? __pa(output) : 0);

	if (code == HVCALL_FINALIZE_PARTITION || code == HVCALL_DELETE_PARTITION)
		before_end(code, *(u64 *)input, 0);
	flags = model_enter();
	result = call(control, input, output);
	model_leave(flags);
	return result;
}

u64 hv_do_fast_hypercall8(u16 code, u64 input)
{
	if (code == HVCALL_NOTIFY_PORT_RING_EMPTY)
		return HV_STATUS_SUCCESS;
	if (model_is_outside())
		return model_call_outside(code | HV_HYPERCALL_FAST_BIT, input, 0);
	return hv_do_hypercall(code, &input, NULL);
}

u64 hv_do_fast_hypercall16(u16 code, u64 first, u64 second)
{
	int status = HV_STATUS_INVALID_HYPERCALL_CODE;
	unsigned long flags;
	struct model_vp *vp;

	if (model_is_outside())
		return model_call_outside(code | HV_HYPERCALL_FAST_BIT, first, second);

	if (code == HVCALL_DELETE_VP)
		before_end(code, first, second);
	flags = model_enter();
	switch (code) {
	case HVCALL_DELETE_PORT:
		status = HV_STATUS_SUCCESS;
		break;
	case HVCALL_DISCONNECT_PORT:
		status = disconnect_port(first, (u32)second & 0xffffff);
		break;
	case HVCALL_DELETE_VP:
		vp = model_find_vp(first, (u32)second);
		if (vp)
			model_delete_vp(vp);
		status = vp ? HV_STATUS_SUCCESS : HV_STATUS_INVALID_VP_INDEX;
		break;
	}
	model_leave(flags);
	return status;
}

static u64 new_page(void)
{
	return get_zeroed_page(GFP_KERNEL | __GFP_NOFAIL);
}

static int __init model_init(void)
{
	int cpu;

	hyperv_pcpu_input_arg = alloc_percpu(void *);
	hyperv_pcpu_output_arg = alloc_percpu(void *);
	hv_synic_eventring_tail = alloc_percpu(u8 *);
	for_each_possible_cpu(cpu) {
		struct model_synic *own = per_cpu_ptr(&synic, cpu);

		*per_cpu_ptr(hyperv_pcpu_input_arg, cpu) = (void *)new_page();
		*per_cpu_ptr(hyperv_pcpu_output_arg, cpu) = (void *)new_page();
		*per_cpu_ptr(hv_synic_eventring_tail, cpu) = kzalloc(HV_SYNIC_SINT_COUNT, GFP_KERNEL);
		own->simp = __pa(new_page());
		own->siefp = __pa(new_page());
		own->sirbp = __pa(new_page());
	}
	return 0;
}
subsys_initcall(model_init);
