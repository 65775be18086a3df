/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "details.h"
#include "flow.h"
#include "cgroup.h"

#define SIGNAL_GROUP_EXIT 0x00000004 /* include/linux/sched/signal.h */
#define PF_IO_WORKER      0x00000010 /* include/linux/sched.h */
#define PF_KTHREAD        0x00200000

static __always_inline u16 process_flags(struct task_struct *task)
{
	struct task_struct *leader = FIELD(task, group_leader);
	u16 flags = 0;

	if (FIELD(task, signal, tty))
		flags |= EVENT_FLAG_TTY;
	if (pid_at_level(leader, pid_level(leader)) == 1)
		flags |= EVENT_FLAG_ENTRY;
	return flags;
}

/* Puts together everything about a process but its arguments. */
static __always_inline void fill_process(struct scratch *s, struct task_struct *task, u16 type)
{
	struct event_exec *e = (struct event_exec *)s->data;
	struct task_struct *parent = FIELD(task, real_parent);
	struct mm_struct *mm = FIELD(task, mm);

	__builtin_memset(e, 0, sizeof(*e));
	fill_header(&e->h, task, type, 0);
	e->h.flags = process_flags(task);
	e->parent_pid = FIELD(parent, tgid);
	e->parent_start = FIELD(parent, group_leader, start_boottime);
	e->uid = FIELD(task, cred, euid.val);
	e->gid = FIELD(task, cred, egid.val);
	fill_task(&e->task, task);
	s->off = sizeof(*e);
	if (mm) {
		struct file *exe = READ(struct mm_struct, mm, exe_file);

		if (exe) {
			fill_exe(&e->exe, task, exe);
			e->exe_len = add_file_path(s, exe, task);
		}
	}
	e->cwd_len = add_cwd(s, task);
}

/* Appends a range of the current process's memory, cut to limit bytes, and returns its size. */
static __always_inline u16 add_user_memory(struct scratch *s, u64 from, u64 to, u32 limit,
					   u32 cause)
{
	u32 len = to > from ? to - from : 0;
	u32 off = s->off;

	if (len > limit) {
		len = limit;
		count_loss(cause);
	}
	clamp_to(len, MAX_ARGS);
	if (!len || off >= sizeof(s->data) - MAX_ARGS)
		return 0;
	if (bpf_probe_read_user(&s->data[off], len, (void *)from)) {
		count_loss(cause);
		return 0;
	}
	s->off = off + len;
	return len;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
	struct {
		struct event_fork e;
		struct task_details task;
	} fork;
	struct event_fork *e = &fork.e;
	struct task_struct *real_parent = FIELD(child, real_parent);
	bool is_thread = FIELD(child, pid) != FIELD(child, tgid);

	if (FIELD(parent, tgid) == self_pid)
		return 0;
	inherit_verdict(parent, child);
	__builtin_memset(e, 0, sizeof(*e));
	fill_header(&e->h, parent, is_thread ? EVENT_THREAD : EVENT_FORK,
		    pid_at_level(child, pid_level(parent)));
	if (pid_at_level(child, pid_level(child)) == 1)
		e->h.flags |= EVENT_FLAG_ENTRY;
	e->child_pid = FIELD(child, tgid);
	e->child_tid = FIELD(child, pid);
	e->child_start = FIELD(child, group_leader, start_boottime);
	e->parent_pid = FIELD(real_parent, tgid);
	e->parent_start = FIELD(real_parent, group_leader, start_boottime);
	if (is_thread) {
		send(e, sizeof(*e));
		return 0;
	}
	e->child_cgroup = note_cgroup(child);
	__builtin_memset(&fork.task, 0, sizeof(fork.task));
	fill_task(&fork.task, child);
	send(&fork, sizeof(fork));
	return 0;
}

/* Lets the next use of a descriptor, if it is ignored, be the first. */
ONCE forget_if_ignored(u32 fd)
{
	struct task_struct *task = current_task();
	u64 key = flow_key(task, fd);
	struct flow *f = find_flow(key);

	if (f && f->kind == FLOW_IGNORED)
		end_flow(key, f, f->file, 0);
	return 0;
}

static long one_ignored(u32 fd, void *ctx)
{
	forget_if_ignored(fd);
	return 0;
}

static __always_inline void forget_ignored(struct task_struct *task)
{
	struct files_struct *files = FIELD(task, files);
	u32 n;

	if (!files)
		return;
	n = FIELD(files, fdt, max_fds);
	LOOP(n < FD_LIMIT ? n : FD_LIMIT, FD_LIMIT, one_ignored, NULL);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task)
{
	struct mm_struct *mm = FIELD(task, mm);
	struct event_exec *e;
	struct scratch *s;
	u64 cgroup;

	if (FIELD(task, tgid) == self_pid)
		return 0;
	cgroup = note_cgroup(task);
	/* by now the kernel has closed what was to be closed */
	closed_range(0, FD_LIMIT - 1);
	if (find_verdict(task)) {
		/* as another program it may be wanted, with all that it has open */
		forget_verdict(task);
		forget_ignored(task);
	}
	s = take_scratch();
	if (!s)
		return 0;
	e = (struct event_exec *)s->data;
	fill_process(s, task, EVENT_EXEC);
	e->cgroup = cgroup;
	if (mm) {
		e->args_len = add_user_memory(s, FIELD(mm, arg_start), FIELD(mm, arg_end), max_args,
					      LOSS_ARGS_CUT);
		if (max_env)
			e->env_len = add_user_memory(s, FIELD(mm, env_start), FIELD(mm, env_end),
						     max_env, LOSS_ENV_CUT);
	}
	send_scratch(s);
	give_scratch(s);
	return 0;
}

