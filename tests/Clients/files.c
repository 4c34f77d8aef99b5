/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <dirent.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>

#define PARTITION "anon_inode:mshv_partition"

static const struct mshv_create_partition plain = { .pt_flags = 1 << MSHV_PT_BIT_LAPIC };

static int is_device(int fd)
{
	int partition = ioctl(fd, MSHV_CREATE_PARTITION, &plain);

	if (partition >= 0)
		close(partition);
	return partition >= 0;
}

static void opens_in_every_way(void)
{
	struct open_how how = { .flags = O_RDWR | O_CLOEXEC };
	int fd, directory = open("/dev", O_RDONLY | O_DIRECTORY);
	char before[PAGE];
	FILE *stream;

	fd = open(NODE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	check(is_device(fd), "open");
	check((fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == (O_RDONLY | O_NONBLOCK), "the file's flags are those of open");
	check(fcntl(fd, F_GETFD) == FD_CLOEXEC, "O_CLOEXEC is the descriptor's");
	close(fd);
	fd = open(NODE, O_RDWR);
	check(fcntl(fd, F_GETFD) == 0 && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR, "neither is there unasked");
	close(fd);
	fd = openat(AT_FDCWD, "/dev/../dev/./mshv", O_RDWR);
	check(is_device(fd), "openat of a path with detours");
	close(fd);
	fd = openat(directory, "mshv", O_RDWR);
	check(is_device(fd), "openat from the folder");
	close(fd);
	fd = (int)syscall(SYS_openat2, directory, "mshv", &how, sizeof(how));
	check(is_device(fd), "openat2");
	close(fd);
	check(getcwd(before, sizeof(before)) && !chdir("/dev"), "cd /dev");
	fd = open("mshv", O_RDWR);
	check(is_device(fd), "open of a relative path");
	close(fd);
	check(!chdir(before), "back");
	check(open("mshv", O_RDWR) == -1 && errno == ENOENT, "the same name elsewhere is another file");
	stream = fopen(NODE, "r+");
	check(stream && is_device(fileno(stream)), "fopen");
	check(stream && !fclose(stream), "fclose");
	CHECK_ERRNO(open(NODE, O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open(NODE, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	close(directory);
}

static void is_told_of_as_a_device(void)
{
	struct stat st;
	struct statx stx;
	char path[64], target[64], names[256];
	ssize_t length;
	int fd = open(NODE, O_RDWR), partition = ioctl(fd, MSHV_CREATE_PARTITION, &plain);

	check(!stat(NODE, &st) && S_ISCHR(st.st_mode) && major(st.st_rdev) == 10, "stat sees a device");
	check(!lstat(NODE, &st) && S_ISCHR(st.st_mode), "lstat");
	check(!fstat(fd, &st) && S_ISCHR(st.st_mode) && major(st.st_rdev) == 10, "fstat");
	check(!fstatat(AT_FDCWD, NODE, &st, 0) && S_ISCHR(st.st_mode), "fstatat");
	check(!statx(AT_FDCWD, NODE, 0, STATX_TYPE, &stx) && S_ISCHR(stx.stx_mode) && stx.stx_rdev_major == 10, "statx");
	check(!access(NODE, R_OK | W_OK), "access");
	check(listxattr(NODE, names, sizeof(names)) == listxattr("/dev/null", names, sizeof(names)), "listxattr");
	check(getxattr(NODE, "user.none", names, sizeof(names)) == -1 && errno != ENOENT, "getxattr finds the node, and no attribute");
	check(lgetxattr(NODE, "user.none", names, sizeof(names)) == -1 && errno != ENOENT, "lgetxattr");
	CHECK_ERRNO(access(NODE, X_OK), EACCES);
	check(!fstat(partition, &st) && !S_ISREG(st.st_mode), "a partition is no regular file");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, target, sizeof(target));
	check(length == (ssize_t)strlen(NODE) && !memcmp(target, NODE, (size_t)length), "/proc names the device");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", partition);
	length = readlink(path, target, sizeof(target));
	check(length == (ssize_t)strlen(PARTITION) && !memcmp(target, PARTITION, (size_t)length), "/proc names the partition");
	close(partition);
	close(fd);
}

static void refuses_what_the_driver_has_not(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct pollfd polled = { .events = POLLIN | POLLOUT };
	char byte = 0;
	struct iovec part = { &byte, 1 };
	int device = open(NODE, O_RDWR), fd = ioctl(device, MSHV_CREATE_PARTITION, &plain);
	int other = open("/dev/null", O_RDWR), poller = epoll_create1(EPOLL_CLOEXEC);

	CHECK_ERRNO(ioctl(device, MSHV_CREATE_VTL, NULL), ENOTTY);
	CHECK_ERRNO(read(fd, &byte, 1), EINVAL);
	CHECK_ERRNO(write(fd, &byte, 1), EINVAL);
	CHECK_ERRNO(readv(fd, &part, 1), EINVAL);
	CHECK_ERRNO(writev(fd, &part, 1), EINVAL);
	CHECK_ERRNO(pread(fd, &byte, 1, 0), EINVAL);
	CHECK_ERRNO(read(device, &byte, 1), EINVAL);
	CHECK_ERRNO(ftruncate(fd, 0), EINVAL);
	CHECK_ERRNO(epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event), EPERM);
	polled.fd = fd;
	check(poll(&polled, 1, 0) == 1 && polled.revents == (POLLIN | POLLOUT), "poll says at once that nothing blocks");
	check(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENODEV, "a partition cannot be mapped");
	check(read(other, &byte, 1) == 0, "the end of another file is an end");
	close(poller);
	close(other);
	close(fd);
	close(device);
	CHECK_ERRNO(ioctl(fd, MSHV_INITIALIZE_PARTITION), EBADF);
	CHECK_ERRNO(close(fd), EBADF);
}

/* Maps the same memory every time: EEXIST says that the partition has it, and so lives. */
static int maps(int partition, void *memory)
{
	struct mshv_user_mem_region region = { .size = PAGE, .flags = 1 << MSHV_SET_MEM_BIT_WRITABLE, .userspace_addr = (__u64)(uintptr_t)memory };

	return ioctl(partition, MSHV_SET_GUEST_MEMORY, &region);
}

static void duplicates_are_the_same_file(void)
{
	void *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int device = open(NODE, O_RDWR), fd = ioctl(device, MSHV_CREATE_PARTITION, &plain);
	int other = dup(fd), third = fcntl(fd, F_DUPFD_CLOEXEC, 100), pair[2];

	check(third >= 100, "F_DUPFD");
	check(!ioctl(other, MSHV_INITIALIZE_PARTITION), "a duplicate takes requests");
	check(!maps(third, memory), "so does one by fcntl");
	close(fd);
	check(maps(other, memory) == -1 && errno == EEXIST, "the partition outlives one of its descriptors");
	check(dup2(other, fd) == fd && maps(fd, memory) == -1 && errno == EEXIST, "dup2");
	close(other);
	close(third);
	check(maps(fd, memory) == -1 && errno == EEXIST, "one is enough");

	/* Over a socket, with no descriptor left meanwhile. */
	check(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "a pair of sockets");
	{
		char byte = 1, control[CMSG_SPACE(sizeof(int))] = { 0 };
		struct iovec part = { &byte, 1 };
		struct msghdr message = {
			.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
		};
		struct cmsghdr *rights = CMSG_FIRSTHDR(&message);

		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(rights), &fd, sizeof(int));
		check(sendmsg(pair[0], &message, 0) == 1, "it is sent");
		close(fd);
		check(recvmsg(pair[1], &message, 0) == 1, "and received");
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
		check(maps(fd, memory) == -1 && errno == EEXIST, "it is the same partition");
	}
	close(pair[0]);
	close(pair[1]);

	/* What is opened over it closes it. */
	check(dup2(device, fd) == fd && is_device(fd), "dup2 over a partition closes it");
	CHECK_ERRNO(maps(fd, memory), ENOTTY);
	close(fd);
	close(device);
	munmap(memory, PAGE);
}

/* KVM takes a host a bounded number of machines: those of closed descriptors must be gone at once. */
static void closing_gives_everything_back(void)
{
	int round, descriptors = 0, after = 0;
	DIR *folder;

	for (round = 0; round < 300; round++) {
		struct machine m;
		static const unsigned char halt[] = { 0xf4 };

		machine_create(&m, halt, sizeof(halt));
		machine_destroy(&m);
		if (round == 0 || round == 299) {
			folder = opendir("/proc/self/fd");
			for (after = 0; readdir(folder); after++)
				;
			closedir(folder);
			if (round == 0)
				descriptors = after;
		}
	}
	check(after == descriptors, "300 machines leave no descriptor behind");
}

static void pages_are_mapped_where_asked(void)
{
	struct machine m;
	static const unsigned char halt[] = { 0xf4 };
	struct hv_vp_register_page *page, *again;
	char *room;

	machine_create(&m, halt, sizeof(halt));
	room = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page = mmap(room + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, m.vp, MSHV_VP_MMAP_OFFSET_REGISTERS * PAGE);
	check((char *)page == room + PAGE, "MAP_FIXED");
	again = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, m.vp, MSHV_VP_MMAP_OFFSET_REGISTERS * PAGE);
	check(again != MAP_FAILED && again->version == page->version, "twice");
	check(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, m.vp, 5 * PAGE) == MAP_FAILED && errno == EINVAL, "there are no more pages");
	machine_destroy(&m);
	check(page->version == again->version, "a page outlives its descriptors");
	check(!munmap(room, 3 * PAGE) && !munmap(again, PAGE), "they are unmapped");
}

void test_files(void)
{
	opens_in_every_way();
	is_told_of_as_a_device();
	refuses_what_the_driver_has_not();
	duplicates_are_the_same_file();
	pages_are_mapped_where_asked();
	closing_gives_everything_back();
}
