/* Operations on names. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls_op.h"

static long name1(const char *call, const char *op, uint64_t t0, long ret, const char *want)
{
	report(call, t0, ret, "\"op\":\"name\",\"kind\":\"%s\",\"path\":%s", op, js(want));
	return ret;
}

static long name2(const char *call, const char *op, uint64_t t0, long ret, const char *want,
		  const char *want_new)
{
	report(call, t0, ret, "\"op\":\"name\",\"kind\":\"%s\",\"path\":%s,\"new_path\":%s", op,
	       js(want), js(want_new));
	return ret;
}

#define NAME1(call, op, want, ...)                                                                 \
	({                                                                                         \
		uint64_t n_t0 = now();                                                             \
		name1(#call, op, n_t0, SC(SYS_##call, __VA_ARGS__), want);                         \
	})
#define NAME2(call, op, want, want_new, ...)                                                       \
	({                                                                                         \
		uint64_t n_t0 = now();                                                             \
		name2(#call, op, n_t0, SC(SYS_##call, __VA_ARGS__), want, want_new);               \
	})

#ifdef SYS_mkdir
long c_mkdir(const char *name, const char *want)
{
	return NAME1(mkdir, "MKDIR", want, name, 0755);
}

long c_rmdir(const char *name, const char *want)
{
	return NAME1(rmdir, "RMDIR", want, name);
}

long c_unlink(const char *name, const char *want)
{
	return NAME1(unlink, "UNLINK", want, name);
}

long c_link(const char *from, const char *to, const char *want, const char *want_new)
{
	return NAME2(link, "LINK", want, want_new, from, to);
}

long c_symlink(const char *target, const char *name, const char *want, const char *want_new)
{
	return NAME2(symlink, "SYMLINK", want, want_new, target, name);
}

long c_rename(const char *from, const char *to, const char *want, const char *want_new)
{
	return NAME2(rename, "RENAME", want, want_new, from, to);
}
#else /* arm64 has only the newer calls */
long c_mkdir(const char *name, const char *want)
{
	return c_mkdirat(AT_FDCWD, name, want);
}

long c_rmdir(const char *name, const char *want)
{
	return c_unlinkat(AT_FDCWD, name, AT_REMOVEDIR, want);
}

long c_unlink(const char *name, const char *want)
{
	return c_unlinkat(AT_FDCWD, name, 0, want);
}

long c_link(const char *from, const char *to, const char *want, const char *want_new)
{
	return c_linkat(AT_FDCWD, from, AT_FDCWD, to, 0, want, want_new);
}

long c_symlink(const char *target, const char *name, const char *want, const char *want_new)
{
	return c_symlinkat(target, AT_FDCWD, name, want, want_new);
}

long c_rename(const char *from, const char *to, const char *want, const char *want_new)
{
	return c_renameat(AT_FDCWD, from, AT_FDCWD, to, want, want_new);
}
#endif

long c_mkdirat(int dirfd, const char *name, const char *want)
{
	return NAME1(mkdirat, "MKDIR", want, dirfd, name, 0755);
}

long c_unlinkat(int dirfd, const char *name, int flags, const char *want)
{
	return NAME1(unlinkat, flags & AT_REMOVEDIR ? "RMDIR" : "UNLINK", want, dirfd, name, flags);
}

long c_linkat(int fromfd, const char *from, int tofd, const char *to, int flags, const char *want,
	      const char *want_new)
{
	return NAME2(linkat, "LINK", want, want_new, fromfd, from, tofd, to, flags);
}

long c_symlinkat(const char *target, int dirfd, const char *name, const char *want,
		 const char *want_new)
{
	return NAME2(symlinkat, "SYMLINK", want, want_new, target, dirfd, name);
}

long c_renameat(int fromfd, const char *from, int tofd, const char *to, const char *want,
		const char *want_new)
{
	return NAME2(renameat, "RENAME", want, want_new, fromfd, from, tofd, to);
}

long c_renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned int flags,
		 const char *want, const char *want_new)
{
	return NAME2(renameat2, "RENAME", want, want_new, fromfd, from, tofd, to, flags);
}

static long moved(const char *call, uint64_t t0, long ret)
{
	char cwd[4096];
	if (ret < 0 || !getcwd(cwd, sizeof(cwd)))
		die(call);
	report(call, t0, ret, "\"op\":\"chdir\",\"path\":%s", js(cwd));
	return ret;
}

long c_chdir(const char *name)
{
	uint64_t t0 = now();
	return moved("chdir", t0, SC(SYS_chdir, name));
}

long c_fchdir(int fd)
{
	uint64_t t0 = now();
	return moved("fchdir", t0, SC(SYS_fchdir, fd));
}

void c_chroot(const char *name)
{
	if (OP("CHROOT", chroot, (name), "path=%s", name) || chdir("/"))
		die("chroot");
	report("chroot", now(), 0, "\"op\":\"chdir\",\"path\":\"/\"");
}
