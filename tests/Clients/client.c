/* SPDX-License-Identifier: MIT */
#include "client.h"

static unsigned int passed, failed;

void check(int holds, const char *what)
{
	int saved = errno;

	if (holds) {
		passed++;
		return;
	}
	failed++;
	printf("FAIL  %s (errno %d, %s)\n", what, saved, strerror(saved));
}

static int must(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

struct hv_register_assoc reg(unsigned int name, unsigned long long value)
{
	struct hv_register_assoc assoc = { .name = name };

	assoc.value.reg64 = value;
	return assoc;
}

void set_registers(int fd, unsigned int count, const struct hv_register_assoc *registers)
{
	unsigned char page[PAGE] = { 0 };
	struct hv_input_set_vp_registers *input = (void *)page;
	struct mshv_root_hvcall call = {
		.code = HVCALL_SET_VP_REGISTERS,
		.reps = count,
		.in_sz = sizeof(*input) + count * sizeof(*registers),
		.in_ptr = (__u64)(uintptr_t)page,
	};

	memcpy(input->elements, registers, count * sizeof(*registers));
	must(ioctl(fd, MSHV_ROOT_HVCALL, &call), "set registers");
}

unsigned long long get_register(int fd, unsigned int name)
{
	unsigned char page[PAGE] = { 0 };
	struct hv_input_get_vp_registers *input = (void *)page;
	union hv_register_value value = { 0 };
	struct mshv_root_hvcall call = {
		.code = HVCALL_GET_VP_REGISTERS,
		.reps = 1,
		.in_sz = sizeof(*input) + sizeof(name),
		.in_ptr = (__u64)(uintptr_t)page,
		.out_sz = sizeof(value),
		.out_ptr = (__u64)(uintptr_t)&value,
	};

	input->names[0] = name;
	must(ioctl(fd, MSHV_ROOT_HVCALL, &call), "get a register");
	return value.reg64;
}

/* The order in which rust-vmm's crates do it. */
void machine_create(struct machine *m, const void *code, size_t size)
{
	struct mshv_create_partition create = {
		.pt_flags = 1 << MSHV_PT_BIT_LAPIC | 1 << MSHV_PT_BIT_X2APIC,
		.pt_isolation = MSHV_PT_ISOLATION_NONE,
	};
	struct mshv_create_vp create_vp = { .vp_index = 0 };
	struct mshv_user_mem_region region = {
		.size = RAM_SIZE,
		.flags = 1 << MSHV_SET_MEM_BIT_WRITABLE | 1 << MSHV_SET_MEM_BIT_EXECUTABLE,
	};
	struct hv_register_assoc start[3] = { reg(HV_X64_REGISTER_RIP, CODE), reg(HV_X64_REGISTER_RFLAGS, 2), reg(HV_X64_REGISTER_CS, 0) };

	m->device = must(open(NODE, O_RDWR | O_CLOEXEC), "open " NODE);
	m->partition = must(ioctl(m->device, MSHV_CREATE_PARTITION, &create), "create a partition");
	must(ioctl(m->partition, MSHV_INITIALIZE_PARTITION), "initialize it");
	m->vp = must(ioctl(m->partition, MSHV_CREATE_VP, &create_vp), "create a processor");
	m->ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(m->ram + CODE, code, size);
	region.userspace_addr = (__u64)(uintptr_t)m->ram;
	must(ioctl(m->partition, MSHV_SET_GUEST_MEMORY, &region), "map memory");
	start[2].value.segment.limit = 0xffff;
	start[2].value.segment.attributes = 0x9b;
	set_registers(m->vp, 3, start);
}

void machine_destroy(struct machine *m)
{
	close(m->vp);
	close(m->partition);
	close(m->device);
	munmap(m->ram, RAM_SIZE);
}

/* What a program is started for that inherited a descriptor: the answer is its exit code. */
static int inherited(const char *fd)
{
	return ioctl(atoi(fd), MSHV_INITIALIZE_PARTITION) == -1 && errno == EIO ? 0 : 1;
}

int main(int count, char **arguments)
{
	if (count == 3 && !strcmp(arguments[1], "inherited"))
		return inherited(arguments[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_files();
	test_guest();
	test_processes();
	test_signals();
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
