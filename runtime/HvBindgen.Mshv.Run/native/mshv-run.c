/* SPDX-License-Identifier: MIT */
/* mshv-run COMMAND [ARGUMENT]...: runs a command that finds an emulated /dev/mshv. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRELOAD "mshv-run-preload.so"
#define CANNOT_RUN 126
#define NOT_FOUND 127

/* The file that execvp would run. */
static int find(const char *command, char *found, size_t room)
{
	const char *path = getenv("PATH");
	size_t length;

	if (strchr(command, '/'))
		return (size_t)snprintf(found, room, "%s", command) < room && !access(found, X_OK);
	for (; path && *path; path += length + (path[length] == ':')) {
		length = strcspn(path, ":");
		if ((size_t)snprintf(found, room, "%.*s/%s", (int)length, path, command) < room && !access(found, X_OK))
			return 1;
	}
	return 0;
}

/* Nothing is loaded before a program that loads nothing. A loader itself is such a program, and loads by itself. */
static int is_static(const char *file)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int index, has_interpreter = 0, is_shared = 0, is_read;

	if (fd < 0)
		return 0;
	is_read = read(fd, &header, sizeof(header)) == sizeof(header) && !memcmp(header.e_ident, ELFMAG, SELFMAG);
	for (index = 0; is_read && index < header.e_phnum; index++) {
		off_t offset = (off_t)(header.e_phoff + (Elf64_Off)index * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), offset) != sizeof(segment))
			break;
		has_interpreter |= segment.p_type == PT_INTERP;
	}
	is_shared = is_read && header.e_type == ET_DYN;
	close(fd);
	return is_read && !has_interpreter && !(is_shared && strstr(file, "ld-linux"));
}

int main(int count, char **arguments)
{
	char self[PATH_MAX], file[PATH_MAX], *preload, *slash;
	const char *before = getenv("LD_PRELOAD");
	ssize_t length;

	if (count < 2) {
		fprintf(stderr, "usage: mshv-run COMMAND [ARGUMENT]...\n"
				"Runs a command that finds /dev/mshv, emulated on /dev/kvm, in its own process.\n");
		return CANNOT_RUN;
	}
	length = readlink("/proc/self/exe", self, sizeof(self) - sizeof(PRELOAD));
	if (length < 0) {
		perror("mshv-run: /proc/self/exe");
		return CANNOT_RUN;
	}
	self[length] = 0;
	slash = strrchr(self, '/');
	strcpy(slash + 1, PRELOAD);
	if (access(self, R_OK)) {
		fprintf(stderr, "mshv-run: %s is missing: it belongs beside mshv-run\n", self);
		return CANNOT_RUN;
	}
	if (!find(arguments[1], file, sizeof(file))) {
		fprintf(stderr, "mshv-run: %s: command not found\n", arguments[1]);
		return NOT_FOUND;
	}
	if (is_static(file)) {
		fprintf(stderr, "mshv-run: %s is linked statically: its system calls cannot be reached\n", file);
		return CANNOT_RUN;
	}
	if (asprintf(&preload, "%s%s%s", self, before && *before ? ":" : "", before ? before : "") < 0 || setenv("LD_PRELOAD", preload, 1)) {
		perror("mshv-run");
		return CANNOT_RUN;
	}
	execv(file, arguments + 1);
	fprintf(stderr, "mshv-run: %s: %s\n", file, strerror(errno));
	return CANNOT_RUN;
}
