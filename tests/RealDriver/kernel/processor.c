// SPDX-License-Identifier: GPL-2.0
/*
 * The processor: 16- and 32-bit code without paging, as much of it as guests of
 * tests need. An instruction changes nothing until every access that it makes is
 * allowed, so that it can be executed again after an intercept.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <asm/mshyperv.h>
#include "hypervisor.h"

#define SEG_ES	0
#define SEG_CS	1
#define SEG_SS	2
#define SEG_DS	3

#define CF	BIT(0)
#define PF	BIT(2)
#define ZF	BIT(6)
#define SF	BIT(7)
#define IF	BIT(9)
#define DF	BIT(10)
#define OF	BIT(11)

#define MSR_APIC_BASE	0x1b
#define MSR_X2APIC_EOI	0x80b
#define MSR_X2APIC_LAST	0x8ff

#define APIC_PAGE	0xfee00000
#define APIC_PAGE_EOI	0xb0

#define MODEL_READ	HV_INTERCEPT_ACCESS_READ
#define MODEL_WRITE	HV_INTERCEPT_ACCESS_WRITE
#define MODEL_EXECUTE	HV_INTERCEPT_ACCESS_EXECUTE

/* An instruction while it is carried out. */
struct step {
	struct model_vp *vp;
	u64 rip;		/* of the byte to be fetched next */
	int width;		/* bytes of an operand */
	int address_width;
	int segment;		/* of a memory operand */
	int length;
	u8 bytes[16];
	bool ended;		/* by an intercept: nothing may change */

	u8 mod, reg, rm;
	u64 address;
};

static u64 mask(int width)
{
	return width == 8 ? ~0ULL : (1ULL << (8 * width)) - 1;
}

static void begin_message(struct step *step, u8 access, void *payload, size_t size)
{
	struct hv_x64_intercept_message_header *header = payload;
	struct model_vp *vp = step->vp;

	memset(payload, 0, size);
	header->vp_index = vp->index;
	header->instruction_length = step->length;
	header->intercept_access_type = access;
	header->execution_state.cr0_pe = model_stored(vp, HV_X64_REGISTER_CR0)->reg64 & 1;
	header->cs_segment = vp->segments[SEG_CS];
	header->rip = vp->rip;
	header->rflags = vp->rflags;
}

static void *payload_of(struct model_vp *vp)
{
	return ((struct hv_message *)page_address(vp->message))->u.payload;
}

static void end(struct step *step, u32 type, size_t size)
{
	step->ended = true;
	model_intercept(step->vp, type, size);
}

static void memory_intercept(struct step *step, u64 gpa, u8 access, bool mapped)
{
	struct hv_x64_memory_intercept_message *message = payload_of(step->vp);

	begin_message(step, access, message, sizeof(*message));
	if (access == MODEL_EXECUTE)
		message->header.instruction_length = 0;
	message->guest_physical_address = gpa;
	message->guest_virtual_address = gpa;
	message->memory_access_info.gva_valid = 1;
	message->memory_access_info.gva_gpa_valid = 1;
	message->instruction_byte_count = step->length;
	memcpy(message->instruction_bytes, step->bytes, step->length);
	end(step, mapped ? HVMSG_GPA_INTERCEPT : HVMSG_UNMAPPED_GPA, sizeof(*message));
}

/* The byte of memory behind an address; NULL when the access ended in an intercept. */
static u8 *byte_at(struct step *step, u64 gpa, u8 access)
{
	struct model_partition *partition = step->vp->partition;
	void *found = xa_load(&partition->pages, gpa >> PAGE_SHIFT);
	unsigned long entry = found ? xa_to_value(found) : 0;
	unsigned long wanted = access == MODEL_WRITE ? HV_MAP_GPA_WRITABLE :
			       access == MODEL_EXECUTE ? HV_MAP_GPA_EXECUTABLE : HV_MAP_GPA_READABLE;

	if (!found || (entry & wanted) != wanted) {
		memory_intercept(step, gpa, access, found != NULL);
		return NULL;
	}
	if (partition->tracks) {
		xa_set_mark(&partition->pages, gpa >> PAGE_SHIFT, MODEL_ACCESSED);
		if (access == MODEL_WRITE)
			xa_set_mark(&partition->pages, gpa >> PAGE_SHIFT, MODEL_DIRTY);
	}
	return (u8 *)page_address(pfn_to_page(entry >> MODEL_FRAME_SHIFT)) + offset_in_page(gpa);
}

