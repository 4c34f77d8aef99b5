// SPDX-License-Identifier: GPL-2.0
/*
 * A hypervisor outside: a process of the host that has mapped this machine's
 * memory. A hypercall is what a processor has in its registers, sent through one
 * socket, and the answer; messages come through another, as an interrupt.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <asm/mshyperv.h>
#include <irq_kern.h>
#include <irq_user.h>
#include <mem_user.h>
#include <os.h>
#include "hypervisor.h"

static char *path;
module_param_named(socket, path, charp, 0444);

static int calls = -1, messages = -1;

/* The first that is said: where this machine's memory is to be found. */
struct greeting {
	u64 process;
	u64 descriptor;
	u64 size;
	u64 root_scheduler;
};

struct call {
	u64 control;
	u64 input;	/* physical address, or the first operand of a fast call */
	u64 output;
};

/* A message for the driver; one without a type says how often a port's doorbell was rung. */
struct notice {
	u64 port;
	u64 rings;
	struct hv_message message;
};

bool model_is_outside(void)
{
	return calls >= 0;
}

static void transfer(int (*move)(int fd, void *data, int size), void *data, int size)
{
	int done = 0;

	while (done < size) {
		int moved = move(calls, (u8 *)data + done, size - done);

		if (moved > 0)
			done += moved;
		else if (moved != -EINTR && moved != -EAGAIN)
			panic("the hypervisor is gone: %d", moved);
	}
}

static int send(int fd, void *data, int size)
{
	return os_write_file(fd, data, size);
}

/* The processor stands still meanwhile, as one does that is in the hypervisor. */
u64 model_call_outside(u64 control, u64 input, u64 output)
{
	struct call call = { control, input, output };
	unsigned long flags = model_enter();
	u64 answer;

	transfer(send, &call, sizeof(call));
	transfer(os_read_file, &answer, sizeof(answer));
	model_leave(flags);
	return answer;
}

static irqreturn_t receive(int irq, void *data)
{
	static struct notice notice;
	static int has;

	for (;;) {
		int moved = os_read_file(messages, (u8 *)&notice + has, sizeof(notice) - has);

		if (moved == -EINTR)
			continue;
		if (moved <= 0)
			return IRQ_HANDLED;
		has += moved;
		if (has < sizeof(notice))
			continue;

		has = 0;
		if (notice.message.header.message_type == HVMSG_NONE)
			while (notice.rings--)
				model_ring(notice.port);
		else
			model_deliver(notice.message.header.message_type, notice.message.header.sender,
				      notice.message.u.payload, notice.message.header.payload_size);
	}
}

static int __init connect_outside(void)
{
	struct greeting greeting = { .process = os_getpid(), .root_scheduler = model_root_scheduler };
	unsigned long long offset;

	if (!path)
		return 0;

	greeting.descriptor = phys_mapping(0, &offset);
	greeting.size = physmem_size;
	calls = os_connect_socket(path);
	messages = os_connect_socket(path);
	if (calls < 0 || messages < 0 || os_set_fd_block(messages, 0) ||
	    um_request_irq(UM_IRQ_ALLOC, messages, IRQ_READ, receive, 0, "hypervisor", NULL) < 0)
		panic("no hypervisor at %s", path);
	transfer(send, &greeting, sizeof(greeting));
	return 0;
}
/* Before the driver looks for a hypervisor, which it does as a device. */
fs_initcall(connect_outside);
