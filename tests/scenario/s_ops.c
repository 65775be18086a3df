/* Sections about what processes do to themselves, to others, and to the system. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls_op.h"
#include "proc.h"
#include "sections.h"

enum { NOGROUP = 65534, NO_PID = 0x3ffffe };

#ifndef SYS_fsopen
#define SYS_move_mount 429
#define SYS_fsopen     430
#define SYS_fsconfig   431
#define SYS_fsmount    432
#endif
enum { MOVE_EMPTY = 4, CONFIG_CREATE = 6 }; /* linux/mount.h does not go with sys/mount.h */

/* setgid_done tells of a change of groups, after which the process has gid. */
static void setgid_done(const char *call, uint64_t t0, long ret, int gid, const char *values)
{
	report(call, t0, ret,
	       "\"op\":\"process_op\",\"kind\":\"SETGID\",\"gid\":%d,\"values\":[%s]", gid, values);
}

int s_op_credentials(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[2] = {
		{.effective = 1 << CAP_KILL, .permitted = 1 << CAP_KILL | 1 << CAP_SETUID},
		{.permitted = 1U << (39 - 32)},
	};
	uint64_t t0 = now();

	setgid_done("setregid", t0, SC(SYS_setregid, -1, 12), 12, "\"rgid=-1\",\"egid=12\"");
	t0 = now();
	setgid_done("setresgid", t0, SC(SYS_setresgid, 1, -1, 2), 12,
		    "\"rgid=1\",\"egid=-1\",\"sgid=2\"");
	t0 = now();
	setgid_done("setgid", t0, SC(SYS_setgid, NOGROUP), NOGROUP, "\"gid=65534\"");
	OP("CAPSET", capset, (&head, caps),
	   "cap_inheritable=\ncap_permitted=CAP_KILL CAP_SETUID CAP_BPF\ncap_effective=CAP_KILL");
	t0 = now();
	setgid_done("setgid", t0, SC(SYS_setgid, 0), 0, "\"gid=0\""); /* EPERM */
	caps[0] = (struct __user_cap_data_struct){.inheritable = 1 << CAP_KILL};
	caps[0].permitted = 1 << CAP_SYS_ADMIN;
	caps[1].permitted = 0;
	OP("CAPSET", capset, (&head, caps), /* EPERM */
	   "cap_inheritable=CAP_KILL\ncap_permitted=CAP_SYS_ADMIN\ncap_effective=");
	return 0;
}

int s_op_namespaces(void)
{
	OP("UNSHARE", unshare, (CLONE_NEWNS | CLONE_NEWUTS), "flags=CLONE_NEWNS|CLONE_NEWUTS");
	OP("UNSHARE", unshare, (CLONE_FILES), "flags=CLONE_FILES");
	OP("UNSHARE", unshare, (1), "flags=0x1"); /* EINVAL */
	c_mkdir(P("new-root"), P("new-root"));
	c_chdir(P(""));
	OP("CHROOT", chroot, ("missing"), "path=%s", P("missing"));
	OP("CHROOT", chroot, ("new-root"), "path=%s", P("new-root"));
	return 0;
}

static void traced(void)
{
	OP("PTRACE", ptrace, (PTRACE_TRACEME, 0, 0, 0), "request=PTRACE_TRACEME");
	c_exit(0);
}

