/* Sections about what a file is besides its content, and about opens that are told as events. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "calls_op.h"
#include "proc.h"
#include "sections.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

#ifdef SYS_chmod
#define CHMOD(want, name, mode, args)      FILE_OP("CHMOD", chmod, want, (name, mode), args)
#define CHOWN(want, name, uid, gid, args)  FILE_OP("CHOWN", chown, want, (name, uid, gid), args)
#define LCHOWN(want, name, uid, gid, args) FILE_OP("CHOWN", lchown, want, (name, uid, gid), args)
#define MKNOD(want, name, mode, dev, args) FILE_OP("MKNOD", mknod, want, (name, mode, dev), args)
#else /* arm64 has only the newer calls */
#define CHMOD(want, name, mode, args) FILE_OP("CHMOD", fchmodat, want, (AT_FDCWD, name, mode), args)
#define CHOWN(want, name, uid, gid, args)                                                          \
	FILE_OP("CHOWN", fchownat, want, (AT_FDCWD, name, uid, gid, 0), args)
#define LCHOWN(want, name, uid, gid, args)                                                         \
	FILE_OP("CHOWN", fchownat, want, (AT_FDCWD, name, uid, gid, AT_SYMLINK_NOFOLLOW), args)
#define MKNOD(want, name, mode, dev, args)                                                         \
	FILE_OP("MKNOD", mknodat, want, (AT_FDCWD, name, mode, dev), args)
#endif

static void modes(int dir, int fd)
{
	CHMOD(P("attrs/file"), P("attrs/file"), 04755, "mode=04755");
	CHMOD(P("attrs/none"), "none", 0, "mode=0000");
	FILE_OP("CHMOD", fchmod, P("attrs/file"), (fd, 0640), "mode=0640");
	FILE_OP("CHMOD", fchmod, P("attrs/sub"), (dir, 0711), "mode=0711");
	FILE_OP("CHMOD", fchmodat, P("attrs/sub/inner"), (dir, "inner", 0600), "mode=0600");
	FILE_OP("CHMOD", fchmodat, P("attrs/file"), (AT_FDCWD, "sub/../file", 0644), "mode=0644");
	FILE_OP("CHMOD", fchmodat2, P("attrs/sub/inner"), (dir, "inner", 0622, 0), "mode=0622");
	FILE_OP("CHMOD", fchmodat2, P("attrs/file"), (fd, "", 0600, AT_EMPTY_PATH), "mode=0600");
	FILE_OP("CHMOD", fchmodat, "inner", (99, "inner", 0600), "mode=0600"); /* EBADF */
	SC(SYS_fchmod, 99, 0600); /* EBADF: nobody knows of which file */
}

static void owners(int dir, int fd)
{
	CHOWN(P("attrs/file"), "file", 0, -1, "uid=0\ngid=-1");
	LCHOWN(P("attrs/way"), "way", -1, 0, "uid=-1\ngid=0");
	FILE_OP("CHOWN", fchown, P("attrs/file"), (fd, 0, 0), "uid=0\ngid=0");
	FILE_OP("CHOWN", fchownat, P("attrs/sub/inner"), (dir, "inner", 0, 0, 0), "uid=0\ngid=0");
	FILE_OP("CHOWN", fchownat, P("attrs/sub"), (dir, "", 0, 0, AT_EMPTY_PATH), "uid=0\ngid=0");
	CHOWN(P("attrs/none"), "none", 65534, 65534, "uid=65534\ngid=65534");
}

static void sizes(int fd)
{
	FILE_OP("FTRUNCATE", truncate, P("attrs/file"), ("file", 100L), "length=100");
	FILE_OP("FTRUNCATE", ftruncate, P("attrs/file"), (fd, 1L << 33), "length=8589934592");
	FILE_OP("FTRUNCATE", ftruncate, P("attrs/file"), (fd, -1L), "length=-1"); /* EINVAL */
	FILE_OP("FTRUNCATE", truncate, P("attrs/none"), ("none", 0L), "length=0");
}

static void nodes(int dir)
{
	MKNOD(P("attrs/fifo"), "fifo", S_IFIFO | 0600, 0, "mode=010600\ndev=0");
	FILE_OP("MKNOD", mknodat, P("attrs/sub/plain"), (dir, "plain", S_IFREG | 0644, 0),
		"mode=0100644\ndev=0");
	FILE_OP("MKNOD", mknodat, P("attrs/null"),
		(AT_FDCWD, "null", S_IFCHR | 0666, makedev(1, 3)), "mode=020666\ndev=259");
	MKNOD(P("attrs/fifo"), "fifo", S_IFIFO | 0600, 0, "mode=010600\ndev=0");
}

static void extended(int fd)
{
	char file[4096];

	snprintf(file, sizeof(file), "%s", P("attrs/file"));
	FILE_OP("SETXATTR", setxattr, file, ("file", "user.one", "1", 1, 0), "name=user.one");
	FILE_OP("SETXATTR", lsetxattr, file, (file, "user.two", "2", 1, 0), "name=user.two");
	FILE_OP("SETXATTR", fsetxattr, file, (fd, "user.three", "3", 1, 0), "name=user.three");
	FILE_OP("SETXATTR", setxattr, P("attrs/none"), ("none", "user.one", "1", 1, 0),
		"name=user.one");
}

int s_attributes(void)
{
	c_mkdir(P("attrs"), P("attrs"));
	c_mkdir(P("attrs/sub"), P("attrs/sub"));
	c_chdir(P("attrs"));
	int fd = c_open("file", O_RDWR | O_CREAT, 0644);
	c_close(c_open("sub/inner", O_WRONLY | O_CREAT, 0644));
	c_symlink(P("attrs/file"), "way", P("attrs/file"), P("attrs/way"));
	int dir = c_open("sub", O_RDONLY | O_DIRECTORY, 0);
	modes(dir, fd);
	owners(dir, fd);
	sizes(fd);
	nodes(dir);
	extended(fd);
	c_close(dir);
	c_close(fd);
	return 0;
}

/* Names are searched for ".." in pieces: it may stand anywhere, also across two of them. */
static void far_dots(void)
{
	char name[512] = "";

	for (int slashes = 40; slashes < 140; slashes++) {
		memset(name, '/', (size_t)slashes);
		snprintf(name + slashes, sizeof(name) - (size_t)slashes, "etc/../etc/no-such-file");
		c_open(name, O_RDONLY, 0);
	}
}

int s_open_events(void)
{
	c_mkdir(P("opens"), P("opens"));
	c_mkdir(P("opens/www"), P("opens/www"));
	c_chdir(P("opens/www"));
	c_close(c_open("../secret", O_WRONLY | O_CREAT, 0600));
	c_close(c_open(P("opens/www/../../opens/secret"), O_RDONLY | O_CLOEXEC, 0));
	int dir = c_open("..", O_RDONLY | O_DIRECTORY, 0);
	c_close(c_openat(dir, "www/../secret", O_RDWR, 0));
	c_close(c_openat2(dir, "./www/../secret", O_RDONLY, 0, 0));
	c_openat(dir, "www/../none", O_RDONLY, 0);
	c_open("none", O_WRONLY | O_EXCL, 0);
	c_openat(99, "none", O_RDONLY, 0);
	c_open("program", O_WRONLY | O_CREAT | O_EXCL, 0755);
	c_open("program", O_WRONLY | O_CREAT | O_EXCL, 0755);
	c_creat("program", 0711);
	c_open("two..dots", O_RDONLY, 0);
	c_open("/etc/passwd/..", O_RDONLY, 0);
	far_dots();
	c_close(dir);
	return 0;
}