static void end_of_interrupt(struct model_vp *vp);

/* The APIC's registers, of which only the end of an interrupt has an effect. */
static bool is_apic(struct step *step, u64 gpa)
{
	return (step->vp->partition->flags & HV_PARTITION_CREATION_FLAG_LAPIC_ENABLED) && (gpa & PAGE_MASK) == APIC_PAGE;
}

static u64 read(struct step *step, u64 gpa, int width)
{
	u64 value = 0;
	int i;

	if (is_apic(step, gpa))
		return 0;
	for (i = 0; i < width && !step->ended; i++) {
		u8 *from = byte_at(step, gpa + i, MODEL_READ);

		value |= from ? (u64)*from << (8 * i) : 0;
	}
	return value;
}

static void write(struct step *step, u64 gpa, u64 value, int width)
{
	u8 *to[8];
	int i;

	if (!step->ended && is_apic(step, gpa)) {
		if (offset_in_page(gpa) == APIC_PAGE_EOI)
			end_of_interrupt(step->vp);
		return;
	}
	if (step->ended || (!xa_load(&step->vp->partition->pages, gpa >> PAGE_SHIFT) &&
			    model_ring_doorbell(step->vp->partition, gpa, value & mask(width), width)))
		return;
	for (i = 0; i < width && !step->ended; i++)
		to[i] = byte_at(step, gpa + i, MODEL_WRITE);
	for (i = 0; i < width && !step->ended; i++)
		*to[i] = value >> (8 * i);
}

static u64 linear(struct model_vp *vp, int segment, u64 offset, int width)
{
	return (vp->segments[segment].base + (offset & mask(width))) & mask(4);
}

static u64 fetch(struct step *step, int width)
{
	u64 value = 0;
	int i;

	for (i = 0; i < width && !step->ended; i++) {
		u8 *from = byte_at(step, linear(step->vp, SEG_CS, step->rip, 4), MODEL_EXECUTE);

		if (!from || step->length == sizeof(step->bytes))
			return 0;
		step->bytes[step->length++] = *from;
		value |= (u64)*from << (8 * i);
		step->rip++;
	}
	return value;
}

static u64 get(struct step *step, int number, int width)
{
	if (width == 1 && number >= 4)
		return (step->vp->gpr[number - 4] >> 8) & 0xff;
	return step->vp->gpr[number] & mask(width);
}

static void set(struct step *step, int number, int width, u64 value)
{
	u64 *to = &step->vp->gpr[number];

	if (step->ended)
		return;
	if (width == 1 && number >= 4)
		step->vp->gpr[number - 4] = (step->vp->gpr[number - 4] & ~0xff00ULL) | ((value & 0xff) << 8);
	else
		*to = width == 4 ? value & mask(4) : (*to & ~mask(width)) | (value & mask(width));
}

static void decode_modrm(struct step *step)
{
	static const u8 first[] = { 3, 3, 5, 5, 6, 7, 5, 3 };	/* BX BX BP BP SI DI BP BX */
	static const s8 second[] = { 6, 7, 6, 7, -1, -1, -1, -1 };
	u8 modrm = fetch(step, 1);

	step->mod = modrm >> 6;
	step->reg = (modrm >> 3) & 7;
	step->rm = modrm & 7;
	if (step->mod == 3)
		return;

	if (step->address_width == 2) {
		if (step->mod == 0 && step->rm == 6) {
			step->address = fetch(step, 2);
		} else {
			step->address = get(step, first[step->rm], 2) + (second[step->rm] < 0 ? 0 : get(step, second[step->rm], 2));
			step->address += step->mod == 1 ? (u64)(s8)fetch(step, 1) : step->mod == 2 ? fetch(step, 2) : 0;
		}
	} else if (step->mod == 0 && step->rm == 5) {
		step->address = fetch(step, 4);
	} else {
		step->address = get(step, step->rm, 4);
		step->address += step->mod == 1 ? (u64)(s8)fetch(step, 1) : step->mod == 2 ? fetch(step, 4) : 0;
	}
	step->address = linear(step->vp, step->segment, step->address, step->address_width);
}

