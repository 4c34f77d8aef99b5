/* SPDX-License-Identifier: MIT */
#include "client.h"

/* mov al, 'A'; mov dx, 0x3f8; out dx, al; in al, dx; mov [0x500], al; out dx, al */
static const unsigned char ports[] = { 0xb0, 'A', 0xba, 0xf8, 0x03, 0xee, 0xec, 0xa2, 0x00, 0x05, 0xee };

/* A port message, answered by the register page as a monitor does it. */
static void answers_port_messages(void)
{
	struct machine m;
	struct hv_message message;
	struct hv_x64_io_port_intercept_message *port = (void *)message.u.payload;
	struct hv_vp_register_page *page;

	machine_create(&m, ports, sizeof(ports));
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, m.vp, MSHV_VP_MMAP_OFFSET_REGISTERS * PAGE);
	check(page != MAP_FAILED, "the register page is mapped");
	check(!ioctl(m.vp, MSHV_RUN_VP, &message), "the guest runs to its OUT");
	check(message.header.message_type == HVMSG_X64_IO_PORT_INTERCEPT, "OUT is a port message");
	check(port->port_number == 0x3f8 && port->access_info.access_size == 1 && (port->rax & 0xff) == 'A', "it has port, size and value");
	check(port->header.intercept_access_type == HV_INTERCEPT_ACCESS_WRITE, "it is a write");
	check(port->header.rip == CODE + 5 && port->header.instruction_length == 1, "it stands before the instruction");
	check(page->isvalid && page->rip == CODE + 5, "the register page agrees");

	page->rip += port->header.instruction_length;
	page->dirty = 1 << HV_X64_REGISTER_CLASS_IP;
	check(!ioctl(m.vp, MSHV_RUN_VP, &message), "the guest runs to its IN");
	check(port->header.intercept_access_type == HV_INTERCEPT_ACCESS_READ && port->header.rip == CODE + 6, "IN is a port message");
	page->rax = (page->rax & ~0xffULL) | 'z';
	page->rip += port->header.instruction_length;
	page->dirty = 1 << HV_X64_REGISTER_CLASS_IP | 1 << HV_X64_REGISTER_CLASS_GENERAL;
	check(!ioctl(m.vp, MSHV_RUN_VP, &message), "the guest runs to its second OUT");
	check(port->header.rip == CODE + 10 && (port->rax & 0xff) == 'z' && m.ram[0x500] == 'z', "it has what its IN was answered");
	check(munmap(page, PAGE) == 0, "the page is unmapped");
	machine_destroy(&m);
}

/* mov word [0x6000], 0x1234, where nothing is; real mode with DS based at 1 MiB, past the RAM */
static const unsigned char store[] = { 0xc7, 0x06, 0x00, 0x60, 0x34, 0x12, 0xf4 };

static void tells_of_memory_that_is_not_there(void)
{
	struct machine m;
	struct hv_message message;
	struct hv_x64_memory_intercept_message *access = (void *)message.u.payload;
	struct hv_register_assoc ds = reg(HV_X64_REGISTER_DS, 0);

	machine_create(&m, store, sizeof(store));
	ds.value.segment.base = RAM_SIZE;
	ds.value.segment.limit = 0xffff;
	ds.value.segment.attributes = 0x93;
	set_registers(m.vp, 1, &ds);
	check(!ioctl(m.vp, MSHV_RUN_VP, &message), "the guest runs to its store");
	check(message.header.message_type == HVMSG_UNMAPPED_GPA, "a store to nothing is told");
	check(access->guest_physical_address == RAM_SIZE + 0x6000 && access->header.rip == CODE, "with its address and place");
	check(access->instruction_byte_count >= 6 && !memcmp(access->instruction_bytes, store, 6), "and its bytes");
	machine_destroy(&m);
}

static void survives_bad_pointers(void)
{
	struct machine m;

	machine_create(&m, ports, sizeof(ports));
	CHECK_ERRNO(ioctl(m.vp, MSHV_RUN_VP, (void *)8), EFAULT);
	CHECK_ERRNO(ioctl(m.partition, MSHV_SET_GUEST_MEMORY, NULL), EFAULT);
	CHECK_ERRNO(ioctl(m.partition, MSHV_RUN_VP, NULL), ENOTTY);
	CHECK_ERRNO(ioctl(m.vp, 0x5401, NULL), ENOTTY);
	machine_destroy(&m);
}

void test_guest(void)
{
	answers_port_messages();
	tells_of_memory_that_is_not_there();
	survives_bad_pointers();
}
