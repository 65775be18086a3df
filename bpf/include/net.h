/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "unix.h"
#include "iouring_kernel.h"
#include <bpf/bpf_endian.h>

static __always_inline struct sock *sock_of(u64 file)
{
	struct socket *socket = READ(struct file, (void *)file, private_data);

	return socket ? READ(struct socket, socket, sk) : NULL;
}

/* The socket behind a file, NULL when it is something else. */
static __always_inline struct sock *socket_behind(u64 file)
{
	struct inode *inode = READ(struct file, (void *)file, f_inode);

	if (READ(struct super_block, READ(struct inode, inode, i_sb), s_magic) != SOCKFS_MAGIC)
		return NULL;
	return sock_of(file);
}

static __always_inline bool is_unix(u64 file)
{
	struct sock *sk = socket_behind(file);

	return sk && READ(struct sock, sk, __sk_common.skc_family) == AF_UNIX;
}

static __always_inline void map_v4(u8 *dst, __be32 addr)
{
	__builtin_memset(dst, 0, 10);
	dst[10] = 0xff;
	dst[11] = 0xff;
	__builtin_memcpy(dst + 12, &addr, 4);
}

/* Fills in both ends of a socket; false when it is not an internet socket. */
static __always_inline bool read_endpoints(struct sock *sk, struct endpoints *net)
{
	u16 family = READ(struct sock, sk, __sk_common.skc_family);

	if (family == AF_INET) {
		map_v4(net->local, READ(struct sock, sk, __sk_common.skc_rcv_saddr));
		map_v4(net->remote, READ(struct sock, sk, __sk_common.skc_daddr));
	} else if (family == AF_INET6) {
		bpf_core_read(net->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(net->remote, 16, &sk->__sk_common.skc_v6_daddr);
	} else {
		return false;
	}
	net->local_port = READ(struct sock, sk, __sk_common.skc_num);
	net->remote_port = bpf_ntohs(READ(struct sock, sk, __sk_common.skc_dport));
	net->proto = READ(struct sock, sk, sk_protocol);
	/* a raw socket carries TCP or UDP by hand; only ICMP is worth its name */
	if (READ(struct sock, sk, sk_type) == SOCK_RAW && net->proto != IPPROTO_ICMP &&
	    net->proto != IPPROTO_ICMPV6)
		net->proto = IPPROTO_RAW;
	return true;
}

static __always_inline bool take_address(struct endpoints *net, const struct user_sockaddr *sa,
					 u32 len)
{
	net->remote_port = bpf_ntohs(sa->port);
	if (sa->family == AF_INET)
		map_v4(net->remote, sa->addr4);
	else if (sa->family == AF_INET6 && len >= 24)
		__builtin_memcpy(net->remote, sa->addr6, 16);
	else
		return false;
	return true;
}

/* Takes the remote end from an address in user memory. */
static __always_inline bool read_user_address(struct endpoints *net, u64 addr, u32 len)
{
	struct user_sockaddr sa = {};

	if (!addr || len < 8)
		return false;
	if (bpf_probe_read_user(&sa, len < 24 ? 8 : 24, (void *)addr))
		return false;
	return take_address(net, &sa, len);
}

/* Takes the remote end from the address that an operation has, if it has one. */
static __noinline int read_address(struct endpoints *net, const struct operation *o)
{
	struct user_sockaddr sa = {};

	if (!o->uring)
		return read_user_address(net, o->addr, o->addr_len);
	if (!o->addr || o->addr_len < 8)
		return false;
	if (bpf_probe_read_kernel(&sa, sizeof(sa), (void *)o->addr))
		return false;
	return take_address(net, &sa, o->addr_len);
}

#ifndef LEGACY
/* The task that submitted a request to io_uring. */
static __always_inline void *submitter(const void *req)
{
	if (bpf_core_field_exists(struct io_kiocb, tctx))
		return READ(struct io_uring_task, READ(struct io_kiocb, req, tctx), task);
	return READ(struct io_kiocb, req, task);
}
#endif

/* The beginning of a flow's first event. */
static __always_inline void fill_flow_header(struct event_header *h, struct task_struct *task,
					     const struct operation *o, u16 type)
{
	fill_header(h, task, type, 0);
#ifndef LEGACY
	/* then the task is that of the worker, see task_of_request */
	if (!can_cast && o->uring)
		h->tid = READ(struct task_struct, submitter((void *)o->uring), pid);
#endif
}

/* What kind of flow a socket makes; fills in its ends. */
static __always_inline u16 socket_kind(const struct operation *o, struct endpoints *net)
{
	struct sock *sk = sock_of(o->file);

	if (!sk || !read_endpoints(sk, net))
		return FLOW_IGNORED;
	if (o->op == OP_CONNECT) {
		net->role = ROLE_INITIATOR;
		if (o->addr) /* a failed connect, of which the socket keeps nothing */
			read_address(net, o);
		return FLOW_SOCKET;
	}
	if (o->op == OP_ACCEPT)
		net->role = ROLE_ACCEPTOR;
	if (net->remote_port)
		return FLOW_SOCKET;
	/* a stream socket without a peer can neither send nor receive */
	return READ(struct sock, sk, sk_type) == SOCK_STREAM ? FLOW_IGNORED : FLOW_DATAGRAM;
}

static __always_inline void start_socket(struct scratch *s, struct task_struct *task,
					 const struct operation *o, struct flow *f)
{
	struct event_socket_start *e = (struct event_socket_start *)s->data;

	__builtin_memset(e, 0, sizeof(*e));
	f->kind = socket_kind(o, &e->net);
	f->remote_port = e->net.remote_port;
	if (f->kind != FLOW_SOCKET)
		return; /* datagrams count for their peers */
	fill_flow_header(&e->h, task, o, EVENT_SOCKET_START);
	e->id = f->id;
	e->fd = o->fd;
	e->ops = o->op;
	e->kind = FLOW_SOCKET;
	count_operation(task, f, o);
	if (send(e, sizeof(*e)))
		f->kind = FLOW_UNTOLD;
}

static __always_inline void fill_file_start(struct event_file_start *e, struct task_struct *task,
					    const struct operation *o, struct flow *f)
{
	fill_flow_header(&e->h, task, o, EVENT_FILE_START);
	e->id = f->id;
	e->fd = o->fd;
	e->open_flags = o->open_flags;
	e->ops = o->op;
	count_operation(task, f, o);
}

static __always_inline void start_file(struct scratch *s, struct task_struct *task,
				       const struct operation *o, struct flow *f)
{
	struct event_file_start *e = (struct event_file_start *)s->data;

	fill_file_start(e, task, o, f);
	s->off = sizeof(*e);
	append_file_name(s, task, e, o->file);
	if (send_scratch(s))
		f->kind = FLOW_UNTOLD;
}

/* A unix socket makes the flow of a file, unless nothing names it. */
static __always_inline void start_unix(struct scratch *s, struct task_struct *task,
				       const struct operation *o, struct flow *f)
{
	struct event_file_start *e = (struct event_file_start *)s->data;

	e->file_type = 'u';
	fill_file_start(e, task, o, f);
	s->off = sizeof(*e);
	if (append_unix_name(s, task, sock_of(o->file), o)) {
		f->kind = send_scratch(s) ? FLOW_UNTOLD : FLOW_FILE;
	} else {
		f->kind = FLOW_IGNORED;
	}
}

/* Starts the flow of a descriptor, whose file is known, with the operation that showed it. */
static __always_inline int start_flow_of(struct task_struct *task, const struct operation *o)
{
	struct scratch *s = take_scratch();
	struct event_file_start *e;
	bool mine = false;
	struct flow *f;

	if (!s)
		return 0;
	f = renew_flow(flow_key(task, o->fd), &mine);
	if (!f) {
		if (!is_unwanted(task))
			count_loss(LOSS_FLOWS_FULL);
		goto out;
	}
	if (!mine) {
		/* of an unconnected socket this counts for nobody: its peer is not known yet */
		count_operation(task, f, o);
		goto out;
	}
	if (is_unwanted(task)) {
		f->kind = FLOW_IGNORED;
		goto publish;
	}
	e = (struct event_file_start *)s->data;
	e->ino = 0;
	e->nsfs = 0;
	f->id = next_flow_id(s);
	f->kind = classify(o->file, &e->file_type, &e->ino, &e->nsfs);
	if (f->kind == FLOW_SOCKET && want_unix_sockets && is_unix(o->file))
		start_unix(s, task, o, f);
	else if (f->kind == FLOW_SOCKET)
		start_socket(s, task, o, f);
	else if (f->kind == FLOW_FILE)
		start_file(s, task, o, f);
	if (opens_only && f->kind == FLOW_FILE)
		f->kind = FLOW_IGNORED;
publish:
	publish_flow(f, o->file);
out:
	give_scratch(s);
	return 0;
}

ONCE_WITH start_own_flow(const struct operation *o)
{
	return o ? start_flow_of(current_task(), o) : 0;
}

#ifndef LEGACY

/* For an operation that came by io_uring, and may be that of another process, see iouring.h. */
int start_requested_flow(const struct operation *o);

static __always_inline int start_flow(const struct operation *o)
{
	return o->uring ? start_requested_flow(o) : start_own_flow(o);
}

#else

static __always_inline int start_flow(const struct operation *o)
{
	return start_own_flow(o);
}

#endif

/* Counts what an unconnected socket exchanged with one peer. */
static __noinline int datagram_io(struct task_struct *task, const struct flow *socket,
				  const struct operation *o)
{
	struct peer_key key = {.id = socket->id};
	struct event_socket_start *e;
	struct flow *found, *f;
	struct scratch *s;
	struct sock *sk;

	s = take_scratch();
	if (!s)
		return 0;
	e = (struct event_socket_start *)s->data;
	__builtin_memset(e, 0, sizeof(*e));
	f = (struct flow *)(e + 1); /* for want of stack */
	__builtin_memset(f, 0, sizeof(*f));
	if (read_address(&e->net, o)) {
		__builtin_memcpy(key.addr, e->net.remote, 16);
		key.port = e->net.remote_port;
	}
	found = bpf_map_lookup_elem(&peers, &key);
	if (found && !is_to_begin(found))
		goto known;
	if (found)
		bpf_map_delete_elem(&peers, &key);
	sk = sock_of(o->file);
	if (!sk || !read_endpoints(sk, &e->net))
		goto out;
	__builtin_memcpy(e->net.remote, key.addr, 16);
	e->net.remote_port = key.port;
	e->net.role = o->op == OP_WRITE ? ROLE_INITIATOR : ROLE_ACCEPTOR;
	f->id = next_flow_id(s);
	f->file = o->file;
	f->kind = FLOW_DATAGRAM;
	f->remote_port = key.port;
	count_operation(task, f, o);
	if (bpf_map_update_elem(&peers, &key, f, BPF_NOEXIST)) {
		/* another thread has just made it, or there is no room */
		found = bpf_map_lookup_elem(&peers, &key);
		if (found)
			goto known;
		count_loss(LOSS_FLOWS_FULL);
		goto out;
	}
	fill_flow_header(&e->h, task, o, EVENT_SOCKET_START);
	e->id = f->id;
	e->socket = socket->id;
	e->fd = o->fd;
	e->ops = o->op;
	e->kind = FLOW_DATAGRAM;
	if (send(e, sizeof(*e))) {
		found = bpf_map_lookup_elem(&peers, &key);
		if (found)
			found->kind = FLOW_UNTOLD;
	}
	goto out;
known:
	count_operation(task, found, o);
out:
	give_scratch(s);
	return 0;
}

/* One message, or one plain read or write, on a file that is known. */
static __always_inline int file_io(struct task_struct *task, struct operation *o)
{
	u64 key = flow_key(task, o->fd);
	struct flow *f = find_flow(key);

	if (!f || f->file != o->file || is_to_begin(f)) {
		if (!o->file)
			return 0;
		start_flow(o);
		f = find_flow(key);
		if (!f || f->kind != FLOW_DATAGRAM)
			return 0;
	}
	if (f->kind == FLOW_DATAGRAM) {
		struct user_msgname hdr = {};

		if (o->msghdr && !bpf_probe_read_user(&hdr, sizeof(hdr), (void *)o->msghdr)) {
			o->addr = hdr.name;
			o->addr_len = hdr.namelen;
		}
		datagram_io(task, f, o);
	} else if (f->kind != FLOW_IGNORED) {
		count_operation(task, f, o);
	}
	return 0;
}

/* The same, on whatever the descriptor is. */
ONCE_WITH io(struct operation *o)
{
	struct task_struct *task = current_task();

	if (!o)
		return 0;
	o->file = file_of(task, o->fd);
	return file_io(task, o);
}
