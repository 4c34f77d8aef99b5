// SPDX-License-Identifier: MIT
/*
 * Executes x86 instructions, single ones or a few in sequence, on the processor and reports what they did.
 *
 * Cases come in batches on standard input: a 32-bit count, then that many
 * struct test_case; as many struct test_result go to standard output.
 *
 * One signal handler does all the work. It is entered when an instruction has
 * faulted or has run into the breakpoint behind it, records what it finds in
 * the signal frame, puts the next case into that frame, and returns into it.
 * It runs with the case's segment registers, so it uses no libc and no TLS.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE_BASE	0x10000000ul
#define CODE_PAGES	2
#define DATA_BASE	0x20000000ul
#define WRITABLE_BYTES	0x2000ul
#define READABLE_BYTES	0x3000ul
#define WINDOW_BASE	(DATA_BASE + 0x1000 - 128)
#define WINDOW_BYTES	256
#define MAX_BATCH	4096

struct test_case {
	uint64_t gpr[16];
	uint64_t rip;
	uint64_t flags;
	uint64_t fs_base;
	uint64_t gs_base;
	uint64_t code_address;
	uint32_t code_length;
	uint16_t segments[6];		/* es cs ss ds fs gs */
	uint8_t code[256];
	uint8_t vectors[32][64];
	uint64_t masks[8];
	uint8_t floating_point[160];	/* x87 and MXCSR as FXSAVE writes them */
	uint8_t window[WINDOW_BYTES];
} __attribute__((packed));

struct test_result {
	uint64_t gpr[16];
	uint64_t rip;
	uint64_t flags;
	uint64_t fault_address;
	uint32_t trap;
	uint32_t error_code;
	uint32_t strayed;
	uint32_t pad;
	uint8_t vectors[32][64];
	uint64_t masks[8];
	uint8_t floating_point[160];
	uint16_t segments[6];		/* but for CS */
	uint64_t fs_base;
	uint64_t gs_base;
	uint8_t window[WINDOW_BYTES];
} __attribute__((packed));

/* As large as whoever compiles this says that they are. */
_Static_assert(sizeof(struct test_case) == CASE_BYTES, "the tests have another struct test_case: build them anew");
_Static_assert(sizeof(struct test_result) == RESULT_BYTES, "the tests have another struct test_result: build them anew");

/* LDT entry, base and limit in the order of the list the tests keep. */
static const struct user_desc descriptors[] = {
	{ .entry_number = 0, .base_addr = 0, .limit = 0xfffff, .seg_32bit = 1, .contents = 2, .limit_in_pages = 1, .useable = 1 },
	{ .entry_number = 1, .base_addr = 0, .limit = 0xfffff, .seg_32bit = 1, .contents = 0, .limit_in_pages = 1, .useable = 1 },
	{ .entry_number = 2, .base_addr = CODE_BASE, .limit = 0xffff, .seg_32bit = 0, .contents = 2, .useable = 1 },
	{ .entry_number = 3, .base_addr = DATA_BASE, .limit = 0x1fff, .seg_32bit = 1, .contents = 0, .useable = 1 },
	{ .entry_number = 4, .base_addr = DATA_BASE, .limit = 0x2fff, .seg_32bit = 1, .contents = 0, .read_exec_only = 1, .useable = 1 },
	{ .entry_number = 5, .base_addr = DATA_BASE, .limit = 0x0fbf, .seg_32bit = 1, .contents = 1, .useable = 1 },
	{ .entry_number = 6, .base_addr = DATA_BASE, .limit = 0x0fbf, .seg_32bit = 0, .contents = 1, .useable = 1 },
	{ .entry_number = 7, .base_addr = DATA_BASE, .limit = 0xffff, .seg_32bit = 0, .contents = 0, .useable = 1 },
	{ .entry_number = 8, .base_addr = DATA_BASE, .limit = 0x103f, .seg_32bit = 0, .contents = 2, .useable = 1 },
	{ .entry_number = 9, .base_addr = DATA_BASE - 0xe000, .limit = 0xffff, .seg_32bit = 0, .contents = 0, .useable = 1 },
};

static struct test_case *cases;
static struct test_result *results;
static uint8_t *pristine;
static unsigned long code_alias;	/* The code pages once more, writable: a case cannot change them. */
static uint32_t batch, current;
static uint32_t upper_halves_offset;

/* Parts of the state that AVX-512 adds; zero where the processor has none: masks, upper halves of ZMM0 to 15, ZMM16 to 31. */
static uint32_t masks_offset, zmm_halves_offset, zmm_high_offset;

static long system_call(long number, long a, long b, long c)
{
	long result;

	asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}

static void leave(int status)
{
	for (;;)
		system_call(SYS_exit_group, status, 0, 0);
}

