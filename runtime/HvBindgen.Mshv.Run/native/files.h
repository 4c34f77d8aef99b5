/* SPDX-License-Identifier: MIT */
/* Open files of the emulated device in a process that knows nothing of it. */
#ifndef HVBINDGEN_FILES_H
#define HVBINDGEN_FILES_H

#include <errno.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Every function that answers an int answers as a system call of the C library does: -1 and errno. */
static inline int fail(int number)
{
	errno = number;
	return -1;
}

/* The calls of the C library that are replaced here, as the next library has them. */
struct c_library {
	int (*ioctl)(int, unsigned long, ...);
	int (*close)(int);
	void *(*mmap)(void *, size_t, int, int, int, off_t);
	int (*munmap)(void *, size_t);
	int (*openat)(int, const char *, int, ...);
	int (*dup2)(int, int);
	int (*dup3)(int, int, int);
	int (*close_range)(unsigned int, unsigned int, int);
	ssize_t (*read)(int, void *, size_t);
	ssize_t (*write)(int, const void *, size_t);
	int (*fstat)(int, struct stat *);
	ssize_t (*readlink)(const char *, char *, size_t);
};
const struct c_library *c_library(void);

/* What a descriptor is. */
enum mshv_file {
	MSHV_NONE,	/* nothing of the device */
	MSHV_OPEN,	/* an open file of the device */
	MSHV_FOREIGN,	/* one of another process: a parent's, or that of whoever sent the descriptor */
};
enum mshv_file mshv_file(int fd);

/* Whether a path, relative to a directory's descriptor, names the device. */
int mshv_is_node(int directory, const char *path);

int mshv_open(int flags);

/* Makes a request of a file of the device; answers 0, and does nothing, where the descriptor is none. */
int mshv_ioctl(int fd, unsigned int request, void *argument, int *result);
void *mshv_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);

/* Memory of the device in a range goes by mshv_munmap. */
int mshv_has_mapped(void *address, size_t length);
int mshv_munmap(void *address, size_t length);

/* Closes a descriptor of any kind. */
int mshv_close(int fd);

/* Descriptors may have gone otherwise: lets go of the files that have none left. */
void mshv_sweep(void);

/* What fstat and /proc tell of the descriptor that stands for a file, made what the driver's would be. */
void mshv_dress_stat(int fd, struct stat *st);
void mshv_node_stat(struct stat *st);
ssize_t mshv_dress_link(char *target, ssize_t length, size_t room);

#endif
