/* Makes a keyboard with uinput, and has programs see it: each of the arguments, without one of its own and with the device's file. The first
 * run must list the keyboard, the second must tell of a key that is pressed and released, and end when the keyboard goes. Prints what is
 * wrong, and ends with 0 where nothing is. As C has it: the programs' own idea of the structures is what is tried. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME		"keys and \"quotes\""
#define VENDOR		0x1d6b
#define PRODUCT		0x0104
#define PATIENCE	100	/* seconds */

static pid_t child;

static void stop(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

/* Starts a program with its standard output on a pipe. */
static FILE *start(char *const words[])
{
	int ends[2];

	if (pipe(ends))
		stop("pipe");
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		execvp(words[0], words);
		_exit(127);
	}
	close(ends[1]);
	return fdopen(ends[0], "r");
}

static int ended(FILE *said)
{
	int status;

	fclose(said);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int make_keyboard(void)
{
	struct uinput_setup setup = { .id = { .bustype = BUS_VIRTUAL, .vendor = VENDOR, .product = PRODUCT }, .name = NAME };
	int keyboard = open("/dev/uinput", O_WRONLY | O_CLOEXEC);

	if (keyboard < 0)
		stop("/dev/uinput");
	if (ioctl(keyboard, UI_SET_EVBIT, EV_KEY) || ioctl(keyboard, UI_SET_KEYBIT, KEY_A) ||
	    ioctl(keyboard, UI_DEV_SETUP, &setup) || ioctl(keyboard, UI_DEV_CREATE))
		stop("uinput");
	return keyboard;
}

/* The device's file, which the kernel names. */
static void find_file(int keyboard, char *path, size_t size)
{
	char name[64] = "", folder[128];
	struct dirent *entry;
	DIR *list;

	if (ioctl(keyboard, UI_GET_SYSNAME(sizeof(name)), name) < 0)
		stop("UI_GET_SYSNAME");
	snprintf(folder, sizeof(folder), "/sys/devices/virtual/input/%s", name);
	list = opendir(folder);
	if (!list)
		stop(folder);
	path[0] = 0;
	while ((entry = readdir(list)))
		if (!strncmp(entry->d_name, "event", 5))
			snprintf(path, size, "/dev/input/%.32s", entry->d_name);
	closedir(list);
	if (!path[0])
		stop("no event device");
}

static void send(int keyboard, int type, int code, int value)
{
	struct input_event event = { .type = type, .code = code, .value = value };

	if (write(keyboard, &event, sizeof(event)) != sizeof(event))
		stop("an event");
}

static void press_and_release(int keyboard)
{
	send(keyboard, EV_KEY, KEY_A, 1);
	send(keyboard, EV_SYN, SYN_REPORT, 0);
	send(keyboard, EV_KEY, KEY_A, 0);
	send(keyboard, EV_SYN, SYN_REPORT, 0);
}

int main(int count, char *words[])
{
	static const char *const expected[] = {
		"key code 30 value 1\n", "synchronized code 0 value 0\n", "key code 30 value 0\n", "synchronized code 0 value 0\n",
	};
	char path[64], line[256], wanted[256];
	char *with_file[16] = { 0 };
	int keyboard = make_keyboard(), wrong = 0, is_listed = 0, status;
	FILE *said;

	if (count < 2 || count > 14)
		return 2;
	alarm(PATIENCE);
	setvbuf(stdout, NULL, _IONBF, 0);
	find_file(keyboard, path, sizeof(path));
	snprintf(wanted, sizeof(wanted), "%s  %04x:%04x  %s\n", path, VENDOR, PRODUCT, NAME);

	said = start(words + 1);
	while (fgets(line, sizeof(line), said))
		is_listed |= !strcmp(line, wanted);
	status = ended(said);
	if (!is_listed || status) {
		printf("the list lacks the keyboard, or ended with %d\n", status);
		wrong++;
	}

	memcpy(with_file, words + 1, (count - 1) * sizeof(*words));
	with_file[count - 1] = path;
	said = start(with_file);
	/* The program has opened the device when it tells of it; events wait for it from then on. */
	if (!fgets(line, sizeof(line), said) || strcmp(line, wanted)) {
		printf("told of another device: %s", line);
		wrong++;
	}
	press_and_release(keyboard);
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		line[0] = 0;
		if (!fgets(line, sizeof(line), said) || strcmp(line, expected[i])) {
			printf("expected %sgot %s\n", expected[i], line);
			wrong++;
		}
	}
	ioctl(keyboard, UI_DEV_DESTROY);
	if (fgets(line, sizeof(line), said)) {
		printf("told of more than there was: %s", line);
		wrong++;
	}
	status = ended(said);
	if (status) {
		printf("ended with %d when the keyboard went\n", status);
		wrong++;
	}
	return wrong ? 1 : 0;
}
