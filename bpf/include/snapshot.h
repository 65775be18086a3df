/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "net.h"
#include "process.h"

/* An iterator's output: events one after another, each behind its size. */
static __always_inline void write_scratch(struct scratch *s, struct bpf_iter_meta *meta)
{
	u32 size = s->off;
	u64 n = size;

	((struct event_header *)s->data)->flags |= s->flags;
	bpf_seq_write(meta->seq, &size, sizeof(size));
	clamp_to(n, sizeof(s->data));
	bpf_seq_write(meta->seq, s->data, n);
}

/* What existed before the capture. Arguments are left to /proc. */
SEC("iter/task")
int snapshot_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct scratch *s;

	if (!task || FIELD(task, pid) != FIELD(task, tgid) || FIELD(task, tgid) == self_pid ||
	    !FIELD(task, mm))
		return 0;
	s = take_scratch();
	if (!s)
		return 0;
	fill_process(s, task, EVENT_SNAPSHOT);
	write_scratch(s, ctx->meta);
	give_scratch(s);
	return 0;
}

static __always_inline bool snapshot_unix(struct scratch *s, struct task_struct *task, u32 fd,
					  struct flow *f)
{
	struct event_file_start *e = (struct event_file_start *)s->data;
	struct sock *sk = sock_of(f->file);
	struct operation o = {};

	if (!is_connected(sk))
		return false;
	fill_header(&e->h, task, EVENT_FILE_START, 0);
	e->id = f->id;
	e->fd = fd;
	e->file_type = 'u';
	s->off = sizeof(*e);
	return append_unix_name(s, task, sk, &o);
}

static __always_inline bool snapshot_socket(struct scratch *s, struct task_struct *task, u32 fd,
					    struct flow *f)
{
	struct event_socket_start *e = (struct event_socket_start *)s->data;
	struct sock *sk = sock_of(f->file);

	if (want_unix_sockets && is_unix(f->file))
		return snapshot_unix(s, task, fd, f);
	__builtin_memset(e, 0, sizeof(*e));
	/* unconnected ones start when they are used */
	if (!sk || !read_endpoints(sk, &e->net) || !e->net.remote_port)
		return false;
	f->remote_port = e->net.remote_port;
	fill_header(&e->h, task, EVENT_SOCKET_START, 0);
	e->id = f->id;
	e->fd = fd;
	e->kind = FLOW_SOCKET;
	s->off = sizeof(*e);
	return true;
}

/* Open files and sockets: known from here on, reported when they are first used. */
SEC("iter/task_file")
int snapshot_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct flow f = {.file = (u64)file};
	struct event_file_start *e;
	struct flow *known;
	bool mine = false;
	u64 key;
	struct scratch *s;

	if (!task || !file || FIELD(task, pid) != FIELD(task, tgid) ||
	    FIELD(task, tgid) == self_pid)
		return 0;
	s = take_scratch();
	if (!s)
		return 0;
	e = (struct event_file_start *)s->data;
	__builtin_memset(e, 0, sizeof(*e));
	f.kind = classify(f.file, &e->file_type, &e->ino, &e->nsfs);
	if (opens_only && f.kind == FLOW_FILE)
		goto out;
	key = key_of(FIELD(task, tgid), ctx->fd);
	/* when its buffer is full the iterator drops what it got, and asks again */
	known = find_flow(key);
	if (known && (known->kind != FLOW_DORMANT || known->file != f.file))
		goto out;
	f.id = known ? known->id : next_flow_id(s);
	if (f.kind == FLOW_FILE) {
		fill_header(&e->h, task, EVENT_FILE_START, 0);
		e->id = f.id;
		e->fd = (u32)key;
		s->off = sizeof(*e);
		append_file_name(s, task, e, f.file);
	} else if (f.kind != FLOW_SOCKET || !snapshot_socket(s, task, (u32)key, &f)) {
		goto out;
	}
	if (!known) {
		known = new_flow(key, &mine);
		if (!known)
			count_loss(LOSS_FLOWS_FULL);
		if (!known || !mine)
			goto out;
		known->kind = FLOW_DORMANT;
		known->id = f.id;
		known->remote_port = f.remote_port;
		publish_flow(known, f.file);
	}
	write_scratch(s, ctx->meta);
out:
	give_scratch(s);
	return 0;
}

/* Tells the caller's pid in the initial pid namespace, whatever namespace it is in. */
SEC("raw_tp")
int who_am_i(void *ctx)
{
	return bpf_get_current_pid_tgid() >> 32;
}
