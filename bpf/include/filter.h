/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * Whose doings nobody wants to hear of. User space judges each process by the whole condition
 * and notes here those that it does not want; their descriptors are then ignored, so that their
 * reads and writes cost what those of any ignored descriptor do. What they did before the
 * verdict came is left out by user space.
 */
#include "task.h"

const volatile u8 filtering = 0; /* there is a condition */
const volatile u8 inherited = 0; /* and a child satisfies it if its parent does */

/* The verdicts, by thread group. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, u32);
	__type(value, struct verdict);
} unwanted SEC(".maps");

/* The verdict about a process, be it about the program that it runs now or about one before. */
static __always_inline struct verdict *find_verdict(struct task_struct *task)
{
	u32 pid = FIELD(task, tgid);
	struct verdict *v;

	if (!filtering)
		return NULL;
	v = bpf_map_lookup_elem(&unwanted, &pid);
	return v && v->start == FIELD(task, group_leader, start_boottime) ? v : NULL;
}

/*
 * A verdict may come when the process has gone on to another program, which it says nothing about:
 * user space was not there yet.
 */
static __always_inline bool is_unwanted(struct task_struct *task)
{
	struct verdict *v = find_verdict(task);

	return v && v->exec_id == (u32)FIELD(task, group_leader, self_exec_id);
}

static __always_inline void inherit_verdict(struct task_struct *parent, struct task_struct *child)
{
	struct verdict v = {
		.start = FIELD(child, start_boottime),
		.exec_id = FIELD(child, self_exec_id),
	};
	u32 pid = FIELD(child, tgid);

	if (inherited && FIELD(child, pid) == FIELD(child, tgid) && is_unwanted(parent))
		bpf_map_update_elem(&unwanted, &pid, &v, BPF_ANY);
}

static __always_inline void forget_verdict(struct task_struct *task)
{
	u32 pid = FIELD(task, tgid);

	if (filtering)
		bpf_map_delete_elem(&unwanted, &pid);
}
