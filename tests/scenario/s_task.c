/* Sections about threads, credentials, namespaces, and what must leave no trace. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "calls.h"
#include "proc.h"
#include "sections.h"

enum { NOBODY = 65534, THREADS = 5 };

static int shared_fd;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* work_in_thread uses a descriptor of the process and opens one of its own. */
static void *work_in_thread(void *arg)
{
	char name[32];
	(void)arg;
	pthread_mutex_lock(&turn);
	c_write(shared_fd, 2);
	snprintf(name, sizeof(name), "thread-%ld", syscall(SYS_gettid));
	int fd = c_open(P(name), O_WRONLY | O_CREAT, 0644);
	c_write(fd, 4);
	c_close(fd);
	pthread_mutex_unlock(&turn);
	return NULL;
}

int s_threads(void)
{
	shared_fd = c_open(P("threads"), O_WRONLY | O_CREAT, 0644);
	c_write(shared_fd, 1);
	c_threads(THREADS, work_in_thread, NULL);
	c_close(shared_fd);
	return 0;
}

static void *write_in_thread(void *arg)
{
	(void)arg;
	c_write_many(shared_fd, 100000);
	return NULL;
}

/* Threads write at the same time: none of it may be lost. */
int s_thread_writes(void)
{
	shared_fd = c_open(P("thread-writes"), O_WRONLY | O_CREAT, 0644);
	c_threads(THREADS, write_in_thread, NULL);
	c_close(shared_fd);
	return 0;
}

static void *outlive(void *leader_done)
{
	(void)leader_done;
	usleep(50000); /* the leader is to be gone first; nothing depends on it */
	int fd = c_open(P("survivor"), O_WRONLY | O_CREAT, 0644);
	c_write(fd, 6);
	c_close(fd);
	c_exit(41);
}

/* The leader ends before its last thread does. */
int s_leader_gone(void)
{
	pthread_t t;
	uint64_t t0 = now();
	if (pthread_create(&t, NULL, outlive, NULL))
		die("pthread_create");
	report("pthread_create", t0, 0, "\"op\":\"thread\"");
	report("exit", now(), 0, "\"op\":\"thread_exit\"");
	syscall(SYS_exit, 1);
	return 0;
}

static long setuid_done(const char *call, uint64_t t0, long ret, int uid)
{
	report(call, t0, ret, "\"op\":\"setuid\",\"uid\":%d", uid);
	return ret;
}

#define SETUID(call, uid, ...)                                                                     \
	({                                                                                         \
		uint64_t s_t0 = now();                                                             \
		setuid_done(#call, s_t0, SC(SYS_##call, __VA_ARGS__), uid);                        \
	})

static void work_as_somebody(const char *name)
{
	int fd = c_open(P(name), O_WRONLY | O_CREAT, 0644);
	c_write(fd, 8);
	c_close(fd);
	c_exit(0);
}

int s_setuid(void)
{
	for (int i = 0; i < 3; i++) {
		pid_t pid = c_fork("fork");
		if (pid == 0) {
			if (i == 0)
				SETUID(setuid, NOBODY, NOBODY);
			else if (i == 1)
				SETUID(setreuid, NOBODY, NOBODY, NOBODY);
			else
				SETUID(setresuid, NOBODY, NOBODY, NOBODY, NOBODY);
			SETUID(setuid, 0, 0); /* EPERM */
			work_as_somebody(i == 0 ? "setuid" : i == 1 ? "setreuid" : "setresuid");
		}
		c_wait(pid);
	}
	return 0;
}

int s_setns(void)
{
	int fd = c_open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC, 0);
	c_setns(fd, CLONE_NEWUTS);
	c_close(fd);
	return 0;
}

/* Paths are those that the process knows, as in a container. */
int s_chroot(void)
{
	c_mkdir(P("jail"), P("jail"));
	c_mkdir(P("jail/etc"), P("jail/etc"));
	c_chroot(P("jail"));
	int fd = c_open_as("/inside", O_WRONLY | O_CREAT, 0644, "/inside");
	c_write(fd, 21);
	c_close(fd);
	fd = c_open_as("etc/relative", O_WRONLY | O_CREAT, 0644, "/etc/relative");
	c_close(fd);
	c_mkdir("new", "/new");
	c_rename("/inside", "etc/moved", "/inside", "/etc/moved");
	return 0;
}

int s_pid_namespace(void)
{
	pid_t pid = c_fork("newpid");
	if (pid == 0) {
		int fd = c_open(P("namespace"), O_WRONLY | O_CREAT, 0644);
		c_write(fd, 22);
		c_close(fd);
		c_exit(23);
	}
	c_wait(pid);
	return 0;
}

static void quiet_descriptors(void)
{
	uint64_t one = 1;
	int ev = c_quiet("eventfd2", eventfd(0, 0));
	int ep = c_quiet("epoll_create1", epoll_create1(0));
	int tm = c_quiet("timerfd_create", timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
	int in = c_quiet("inotify_init1", inotify_init1(IN_NONBLOCK));
	int nl = c_quiet("netlink", socket(AF_NETLINK, SOCK_RAW, 0));
	char buf[64];
	if (write(ev, &one, 8) != 8 || read(ev, &one, 8) != 8)
		die("eventfd");
	if (read(tm, buf, 8) > 0 || read(in, buf, sizeof(buf)) > 0)
		die("nothing was to be read");
	const int all[] = {ev, ep, tm, in, nl};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		c_close(all[i]);
}

int s_noise(void)
{
	int p[2], s[2];
	c_pipe(p);
	c_write(p[1], 100);
	c_read(p[0], 100);
	c_socketpair(s);
	c_write(s[0], 50);
	c_read(s[1], 50);
	quiet_descriptors();
	for (int i = 0; i < 2; i++) {
		c_close(p[i]);
		c_close(s[i]);
	}
	int fd = c_open(P("after-noise"), O_WRONLY | O_CREAT, 0644);
	c_write(fd, 1);
	c_close(fd);
	return 0;
}
