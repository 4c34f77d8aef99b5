/* SPDX-License-Identifier: MIT */
/*
 * The table of open files. A file is what open makes, not a number: duplicates, descriptors sent over a socket and those that a child
 * inherits are the same file. Each has a descriptor of the kernel's that stands for it, of memory without contents, and is known by its
 * inode. A lock of flock(2) belongs to the open file and goes with its last descriptor, wherever that was: a second open file of the same
 * inode, which only this table has, gets the lock when nobody has the file any more.
 */
#define _GNU_SOURCE
#include "files.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define NODE "/dev/mshv"
#define LIBRARY "HvBindgen.Mshv.Run.so"
#define MISC_MAJOR 10
#define ANY_MINOR 255

/* Kinds of files that /dev/mshv makes, by their numbers in the emulated device's table of requests (DescriptorKind). */
static const char *const kind_names[] = { "mshv", "mshv_partition", "mshv_vp" };
#define KIND_NODE 0
#define KIND_COUNT ((int)(sizeof(kind_names) / sizeof(kind_names[0])))

struct file {
	struct file *next;
	dev_t dev;
	ino_t ino;
	int kind;
	int handle;	/* the emulated device's number of it */
	int watch;	/* gets the lock when the file has no descriptor any more */
	unsigned int users;
	int is_gone;
};

struct range {
	struct range *next;
	uintptr_t start, end;
};

/* The kind of file that a descriptor of this name in /proc stands for, or -1. */
static int kind_of_link(const char *target, ssize_t length)
{
	char name[64];
	int kind;

	for (kind = 0; kind < KIND_COUNT; kind++)
		if (length == snprintf(name, sizeof(name), "/memfd:%s (deleted)", kind_names[kind]) && !memcmp(name, target, (size_t)length))
			return kind;
	return -1;
}

/* What the library exports; EntryPoints.cs. */
static struct {
	const char *(*start)(void (*report)(const char *, size_t));
	int (*open)(int);
	int (*creates)(int, unsigned int);
	int (*ioctl)(int, unsigned int, void *, uint64_t);
	intptr_t (*map)(void *, size_t, int, int, int, int64_t);
	int (*unmap)(void *, size_t);
	int (*close)(int);
} device;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct file *files;
static struct range *ranges;
static volatile pid_t owner;	/* the process that loaded the library; 0 before */

const struct c_library *c_library(void)
{
	static struct c_library next;
	static volatile int is_known;

	if (!is_known) {
		next.ioctl = dlsym(RTLD_NEXT, "ioctl");
		next.close = dlsym(RTLD_NEXT, "close");
		next.mmap = dlsym(RTLD_NEXT, "mmap");
		next.munmap = dlsym(RTLD_NEXT, "munmap");
		next.openat = dlsym(RTLD_NEXT, "openat");
		next.dup2 = dlsym(RTLD_NEXT, "dup2");
		next.dup3 = dlsym(RTLD_NEXT, "dup3");
		next.close_range = dlsym(RTLD_NEXT, "close_range");
		next.read = dlsym(RTLD_NEXT, "read");
		next.write = dlsym(RTLD_NEXT, "write");
		next.fstat = dlsym(RTLD_NEXT, "fstat");
		next.readlink = dlsym(RTLD_NEXT, "readlink");
		is_known = 1;
	}
	return &next;
}

/* Handlers of the program's must not find the table locked, nor run above managed code. Faults are the runtime's to handle. */
static void block_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGTRAP);
	sigdelset(&all, SIGSYS);
	pthread_sigmask(SIG_SETMASK, &all, before);
}

static void unblock_signals(const sigset_t *before)
{
	int saved = errno;

	pthread_sigmask(SIG_SETMASK, before, NULL);
	errno = saved;
}

static void report(const char *text, size_t length)
{
	ssize_t written;

	while (length > 0 && (written = c_library()->write(STDERR_FILENO, text, length)) > 0) {
		text += written;
		length -= (size_t)written;
	}
}