static u64 get_rm(struct step *step, int width)
{
	return step->mod == 3 ? get(step, step->rm, width) : read(step, step->address, width);
}

static void set_rm(struct step *step, int width, u64 value)
{
	if (step->mod == 3)
		set(step, step->rm, width, value);
	else
		write(step, step->address, value, width);
}

static void set_flags(struct step *step, u64 result, int width, bool carry, bool overflow, bool with_carry)
{
	u64 flags = step->vp->rflags & ~(u64)(ZF | SF | OF | PF | (with_carry ? CF : 0));

	if (step->ended)
		return;
	flags |= result & mask(width) ? 0 : ZF;
	flags |= (result >> (8 * width - 1)) & 1 ? SF : 0;
	flags |= hweight8(result) & 1 ? 0 : PF;
	flags |= (carry && with_carry ? CF : 0) | (overflow ? OF : 0);
	step->vp->rflags = flags;
}

/* ADD, OR, -, -, AND, SUB, XOR, CMP in the order of their encoding. */
static bool arithmetic(struct step *step, int operation, u64 left, u64 right, int width, u64 *result, u64 *flags)
{
	u64 sign = 1ULL << (8 * width - 1), sum;
	u64 before = step->vp->rflags;

	switch (operation) {
	case 0:
		sum = (left + right) & mask(width);
		set_flags(step, sum, width, sum < left, ~(left ^ right) & (left ^ sum) & sign, true);
		break;
	case 1:
		sum = left | right;
		set_flags(step, sum, width, false, false, true);
		break;
	case 4:
		sum = left & right;
		set_flags(step, sum, width, false, false, true);
		break;
	case 5:
	case 7:
		sum = (left - right) & mask(width);
		set_flags(step, sum, width, left < right, (left ^ right) & (left ^ sum) & sign, true);
		break;
	case 6:
		sum = left ^ right;
		set_flags(step, sum, width, false, false, true);
		break;
	default:
		return false;
	}
	*result = sum;
	*flags = step->vp->rflags;
	step->vp->rflags = before;
	return true;
}

static bool calculate(struct step *step, int operation, bool to_rm, int width, u64 left, u64 right)
{
	u64 result, flags;

	if (!arithmetic(step, operation, left, right, width, &result, &flags))
		return false;
	if (operation != 7 && to_rm)
		set_rm(step, width, result);
	else if (operation != 7)
		set(step, step->reg, width, result);
	if (!step->ended)
		step->vp->rflags = flags;
	return true;
}

static bool condition(u64 flags, int code)
{
	bool sign = flags & SF, overflow = flags & OF;
	bool holds;

	switch (code >> 1) {
	case 0: holds = overflow; break;
	case 1: holds = flags & CF; break;
	case 2: holds = flags & ZF; break;
	case 3: holds = flags & (CF | ZF); break;
	case 4: holds = sign; break;
	case 5: holds = flags & PF; break;
	case 6: holds = sign != overflow; break;
	default: holds = (flags & ZF) || sign != overflow; break;
	}
	return holds != (code & 1);
}

