/* Turns of files. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "turn.h"

static int zero, null;
static char byte;

static void open_both(void)
{
	zero = open("/dev/zero", O_RDONLY);
	null = open("/dev/null", O_WRONLY);
	must(zero >= 0 && null >= 0, "open");
}

static void run_getppid(void)
{
	syscall(SYS_getppid);
}

static void run_read(void)
{
	must(syscall(SYS_read, zero, &byte, 1) == 1, "read");
}

static void run_write(void)
{
	must(syscall(SYS_write, null, &byte, 1) == 1, "write");
}

static void run_readv(void)
{
	struct iovec v = {&byte, 1};

	must(syscall(SYS_readv, zero, &v, 1) == 1, "readv");
}

static void run_open(void)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/zero", O_RDONLY, 0);

	must(fd >= 0 && syscall(SYS_read, fd, &byte, 1) == 1, "open and read");
	syscall(SYS_close, fd);
}

const struct turn turn_getppid = {.name = "getppid", .run = run_getppid};
const struct turn turn_read = {.name = "read", .prepare = open_both, .run = run_read};
const struct turn turn_write = {.name = "write", .prepare = open_both, .run = run_write};
const struct turn turn_readv = {.name = "readv", .prepare = open_both, .run = run_readv};
const struct turn turn_open = {.name = "open", .run = run_open};
