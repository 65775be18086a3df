/* Opening, reading, writing and closing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls_op.h"

static char zeros[1 << 20];

/* type_of is the letter that SysFlow has for what a descriptor refers to. */
static char type_of(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return '?';
	if (S_ISDIR(st.st_mode))
		return 'd';
	if (S_ISFIFO(st.st_mode))
		return 'p';
	return 'f';
}

/* dir_of is what a name is relative to, "" when that is not known. */
static const char *dir_of(int dirfd)
{
	static _Thread_local char dir[PATH_MAX];
	char link[64];

	snprintf(link, sizeof(link), "/proc/thread-self/fd/%d", dirfd);
	ssize_t n =
		readlink(dirfd == AT_FDCWD ? "/proc/thread-self/cwd" : link, dir, sizeof(dir) - 1);
	dir[n < 0 ? 0 : n] = 0;
	return dir;
}

/* What an open is asked for. */
struct asked {
	int dirfd;
	const char *name;
	int flags;
	mode_t mode;
};

/* opened reports an open; the path is the kernel's, by /proc/thread-self/fd. */
static int opened(const char *call, uint64_t t0, long ret, struct asked a)
{
	char link[64], path[PATH_MAX] = "";
	if (ret >= 0) {
		snprintf(link, sizeof(link), "/proc/thread-self/fd/%ld", ret);
		ssize_t n = readlink(link, path, sizeof(path) - 1);
		if (n < 0)
			die(link);
	}
	report(call, t0, ret,
	       "\"op\":\"open\",\"name\":%s,\"dir\":%s,\"path\":%s,\"type\":\"%c\",\"flags\":%d,"
	       "\"mode\":%u",
	       js(a.name), js(dir_of(a.dirfd)), js(path), ret >= 0 ? type_of((int)ret) : '?',
	       a.flags, a.mode);
	return (int)ret;
}

#ifdef SYS_open
int c_open(const char *path, int flags, mode_t mode)
{
	uint64_t t0 = now();
	return opened("open", t0, SC(SYS_open, path, flags, mode),
		      (struct asked){AT_FDCWD, path, flags, mode});
}

int c_creat(const char *path, mode_t mode)
{
	uint64_t t0 = now();
	return opened("creat", t0, SC(SYS_creat, path, mode),
		      (struct asked){AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode});
}
#else /* arm64 has only the newer calls */
int c_open(const char *path, int flags, mode_t mode)
{
	return c_openat(AT_FDCWD, path, flags, mode);
}

int c_creat(const char *path, mode_t mode)
{
	return c_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
#endif

int c_open_as(const char *path, int flags, mode_t mode, const char *want)
{
	uint64_t t0 = now();
	long ret = SC(SYS_openat, AT_FDCWD, path, flags, mode);

	report("openat", t0, ret, "\"op\":\"open\",\"path\":%s,\"type\":\"%c\",\"flags\":%d",
	       js(want), type_of((int)ret), flags);
	return (int)ret;
}

int c_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	uint64_t t0 = now();
	return opened("openat", t0, SC(SYS_openat, dirfd, path, flags, mode),
		      (struct asked){dirfd, path, flags, mode});
}

int c_openat2(int dirfd, const char *path, int flags, mode_t mode, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)flags, .mode = mode, .resolve = resolve};
	uint64_t t0 = now();
	return opened("openat2", t0, SC(SYS_openat2, dirfd, path, &how, sizeof(how)),
		      (struct asked){dirfd, path, flags, mode});
}

static long io(const char *call, const char *op, uint64_t t0, long ret, int fd)
{
	report(call, t0, ret, "\"op\":\"%s\",\"fd\":%d", op, fd);
	return ret;
}

static struct iovec *pieces(size_t a, size_t b)
{
	static _Thread_local struct iovec v[2];
	v[0] = (struct iovec){zeros, a};
	v[1] = (struct iovec){zeros + sizeof(zeros) / 2, b};
	return v;
}

