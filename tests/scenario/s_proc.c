/* Sections about processes: forks, images, inherited descriptors, ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls_op.h"
#include "proc.h"
#include "sections.h"

static int marker(const char *name)
{
	int fd = c_open(P(name), O_WRONLY | O_CREAT, 0666);
	c_write(fd, 3);
	c_close(fd);
	return 0;
}

int s_forks(void)
{
	const char *how[] = {"fork", "clone3"};
	for (int i = 0; i < 2; i++) {
		pid_t pid = c_fork(how[i]);
		if (pid == 0)
			c_exit(10 + i);
		c_wait(pid);
	}
	pid_t pid = c_fork("fork");
	if (pid == 0) {
		pid_t inner = c_fork("clone3");
		if (inner == 0)
			c_exit(marker("grandchild"));
		c_wait(inner);
		c_exit(255);
	}
	c_wait(pid);
	return 0;
}

int s_many_forks(void)
{
	for (int i = 0; i < 200; i++) {
		pid_t pid = c_fork("fork");
		if (pid == 0)
			c_exit(i);
		c_wait(pid);
	}
	return 0;
}

/* A child uses a descriptor of its parent; both have a flow of their own. */
int s_inherited(void)
{
	int fd = c_open(P("inherited"), O_RDWR | O_CREAT, 0644);
	c_write(fd, 100);
	pid_t pid = c_fork("fork");
	if (pid == 0) {
		c_write(fd, 23);
		c_pread(fd, 50, 0);
		c_close(fd);
		c_exit(0);
	}
	c_wait(pid);
	pid = c_fork("fork");
	if (pid == 0) {
		c_write(fd, 7);
		c_exit(0);
	}
	c_wait(pid);
	c_write(fd, 1);
	c_close(fd);
	return 0;
}

/* A process gets a descriptor by message from another. */
int s_passed(void)
{
	int ends[2], fd, got;
	char room[CMSG_SPACE(sizeof(int))], byte = 0;
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = room,
			   .msg_controllen = sizeof(room)};

	c_socketpair(ends);
	pid_t pid = c_fork("fork");
	if (pid == 0) {
		if (recvmsg(ends[1], &m, 0) != 1)
			die("recvmsg");
		memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(got));
		c_received(got, P("passed"));
		c_write(got, 17);
		c_close(got);
		c_exit(0);
	}
	fd = c_open(P("passed"), O_WRONLY | O_CREAT, 0644);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	*c = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(ends[0], &m, 0) != 1)
		die("sendmsg");
	c_close(fd);
	c_wait(pid);
	return 0;
}

/* job_argv is the command line of an executed child, see child_main. */
static char *const *job_argv(const char *program, const char *job, const char *arg)
{
	static char *argv[8];
	int n = 0;
	argv[n++] = (char *)program;
	if (program == self())
		argv[n++] = (char *)"child";
	argv[n++] = (char *)report_file();
	argv[n++] = (char *)report_base();
	argv[n++] = (char *)job;
	argv[n++] = (char *)arg;
	argv[n] = NULL;
	return argv;
}

static pid_t in_fork(void (*fn)(void))
{
	pid_t pid = c_fork("fork");
	if (pid == 0) {
		fn();
		c_exit(97);
	}
	c_wait(pid);
	return pid;
}

static void exec_script(void)
{
	char line[4096], args[16384];
	static char script[4096];
	snprintf(script, sizeof(script), "%s", P("script"));
	snprintf(line, sizeof(line), "#!%s script\n", self());
	int fd = c_open(script, O_WRONLY | O_CREAT, 0755);
	c_write_text(fd, line);
	c_close(fd);
	snprintf(args, sizeof(args), "script %s %s %s exit 31", script, report_file(),
		 report_base());
	c_exec(job_argv(script, "exit", "31"), self(), args);
}

