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

/* When the process that is not wanted was created, by its thread group. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, u32);
	__type(value, u64);
} unwanted SEC(".maps");

static __always_inline bool is_unwanted(struct task_struct *task)
{
	u32 pid = FIELD(task, tgid);
	u64 *start;

	if (!filtering)
		return false;
	start = bpf_map_lookup_elem(&unwanted, &pid);
	return start && *start == FIELD(task, group_leader, start_boottime);
}

static __always_inline void inherit_verdict(struct task_struct *parent, struct task_struct *child)
{
	u64 start = FIELD(child, start_boottime);
	u32 pid = FIELD(child, tgid);

	if (inherited && FIELD(child, pid) == FIELD(child, tgid) && is_unwanted(parent))
		bpf_map_update_elem(&unwanted, &pid, &start, BPF_ANY);
}

static __always_inline void forget_verdict(struct task_struct *task)
{
	u32 pid = FIELD(task, tgid);

	if (filtering)
		bpf_map_delete_elem(&unwanted, &pid);
}