#define IO(call, op, fd, ...)                                                                      \
	({                                                                                         \
		uint64_t io_t0 = now();                                                            \
		io(#call, op, io_t0, SC(SYS_##call, fd, __VA_ARGS__), fd);                         \
	})

long c_read(int fd, size_t n)
{
	return IO(read, "read", fd, zeros, n);
}
long c_write(int fd, size_t n)
{
	return IO(write, "write", fd, zeros, n);
}
long c_pread(int fd, size_t n, off_t at)
{
	return IO(pread64, "read", fd, zeros, n, at);
}
long c_pwrite(int fd, size_t n, off_t at)
{
	return IO(pwrite64, "write", fd, zeros, n, at);
}
long c_readv(int fd, size_t a, size_t b)
{
	return IO(readv, "read", fd, pieces(a, b), 2);
}
long c_writev(int fd, size_t a, size_t b)
{
	return IO(writev, "write", fd, pieces(a, b), 2);
}
long c_preadv(int fd, size_t a, size_t b, off_t at)
{
	return IO(preadv, "read", fd, pieces(a, b), 2, at, 0);
}
long c_pwritev(int fd, size_t a, size_t b, off_t at)
{
	return IO(pwritev, "write", fd, pieces(a, b), 2, at, 0);
}
long c_preadv2(int fd, size_t a, size_t b, off_t at)
{
	return IO(preadv2, "read", fd, pieces(a, b), 2, at, 0, 0);
}
long c_pwritev2(int fd, size_t a, size_t b, off_t at)
{
	return IO(pwritev2, "write", fd, pieces(a, b), 2, at, 0, 0);
}

long c_write_text(int fd, const char *text)
{
	return IO(write, "write", fd, text, strlen(text));
}

static void many(const char *op, long nr, int fd, long n)
{
	uint64_t t0 = now();
	for (long i = 0; i < n; i++)
		if (syscall(nr, fd, zeros, 1) != 1)
			die("one byte");
	report(op, t0, n, "\"op\":\"%s\",\"fd\":%d,\"n\":%ld", op, fd, n);
}

void c_write_many(int fd, long n)
{
	many("write", SYS_write, fd, n);
}
void c_read_many(int fd, long n)
{
	many("read", SYS_read, fd, n);
}

long c_close(int fd)
{
	uint64_t t0 = now();
	return io("close", "close", t0, SC(SYS_close, fd), fd);
}

long c_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	uint64_t t0 = now();
	long ret = SC(SYS_close_range, first, last, flags);
	report("close_range", t0, ret, "\"op\":\"close_range\",\"fd\":%u,\"last\":%u", first, last);
	return ret;
}

static int dupped(const char *call, uint64_t t0, long ret, int fd, bool cloexec)
{
	report(call, t0, ret, "\"op\":\"dup\",\"fd\":%d,\"cloexec\":%s", fd,
	       cloexec ? "true" : "false");
	return (int)ret;
}

int c_dup(int fd)
{
	uint64_t t0 = now();
	return dupped("dup", t0, SC(SYS_dup, fd), fd, false);
}

int c_dup2(int fd, int to)
{
#ifdef SYS_dup2
	uint64_t t0 = now();
	return dupped("dup2", t0, SC(SYS_dup2, fd, to), fd, false);
#else
	return c_dup3(fd, to, 0);
#endif
}

int c_dup3(int fd, int to, int flags)
{
	uint64_t t0 = now();
	return dupped("dup3", t0, SC(SYS_dup3, fd, to, flags), fd, flags & O_CLOEXEC);
}

int c_fcntl_dup(int fd, int from, bool cloexec)
{
	uint64_t t0 = now();
	long ret = SC(SYS_fcntl, fd, cloexec ? F_DUPFD_CLOEXEC : F_DUPFD, from);
	return dupped("fcntl", t0, ret, fd, cloexec);
}

void c_mmap(int fd, size_t n)
{
	uint64_t t0 = now();
	void *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		die("mmap");
	io("mmap", "mmap", t0, 0, fd);
	munmap(p, n);
}

long c_setns(int fd, int kind)
{
	uint64_t t0 = now();
	return io("setns", "setns", t0, SC(SYS_setns, fd, kind), fd);
}

static long copied(const char *call, uint64_t t0, long ret, int in, int out)
{
	report(call, t0, ret, "\"op\":\"copy\",\"fd\":%d,\"out\":%d", in, out);
	return ret;
}

long c_sendfile(int out, int in, size_t n)
{
	uint64_t t0 = now();
	return copied("sendfile", t0, SC(SYS_sendfile, out, in, NULL, n), in, out);
}

long c_splice(int in, int out, size_t n)
{
	uint64_t t0 = now();
	return copied("splice", t0, SC(SYS_splice, in, NULL, out, NULL, n, 0), in, out);
}

long c_copy_file_range(int in, int out, size_t n)
{
	uint64_t t0 = now();
	return copied("copy_file_range", t0, SC(SYS_copy_file_range, in, NULL, out, NULL, n, 0), in,
		      out);
}

int c_memfd(const char *name)
{
	char path[64];
	int fd = (int)OP("MEMFD_CREATE", memfd_create, (name, MFD_CLOEXEC),
			 "name=%s\nflags=MFD_CLOEXEC", name);

	if (fd < 0)
		die("memfd_create");
	snprintf(path, sizeof(path), "/memfd:%s", name);
	report("memfd_create", now(), fd,
	       "\"op\":\"received\",\"path\":%s,\"type\":\"f\",\"cloexec\":true", js(path));
	return fd;
}

void c_received(int fd, const char *path)
{
	report("recvmsg", now(), fd, "\"op\":\"received\",\"path\":%s,\"type\":\"%c\"", js(path),
	       type_of(fd));
}

int c_quiet(const char *what, int fd)
{
	if (fd < 0)
		die(what);
	report(what, now(), fd, "\"op\":\"quiet\"");
	return fd;
}

static void pair(const char *call, char type, const int fds[2])
{
	for (int i = 0; i < 2; i++)
		report(call, now(), fds[i], "\"op\":\"noise\",\"type\":\"%c\"", type);
}

void c_pipe(int fds[2])
{
	if (pipe2(fds, 0) < 0)
		die("pipe");
	pair("pipe2", 'p', fds);
}

void c_socketpair(int fds[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		die("socketpair");
	pair("socketpair", 'u', fds);
}
