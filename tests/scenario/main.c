/* The scenario: a fixed series of system calls of every kind that the capture knows, and a
 * report of each, from which the test computes the trace that must come of it.
 *
 *   scenario run REPORT BASE [SECTION...]     the sections, each in a child
 *   scenario hold REPORT BASE                 what is open before the capture begins
 *   scenario child REPORT BASE JOB ARG        what executed children do
 *   scenario exfiltrate FILE                  carries a file off by io_uring, without a report
 *
 * REPORT is an existing file, large enough for the report; BASE an empty directory that
 * anybody may write to. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exfiltrate.h"
#include "proc.h"
#include "sections.h"

static const struct {
	const char *name;
	int (*fn)(void);
} sections[] = {
	{"open_forms", s_open_forms},
	{"io_forms", s_io_forms},
	{"names", s_names},
	{"names_failed", s_names_failed},
	{"descriptors", s_descriptors},
	{"close_range", s_close_range},
	{"copies", s_copies},
	{"left_open", s_left_open},
	{"many_writes", s_many_writes},
	{"odd_paths", s_odd_paths},
	{"tcp4", s_tcp4},
	{"tcp6", s_tcp6},
	{"tcp_processes", s_tcp_processes},
	{"tcp_refused", s_tcp_refused},
	{"udp4", s_udp4},
	{"udp6", s_udp6},
	{"udp_peers", s_udp_peers},
	{"udp_unbound", s_udp_unbound},
	{"mmsg", s_mmsg},
	{"mapped", s_mapped},
	{"forks", s_forks},
	{"inherited", s_inherited},
	{"execs", s_execs},
	{"signals", s_signals},
	{"threads", s_threads},
	{"thread_writes", s_thread_writes},
	{"many_forks", s_many_forks},
	{"passed", s_passed},
	{"chroot", s_chroot},
	{"pid_namespace", s_pid_namespace},
	{"leader_gone", s_leader_gone},
	{"setuid", s_setuid},
	{"setns", s_setns},
	{"noise", s_noise},
	{"attributes", s_attributes},
	{"open_events", s_open_events},
	{"rare_sockets", s_rare_sockets},
	{"socket_failures", s_socket_failures},
	{"redirected", s_redirected},
	{"unix", s_unix},
	{"unix_failures", s_unix_failures},
	{"unix_passed", s_unix_passed},
	{"op_credentials", s_op_credentials},
	{"op_namespaces", s_op_namespaces},
	{"op_ptrace", s_op_ptrace},
	{"op_signals", s_op_signals},
	{"op_kernel", s_op_kernel},
	{"op_mounts", s_op_mounts},
	{"op_self", s_op_self},
	{"uring", s_uring},
	{"uring_async", s_uring_async},
	{"uring_sqpoll", s_uring_sqpoll},
	{"uring_deferred", s_uring_deferred},
	{"uring_direct", s_uring_direct},
	{"uring_registered", s_uring_registered},
	{"uring_cancelled", s_uring_cancelled},
	{"uring_multishot", s_uring_multishot},
	{"uring_silent", s_uring_silent},
	{"uring_overflow", s_uring_overflow},
	{"uring_zero_copy", s_uring_zero_copy},
	{"uring_inherited", s_uring_inherited},
};

static int wanted(const char *name, int argc, char **argv)
{
	for (int i = 4; i < argc; i++)
		if (!strcmp(argv[i], name))
			return 1;
	return argc <= 4;
}

static int run(int argc, char **argv)
{
	report_open(argv[2], argv[3]);
	c_image(argv);
	for (unsigned int i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (wanted(sections[i].name, argc, argv))
			c_in_child(sections[i].name, sections[i].fn);
	c_exit(0);
}

/* hold opens files and connections, tells so on standard output, and goes on with them once
 * standard input ends. */
static int hold(char **argv)
{
	report_open(argv[2], argv[3]);
	c_image(argv);
	c_exit(s_held());
}

int main(int argc, char **argv)
{
	if (argc >= 4 && !strcmp(argv[1], "run"))
		return run(argc, argv);
	if (argc >= 4 && !strcmp(argv[1], "hold"))
		return hold(argv);
	if (argc == 3 && !strcmp(argv[1], "exfiltrate"))
		return exfiltrate(argv[2]);
	/* a script's name comes before the arguments that it was given */
	int skip = argc >= 4 && !strcmp(argv[1], "script") ? 3 : 2;
	if (skip == 2 && (argc < 4 || strcmp(argv[1], "child") != 0)) {
		fprintf(stderr, "usage: scenario run REPORT BASE [SECTION...]\n");
		return 2;
	}
	c_exit(child_main(argc, argv, skip));
}