static void copy(void *to, const void *from, unsigned long length)
{
	asm volatile("cld; rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
}

static void fill_with_breakpoints(unsigned long address, unsigned long length)
{
	asm volatile("cld; rep stosb" : "+D"(address), "+c"(length) : "a"(0xcc) : "memory");
}

static int differ(const uint8_t *a, const uint8_t *b, unsigned long length)
{
	unsigned long index;

	for (index = 0; index + 8 <= length; index += 8)
		if (*(const uint64_t *)(a + index) != *(const uint64_t *)(b + index))
			return 1;
	return 0;
}

/* False at the end of the input, which may only come between batches. */
static int read_all(void *to, unsigned long length)
{
	unsigned long done = 0;

	while (done < length) {
		long got = system_call(SYS_read, 0, (long)to + done, length - done);

		if (got <= 0)
			return 0;
		done += got;
	}
	return 1;
}

static void write_all(const void *from, unsigned long length)
{
	unsigned long done = 0;

	while (done < length) {
		long put = system_call(SYS_write, 1, (long)from + done, length - done);

		if (put <= 0)
			leave(2);
		done += put;
	}
}

static void record(const ucontext_t *context)
{
	static const int order[16] = {
		REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
		REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
	};
	const greg_t *registers = context->uc_mcontext.gregs;
	const uint8_t *vectors = (const uint8_t *)context->uc_mcontext.fpregs;
	const uint8_t *data = (const uint8_t *)DATA_BASE;
	const unsigned long before = WINDOW_BASE - DATA_BASE;
	const unsigned long after = before + WINDOW_BYTES;
	struct test_result *result = &results[current];
	uint32_t selector;
	int index;

	for (index = 0; index < 16; index++) {
		result->gpr[index] = registers[order[index]];
		copy(result->vectors[index], vectors + 160 + 16 * index, 16);
		copy(result->vectors[index] + 16, vectors + upper_halves_offset + 16 * index, 16);
		if (masks_offset) {
			copy(result->vectors[index] + 32, vectors + zmm_halves_offset + 32 * index, 32);
			copy(result->vectors[index + 16], vectors + zmm_high_offset + 64 * index, 64);
		}
	}
	/* The handler has these as the instruction left them; SS is in the frame. */
	asm volatile("mov %%es, %0" : "=r"(selector));
	result->segments[0] = selector;
	asm volatile("mov %%ds, %0" : "=r"(selector));
	result->segments[3] = selector;
	asm volatile("mov %%fs, %0" : "=r"(selector));
	result->segments[4] = selector;
	asm volatile("mov %%gs, %0" : "=r"(selector));
	result->segments[5] = selector;
	result->segments[2] = (uint64_t)registers[REG_CSGSFS] >> 48;
	asm volatile("rdfsbase %0" : "=r"(result->fs_base));
	asm volatile("rdgsbase %0" : "=r"(result->gs_base));
	copy(result->floating_point, vectors, sizeof(result->floating_point));
	if (masks_offset)
		copy(result->masks, vectors + masks_offset, sizeof(result->masks));
	result->rip = registers[REG_RIP];
	result->flags = registers[REG_EFL];
	result->trap = registers[REG_TRAPNO];
	result->error_code = registers[REG_ERR];
	result->fault_address = registers[REG_CR2];
	copy(result->window, (void *)WINDOW_BASE, WINDOW_BYTES);

	result->strayed = differ(data, pristine, before)
		|| differ(data + after, pristine + after, WRITABLE_BYTES - after);
	if (result->strayed)
		copy((void *)DATA_BASE, pristine, WRITABLE_BYTES);

	fill_with_breakpoints(cases[current].code_address - CODE_BASE + code_alias, cases[current].code_length);
}

static void prepare(ucontext_t *context)
{
	static const int order[16] = {
		REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
		REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
	};
	greg_t *registers = context->uc_mcontext.gregs;
	uint8_t *vectors = (uint8_t *)context->uc_mcontext.fpregs;
	const struct test_case *next = &cases[current];
	uint16_t segments[6];
	int index;

	copy(segments, next->segments, sizeof(segments));

	for (index = 0; index < 16; index++) {
		registers[order[index]] = next->gpr[index];
		copy(vectors + 160 + 16 * index, next->vectors[index], 16);
		copy(vectors + upper_halves_offset + 16 * index, next->vectors[index] + 16, 16);
		if (masks_offset) {
			copy(vectors + zmm_halves_offset + 32 * index, next->vectors[index] + 32, 32);
			copy(vectors + zmm_high_offset + 64 * index, next->vectors[index + 16], 64);
		}
	}
	/* What MXCSR can have is the processor's to say. */
	copy(vectors, next->floating_point, 28);
	copy(vectors + 32, next->floating_point + 32, 128);
	*(uint64_t *)(vectors + 512) |= 7;	/* XSTATE_BV: x87, SSE, AVX are not in their initial state. */
	if (masks_offset) {
		copy(vectors + masks_offset, next->masks, sizeof(next->masks));
		*(uint64_t *)(vectors + 512) |= 0xe0;	/* Nor are the three of AVX-512. */
	}
	registers[REG_RIP] = next->rip;
	registers[REG_EFL] = next->flags;
	registers[REG_CSGSFS] = segments[1] | (uint64_t)segments[2] << 48;
	context->uc_flags |= 6;			/* SS is in the frame and is to be taken from it. */
	copy((void *)WINDOW_BASE, next->window, WINDOW_BYTES);
	copy((void *)(next->code_address - CODE_BASE + code_alias), next->code, next->code_length);

	asm volatile("mov %0, %%es" : : "r"((uint32_t)segments[0]));
	asm volatile("mov %0, %%ds" : : "r"((uint32_t)segments[3]));
	asm volatile("mov %0, %%fs" : : "r"((uint32_t)segments[4]));
	asm volatile("mov %0, %%gs" : : "r"((uint32_t)segments[5]));
	if (segments[4] == 0)
		asm volatile("wrfsbase %0" : : "r"(next->fs_base));
	if (segments[5] == 0)
		asm volatile("wrgsbase %0" : : "r"(next->gs_base));
}

static void step(int number, siginfo_t *info, void *frame)
{
	(void)number;
	(void)info;
	asm volatile("pushq $0x202; popfq" : : : "cc", "memory");

	if (current < batch) {
		record(frame);
		current++;
	}
	if (current == batch) {
		if (batch != 0)
			write_all(results, batch * sizeof(*results));
		if (!read_all(&batch, sizeof(batch)))
			leave(0);
		if (batch == 0 || batch > MAX_BATCH || !read_all(cases, batch * sizeof(*cases)))
			leave(3);
		current = 0;
	}
	prepare(frame);
}

/* Anonymous memory, or that of a descriptor. */
static void *map(unsigned long address, unsigned long length, int protection, int descriptor)
{
	int flags = MAP_POPULATE | (address ? MAP_FIXED_NOREPLACE : 0) | (descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
	void *memory = mmap((void *)address, length, protection, flags, descriptor, 0);

	if (memory == MAP_FAILED || (address && memory != (void *)address))
		_exit(4);
	return memory;
}

int main(void)
{
	static const int signals[] = { SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	const unsigned long stack_bytes = 1 << 20;
	struct sigaction action = { .sa_sigaction = step, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t stack = { .ss_size = stack_bytes };
	unsigned int a, b, c, d;
	int code;
	unsigned long index;

	cases = map(0, MAX_BATCH * sizeof(*cases), PROT_READ | PROT_WRITE, -1);
	results = map(0, MAX_BATCH * sizeof(*results), PROT_READ | PROT_WRITE, -1);
	pristine = map(0, READABLE_BYTES, PROT_READ | PROT_WRITE, -1);
	map(DATA_BASE, READABLE_BYTES, PROT_READ | PROT_WRITE, -1);
	code = memfd_create("code", 0);
	if (code < 0 || ftruncate(code, CODE_PAGES * 4096))
		_exit(5);
	code_alias = (unsigned long)map(0, CODE_PAGES * 4096, PROT_READ | PROT_WRITE, code);
	fill_with_breakpoints(code_alias, CODE_PAGES * 4096);
	map(CODE_BASE, CODE_PAGES * 4096, PROT_READ | PROT_EXEC, code);

	/* The tests fill their own copy in the same way. */
	for (index = 0; index < READABLE_BYTES; index++)
		pristine[index] = (uint8_t)(index * 151 + (index >> 8));
	memcpy((void *)DATA_BASE, pristine, READABLE_BYTES);
	if (mprotect((void *)(DATA_BASE + WRITABLE_BYTES), READABLE_BYTES - WRITABLE_BYTES, PROT_READ))
		_exit(5);

	for (index = 0; index < sizeof(descriptors) / sizeof(descriptors[0]); index++)
		if (syscall(SYS_modify_ldt, 1, &descriptors[index], sizeof(descriptors[index])))
			_exit(6);

	if (!__get_cpuid_count(0xd, 2, &a, &b, &c, &d) || b == 0)
		_exit(7);
	upper_halves_offset = b;
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1 << 16)) {
		__get_cpuid_count(0xd, 5, &a, &masks_offset, &c, &d);
		__get_cpuid_count(0xd, 6, &a, &zmm_halves_offset, &c, &d);
		__get_cpuid_count(0xd, 7, &a, &zmm_high_offset, &c, &d);
	}

	stack.ss_sp = map(0, stack_bytes, PROT_READ | PROT_WRITE, -1);
	if (sigaltstack(&stack, NULL))
		_exit(8);
	sigfillset(&action.sa_mask);
	for (index = 0; index < sizeof(signals) / sizeof(signals[0]); index++)
		if (sigaction(signals[index], &action, NULL))
			_exit(9);

	asm volatile("int3");
	_exit(10);
}
