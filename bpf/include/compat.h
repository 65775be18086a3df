/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * What differs between kernels. The sources are compiled twice: for Linux 5.17 and newer, and with
 * LEGACY for 5.10 to 5.16, which lack
 *
 *   bpf_loop (5.17)                  the verifier walks through each turn of a loop
 *   compare and exchange (5.12)      the table of flows is a plain one, see table.h
 *   memory given to functions (5.12) what ONCE_WITH marks is looked at anew for each call
 *   bpf_get_current_task_btf (5.11)  a task is a mere number, whose fields a helper reads
 *
 * The Go side picks one by what the kernel knows. Besides this file, walk_to_root and what concerns
 * io_uring, whose tracepoints tell too little before 6.0, depend on LEGACY.
 */
#include "maps.h"
#include <bpf/bpf_core_read.h>

/*
 * A function that the verifier looks at once, not anew for each way that leads to it: one that is
 * not static. It can be given numbers but no task: it is the current one.
 */
#define ONCE __noinline int

/* Keeps clang from merging loads that the verifier must see apart. */
#define keep(v) asm volatile("" : "+r"(v))

/* Keeps clang from dropping a bound that the verifier needs to see. */
#define clamp_to(v, max) asm volatile("if %0 < %1 goto +1; %0 = %1" : "+r"(v) : "i"(max))

/*
 * A number of up to 8 bytes anywhere in kernel memory; 0 when there is none. In a function
 * of its own because the places of all these numbers together would overflow the stack.
 */
static __noinline u64 probe_number(const void *p, u32 size)
{
	u64 v = 0;

	bpf_probe_read_kernel(&v, size, p);
	return v;
}

/*
 * FIELD(task, signal, nr_threads) is task->signal->nr_threads: for pointers whose type the
 * verifier knows, which are tasks and what they lead to. READ(struct dentry, p, d_name.name) is
 * p->d_name.name for any pointer.
 */
#define PROBE(p, field) ((typeof((p)->field))probe_number(&(p)->field, sizeof((p)->field)))

#define ARROW_1(p, a)                      (p)->a
#define ARROW_2(p, a, b)                   (p)->a->b
#define ARROW_3(p, a, b, c)                (p)->a->b->c
#define PROBE_1(p, a)                      PROBE(p, a)
#define PROBE_2(p, a, b)                   PROBE(PROBE(p, a), b)
#define PROBE_3(p, a, b, c)                PROBE(PROBE(PROBE(p, a), b), c)
#define BY_COUNT(name, p, a, b, c, n, ...) name##_##n

#ifndef LEGACY

#define FIELD(p, ...) BY_COUNT(ARROW, p, __VA_ARGS__, 3, 2, 1)(p, __VA_ARGS__)

/* Exists since 6.2; a load through the cast pointer costs no helper call. */
extern void *bpf_rdonly_cast(const void *obj, u32 btf_id) __ksym __weak;
#define can_cast      bpf_rdonly_cast
#define CAST(type, p) ((type *)bpf_rdonly_cast((p), bpf_core_type_id_kernel(type)))

static __always_inline struct task_struct *current_task(void)
{
	return bpf_get_current_task_btf();
}

static __always_inline u32 tgid_of_current(struct task_struct *task)
{
	return task->tgid;
}

static __always_inline bool has_one_thread(struct task_struct *task)
{
	/* it is alone on the list, between whose ends it stands */
	return task->thread_node.next == task->thread_node.prev;
}

/* Calls fn(i, ctx) for i from 0 to n - 1 until it returns 1; older kernels stop at limit. */
#define LOOP(n, limit, fn, ctx) bpf_loop(n, fn, ctx, 0)

/*
 * ONCE, for a function that is given memory, which the verifier must find to be there: since 5.12.
 */
#define ONCE_WITH __noinline int

/* Exist since 6.13 and 6.2. */
extern struct task_struct *bpf_task_from_vpid(s32 vpid) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

/* The pid in the initial namespace of what the current task calls nr; 0 when it cannot be told. */
static __always_inline s32 pid_of_vpid(s32 nr)
{
	struct task_struct *task;
	s32 pid = 0;

	if (!bpf_task_from_vpid)
		return 0;
	task = bpf_task_from_vpid(nr);
	if (task) {
		pid = task->pid;
		bpf_task_release(task);
	}
	return pid;
}

#else /* LEGACY */

#define FIELD(p, ...) BY_COUNT(PROBE, p, __VA_ARGS__, 3, 2, 1)(p, __VA_ARGS__)

#define can_cast      false
#define CAST(type, p) ((type *)(p))

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/* The next two are asked at every read: what reads fields costs more than what they save. */
static __always_inline u32 tgid_of_current(struct task_struct *task)
{
	return bpf_get_current_pid_tgid() >> 32;
}

static __always_inline bool has_one_thread(struct task_struct *task)
{
	return false; /* nobody knows */
}

#define LOOP(n, limit, fn, ctx)                                                                    \
	({                                                                                         \
		u32 __n = n;                                                                       \
		for (u32 __i = 0; __i < (limit) && __i < __n; __i++)                               \
			if (fn(__i, ctx))                                                          \
				break;                                                             \
	})

#define ONCE_WITH static __noinline int

static __always_inline s32 pid_of_vpid(s32 nr)
{
	return 0;
}

#endif

#define READ(type, p, field)                                                                       \
	({                                                                                         \
		const void *__p = (p);                                                             \
		typeof(((type *)0)->field) __v;                                                    \
		__v = can_cast ? CAST(type, __p)->field : PROBE((type *)__p, field);               \
		keep(__v);                                                                         \
		__v;                                                                               \
	})

/* A word anywhere in kernel memory: seen as the first member of this, which is a number. */
struct timespec64 {
	s64 tv_sec;
} __attribute__((preserve_access_index));

static __always_inline u64 read_word(const void *p)
{
	u64 v;

	if (can_cast)
		v = CAST(struct timespec64, p)->tv_sec;
	else
		v = probe_number(p, sizeof(v));
	keep(v);
	return v;
}
