/* SPDX-License-Identifier: MIT */
/*
 * Calls of the C library that can reach /dev/mshv, routed to the emulated device in the same process; mshv-run loads this before the C
 * library. All that is not about the device goes on unchanged. Duplicating, sending and inheriting descriptors needs nothing here: the
 * kernel does it with the descriptors that stand for the device's files.
 */
#define _GNU_SOURCE
#include "files.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The function that this one stands before. */
#define NEXT(name) ((__typeof__(name) *)next(#name))
#define ALIAS(name) __attribute__((alias(#name)))

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* open and its relatives */

static int open_any(int directory, const char *path, int flags, mode_t mode)
{
	if (mshv_is_node(directory, path))
		return mshv_open(flags);
	return c_library()->openat(directory, path, flags, mode);
}

#define MODE_OF(flags, last)						\
	({								\
		mode_t mode_ = 0;					\
		if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) { \
			va_list list_;					\
			va_start(list_, last);				\
			mode_ = va_arg(list_, mode_t);			\
			va_end(list_);					\
		}							\
		mode_;							\
	})

int open(const char *path, int flags, ...)
{
	return open_any(AT_FDCWD, path, flags, MODE_OF(flags, flags));
}

int open64(const char *path, int flags, ...) ALIAS(open);

int openat(int directory, const char *path, int flags, ...)
{
	return open_any(directory, path, flags, MODE_OF(flags, flags));
}

int openat64(int directory, const char *path, int flags, ...) ALIAS(openat);

/* What the C library's checking headers call in place of open. */
int __open_2(const char *path, int flags)
{
	return open_any(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags) ALIAS(__open_2);

int __openat_2(int directory, const char *path, int flags)
{
	return open_any(directory, path, flags, 0);
}

int __openat64_2(int directory, const char *path, int flags) ALIAS(__openat_2);

FILE *fopen(const char *path, const char *mode)
{
	FILE *stream;
	int fd, flags;

	if (!mshv_is_node(AT_FDCWD, path))
		return NEXT(fopen)(path, mode);
	flags = strchr(mode, '+') ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;
	fd = mshv_open(flags | (strchr(mode, 'e') ? O_CLOEXEC : 0));
	if (fd < 0)
		return NULL;
	stream = fdopen(fd, mode);
	if (!stream)
		mshv_close(fd);
	return stream;
}

FILE *fopen64(const char *path, const char *mode) ALIAS(fopen);

int access(const char *path, int mode)
{
	if (mshv_is_node(AT_FDCWD, path))
		return mode & X_OK ? fail(EACCES) : 0;
	return NEXT(access)(path, mode);
}

int faccessat(int directory, const char *path, int mode, int flags)
{
	if (mshv_is_node(directory, path))
		return mode & X_OK ? fail(EACCES) : 0;
	return NEXT(faccessat)(directory, path, mode, flags);
}

/* requests and memory */

int ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	void *argument;
	int result;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);

	/* Those are of any file, and the kernel's. */
	if (request == FIOCLEX || request == FIONCLEX || request == FIONBIO || request == FIOASYNC)
		return c_library()->ioctl(fd, request, argument);
	if (mshv_ioctl(fd, (unsigned int)request, argument, &result))
		return result;
	result = c_library()->ioctl(fd, request, argument);
	if (result == -1 && errno == ENOTTY && mshv_file(fd) == MSHV_FOREIGN)
		errno = EIO;
	return result;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	if (!(flags & MAP_ANONYMOUS) && fd >= 0) {
		switch (mshv_file(fd)) {
		case MSHV_OPEN:
			return mshv_mmap(address, length, protection, flags, fd, offset);
		case MSHV_FOREIGN:
			errno = EIO;
			return MAP_FAILED;
		case MSHV_NONE:
			break;
		}
	}
	if (flags & MAP_FIXED && mshv_has_mapped(address, length))
		mshv_munmap(address, length);
	return c_library()->mmap(address, length, protection, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset) ALIAS(mmap);

