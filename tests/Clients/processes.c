/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <sys/wait.h>

/* Exit code of a child. */
static int child(int (*run)(void *), void *argument)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(run(argument));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/* A request of the child would write into the parent's memory, at the address that both have. */
static int asks_in_child(void *argument)
{
	struct machine *m = argument;
	struct hv_message message;
	int fd;

	memset(&message, 0, sizeof(message));
	if (ioctl(m->vp, MSHV_RUN_VP, &message) != -1 || errno != EIO)
		return 1;
	if (ioctl(dup(m->partition), MSHV_INITIALIZE_PARTITION) != -1 || errno != EIO)
		return 2;
	if (mmap(NULL, PAGE, PROT_READ, MAP_SHARED, m->vp, 0) != MAP_FAILED || errno != EIO)
		return 3;
	fd = open(NODE, O_RDWR);
	if (fd != -1 || errno != EIO)
		return 4;
	if (close(m->vp) || close(m->partition) || close(m->device))
		return 5;
	return 0;
}

static int starts_another_program(void *argument)
{
	struct machine *m = argument;
	char fd[16];

	fcntl(m->partition, F_SETFD, 0);
	snprintf(fd, sizeof(fd), "%d", m->partition);
	execl("/proc/self/exe", "client", "inherited", fd, (char *)NULL);
	return 9;
}

/* jmp $ */
static const unsigned char loop[] = { 0xeb, 0xfe };

void test_processes(void)
{
	struct machine m;
	unsigned char *sentinel;

	machine_create(&m, loop, sizeof(loop));
	sentinel = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(sentinel, 0x5a, PAGE);
	check(child(asks_in_child, &m) == 0, "a child is refused with EIO, and may close");
	check(sentinel[0] == 0x5a, "the parent's memory is as it was");
	check(get_register(m.vp, HV_X64_REGISTER_RIP) == CODE, "the parent's processor lives on");
	check(child(starts_another_program, &m) == 0, "a program that inherits a descriptor is refused with EIO");
	check(get_register(m.vp, HV_X64_REGISTER_RIP) == CODE, "and that closed nothing");
	munmap(sentinel, PAGE);
	machine_destroy(&m);
}
