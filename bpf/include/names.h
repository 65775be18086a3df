/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "flow.h"

#define AT_FDCWD     -100
#define AT_REMOVEDIR 0x200

/* Appends what a relative name is relative to: the cwd, or an open directory. */
static __always_inline u16 add_base(struct scratch *s, struct task_struct *task, s32 dirfd,
				    u32 missing)
{
	u64 file;

	if (dirfd == AT_FDCWD)
		return add_cwd(s, task);
	file = file_of(task, dirfd);
	if (file)
		return add_file_path(s, (void *)file, task);
	s->flags |= missing;
	return 0;
}

static __always_inline long read_text(void *dst, u32 size, u64 text, bool in_kernel)
{
	if (in_kernel)
		return bpf_probe_read_kernel_str(dst, size, (void *)text);
	return read_user_text(dst, size, text);
}

/* Appends a name, without its NUL, and its base; sets both lengths. */
static __always_inline void append_name(struct scratch *s, struct task_struct *task, s32 dirfd,
					u64 name, bool in_kernel, u16 *lens, u32 missing)
{
	char first = 0;
	u32 off;
	long n;

	if (in_kernel)
		bpf_probe_read_kernel(&first, 1, (void *)name);
	else
		bpf_probe_read_user(&first, 1, (void *)name);
	if (first != '/')
		lens[0] = add_base(s, task, dirfd, missing);
	off = s->off;
	if (off >= sizeof(s->data) - PATH_BYTES)
		return;
	n = read_text(&s->data[off], PATH_BYTES, name, in_kernel);
	if (n <= 0) {
		count_loss(LOSS_NAME_UNREADABLE);
		return;
	}
	lens[1] = n - 1;
	s->off = off + n - 1;
}

/* An operation on one name, or on two. */
struct naming {
	u32 op;
	s32 ret;
	s32 dirfd[2];
	u64 name[2];
};

/* Puts the event together. */
static __always_inline void fill_names(struct scratch *s, struct task_struct *task,
				       const struct naming *n, bool in_kernel)
{
	struct event_name *e = (struct event_name *)s->data;
	u16 lens[4] = {};

	fill_header(&e->h, task, EVENT_NAME, n->ret);
	s->off = sizeof(*e);
	append_name(s, task, n->dirfd[0], n->name[0], in_kernel, lens, EVENT_FLAG_NO_DIR1);
	if (n->name[1])
		append_name(s, task, n->dirfd[1], n->name[1], in_kernel, lens + 2,
			    EVENT_FLAG_NO_DIR2);
	e->op = n->op;
	e->dir1_len = lens[0];
	e->name1_len = lens[1];
	e->dir2_len = lens[2];
	e->name2_len = lens[3];
	e->pad = 0;
}

ONCE_WITH send_names(const struct naming *n)
{
	struct task_struct *task = current_task();
	struct scratch *s;

	if (!n || is_unwanted(task))
		return 0;
	s = take_scratch();
	if (!s)
		return 0;
	fill_names(s, task, n, false);
	send_scratch(s);
	give_scratch(s);
	return 0;
}