/* Loaded by the first open, so that a program may become a daemon before: what has threads does not survive a fork. */
static int load(void)
{
	char path[PATH_MAX];
	struct sigaction pipe_action;
	Dl_info self;
	void *library;
	char *slash;

	if (!dladdr((void *)load, &self) || strlen(self.dli_fname) + sizeof(LIBRARY) > sizeof(path))
		return ENODEV;
	strcpy(path, self.dli_fname);
	slash = strrchr(path, '/');
	strcpy(slash ? slash + 1 : path, LIBRARY);
	sigaction(SIGPIPE, NULL, &pipe_action);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		const char *reason = dlerror();

		report("mshv-run: ", 10);
		report(reason, strlen(reason));
		report("\n", 1);
		return ENODEV;
	}
	device.start = dlsym(library, "hvbindgen_mshv_start");
	device.open = dlsym(library, "hvbindgen_mshv_open");
	device.creates = dlsym(library, "hvbindgen_mshv_creates");
	device.ioctl = dlsym(library, "hvbindgen_mshv_ioctl");
	device.map = dlsym(library, "hvbindgen_mshv_map");
	device.unmap = dlsym(library, "hvbindgen_mshv_unmap");
	device.close = dlsym(library, "hvbindgen_mshv_close");
	if (!device.start || !device.open || !device.creates || !device.ioctl || !device.map || !device.unmap || !device.close)
		return ENODEV;
	if (strcmp(device.start(report), NODE))
		return ENODEV;

	/* .NET ignores a signal that the program may want. */
	sigaction(SIGPIPE, &pipe_action, NULL);
	owner = getpid();
	return 0;
}

/* A child has the parent's table, and none of the threads that serve it. */
static int is_ours(void)
{
	return owner && owner == getpid();
}

static struct file *find_locked(int fd)
{
	struct stat st;
	struct file *file;

	if (!files || c_library()->fstat(fd, &st))
		return NULL;
	for (file = files; file; file = file->next)
		if (file->ino == st.st_ino && file->dev == st.st_dev)
			return file;
	return NULL;
}

/* Finds a file and keeps it, whoever closes it meanwhile. */
static struct file *take(int fd)
{
	struct file *file;

	pthread_mutex_lock(&mutex);
	file = find_locked(fd);
	if (file && file->is_gone)
		file = NULL;
	if (file)
		file->users++;
	pthread_mutex_unlock(&mutex);
	return file;
}

static void put(struct file *file)
{
	struct file **link = &files;
	int is_last;

	pthread_mutex_lock(&mutex);
	is_last = --file->users == 0 && file->is_gone;
	if (is_last) {
		while (*link != file)
			link = &(*link)->next;
		*link = file->next;
	}
	pthread_mutex_unlock(&mutex);
	if (is_last) {
		device.close(file->handle);
		c_library()->close(file->watch);
		free(file);
	}
}

/* Lets go of a file that has no descriptor any more. The caller has it in use. */
static void end_if_closed(struct file *file)
{
	if (!flock(file->watch, LOCK_EX | LOCK_NB)) {
		pthread_mutex_lock(&mutex);
		file->is_gone = 1;
		pthread_mutex_unlock(&mutex);
	}
}

/*
 * Makes the descriptor that stands for a file. Reading such memory gives nothing and writing it is refused, which the replaced read and
 * write take for a sign to look; waiting for it by poll and epoll is answered by the kernel as for the driver's files, which have no poll.
 */
static int stand_in(int kind, int flags, struct file **made)
{
	struct file *file = calloc(1, sizeof(*file));
	struct stat st;
	char path[32];
	int memory, fd = -1, saved;

	if (!file)
		return fail(ENOMEM);
	file->kind = kind;
	file->watch = -1;
	memory = memfd_create(kind_names[kind], MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0)
		goto no_memory;
	fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	fd = c_library()->openat(AT_FDCWD, path, (flags & (O_ACCMODE | O_NONBLOCK)) | O_CLOEXEC);
	if (fd < 0 || c_library()->fstat(fd, &st) || flock(fd, LOCK_EX))
		goto no_file;
	file->watch = c_library()->openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (file->watch < 0)
		goto no_file;

	/* The lowest number is the program's. */
	if (c_library()->dup3(fd, memory, flags & O_CLOEXEC) < 0)
		goto no_file;
	c_library()->close(fd);
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	file->users = 1;
	*made = file;
	return memory;

no_file:
	saved = errno;
	if (fd >= 0)
		c_library()->close(fd);
	if (file->watch >= 0)
		c_library()->close(file->watch);
	c_library()->close(memory);
	errno = saved;
no_memory:
	saved = errno;
	free(file);
	return fail(saved);
}