static void port_access(struct step *step, u16 port, int width, bool is_write)
{
	struct hv_x64_io_port_intercept_message *message = payload_of(step->vp);

	if (step->ended)
		return;
	begin_message(step, is_write ? MODEL_WRITE : MODEL_READ, message, sizeof(*message));
	message->port_number = port;
	message->access_info.access_size = width;
	message->rax = step->vp->gpr[0];
	message->rcx = step->vp->gpr[1];
	message->rsi = step->vp->gpr[6];
	message->rdi = step->vp->gpr[7];
	message->ds_segment = step->vp->segments[SEG_DS];
	message->es_segment = step->vp->segments[SEG_ES];
	message->instruction_byte_count = step->length;
	memcpy(message->instruction_bytes, step->bytes, step->length);
	end(step, HVMSG_X64_IO_PORT_INTERCEPT, sizeof(*message));
}

static void unrecoverable(struct step *step)
{
	struct hv_x64_intercept_message_header *header = payload_of(step->vp);

	begin_message(step, MODEL_EXECUTE, header, sizeof(*header));
	end(step, HVMSG_UNRECOVERABLE_EXCEPTION, sizeof(*header));
}

static int highest(const u64 *bits)
{
	int i;

	for (i = 3; i >= 0; i--)
		if (bits[i])
			return 64 * i + fls64(bits[i]) - 1;
	return -1;
}

static void end_of_interrupt(struct model_vp *vp)
{
	int vector = highest(vp->serviced);
	struct hv_x64_apic_eoi_message message = { .vp_index = vp->index, .interrupt_vector = vector };

	if (vector < 0)
		return;
	__clear_bit(vector, (unsigned long *)vp->serviced);
	if (test_bit(vector, (unsigned long *)vp->level))
		model_deliver(HVMSG_X64_APIC_EOI, vp->partition->id, &message, sizeof(message));
}

static void model_specific(struct step *step, bool is_write)
{
	struct model_vp *vp = step->vp;
	u32 number = get(step, 1, 4);

	if (is_write && number == MSR_X2APIC_EOI)
		end_of_interrupt(vp);
	else if (number != MSR_APIC_BASE && (number < 0x800 || number > MSR_X2APIC_LAST))
		unrecoverable(step);
	else if (!is_write) {
		set(step, 0, 4, 0);
		set(step, 2, 4, 0);
	}
}

bool model_has_interrupt(struct model_vp *vp)
{
	return (vp->rflags & IF) && !vp->shadow &&
	       (vp->external == MODEL_EXTERNAL_ASSERTED || highest(vp->requested) >> 4 > highest(vp->serviced) >> 4);
}

static void push(struct step *step, u64 *stack, u64 value, int width)
{
	*stack -= width;
	write(step, linear(step->vp, SEG_SS, *stack, step->address_width), value, width);
}

/* Takes an interrupt: the vector's entry, three words on the stack, and there it goes. */
static void interrupt(struct step *step)
{
	struct model_vp *vp = step->vp;
	bool external = vp->external == MODEL_EXTERNAL_ASSERTED;
	bool is_protected = model_stored(vp, HV_X64_REGISTER_CR0)->reg64 & 1;
	int vector = external ? vp->external_vector : highest(vp->requested);
	int width = is_protected ? 4 : 2;
	u64 stack = vp->gpr[4];
	u64 entry = read(step, vp->tables[0].base + vector * (is_protected ? 8 : 4), is_protected ? 8 : 4);

	push(step, &stack, vp->rflags, width);
	push(step, &stack, vp->segments[SEG_CS].selector, width);
	push(step, &stack, vp->rip, width);
	if (step->ended)
		return;
	vp->gpr[4] = stack;
	vp->rflags &= ~(u64)IF;
	vp->halted = false;
	vp->rip = is_protected ? (entry & 0xffff) | ((entry >> 32) & 0xffff0000) : entry & 0xffff;
	vp->segments[SEG_CS].selector = entry >> 16;
	if (!is_protected)
		vp->segments[SEG_CS].base = (u64)vp->segments[SEG_CS].selector << 4;
	if (external) {
		vp->external = MODEL_EXTERNAL_ACKNOWLEDGED;
	} else {
		__clear_bit(vector, (unsigned long *)vp->requested);
		__set_bit(vector, (unsigned long *)vp->serviced);
	}
}

