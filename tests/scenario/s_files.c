/* Sections about files: every way to open, read, write, copy and close. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "proc.h"
#include "sections.h"

/* fresh makes a file of n bytes under a name, with its own flow, and closes it. */
static void fresh(const char *name, size_t n)
{
	int fd = c_open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		die(name);
	c_write(fd, n);
	c_close(fd);
}

int s_open_forms(void)
{
	c_mkdir(P("open"), P("open"));
	c_mkdir(P("open/sub"), P("open/sub"));
	c_chdir(P("open"));

	int fd = c_open(P("open/absolute"), O_RDWR | O_CREAT | O_EXCL, 0644);
	c_write(fd, 10);
	c_close(fd);
	fd = c_open("relative", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	c_write(fd, 11);
	c_close(fd);
	fd = c_open("./sub/.././dotted", O_WRONLY | O_CREAT | O_SYNC, 0600);
	c_write(fd, 12);
	c_close(fd);
	fd = c_creat("created", 0644);
	c_write(fd, 13);
	c_close(fd);
	fd = c_openat(AT_FDCWD, "sub/at-cwd", O_WRONLY | O_CREAT | O_NONBLOCK, 0644);
	c_write(fd, 14);
	c_close(fd);
	int dir = c_open("sub", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	fd = c_openat(dir, "at-dirfd", O_RDWR | O_CREAT, 0644);
	c_write(fd, 15);
	c_close(fd);
	fd = c_openat(dir, "../up", O_RDWR | O_CREAT | O_DSYNC, 0644);
	c_write(fd, 16);
	c_close(fd);
	fd = c_openat2(dir, "two", O_RDWR | O_CREAT, 0644, RESOLVE_BENEATH);
	c_write(fd, 17);
	c_close(fd);
	fd = c_openat2(AT_FDCWD, P("open/two-absolute"), O_WRONLY | O_CREAT, 0644, 0);
	c_write(fd, 18);
	c_close(fd);
	c_fchdir(dir);
	fd = c_open("at-dirfd", O_RDONLY, 0);
	c_read(fd, 100);
	c_close(fd);
	c_close(dir);

	/* the path is that of the file, not of the symbolic links on the way */
	c_symlink(P("open/sub"), P("open/way"), P("open/sub"), P("open/way"));
	fd = c_open(P("open/way/at-dirfd"), O_RDONLY, 0);
	c_read(fd, 100);
	c_close(fd);

	/* opened and closed without a read, and twice on the same descriptor */
	fd = c_open("at-cwd", O_RDONLY, 0);
	c_close(fd);
	fd = c_open("at-cwd", O_RDONLY, 0);
	c_close(fd);

	/* failures open nothing */
	c_open(P("open/absent"), O_RDONLY, 0);
	c_open(P("open/absolute"), O_RDWR | O_CREAT | O_EXCL, 0644);
	c_openat2(AT_FDCWD, "/etc/passwd", O_RDONLY, 0, RESOLVE_BENEATH);

	fd = c_open("/dev/zero", O_RDONLY, 0);
	c_read(fd, 4096);
	c_close(fd);
	fd = c_open("/dev/null", O_WRONLY, 0);
	c_write(fd, 4096);
	c_close(fd);
	fd = c_open("/proc/self/stat", O_RDONLY, 0);
	c_read(fd, 4096);
	c_close(fd);
	fd = c_open(P("open"), O_RDWR | O_TMPFILE, 0600);
	c_write(fd, 19);
	c_close(fd);
	return 0;
}

int s_io_forms(void)
{
	int fd = c_open(P("io"), O_RDWR | O_CREAT | O_TRUNC, 0644);
	c_write(fd, 100);
	c_pwrite(fd, 200, 100);
	c_writev(fd, 30, 40);
	c_pwritev(fd, 50, 60, 300);
	c_pwritev2(fd, 70, 80, 400);
	c_pread(fd, 150, 0);
	c_readv(fd, 10, 20);
	c_preadv(fd, 30, 40, 100);
	c_preadv2(fd, 50, 60, 200);
	c_read(fd, 1000);
	c_read(fd, 1000); /* at the end: an operation of no bytes */
	c_mmap(fd, 4096);
	c_mmap(fd, 8192);
	c_write(fd, 0);
	c_pread(fd, 10, -1); /* EINVAL: an operation of no bytes */
	c_write(fd, 300000);
	c_close(fd);
	c_read(fd, 10);  /* EBADF: nothing */
	c_write(fd, 10); /* EBADF: nothing */
	c_close(fd);     /* EBADF: nothing */
	return 3;
}

int s_descriptors(void)
{
	int fd = c_open(P("dup"), O_RDWR | O_CREAT | O_TRUNC, 0644);
	c_write(fd, 1);
	int d1 = c_dup(fd);
	c_write(d1, 2);
	int d2 = c_dup2(fd, 40);
	c_write(d2, 4);
	int d3 = c_dup3(fd, 41, O_CLOEXEC);
	c_write(d3, 8);
	int d4 = c_fcntl_dup(fd, 42, false);
	c_write(d4, 16);
	int d5 = c_fcntl_dup(fd, 43, true);
	c_write(d5, 32);
	c_close(d1);
	c_write(fd, 64);
	c_close(fd);
	c_write(d2, 128);
	c_close(d2);
	c_close(d3);
	c_close(d4);
	c_close(d5);

	/* dup2 over an open descriptor closes what was there */
	int a = c_open(P("over"), O_WRONLY | O_CREAT, 0644);
	c_write(a, 5);
	int b = c_open(P("under"), O_WRONLY | O_CREAT, 0644);
	c_write(b, 6);
	c_dup2(a, b);
	c_write(b, 7);
	c_close(b);
	c_close(a);
	c_dup2(50, 51); /* EBADF */
	return 0;
}

int s_close_range(void)
{
	int low = 100;
	for (int i = 0; i < 5; i++) {
		char name[32];
		snprintf(name, sizeof(name), "range%d", i);
		int fd = c_open(P(name), O_WRONLY | O_CREAT, 0644);
		c_dup2(fd, low + i);
		c_write(low + i, (size_t)(100 + i));
		c_close(fd);
	}
	c_close_range((unsigned int)low + 1, (unsigned int)low + 3, 0);
	c_write(low, 1);
	c_write(low + 4, 1);
	c_close_range((unsigned int)low, (unsigned int)low + 100, 0);
	return 0;
}

int s_copies(void)
{
	fresh(P("source"), 50000);
	int in = c_open(P("source"), O_RDONLY, 0);
	int out = c_open(P("target"), O_RDWR | O_CREAT, 0644);
	c_sendfile(out, in, 20000);
	c_sendfile(out, in, 50000);
	c_sendfile(out, in, 50000); /* at the end */
	lseek(in, 0, SEEK_SET);
	c_copy_file_range(in, out, 7000);
	int pipes[2];
	c_pipe(pipes);
	c_splice(in, pipes[1], 6000);
	c_splice(pipes[0], out, 6000);
	c_close(in);
	c_close(out);
	c_close(pipes[0]);
	c_close(pipes[1]);
	return 0;
}

int s_left_open(void)
{
	int fd = c_open(P("left1"), O_WRONLY | O_CREAT, 0644);
	c_write(fd, 77);
	c_open(P("left2"), O_RDONLY | O_CREAT, 0644);
	return 7;
}

int s_many_writes(void)
{
	int fd = c_open(P("million"), O_WRONLY | O_CREAT, 0644);
	c_write_many(fd, 1000000);
	c_close(fd);
	fd = c_open(P("million"), O_RDONLY, 0644);
	c_read_many(fd, 100000);
	c_close(fd);
	return 0;
}

int s_odd_paths(void)
{
	static char long_name[256];
	memset(long_name, 'n', 255);
	c_mkdir(P("odd dir"), P("odd dir"));
	c_chdir(P("odd dir"));
	const char *names[] = {" leading and trailing ",
			       "quote\"back\\slash",
			       "new\nline",
			       "t\303\244st \342\202\254",
			       "-dash",
			       "...",
			       long_name};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int fd = c_open(names[i], O_WRONLY | O_CREAT, 0644);
		c_write(fd, i + 1);
		c_close(fd);
		static char want[4096];
		snprintf(want, sizeof(want), "%s/%s", P("odd dir"), names[i]);
		c_unlink(names[i], want);
	}
	/* four levels of long names: about 1,000 bytes of path */
	static char deep[4096];
	snprintf(deep, sizeof(deep), "%s", P("odd dir"));
	for (int i = 0; i < 4; i++) {
		strcat(deep, "/");
		strncat(deep, long_name, 240);
		c_mkdir(deep, deep);
	}
	strcat(deep, "/file");
	int fd = c_open(deep, O_WRONLY | O_CREAT, 0644);
	c_write(fd, 9);
	c_close(fd);
	c_unlink(deep, deep);
	return 0;
}