/*
 * Gives a descriptor to a file of the emulated device, or undoes it where there is none: handle is a negated error number then. Answers
 * the descriptor or that number.
 */
static int install(struct file *file, int fd, int handle)
{
	if (handle < 0) {
		c_library()->close(fd);
		c_library()->close(file->watch);
		free(file);
		return handle;
	}
	file->handle = handle;
	pthread_mutex_lock(&mutex);
	file->next = files;
	files = file;
	pthread_mutex_unlock(&mutex);
	put(file);
	return fd;
}

int mshv_open(int flags)
{
	struct file *file;
	sigset_t before;
	int fd, number = 0;

	if (flags & O_DIRECTORY)
		return fail(ENOTDIR);
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return fail(EEXIST);
	if (owner && !is_ours())
		return fail(EIO);
	mshv_sweep();
	block_signals(&before);
	pthread_mutex_lock(&mutex);
	if (!owner)
		number = load();
	pthread_mutex_unlock(&mutex);
	fd = number ? fail(number) : stand_in(KIND_NODE, flags, &file);
	if (fd >= 0) {
		fd = install(file, fd, device.open(flags));
		if (fd < 0)
			fd = fail(-fd);
	}
	unblock_signals(&before);
	return fd;
}

int mshv_ioctl(int fd, unsigned int request, void *argument, int *result)
{
	struct file *file, *made = NULL;
	sigset_t before;
	uint64_t blocked;
	int kind, made_fd = -1, value;

	if (!owner)
		return 0;

	/* The request begins here: a signal that comes from now on waits for what blocks in it. */
	block_signals(&before);
	memcpy(&blocked, &before, sizeof(blocked));
	file = is_ours() ? take(fd) : NULL;
	if (!file) {
		unblock_signals(&before);
		return 0;
	}
	kind = device.creates(file->kind, request);
	if (kind >= KIND_COUNT)
		fail(ENOTTY);	/* made by another device: nothing here could stand for it */
	else if (kind > 0)
		made_fd = stand_in(kind, O_RDWR | O_CLOEXEC, &made);
	if (kind > 0 && made_fd < 0) {
		value = -errno;
	} else {
		value = device.ioctl(file->handle, request, argument, blocked);
		if (made)
			value = install(made, made_fd, value);
	}
	put(file);
	*result = value < 0 ? fail(-value) : value;
	unblock_signals(&before);
	return 1;
}

void *mshv_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	struct range *range = malloc(sizeof(*range));
	struct file *file;
	sigset_t before;
	intptr_t mapped = -ENOMEM;

	block_signals(&before);
	file = range ? take(fd) : NULL;
	if (file) {
		mapped = device.map(address, length, protection, flags, file->handle, offset);
		put(file);
		if (mapped >= 0) {
			range->start = (uintptr_t)mapped;
			range->end = range->start + length;
			pthread_mutex_lock(&mutex);
			range->next = ranges;
			ranges = range;
			pthread_mutex_unlock(&mutex);
			range = NULL;
		}
	}
	free(range);
	unblock_signals(&before);
	if (mapped < 0) {
		errno = (int)-mapped;
		return MAP_FAILED;
	}
	return (void *)mapped;
}

int mshv_has_mapped(void *address, size_t length)
{
	uintptr_t start = (uintptr_t)address, end = start + length;
	struct range *range;
	sigset_t before;

	if (!ranges || !is_ours())
		return 0;
	block_signals(&before);
	pthread_mutex_lock(&mutex);
	for (range = ranges; range && (range->end <= start || range->start >= end); range = range->next)
		;
	pthread_mutex_unlock(&mutex);
	unblock_signals(&before);
	return range != NULL;
}

