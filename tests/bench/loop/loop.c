/* The loops whose cost is measured: one system call, or three, over and over, on one
 * processor. Prints the best nanoseconds per turn of a few rounds.
 *
 *   loop read|open|getppid TURNS ROUNDS CPU */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int zero;

static void turn_read(void)
{
	char c;

	if (syscall(SYS_read, zero, &c, 1) != 1)
		abort();
}

static void turn_open(void)
{
	char c;
	int fd = syscall(SYS_openat, AT_FDCWD, "/dev/zero", O_RDONLY, 0);

	if (fd < 0 || syscall(SYS_read, fd, &c, 1) != 1)
		abort();
	syscall(SYS_close, fd);
}

static void turn_getppid(void)
{
	syscall(SYS_getppid);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	void (*turn)(void) = !strcmp(argv[1], "read")   ? turn_read
			     : !strcmp(argv[1], "open") ? turn_open
							: turn_getppid;
	long turns = atol(argv[2]);
	double best = 0;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(atoi(argv[4]), &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		return 3;
	zero = open("/dev/zero", O_RDONLY);
	for (int round = 0; round < atoi(argv[3]); round++) {
		double start = now();

		for (long i = 0; i < turns; i++)
			turn();
		double ns = (now() - start) / (double)turns;
		if (!best || ns < best)
			best = ns;
	}
	printf("%.1f\n", best);
	return 0;
}
