/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <stdatomic.h>
#include <time.h>
#include <ucontext.h>

/* jmp $ */
static const unsigned char loop[] = { 0xeb, 0xfe };

static const unsigned int delays[] = { 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 384, 512 };

static atomic_int rounds, is_asking, is_outside, kicks, ends;
static atomic_ullong returned;

static unsigned long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (unsigned long long)time.tv_sec * 1000000000 + (unsigned long long)time.tv_nsec;
}

static void until(unsigned long long when)
{
	while (now() < when)
		;
}

/*
 * A signal that comes in the middle of a system call is handled behind its instruction, 0f 05. At any other place the program was still on
 * its way into the request, or already out of it, and the request knows nothing of the signal.
 */
static void on_kick(int number, siginfo_t *information, void *context)
{
	const unsigned char *at = (const unsigned char *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];

	(void)number;
	(void)information;
	if (at[-2] != 0x0f || at[-1] != 0x05)
		atomic_store(&is_outside, 1);
	atomic_fetch_add(&kicks, 1);
}

static void *runs(void *argument)
{
	struct machine *m = argument;
	struct hv_message message;

	while (!atomic_load(&ends)) {
		atomic_store(&is_asking, 1);
		if (ioctl(m->vp, MSHV_RUN_VP, &message) != -1 || errno != EINTR)
			check(0, "a run of a loop ends by a signal only");
		atomic_store(&is_asking, 0);
		atomic_fetch_add(&returned, 1);
		atomic_fetch_add(&rounds, 1);
	}
	return NULL;
}

/* One signal a round, some time after the request began. Lost is one after which the request goes on. */
static int lost_kicks(struct machine *m, unsigned int delay, int count)
{
	pthread_t thread;
	int sent, lost = 0;

	atomic_store(&ends, 0);
	pthread_create(&thread, NULL, runs, m);
	for (sent = 0; sent < count; sent++) {
		unsigned long long before = atomic_load(&returned), deadline;

		while (!atomic_load(&is_asking))
			sched_yield();
		until(now() + delay * 1000ULL);
		atomic_store(&is_outside, 0);
		if (sent == count - 1)
			atomic_store(&ends, 1);
		pthread_kill(thread, SIGUSR1);
		deadline = now() + 2000000000ULL;
		while (atomic_load(&returned) == before) {
			if (atomic_load(&is_outside)) {
				/* It came too early: not the device's fault. */
				atomic_store(&is_outside, 0);
				pthread_kill(thread, SIGUSR1);
			}
			if (now() > deadline) {
				lost++;
				pthread_kill(thread, SIGUSR1);
				deadline = now() + 2000000000ULL;
			}
			sched_yield();
		}
	}
	pthread_join(thread, NULL);
	return lost;
}

static void no_kick_is_lost(void)
{
	struct sigaction action = { .sa_sigaction = on_kick, .sa_flags = SA_SIGINFO };
	const char *asked = getenv("CLIENT_KICKS");
	int count = asked ? atoi(asked) : 500;
	struct machine m;
	unsigned int index;

	sigaction(SIGUSR1, &action, NULL);
	machine_create(&m, loop, sizeof(loop));
	for (index = 0; index < sizeof(delays) / sizeof(delays[0]); index++) {
		char name[96];
		int lost = lost_kicks(&m, delays[index], count);

		snprintf(name, sizeof(name), "0 of %d signals are lost %u us after the request (%d were)", count, delays[index], lost);
		check(lost == 0, name);
	}
	machine_destroy(&m);
}

static void *runs_deaf(void *argument)
{
	struct machine *m = argument;
	struct hv_message message;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (!atomic_load(&ends)) {
		atomic_store(&is_asking, 1);
		ioctl(m->vp, MSHV_RUN_VP, &message);
	}
	return NULL;
}

/* inc byte [0x500]; jmp $-4: what others see of a processor whose thread lets no signal in. */
static const unsigned char counting[] = { 0xfe, 0x06, 0x00, 0x05, 0xeb, 0xfa };

/* A request on the partition goes to the hypervisor, whatever the processor's thread does. */
static void a_thread_that_blocks_signals_is_reachable(void)
{
	struct hv_register_assoc rip = reg(HV_X64_REGISTER_RIP, CODE);
	struct machine m;
	pthread_t thread;
	int round;

	machine_create(&m, counting, sizeof(counting));
	atomic_store(&ends, 0);
	atomic_store(&is_asking, 0);
	pthread_create(&thread, NULL, runs_deaf, &m);
	while (!atomic_load(&is_asking) || !m.ram[0x500])
		sched_yield();
	for (round = 0; round < 100; round++) {
		unsigned long long at = get_register(m.partition, HV_X64_REGISTER_RIP);

		if (at != CODE && at != CODE + 4)
			break;
	}
	check(round == 100, "registers of a running processor are read through the partition");
	atomic_store(&ends, 1);

	/* Its run is ended by an intercept: the next instruction is an OUT. */
	m.ram[CODE] = 0xee;
	set_registers(m.partition, 1, &rip);
	pthread_join(thread, NULL);
	check(1, "the thread ended");
	machine_destroy(&m);
}

/* Loading the device must not take the program's signals. */
static void dispositions_are_the_program_s(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGQUIT, SIGUSR2, SIGALRM };
	unsigned int index;

	for (index = 0; index < sizeof(numbers) / sizeof(numbers[0]); index++) {
		struct sigaction action;

		check(!sigaction(numbers[index], NULL, &action) && action.sa_handler == SIG_DFL, strsignal(numbers[index]));
	}
}

void test_signals(void)
{
	dispositions_are_the_program_s();
	no_kick_is_lost();
	a_thread_that_blocks_signals_is_reachable();
}