int mshv_munmap(void *address, size_t length)
{
	uintptr_t start = (uintptr_t)address, end = start + length;
	struct range **link, *range;
	sigset_t before;
	int result;

	block_signals(&before);
	result = device.unmap(address, length);
	if (result < 0) {
		result = fail(-result);
	} else {
		/* A part that is left keeps its range: the emulated device knows the pages. */
		pthread_mutex_lock(&mutex);
		for (link = &ranges; (range = *link);) {
			if (range->start >= start && range->end <= end) {
				*link = range->next;
				free(range);
			} else {
				link = &range->next;
			}
		}
		pthread_mutex_unlock(&mutex);
	}
	unblock_signals(&before);
	return result;
}

int mshv_close(int fd)
{
	struct file *file;
	sigset_t before;
	int result, saved;

	if (!files || !is_ours())
		return c_library()->close(fd);
	block_signals(&before);
	file = take(fd);
	result = c_library()->close(fd);
	saved = errno;
	if (file) {
		end_if_closed(file);
		put(file);
	}
	errno = saved;
	unblock_signals(&before);
	return result;
}

void mshv_sweep(void)
{
	struct file *file, *ended;
	sigset_t before;
	int saved = errno;

	if (!files || !is_ours())
		return;
	block_signals(&before);
	do {
		ended = NULL;
		pthread_mutex_lock(&mutex);
		for (file = files; file && !ended; file = file->next) {
			if (!file->is_gone && !flock(file->watch, LOCK_EX | LOCK_NB)) {
				file->is_gone = 1;
				file->users++;
				ended = file;
			}
		}
		pthread_mutex_unlock(&mutex);
		if (ended)
			put(ended);
	} while (ended);
	errno = saved;
	unblock_signals(&before);
}

enum mshv_file mshv_file(int fd)
{
	char path[32], target[64];
	struct file *file;
	sigset_t before;
	ssize_t length;
	int saved = errno;

	if (is_ours()) {
		block_signals(&before);
		pthread_mutex_lock(&mutex);
		file = find_locked(fd);
		pthread_mutex_unlock(&mutex);
		unblock_signals(&before);
		errno = saved;
		return file ? MSHV_OPEN : MSHV_NONE;
	}

	/* What stands for another process's file is known by its name. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = c_library()->readlink(path, target, sizeof(target));
	errno = saved;
	return kind_of_link(target, length) < 0 ? MSHV_NONE : MSHV_FOREIGN;
}

int mshv_is_node(int directory, const char *path)
{
	char parent[PATH_MAX], link[32], target[sizeof("/dev")];
	const char *name;
	ssize_t length;
	int fd, saved = errno;

	if (!path)
		return 0;
	if (!strcmp(path, NODE))
		return 1;
	name = strrchr(path, '/');
	if (strcmp(name ? name + 1 : path, "mshv") || strlen(path) >= sizeof(parent))
		return 0;
	strcpy(parent, name ? path : ".");
	if (name)
		parent[name == path ? 1 : name - path] = 0;
	fd = c_library()->openat(directory, parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		errno = saved;
		return 0;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = c_library()->readlink(link, target, sizeof(target));
	c_library()->close(fd);
	errno = saved;
	return length == (ssize_t)strlen("/dev") && !memcmp(target, "/dev", (size_t)length);
}

void mshv_node_stat(struct stat *st)
{
	st->st_mode = S_IFCHR | 0600;
	st->st_rdev = makedev(MISC_MAJOR, ANY_MINOR);
	st->st_size = 0;
}

void mshv_dress_stat(int fd, struct stat *st)
{
	struct file *file;
	sigset_t before;
	int saved = errno;

	if (!files || !is_ours())
		return;
	block_signals(&before);
	file = take(fd);
	if (file) {
		if (file->kind == KIND_NODE)
			mshv_node_stat(st);
		else
			st->st_mode = 0600;
		put(file);
	}
	errno = saved;
	unblock_signals(&before);
}

ssize_t mshv_dress_link(char *target, ssize_t length, size_t room)
{
	char said[64];
	int kind = kind_of_link(target, length), told;

	if (kind < 0)
		return length;
	told = kind == KIND_NODE ? snprintf(said, sizeof(said), NODE) : snprintf(said, sizeof(said), "anon_inode:%s", kind_names[kind]);
	length = (size_t)told < room ? told : (ssize_t)room;
	memcpy(target, said, (size_t)length);
	return length;
}
