/* Files that come and go. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void one_file(const char *dir, long i)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%d-%ld", dir, (int)getpid(), i);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	must(fd >= 0 && write(fd, "x", 1) == 1 && !close(fd) && !unlink(path), path);
}

long load_files(const char *dir, double seconds)
{
	double end = now() + seconds;
	long i = 0;

	while (now() < end)
		one_file(dir, i++);
	return i;
}

/* They stay open until the program ends. How many are open counts here, not how fast they were
 * opened, so there is a pause now and then. */
long load_descriptors(const char *dir, long n)
{
	const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
	char path[PATH_MAX];

	for (long i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%d-%ld", dir, (int)getpid(), i);
		must(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0, path);
		if (i % 100 == 0)
			nanosleep(&pause, NULL);
	}
	return n;
}
