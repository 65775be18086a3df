#define _GNU_SOURCE
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const char *self(void)
{
	static char path[PATH_MAX];
	if (!*path && readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		die("/proc/self/exe");
	return path;
}

static long clone_like_fork(const char *how)
{
	if (!strcmp(how, "clone3")) {
		struct clone_args args = {.exit_signal = SIGCHLD};
		return SC(SYS_clone3, &args, sizeof(args));
	}
	if (!strcmp(how, "newpid")) {
		struct clone_args args = {.exit_signal = SIGCHLD, .flags = CLONE_NEWPID};
		long pid = SC(SYS_clone3, &args, sizeof(args));

		if (pid == 0)
			report_in_namespace();
		return pid;
	}
#ifdef SYS_fork
	return SC(SYS_fork);
#else
	return SC(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

pid_t c_fork(const char *how)
{
	uint64_t t0 = now();
	pid_t parent = getpid();
	report(how, t0, 0, "\"op\":\"before_fork\"");
	long pid = clone_like_fork(how);
	if (pid == 0)
		report(how, t0, 0, "\"op\":\"born\",\"parent\":%d", parent);
	else
		report(how, t0, pid, "\"op\":\"fork\"");
	return (pid_t)pid;
}

void c_exit(int status)
{
	report("exit_group", now(), status, "\"op\":\"exit\"");
	syscall(SYS_exit_group, status);
	__builtin_unreachable();
}

int c_wait(pid_t pid)
{
	int status;
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	report("wait4", now(), status, "\"op\":\"wait\",\"child\":%d", pid);
	return status;
}

void c_in_child(const char *name, int (*fn)(void))
{
	pid_t pid = c_fork("fork");
	if (pid == 0) {
		report(name, now(), 0, "\"op\":\"section\"");
		c_exit(fn());
	}
	if (pid < 0)
		die(name);
	c_wait(pid);
}

/* join joins argv[1..] by spaces, as a SysFlow process has its arguments. */
static void join(char *out, size_t size, char *const argv[])
{
	*out = 0;
	for (int i = 1; argv[0] && argv[i]; i++) {
		if (i > 1)
			strncat(out, " ", size - strlen(out) - 1);
		strncat(out, argv[i], size - strlen(out) - 1);
	}
}

static void before_exec(const char *call, char *const argv[], const char *image, const char *args)
{
	char joined[4096];
	join(joined, sizeof(joined), argv);
	report(call, now(), 0, "\"op\":\"before_exec\",\"path\":%s,\"args\":%s",
	       js(image ? image : argv[0]), js(args ? args : joined));
}

static long exec_failed(const char *call, uint64_t t0, long ret)
{
	report(call, t0, ret, "\"op\":\"exec_failed\"");
	return ret;
}

long c_exec(char *const argv[], const char *image, const char *args)
{
	before_exec("execve", argv, image, args);
	uint64_t t0 = now();
	return exec_failed("execve", t0, SC(SYS_execve, argv[0], argv, environ));
}

long c_execveat(int fd, const char *path, int flags, char *const argv[], const char *image)
{
	before_exec("execveat", argv, image, NULL);
	uint64_t t0 = now();
	return exec_failed("execveat", t0, SC(SYS_execveat, fd, path, argv, environ, flags));
}

pid_t c_vfork_exec(char *const argv[])
{
	uint64_t t0 = now();
	pid_t parent = getpid();
	report("vfork", t0, 0, "\"op\":\"before_fork\"");
	pid_t pid = vfork();
	if (pid == 0) {
		report("vfork", t0, 0, "\"op\":\"born\",\"parent\":%d", parent);
		before_exec("execve", argv, NULL, NULL);
		execve(argv[0], argv, environ);
		_exit(98);
	}
	report("vfork", t0, pid, "\"op\":\"fork\"");
	return pid;
}

pid_t c_spawn(char *const argv[])
{
	pid_t pid;
	uint64_t t0 = now();
	report("posix_spawn", t0, 0, "\"op\":\"before_fork\"");
	errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	if (errno)
		die("posix_spawn");
	char joined[4096];
	join(joined, sizeof(joined), argv);
	report("posix_spawn", t0, pid, "\"op\":\"spawn\",\"path\":%s,\"args\":%s", js(argv[0]),
	       js(joined));
	return pid;
}

void c_image(char *const argv[])
{
	char joined[4096], cwd[PATH_MAX];
	join(joined, sizeof(joined), argv);
	if (!getcwd(cwd, sizeof(cwd)))
		die("getcwd");
	report("main", now(), 0,
	       "\"op\":\"image\",\"path\":%s,\"args\":%s,\"cwd\":%s,\"parent\":%d,\"uid\":%d,"
	       "\"gid\":%d",
	       js(self()), js(joined), js(cwd), getppid(), geteuid(), getegid());
}

struct thread {
	pthread_t handle;
	void *(*fn)(void *);
	void *arg;
	long tid;
	sem_t reported;
};

static void *run_thread(void *arg)
{
	struct thread *t = arg;

	__atomic_store_n(&t->tid, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	/* what it does may end the process, and with it the report of its start */
	sem_wait(&t->reported);
	return t->fn(t->arg);
}

void c_threads(int n, void *(*fn)(void *), void *arg)
{
	struct thread *t = calloc((size_t)n, sizeof(*t));

	for (int i = 0; i < n; i++) {
		uint64_t t0 = now();

		t[i].fn = fn;
		t[i].arg = arg;
		sem_init(&t[i].reported, 0, 0);
		if (pthread_create(&t[i].handle, NULL, run_thread, &t[i]))
			die("pthread_create");
		report("pthread_create", t0, 0, "\"op\":\"thread\"");
		sem_post(&t[i].reported);
	}
	for (int i = 0; i < n; i++) {
		uint64_t t0 = now();

		pthread_join(t[i].handle, NULL);
		/* joined is not yet gone from the kernel */
		while (SC(SYS_tgkill, getpid(), t[i].tid, 0) != -ESRCH)
			sched_yield();
		report("exit", t0, 0, "\"op\":\"thread_exit\"");
	}
	free(t);
}
