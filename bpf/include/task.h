/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "maps.h"
#include <bpf/bpf_core_read.h>

/* Exists since 6.2; a load through the cast pointer costs no helper call. */
extern void *bpf_rdonly_cast(const void *obj, u32 btf_id) __ksym __weak;

#define CAST(type, p) ((type *)bpf_rdonly_cast((p), bpf_core_type_id_kernel(type)))

/*
 * A function that the verifier looks at once, not anew for each way that leads to it. It can be
 * given numbers and memory, which it must find to be there, but no task: it is the current one.
 */
#define ONCE __noinline int

/* Keeps clang from merging loads that the verifier must see apart. */
#define keep(v) asm volatile("" : "+r"(v))

/* Read one field, or a chain of them, through a pointer of unknown provenance. */
#define READ(type, p, field)                                                                       \
	({                                                                                         \
		const void *__p = (p);                                                             \
		typeof(((type *)0)->field) __v;                                                    \
		if (bpf_rdonly_cast) {                                                             \
			__v = CAST(type, __p)->field;                                              \
			keep(__v);                                                                 \
		} else {                                                                           \
			bpf_core_read(&__v, sizeof(__v), &((const type *)__p)->field);             \
			keep(__v);                                                                 \
		}                                                                                  \
		__v;                                                                               \
	})

/* A word anywhere in kernel memory: seen as the first member of this, which is a number. */
struct timespec64 {
	s64 tv_sec;
} __attribute__((preserve_access_index));

static __always_inline u64 read_word(const void *p)
{
	u64 v = 0;

	if (bpf_rdonly_cast) {
		v = CAST(struct timespec64, p)->tv_sec;
		keep(v);
		return v;
	}
	bpf_probe_read_kernel(&v, sizeof(v), p);
	keep(v);
	return v;
}

static __always_inline void fill_header(struct event_header *h, struct task_struct *task, u16 type,
					s32 ret)
{
	h->type = type;
	h->flags = 0;
	h->ret = ret;
	h->pid = task->tgid;
	h->tid = task->pid;
	h->ts = bpf_ktime_get_boot_ns();
	h->start = task->group_leader->start_boottime;
}

/* The pid of a task as the namespace at the given level sees it. */
static __always_inline s32 pid_at_level(struct task_struct *task, u32 level)
{
	struct pid *pid = task->thread_pid;
	s32 nr = 0, own = task->pid;

	keep(own);
	if (!pid || level > READ(struct pid, pid, level))
		return own;
	/* the number is the first member of struct upid */
	bpf_probe_read_kernel(&nr, sizeof(nr),
			      (void *)pid + bpf_core_field_offset(struct pid, numbers) +
				      level * bpf_core_type_size(struct upid));
	keep(nr);
	return nr;
}

static __always_inline u32 pid_level(struct task_struct *task)
{
	struct pid *pid = task->thread_pid;

	return pid ? READ(struct pid, pid, level) : 0;
}

/* The struct file behind a descriptor of the current task, 0 if there is none. */
static __always_inline u64 file_of(struct task_struct *task, u32 fd)
{
	struct files_struct *files = task->files;
	struct fdtable *fdt;
	struct file **array;

	if (!files)
		return 0;
	fdt = READ(struct files_struct, files, fdt);
	if (fd >= READ(struct fdtable, fdt, max_fds))
		return 0;
	array = READ(struct fdtable, fdt, fd);
	return read_word(array + fd);
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
