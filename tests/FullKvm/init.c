/* The first process of the machine with a full KVM: loads the modules that stand beside it, in their names' order, takes the host's file
 * system for its own, read-only, and runs the script that the kernel's command line names as "script=FILE". */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop_machine(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void stop(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	stop_machine();
}

static void mount_on(const char *source, const char *folder, const char *type, unsigned long flags, const char *options)
{
	mkdir(folder, 0755);
	if (mount(source, folder, type, flags, options))
		stop(folder);
}

static void load_modules(void)
{
	struct dirent **names;
	int count = scandir("/modules", &names, NULL, alphasort);

	if (count < 0)
		stop("/modules");
	for (int i = 0; i < count; i++) {
		char path[512];
		int file;

		if (names[i]->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/modules/%s", names[i]->d_name);
		file = open(path, O_RDONLY | O_CLOEXEC);
		if (file < 0 || syscall(SYS_finit_module, file, "", 0))
			stop(path);
		close(file);
	}
}

int main(void)
{
	const char *script = getenv("script");
	pid_t child, ended;

	mount_on("devtmpfs", "/dev", "devtmpfs", 0, "");
	load_modules();
	mount_on("host", "/host", "9p", MS_RDONLY, "trans=virtio,version=9p2000.L,msize=262144,cache=loose");
	mount_on("proc", "/host/proc", "proc", 0, "");
	mount_on("sysfs", "/host/sys", "sysfs", 0, "");
	if (mount("/dev", "/host/dev", NULL, MS_MOVE, NULL))
		stop("/dev");
	mount_on("tmpfs", "/host/dev/shm", "tmpfs", 0, "");
	mount_on("shared", "/host/dev/shm/host", "9p", 0, "trans=virtio,version=9p2000.L,msize=262144,cache=none");
	if (!script || chdir("/host") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot("."))
		stop("the host's file system");
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", script, (char *)NULL);
		_exit(127);
	}
	/* Whatever ends besides is an orphan. */
	do
		ended = wait(NULL);
	while (ended != child && (ended > 0 || errno == EINTR));
	stop_machine();
}
