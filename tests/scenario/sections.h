/* The scenario's sections; each runs in a process of its own and returns its exit code. */
#pragma once

int s_open_forms(void);
int s_io_forms(void);
int s_names(void);
int s_names_failed(void);
int s_descriptors(void);
int s_close_range(void);
int s_copies(void);
int s_left_open(void);
int s_many_writes(void);
int s_odd_paths(void);
int s_tcp4(void);
int s_tcp6(void);
int s_tcp_processes(void);
int s_tcp_refused(void);
int s_udp4(void);
int s_udp6(void);
int s_udp_peers(void);
int s_udp_unbound(void);
int s_mmsg(void);
int s_mapped(void);
int s_forks(void);
int s_inherited(void);
int s_execs(void);
int s_signals(void);
int s_many_forks(void);
int s_passed(void);
int s_threads(void);
int s_thread_writes(void);
int s_leader_gone(void);
int s_setuid(void);
int s_setns(void);
int s_chroot(void);
int s_pid_namespace(void);
int s_noise(void);
int s_attributes(void);
int s_open_events(void);
int s_rare_sockets(void);
int s_socket_failures(void);
int s_redirected(void);
int s_unix(void);
int s_unix_failures(void);
int s_unix_passed(void);
int s_op_credentials(void);
int s_op_namespaces(void);
int s_op_ptrace(void);
int s_op_signals(void);
int s_op_kernel(void);
int s_op_mounts(void);
int s_op_self(void);
int s_uring(void);
int s_uring_async(void);
int s_uring_sqpoll(void);
int s_uring_deferred(void);
int s_uring_direct(void);
int s_uring_registered(void);
int s_uring_cancelled(void);
int s_uring_multishot(void);
int s_uring_silent(void);
int s_uring_overflow(void);
int s_uring_zero_copy(void);
int s_uring_inherited(void);

/* s_held is what goes on over the beginning of a capture. */
int s_held(void);

/* child_main is what executed children do; REPORT BASE JOB ARG begin at argv[first]. */
int child_main(int argc, char **argv, int first);