int munmap(void *address, size_t length)
{
	return mshv_has_mapped(address, length) ? mshv_munmap(address, length) : c_library()->munmap(address, length);
}

/* descriptors that go */

int close(int fd)
{
	return mshv_close(fd);
}

int dup2(int fd, int as)
{
	int result = c_library()->dup2(fd, as);

	mshv_sweep();
	return result;
}

int dup3(int fd, int as, int flags)
{
	int result = c_library()->dup3(fd, as, flags);

	mshv_sweep();
	return result;
}

int close_range(unsigned int first, unsigned int last, int flags)
{
	int result = c_library()->close_range ? c_library()->close_range(first, last, flags) : fail(ENOSYS);

	mshv_sweep();
	return result;
}

int fclose(FILE *stream)
{
	int result = NEXT(fclose)(stream);

	mshv_sweep();
	return result;
}

/* What the driver has not. Memory without contents ends at once, and cannot be written: only then it is asked whose it is. */

static ssize_t after_read(int fd, ssize_t result)
{
	return result == 0 && mshv_file(fd) != MSHV_NONE ? fail(EINVAL) : result;
}

static ssize_t after_write(int fd, ssize_t result)
{
	if (result == -1 && errno == EPERM && mshv_file(fd) != MSHV_NONE)
		errno = EINVAL;
	return result;
}

ssize_t read(int fd, void *data, size_t size)
{
	return after_read(fd, c_library()->read(fd, data, size));
}

ssize_t __read_chk(int fd, void *data, size_t size, size_t room)
{
	return after_read(fd, ((ssize_t (*)(int, void *, size_t, size_t))next("__read_chk"))(fd, data, size, room));
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
	return after_read(fd, NEXT(readv)(fd, parts, count));
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
	return after_read(fd, NEXT(pread)(fd, data, size, offset));
}

ssize_t pread64(int fd, void *data, size_t size, off_t offset) ALIAS(pread);

ssize_t write(int fd, const void *data, size_t size)
{
	return after_write(fd, c_library()->write(fd, data, size));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	return after_write(fd, NEXT(writev)(fd, parts, count));
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
	return after_write(fd, NEXT(pwrite)(fd, data, size, offset));
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) ALIAS(pwrite);

/* Memory could be cut to the length that it has. */
int ftruncate(int fd, off_t length)
{
	return mshv_file(fd) != MSHV_NONE ? fail(EINVAL) : NEXT(ftruncate)(fd, length);
}

int ftruncate64(int fd, off_t length) ALIAS(ftruncate);

/* What is told of files */

static int stat_of_node(struct stat *st)
{
	int result = NEXT(stat)("/dev/null", st);

	if (!result)
		mshv_node_stat(st);
	return result;
}

int stat(const char *path, struct stat *st)
{
	return mshv_is_node(AT_FDCWD, path) ? stat_of_node(st) : NEXT(stat)(path, st);
}

int stat64(const char *path, struct stat64 *st) ALIAS(stat);

int lstat(const char *path, struct stat *st)
{
	return mshv_is_node(AT_FDCWD, path) ? stat_of_node(st) : NEXT(lstat)(path, st);
}

int lstat64(const char *path, struct stat64 *st) ALIAS(lstat);

int fstat(int fd, struct stat *st)
{
	int result = c_library()->fstat(fd, st);

	if (!result)
		mshv_dress_stat(fd, st);
	return result;
}

int fstat64(int fd, struct stat64 *st) ALIAS(fstat);

int fstatat(int directory, const char *path, struct stat *st, int flags)
{
	int result;

	if (mshv_is_node(directory, path))
		return stat_of_node(st);
	result = NEXT(fstatat)(directory, path, st, flags);
	if (!result && flags & AT_EMPTY_PATH && !*path)
		mshv_dress_stat(directory, st);
	return result;
}