/* forever forks a child that waits to be killed; it has reported its birth on return. */
static pid_t forever(void)
{
	atomic_int *born = mmap(NULL, sizeof(*born), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (born == MAP_FAILED)
		die("mmap");
	pid = c_fork("fork");
	if (pid == 0) {
		*born = 1;
		for (;;)
			pause();
	}
	while (!*born)
		sched_yield();
	return pid;
}

int s_op_ptrace(void)
{
	pid_t pid = c_fork("fork");

	if (pid == 0)
		traced();
	c_wait(pid);
	pid = forever();
	OP("PTRACE", ptrace, (PTRACE_SEIZE, pid, 0, 0), "request=PTRACE_SEIZE\npid=%d", pid);
	syscall(SYS_ptrace, PTRACE_PEEKDATA, pid, 0, 0); /* not told */
	OP("KILL", kill, (pid, SIGKILL), "sig=SIGKILL\npid=%d", pid);
	c_wait(pid);
	OP("PTRACE", ptrace, (PTRACE_ATTACH, NO_PID, 0, 0), "request=PTRACE_ATTACH\npid=%d",
	   NO_PID);
	return 0;
}

int s_op_signals(void)
{
	siginfo_t info = {.si_signo = SIGHUP, .si_code = SI_QUEUE};
	int pid = getpid(), fd;

	signal(SIGHUP, SIG_IGN);
	OP("KILL", kill, (pid, SIGHUP), "sig=SIGHUP\npid=%d", pid);
	OP("KILL", tkill, (pid, SIGHUP), "sig=SIGHUP\npid=%d", pid);
	OP("KILL", tgkill, (pid, pid, SIGHUP), "sig=SIGHUP\npid=%d\ntid=%d", pid, pid);
	OP("KILL", rt_sigqueueinfo, (pid, SIGHUP, &info), "sig=SIGHUP\npid=%d", pid);
	OP("KILL", rt_tgsigqueueinfo, (pid, pid, SIGHUP, &info), "sig=SIGHUP\npid=%d\ntid=%d", pid,
	   pid);
	OP("KILL", kill, (NO_PID, SIGTERM), "sig=SIGTERM\npid=%d", NO_PID);
	OP("KILL", kill, (-NO_PID, SIGTERM), "sig=SIGTERM\npid=%d", -NO_PID);
	kill(pid, 0); /* not told, nor are the next */
	signal(SIGUSR1, SIG_IGN);
	kill(pid, SIGUSR1);
	fd = c_quiet("pidfd_open", (int)syscall(SYS_pidfd_open, pid, 0));
	OP("KILL", pidfd_send_signal, (fd, SIGHUP, NULL, 0), "sig=SIGHUP\npid=%d", pid);
	c_close(fd);
	return 0;
}

int s_op_kernel(void)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
	union bpf_attr none = {0};
	int fd = c_open(P("module.ko"), O_RDWR | O_CREAT, 0644);

	OP("MODULE", init_module, ("junk", 4, "a=1"), "length=4\nuargs=a=1");
	OP("MODULE", finit_module, (fd, "b=2", 1),
	   "fd=%d\npath=%s\nuargs=b=2\nflags=MODULE_INIT_IGNORE_MODVERSIONS", fd, P("module.ko"));
	c_close(fd);
	OP("BPF", bpf, (BPF_PROG_LOAD, &none, sizeof(none)), "cmd=BPF_PROG_LOAD");
	fd = (int)OP("BPF", bpf, (BPF_MAP_CREATE, &map, sizeof(map)), "cmd=BPF_MAP_CREATE");
	if (fd >= 0)
		c_close(c_quiet("bpf", fd));
	syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &none, sizeof(none)); /* not told */
	fd = (int)OP("USERFAULTFD", userfaultfd, (1 | O_CLOEXEC),
		     "flags=UFFD_USER_MODE_ONLY|O_CLOEXEC");
	if (fd >= 0)
		c_close(c_quiet("userfaultfd", fd));
	return 0;
}

/* new_mount moves a new mount to its place by the calls that mount(8) uses. */
static void new_mount(const char *dir)
{
	int fs = (int)SC(SYS_fsopen, "tmpfs", 0), fd;

	if (fs < 0)
		return;
	c_quiet("fsopen", fs);
	if (SC(SYS_fsconfig, fs, CONFIG_CREATE, NULL, NULL, 0) < 0)
		die("fsconfig");
	fd = c_quiet("fsmount", (int)SC(SYS_fsmount, fs, 0, 0));
	OP("MOUNT", move_mount, (fd, "", AT_FDCWD, dir, MOVE_EMPTY),
	   "dev=none\ndir=%s\ntype=tmpfs\nflags=MOVE_MOUNT_F_EMPTY_PATH", P(dir));
	c_close(fd);
	c_close(fs);
}

int s_op_mounts(void)
{
	OP("UNSHARE", unshare, (CLONE_NEWNS), "flags=CLONE_NEWNS");
	OP("MOUNT", mount, (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL),
	   "dev=\ndir=/\ntype=\nflags=REC|PRIVATE");
	c_mkdir(P("mount"), P("mount"));
	c_chdir(P(""));
	OP("MOUNT", mount, ("nodev", "mount", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m"),
	   "dev=nodev\ndir=%s\ntype=tmpfs\nflags=NOSUID|NODEV", P("mount"));
	OP("UMOUNT", umount2, ("./mount", MNT_DETACH), "flags=DETACH\nname=%s", P("mount"));
	new_mount("mount");
	OP("UMOUNT", umount2, ("mount", 0), "flags=0\nname=%s", P("mount"));
	OP("MOUNT", mount, ("nodev", P("missing"), "tmpfs", 0, NULL), /* ENOENT */
	   "dev=nodev\ndir=%s\ntype=tmpfs\nflags=0", P("missing"));
	OP("PIVOT_ROOT", pivot_root, (".", "missing"), "new_root=.\nput_old=missing");
	return 0;
}

int s_op_self(void)
{
	char name[17] = "";

	OP("PRCTL", prctl, (PR_SET_NAME, "renamed", 0, 0, 0),
	   "option=PR_SET_NAME\narg2_str=renamed");
	OP("PRCTL", prctl, (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
	   "option=PR_SET_NO_NEW_PRIVS\narg2_int=1");
	prctl(PR_GET_NAME, name); /* not told, nor is the next */
	personality(0xffffffff);
	OP("PERSONALITY", personality, (ADDR_NO_RANDOMIZE), "persona=ADDR_NO_RANDOMIZE");
	c_close(c_memfd("named"));
	OP("MEMFD_CREATE", memfd_create, ("x", 0x80000000),
	   "name=x\nflags=0x80000000"); /* EINVAL */
	return 0;
}