/* A kept and a close-on-exec descriptor meet an execve. */
static void exec_with_descriptors(void)
{
	int keep = c_open(P("kept"), O_WRONLY | O_CREAT, 0644);
	int drop = c_open(P("dropped"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	c_write(keep, 10);
	c_write(drop, 20);
	char text[16];
	snprintf(text, sizeof(text), "%d", keep);
	c_exec(job_argv(self(), "write", text), NULL, NULL);
}

static void exec_failing(void)
{
	char name[4096];
	snprintf(name, sizeof(name), "%s", P("absent-program"));
	char *const absent[] = {name, (char *)"x", NULL};
	c_exec(absent, NULL, NULL);
	int fd = c_open(P("plain"), O_WRONLY | O_CREAT, 0644);
	c_close(fd);
	char *const plain[] = {(char *)P("plain"), NULL};
	c_exec(plain, NULL, NULL);
	c_execveat(AT_FDCWD, absent[0], 0, absent, NULL);
	c_exit(96);
}

static void exec_by_descriptor(void)
{
	int fd = c_open(self(), O_RDONLY | O_CLOEXEC, 0);
	char *const *argv = job_argv(self(), "exit", "32");
	c_execveat(fd, "", AT_EMPTY_PATH, argv, NULL);
}

static void exec_many_args(void)
{
	static char *argv[64];
	char *const *job = job_argv(self(), "exit", "33");
	int n = 0;
	for (; job[n]; n++)
		argv[n] = job[n];
	for (; n < 40; n++)
		argv[n] = (char *)(n % 3 ? "an argument" : "");
	argv[n] = NULL;
	c_exec(argv, NULL, NULL);
}

/* A program with a loader and a C library of its own. */
static void exec_dynamic(void)
{
	static char path[4096];
	if (!realpath("/bin/true", path))
		die("/bin/true");
	char *const argv[] = {path, (char *)"one", (char *)"two words", NULL};
	c_exec(argv, NULL, NULL);
}

static void *exec_as_thread(void *arg)
{
	(void)arg;
	c_exec(job_argv(self(), "exit", "36"), NULL, NULL);
	return NULL;
}

/* A thread that is not the first one runs a program, and so becomes the first. */
static void exec_in_thread(void)
{
	c_threads(1, exec_as_thread, NULL);
}

/* A program that has no file. */
static void exec_from_memory(void)
{
	int from = c_open(self(), O_RDONLY | O_CLOEXEC, 0), n = 0;
	int fd = c_memfd("program");
	do
		n = c_sendfile(fd, from, 1 << 20);
	while (n > 0);
	c_close(from);
	c_execveat(fd, "", AT_EMPTY_PATH, job_argv(self(), "exit", "37"), "/memfd:program");
}

int s_execs(void)
{
	in_fork(exec_script);
	in_fork(exec_with_descriptors);
	in_fork(exec_failing);
	in_fork(exec_by_descriptor);
	in_fork(exec_many_args);
	in_fork(exec_dynamic);
	in_fork(exec_in_thread);
	in_fork(exec_from_memory);
	c_wait(c_vfork_exec(job_argv(self(), "exit", "34")));
	c_wait(c_spawn(job_argv(self(), "exit", "35")));
	return 0;
}

int s_signals(void)
{
	const int signals[] = {SIGKILL, SIGTERM};
	const char *const names[] = {"SIGKILL", "SIGTERM"};
	for (int i = 0; i < 2; i++) {
		pid_t pid = c_fork("fork");
		if (pid == 0)
			c_kill_self(signals[i], names[i]);
		c_wait(pid);
	}
	return 0;
}

int child_main(int argc, char **argv, int first)
{
	if (argc < first + 4)
		die("child: too few arguments");
	report_open(argv[first], argv[first + 1]);
	c_image(argv);
	int n = atoi(argv[first + 3]);
	if (!strcmp(argv[first + 2], "write")) {
		c_write(n, 5);
		c_close(n);
		return 0;
	}
	return n; /* "exit" */
}