int fstatat64(int directory, const char *path, struct stat64 *st, int flags) ALIAS(fstatat);

/* Rust's standard library and newer programs ask so. */
int statx(int directory, const char *restrict path, int flags, unsigned int mask, struct statx *restrict st)
{
	struct stat plain;
	int is_node = mshv_is_node(directory, path);
	int result = NEXT(statx)(is_node ? AT_FDCWD : directory, is_node ? "/dev/null" : path, flags, mask, st);

	if (result)
		return result;
	plain.st_mode = st->stx_mode;
	if (is_node)
		mshv_node_stat(&plain);
	else if (flags & AT_EMPTY_PATH && path && !*path)
		mshv_dress_stat(directory, &plain);
	else
		return 0;
	if (plain.st_mode != st->stx_mode || is_node) {
		st->stx_mode = (unsigned short)plain.st_mode;
		if (S_ISCHR(plain.st_mode)) {
			st->stx_rdev_major = major(plain.st_rdev);
			st->stx_rdev_minor = minor(plain.st_rdev);
		}
	}
	return 0;
}

ssize_t readlink(const char *path, char *target, size_t room)
{
	return mshv_dress_link(target, c_library()->readlink(path, target, room), room);
}

ssize_t readlinkat(int directory, const char *path, char *target, size_t room)
{
	return mshv_dress_link(target, NEXT(readlinkat)(directory, path, target, room), room);
}

/* Attributes of the node are those of another device in the same folder: ls -l and cp -a ask for them. */

static const char *attributes_of(const char *path)
{
	return mshv_is_node(AT_FDCWD, path) ? "/dev/null" : path;
}

ssize_t getxattr(const char *path, const char *name, void *value, size_t room)
{
	return NEXT(getxattr)(attributes_of(path), name, value, room);
}

ssize_t lgetxattr(const char *path, const char *name, void *value, size_t room)
{
	return NEXT(lgetxattr)(attributes_of(path), name, value, room);
}

ssize_t listxattr(const char *path, char *names, size_t room)
{
	return NEXT(listxattr)(attributes_of(path), names, room);
}

ssize_t llistxattr(const char *path, char *names, size_t room)
{
	return NEXT(llistxattr)(attributes_of(path), names, room);
}

/* System calls by number, for those that the C library has no function for. */

static long answer(long result)
{
	return result < 0 && result >= -4095 ? fail((int)-result) : result;
}

static long enter(long number, const long a[6])
{
	register long r10 __asm__("r10") = a[3];
	register long r8 __asm__("r8") = a[4];
	register long r9 __asm__("r9") = a[5];
	long result;

	__asm__ volatile("syscall"
		: "=a"(result)
		: "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
		: "rcx", "r11", "memory");
	return result;
}

long syscall(long number, ...)
{
	va_list list;
	long a[6];
	int index;

	va_start(list, number);
	for (index = 0; index < 6; index++)
		a[index] = va_arg(list, long);
	va_end(list);
	switch (number) {
	case SYS_open:
		return open_any(AT_FDCWD, (const char *)a[0], (int)a[1], (mode_t)a[2]);
	case SYS_openat:
		return open_any((int)a[0], (const char *)a[1], (int)a[2], (mode_t)a[3]);
	case SYS_openat2:
		if (mshv_is_node((int)a[0], (const char *)a[1]))
			return mshv_open((int)((const struct open_how *)a[2])->flags);
		break;
	case SYS_ioctl:
		return ioctl((int)a[0], (unsigned long)a[1], (void *)a[2]);
	case SYS_mmap:
		return (long)mmap((void *)a[0], (size_t)a[1], (int)a[2], (int)a[3], (int)a[4], (off_t)a[5]);
	case SYS_munmap:
		return munmap((void *)a[0], (size_t)a[1]);
	case SYS_close:
		return mshv_close((int)a[0]);
	}
	return answer(enter(number, a));
}
