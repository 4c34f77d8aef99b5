// Shows that a fault of the machine's processor is none of this project's: guests that spin on a jump, which another thread then makes lead
// to HLT. A processor notices at once, and any does when it enters its guest anew; QEMU's keeps, once in hundreds of guests, the translation
// that it was making while the jump was overwritten, over entries too.
//   gcc -O2 -static -pthread -o stale stale.c; run.sh MACHINE FOLDER ./stale SECONDS
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { RAM_BYTES = 0x200000, FIRST_CODE = 0x8000, CODE_PAGES = 64, PAGE_BYTES = 0x1000, MOST_DELAY = 300, ENTRIES = 4 };

static int vcpu;
static struct kvm_run *run;
static atomic_bool is_asked, is_over, is_end;
static int run_errno;

static void nothing(int signal) { (void)signal; }

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void *enter(void *none)
{
    while (!is_end) {
        if (atomic_exchange(&is_asked, false)) {
            run_errno = ioctl(vcpu, KVM_RUN, 0) ? errno : 0;
            is_over = true;
        }
    }
    return none;
}

static void ask(void)
{
    is_over = false;
    is_asked = true;
}

static bool ends_within(double seconds)
{
    for (double end = now() + seconds; !is_over && now() < end;) { }
    return is_over;
}

int main(int count, char **arguments)
{
    double end = now() + (count > 1 ? atoi(arguments[1]) : 30);
    struct sigaction action = {.sa_handler = nothing};
    sigaction(SIGUSR1, &action, NULL);
    int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    int machine = ioctl(kvm, KVM_CREATE_VM, 0);
    ioctl(machine, KVM_SET_TSS_ADDR, 0xfeffd000ul);
    unsigned char *ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct kvm_userspace_memory_region region = {.memory_size = RAM_BYTES, .userspace_addr = (unsigned long)ram};
    ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region);
    vcpu = ioctl(machine, KVM_CREATE_VCPU, 0);
    run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
    struct kvm_sregs system;
    if (ioctl(vcpu, KVM_GET_SREGS, &system)) {
        perror("/dev/kvm");
        return 2;
    }

    // 32 bits, flat, without paging.
    struct kvm_segment data = {.limit = 0xffffffff, .selector = 16, .type = 3, .present = 1, .db = 1, .s = 1, .g = 1};
    system.ds = system.es = system.ss = system.fs = system.gs = system.cs = data;
    system.cs.type = 11;
    system.cs.selector = 8;
    system.cr0 = 0x31;
    ioctl(vcpu, KVM_SET_SREGS, &system);
    pthread_t thread;
    pthread_create(&thread, NULL, enter, NULL);

    long guests = 0, stale = 0;
    for (; now() < end; guests++) {
        unsigned long at = FIRST_CODE + PAGE_BYTES * (guests % CODE_PAGES);
        volatile unsigned char *code = ram + at;
        code[0] = 0xeb; // jmp to itself
        code[1] = 0xfe;
        code[2] = 0xf4; // hlt
        struct kvm_regs registers = {.rip = at, .rflags = 2};
        ioctl(vcpu, KVM_SET_REGS, &registers);
        ask();
        for (double then = now() + rand() % MOST_DELAY * 1e-6; now() < then;) { }
        code[1] = 0; // jmp to what is behind it
        if (!ends_within(2)) {
            stale++;
            int entries = 1;
            for (; entries < ENTRIES && !is_over; entries++) {
                pthread_kill(thread, SIGUSR1);
                while (!is_over) { }
                ask();
                ends_within(2);
            }
            printf("guest %ld jumps to itself at 0x%lx, where %02x%02x is; after %d entries it %s\n", guests, at, code[0], code[1],
                   entries, is_over ? "has met that" : "still does");
            fflush(stdout);
            pthread_kill(thread, SIGUSR1);
            while (!is_over) { }
        } else if (run_errno || run->exit_reason != KVM_EXIT_HLT) {
            printf("guest %ld ended with errno %d, for reason %u\n", guests, run_errno, run->exit_reason);
            return 2;
        }
    }
    is_end = true;
    pthread_join(thread, NULL);
    printf("%ld guests, %ld that met old code\n", guests, stale);
    return stale != 0;
}
