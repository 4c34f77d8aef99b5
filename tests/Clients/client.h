/* SPDX-License-Identifier: MIT */
/* A client of /dev/mshv as other languages write them: nothing here knows who answers. */
#ifndef CLIENT_H
#define CLIENT_H

#define _GNU_SOURCE
/* First what the kernel's own build has. */
#include "kernel.h"
#include "linux/mshv.h"
#include "hyperv/hvhdk.h"
#include "hyperv/hvgdk.h"
#include "vmm/hv_hypercalls.h"
#include "vmm/hv_messages.h"
#include "vmm/hv_partition.h"
#include "vmm/hv_register_names.h"
#include "vmm/hv_registers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define NODE "/dev/mshv"
#define PAGE 4096
#define RAM_SIZE (512 * PAGE)
#define CODE 0x1000

/* A machine of one processor in real mode, with RAM from address 0 on. */
struct machine {
	int device, partition, vp;
	unsigned char *ram;
};

/* Each says what went wrong and ends the program where a test cannot go on. */
void machine_create(struct machine *m, const void *code, size_t size);
void machine_destroy(struct machine *m);
void set_registers(int fd, unsigned int count, const struct hv_register_assoc *registers);
unsigned long long get_register(int fd, unsigned int name);

void check(int holds, const char *what);
#define CHECK_ERRNO(call, number) check((call) == -1 && errno == (number), #call " gives " #number)

struct hv_register_assoc reg(unsigned int name, unsigned long long value);

void test_files(void);
void test_processes(void);
void test_guest(void);
void test_signals(void);

#endif