ONCE forget(u32 fd)
{
	struct task_struct *task = current_task();
	u64 key = flow_key(task, fd);
	struct flow *f = find_flow(key);

	if (f)
		end_flow(key, f, f->file, 0);
	forget_flow(key);
	return 0;
}

static long forget_fd(u32 fd, void *ctx)
{
	forget(fd);
	return 0;
}

/* Ends the flows of a process whose last thread ends. */
static __always_inline void forget_fds(struct task_struct *task)
{
	struct files_struct *files = FIELD(task, files);
	u32 n;

	if (!files)
		return;
	n = FIELD(files, fdt, max_fds);
	LOOP(n < FD_LIMIT ? n : FD_LIMIT, FD_LIMIT, forget_fd, NULL);
}

/* Since 5.17; before, another name. */
struct task_struct___with_worker {
	void *worker_private;
} __attribute__((preserve_access_index));

struct task_struct___with_old_worker {
	void *pf_io_worker;
} __attribute__((preserve_access_index));

/* A thread of io_uring's. On some kernels, such as 6.1, it loses the flag when it ends. */
static __always_inline bool is_io_worker(struct task_struct *task)
{
	u32 flags = FIELD(task, flags);

	if (flags & PF_KTHREAD)
		return false;
	if (flags & PF_IO_WORKER)
		return true;
	if (bpf_core_field_exists(struct task_struct___with_worker, worker_private))
		return READ(struct task_struct___with_worker, task, worker_private);
	if (bpf_core_field_exists(struct task_struct___with_old_worker, pf_io_worker))
		return READ(struct task_struct___with_old_worker, task, pf_io_worker);
	return false;
}

static __always_inline void task_exit(struct task_struct *task, bool group_dead)
{
	struct event_header e = {};
	struct signal_struct *signal = FIELD(task, signal);
	s32 status = FIELD(task, group_leader, exit_code);

	if (FIELD(task, tgid) == self_pid)
		return;
	/* io_uring's threads begin without a word, and end so */
	if (is_io_worker(task) && !group_dead)
		return;
	if (FIELD(signal, flags) & SIGNAL_GROUP_EXIT)
		status = FIELD(signal, group_exit_code);
	if (group_dead) {
		forget_fds(task);
		forget_verdict(task);
	}
	fill_header(&e, task, group_dead ? EVENT_EXIT : EVENT_THREAD_EXIT, status);
	if (is_io_worker(task)) {
		e.flags = EVENT_FLAG_IO_URING;
		e.tid = FIELD(task, tgid);
	}
	send(&e, sizeof(e));
}

/* Since 6.16 the tracepoint tells itself whether the last thread ends. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task, bool group_dead)
{
	task_exit(task, group_dead);
	return 0;
}

/* The processes that have ended of late. */
struct exited_key {
	u64 pid;
	u64 start;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct exited_key);
	__type(value, u8);
} exited SEC(".maps");

/*
 * Before, two threads that end together may both see no thread left. The first is taken for the
 * last; the other's end is not told, for the process has ended.
 */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit_old, struct task_struct *task)
{
	struct exited_key key = {
		.pid = FIELD(task, tgid),
		.start = FIELD(task, group_leader, start_boottime),
	};
	bool group_dead = FIELD(task, signal, live.counter) == 0;
	u8 yes = 1;

	if (group_dead && bpf_map_update_elem(&exited, &key, &yes, BPF_NOEXIST))
		return 0;
	task_exit(task, group_dead);
	return 0;
}

static __always_inline void send_header(struct task_struct *task, u16 type, s32 ret)
{
	struct event_header e = {};

	fill_header(&e, task, type, ret);
	send(&e, sizeof(e));
}

ONCE send_creds(u16 type, u32 arg, s32 ret)
{
	struct task_struct *task = current_task();
	struct event_creds e = {};

	fill_header(&e.h, task, type, ret);
	e.arg = arg;
	e.uid = FIELD(task, cred, euid.val);
	e.gid = FIELD(task, cred, egid.val);
	fill_task(&e.task, task);
	send(&e, sizeof(e));
	return 0;
}

ONCE send_chdir(void)
{
	struct task_struct *task = current_task();
	struct scratch *s = take_scratch();
	struct event_name *e;

	if (!s)
		return 0;
	e = (struct event_name *)s->data;
	__builtin_memset(e, 0, sizeof(*e));
	fill_header(&e->h, task, EVENT_CHDIR, 0);
	s->off = sizeof(*e);
	e->dir1_len = add_cwd(s, task);
	send_scratch(s);
	give_scratch(s);
	return 0;
}
