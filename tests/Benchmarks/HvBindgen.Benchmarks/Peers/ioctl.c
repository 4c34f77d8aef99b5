/* Nanoseconds per ioctl that does nothing, with one idle second thread, as a .NET process always has. */
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static void *idle(void *unused)
{
	pause();
	return unused;
}

int main(int argc, char **argv)
{
	long count = atol(argv[argc - 1]);
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	struct timespec start, end;
	pthread_t thread;

	pthread_create(&thread, NULL, idle, NULL);
	for (long i = 0; i < count / 10; i++)
		if (ioctl(fd, KVM_GET_API_VERSION, 0) != 12)
			return 1;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (long i = 0; i < count; i++)
		if (ioctl(fd, KVM_GET_API_VERSION, 0) != 12)
			return 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%f\n", ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / count);
	return 0;
}