static void return_from_interrupt(struct step *step)
{
	struct model_vp *vp = step->vp;
	u64 stack = linear(vp, SEG_SS, vp->gpr[4], step->address_width);
	u64 rip = read(step, stack, step->width);
	u64 selector = read(step, stack + step->width, step->width);
	u64 flags = read(step, stack + 2 * step->width, step->width);

	if (step->ended)
		return;
	step->rip = rip;
	vp->segments[SEG_CS].selector = selector;
	if (!(model_stored(vp, HV_X64_REGISTER_CR0)->reg64 & 1))
		vp->segments[SEG_CS].base = selector << 4;
	vp->rflags = flags | 2;
	vp->gpr[4] += 3 * step->width;
}

static void string(struct step *step, u8 opcode)
{
	int width = opcode & 1 ? step->width : 1;
	s64 by = step->vp->rflags & DF ? -width : width;
	bool loads = (opcode & ~1) != 0xaa, stores = (opcode & ~1) != 0xac;
	u64 value = loads ? read(step, linear(step->vp, step->segment, get(step, 6, step->address_width), step->address_width), width)
			  : get(step, 0, width);

	if (stores)
		write(step, linear(step->vp, SEG_ES, get(step, 7, step->address_width), step->address_width), value, width);
	else
		set(step, 0, width, value);
	if (loads)
		set(step, 6, step->address_width, get(step, 6, step->address_width) + by);
	if (stores)
		set(step, 7, step->address_width, get(step, 7, step->address_width) + by);
}

static void halt(struct step *step)
{
	struct model_vp *vp = step->vp;
	struct hv_x64_halt_message *message = payload_of(vp);

	if (vp->partition->flags & HV_PARTITION_CREATION_FLAG_LAPIC_ENABLED) {
		vp->halted = true;
		return;
	}
	begin_message(step, MODEL_EXECUTE, message, sizeof(*message));
	end(step, HVMSG_X64_HALT, sizeof(*message));
}

static void jump(struct step *step, bool taken, u64 by)
{
	if (taken && !step->ended)
		step->rip = (step->rip + by) & mask(step->width);
}

static bool extended(struct step *step)
{
	u8 opcode = fetch(step, 1);

	if (opcode == 0x30 || opcode == 0x32) {
		model_specific(step, opcode == 0x30);
		return true;
	}
	if (opcode >= 0x80 && opcode <= 0x8f) {
		u64 by = step->width == 2 ? (u64)(s16)fetch(step, 2) : (u64)(s32)fetch(step, 4);

		jump(step, condition(step->vp->rflags, opcode & 15), by);
		return true;
	}
	return false;
}

