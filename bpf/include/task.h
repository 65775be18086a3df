/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "compat.h"

static __always_inline void fill_header(struct event_header *h, struct task_struct *task, u16 type,
					s32 ret)
{
	h->type = type;
	h->flags = 0;
	h->ret = ret;
	h->pid = FIELD(task, tgid);
	h->tid = FIELD(task, pid);
	h->ts = bpf_ktime_get_boot_ns();
	h->start = FIELD(task, group_leader, start_boottime);
}

#define MAX_PID_LEVEL 32 /* include/linux/pid_namespace.h */

/* The struct upid of a pid for the namespace at the given level, which must have one. */
static __always_inline void *upid_at(struct pid *pid, u32 level)
{
	u64 i = level;

	clamp_to(i, MAX_PID_LEVEL);
	return (void *)pid + bpf_core_field_offset(struct pid, numbers) +
	       i * bpf_core_type_size(struct upid);
}

/* The pid of a task as the namespace at the given level sees it. */
static __always_inline s32 pid_at_level(struct task_struct *task, u32 level)
{
	struct pid *pid = FIELD(task, thread_pid);
	s32 nr = 0, own = FIELD(task, pid);

	keep(own);
	if (!pid || level > READ(struct pid, pid, level))
		return own;
	/* the number is the first member of struct upid */
	bpf_probe_read_kernel(&nr, sizeof(nr), upid_at(pid, level));
	keep(nr);
	return nr;
}

static __always_inline u32 pid_level(struct task_struct *task)
{
	struct pid *pid = FIELD(task, thread_pid);

	return pid ? READ(struct pid, pid, level) : 0;
}

/* The struct file behind a descriptor of the current task, 0 if there is none. */
static __always_inline u64 file_of(struct task_struct *task, u32 fd)
{
	struct files_struct *files = FIELD(task, files);
	struct fdtable *fdt;
	struct file **array;

	if (!files)
		return 0;
	fdt = FIELD(files, fdt);
	if (fd >= FIELD(fdt, max_fds))
		return 0;
	array = FIELD(fdt, fd);
	return read_word(array + fd);
}

/*
 * The struct file behind a descriptor of the current task, for no more than to compare it with the
 * one that was there before: the table of descriptors may have become smaller since.
 */
static __always_inline u64 file_if_known(struct task_struct *task, u32 fd)
{
	/* a load through a pointer that is NULL gives 0 */
	return read_word(FIELD(task, files, fdt, fd) + fd);
}

/* Copies a text with its NUL, and returns its length with that; some kernels say 0 for an empty
 * one. */
static __always_inline long read_user_text(void *dst, u32 size, u64 text)
{
	long n = bpf_probe_read_user_str(dst, size, (void *)text);

	return n ? n : 1;
}

static __always_inline struct scratch *take_scratch(void)
{
	u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratches, &zero);

	if (!s)
		return NULL;
	/* Should a kernel let a tracepoint be preempted: do not mix two events. */
	if (s->busy) {
		count_loss(LOSS_SCRATCH_BUSY);
		return NULL;
	}
	s->busy = 1;
	s->off = 0;
	s->flags = 0;
	return s;
}

static __always_inline void give_scratch(struct scratch *s)
{
	s->busy = 0;
}
