/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "path.h"

/* Components of a control group's path that are sent; what is above them is cut. */
#define MAX_CGROUPS 16

/* The control group of a task, NULL if that is the root of its hierarchy. */
static __always_inline struct cgroup *cgroup_of(struct task_struct *task)
{
	struct css_set *set = READ(struct task_struct, task, cgroups);
	struct cgroup *cgrp;

	if (!set)
		return NULL;
	if (cgroup_subsys < 0) {
		cgrp = READ(struct css_set, set, dfl_cgrp);
	} else {
		const void *array = (void *)set + bpf_core_field_offset(struct css_set, subsys);
		void *css = (void *)read_word(array + sizeof(void *) * cgroup_subsys);

		if (!css)
			return NULL;
		cgrp = READ(struct cgroup_subsys_state, css, cgroup);
	}
	if (!cgrp || READ(struct cgroup, cgrp, level) == 0)
		return NULL;
	return cgrp;
}

/* Appends the name of a control group and its NUL; false when there is no room. */
static __always_inline bool append_cgroup(struct scratch *s, struct cgroup *cgrp)
{
	struct kernfs_node *kn = READ(struct cgroup, cgrp, kn);
	u32 off = s->off;
	s64 len;

	if (off >= sizeof(s->data) - NAME_BYTES)
		return false;
	len = bpf_probe_read_kernel_str(&s->data[off], NAME_BYTES,
					READ(struct kernfs_node, kn, name));
	if (len <= 0 || len > NAME_BYTES)
		return false;
	s->off = off + len;
	return true;
}

struct cgroup_walk {
	struct scratch *s;
	struct cgroup *cgrp;
};

static long walk_cgroup(u32 i, struct cgroup_walk *w)
{
	struct cgroup *cgrp = w->cgrp;
	void *css;

	if (READ(struct cgroup, cgrp, level) == 0 || !append_cgroup(w->s, cgrp))
		return 1;
	/* by way of the css, as kernfs has renamed its pointer to the parent */
	css = READ(struct cgroup, cgrp, self.parent);
	if (!css)
		return 1;
	w->cgrp = READ(struct cgroup_subsys_state, css, cgroup);
	return w->cgrp ? 0 : 1;
}

/* Sends the path of a control group; false when that failed. */
static __noinline bool send_cgroup(struct task_struct *task, struct cgroup *cgrp, u64 id)
{
	struct scratch *s = take_scratch();
	struct cgroup_walk w = {.s = s, .cgrp = cgrp};
	struct event_cgroup *e;
	bool sent;

	if (!s)
		return false;
	e = (struct event_cgroup *)s->data;
	__builtin_memset(e, 0, sizeof(*e));
	fill_header(&e->h, task, EVENT_CGROUP, 0);
	e->id = id;
	s->off = sizeof(*e);
	LOOP(MAX_CGROUPS, MAX_CGROUPS, walk_cgroup, &w);
	sent = send_scratch(s) == 0;
	give_scratch(s);
	return sent;
}

/*
 * Returns the number of a task's control group, 0 for the root, having sent its path if this is
 * the first that is seen of it. Must not be called while the scratch is taken.
 */
static __always_inline u64 note_cgroup(struct task_struct *task)
{
	struct cgroup *cgrp;
	u8 one = 1;
	u64 id;

	if (!want_containers)
		return 0;
	cgrp = cgroup_of(task);
	if (!cgrp)
		return 0;
	id = READ(struct kernfs_node, READ(struct cgroup, cgrp, kn), id);
	if (bpf_map_lookup_elem(&cgroups, &id))
		return id;
	if (send_cgroup(task, cgrp, id))
		bpf_map_update_elem(&cgroups, &id, &one, BPF_ANY);
	return id;
}