static bool one_byte(struct step *step, u8 opcode)
{
	struct model_vp *vp = step->vp;
	int width = opcode & 1 ? step->width : 1;
	u64 value;

	if (opcode < 0x40 && (opcode & 7) < 6) {
		bool to_rm = !(opcode & 2);

		if ((opcode & 7) >= 4) {
			step->mod = 3;
			step->rm = 0;
			return calculate(step, opcode >> 3, true, width, get(step, 0, width), fetch(step, width));
		}
		decode_modrm(step);
		return calculate(step, opcode >> 3, to_rm, width, to_rm ? get_rm(step, width) : get(step, step->reg, width),
				 to_rm ? get(step, step->reg, width) : get_rm(step, width));
	}

	switch (opcode) {
	case 0x40 ... 0x4f:
		value = get(step, opcode & 7, step->width) + (opcode & 8 ? -1 : 1);
		set(step, opcode & 7, step->width, value);
		set_flags(step, value, step->width, false, false, false);
		return true;
	case 0x70 ... 0x7f:
		value = (s8)fetch(step, 1);
		jump(step, condition(vp->rflags, opcode & 15), value);
		return true;
	case 0x80:
	case 0x81:
	case 0x83:
		decode_modrm(step);
		value = opcode == 0x83 ? (u64)(s8)fetch(step, 1) & mask(width) : fetch(step, width);
		return calculate(step, step->reg, true, width, get_rm(step, width), value);
	case 0x84:
	case 0x85:
		decode_modrm(step);
		set_flags(step, get_rm(step, width) & get(step, step->reg, width), width, false, false, true);
		return true;
	case 0x88:
	case 0x89:
		decode_modrm(step);
		set_rm(step, width, get(step, step->reg, width));
		return true;
	case 0x8a:
	case 0x8b:
		decode_modrm(step);
		set(step, step->reg, width, get_rm(step, width));
		return true;
	case 0x90:
		return true;
	case 0xa0:
	case 0xa1:
		value = fetch(step, step->address_width);
		set(step, 0, width, read(step, linear(vp, step->segment, value, step->address_width), width));
		return true;
	case 0xa2:
	case 0xa3:
		value = fetch(step, step->address_width);
		write(step, linear(vp, step->segment, value, step->address_width), get(step, 0, width), width);
		return true;
	case 0xa4:
	case 0xa5:
	case 0xaa ... 0xad:
		string(step, opcode);
		return true;
	case 0xb0 ... 0xb7:
		set(step, opcode & 7, 1, fetch(step, 1));
		return true;
	case 0xb8 ... 0xbf:
		set(step, opcode & 7, step->width, fetch(step, step->width));
		return true;
	case 0xc6:
	case 0xc7:
		decode_modrm(step);
		set_rm(step, width, fetch(step, width));
		return true;
	case 0xcf:
		return_from_interrupt(step);
		return true;
	case 0xe2:
		value = (s8)fetch(step, 1);
		set(step, 1, step->address_width, get(step, 1, step->address_width) - 1);
		jump(step, get(step, 1, step->address_width) != 0, value);
		return true;
	case 0xe4 ... 0xe7:
		port_access(step, fetch(step, 1), width, opcode & 2);
		return true;
	case 0xe9:
		jump(step, true, step->width == 2 ? (u64)(s16)fetch(step, 2) : (u64)(s32)fetch(step, 4));
		return true;
	case 0xeb:
		jump(step, true, (s8)fetch(step, 1));
		return true;
	case 0xec ... 0xef:
		port_access(step, get(step, 2, 2), width, opcode & 2);
		return true;
	case 0xf4:
		halt(step);
		return true;
	case 0xfa:
		vp->rflags &= ~(u64)IF;
		return true;
	case 0xfb:
		vp->shadow = !(vp->rflags & IF);
		vp->rflags |= IF;
		return true;
	}
	return false;
}

static void instruction(struct step *step)
{
	bool is_32 = step->vp->segments[SEG_CS]._default;
	bool shadow = step->vp->shadow;
	u8 opcode;

	step->rip = step->vp->rip;
	step->width = is_32 ? 4 : 2;
	step->address_width = step->width;
	step->segment = SEG_DS;
	for (;;) {
		opcode = fetch(step, 1);
		if (opcode == 0x66)
			step->width = is_32 ? 2 : 4;
		else if (opcode == 0x67)
			step->address_width = is_32 ? 2 : 4;
		else if (opcode == 0x26)
			step->segment = SEG_ES;
		else
			break;
	}
	if (step->ended)
		return;
	if (!(opcode == 0x0f ? extended(step) : one_byte(step, opcode)) && !step->ended) {
		pr_err("model: instruction %*ph at %#llx\n", step->length, step->bytes, step->vp->rip);
		unrecoverable(step);
	}
	if (step->ended)
		return;
	step->vp->rip = step->rip;
	if (shadow)
		step->vp->shadow = false;
}

/* Executes some instructions, fewer when one ends in an intercept. */
void model_execute(struct model_vp *vp, int instructions)
{
	while (instructions-- && model_may_run(vp)) {
		struct step step = { .vp = vp, .address_width = vp->segments[SEG_CS]._default ? 4 : 2 };

		if (model_has_interrupt(vp))
			interrupt(&step);
		else
			instruction(&step);
	}
}
