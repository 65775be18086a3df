/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * Operations on sockets that make no flow, and connects that failed. Those on unix sockets are
 * operations on their file.
 */
#include "fileop.h"
#include "net.h"

#define AF_NETLINK 16
#define SOCK_TYPES 0xf /* the rest are flags */

#define F_DUPFD         0
#define F_DUPFD_CLOEXEC 1030
#define LAST_STANDARD   2 /* descriptor: the error output */

/* An operation on a socket, and what its system call tells about it. */
struct socket_call {
	u32 fd;
	u16 op;      /* enum socket_op */
	u16 file_op; /* enum file_op: the same on a unix socket */
	s32 ret;
	u32 addr_len;
	u64 addr; /* in user memory, where the socket does not know better */
	u32 arg;
	u32 pad;
};

static __always_inline int send_unix_op(struct task_struct *task, const struct sock *sk,
					const struct socket_call *c)
{
	struct scratch *s = take_scratch();
	struct event_file_op *e;
	bool named;
	u8 first = 0;

	if (!s)
		return 0;
	e = (struct event_file_op *)s->data;
	__builtin_memset(e, 0, sizeof(*e));
	fill_header(&e->h, task, EVENT_FILE_OP, c->ret);
	e->op = c->file_op;
	e->file_type = 'u';
	e->value[0] = c->arg;
	s->off = sizeof(*e);
	if (!c->addr) {
		e->whole = 1;
		named = append_bound(s, task, sk);
		e->dir_len = s->off - sizeof(*e);
	} else {
		bpf_probe_read_user(&first, 1, (void *)(c->addr + FAMILY_BYTES));
		if (is_relative(first))
			e->dir_len = add_cwd(s, task);
		named = append_address(s, c->addr, c->addr_len);
		e->name_len = s->off - sizeof(*e) - e->dir_len;
	}
	if (named)
		send_scratch(s);
	give_scratch(s);
	return 0;
}

/* Puts the event of an operation on an internet socket together. */
static __always_inline bool fill_socket_op(struct event_socket_op *e, const struct sock *sk,
					   const struct socket_call *c)
{
	struct endpoints *net = &e->net;

	__builtin_memset(e, 0, sizeof(*e));
	e->fd = c->fd;
	e->op = c->op;
	e->args[0] = c->arg;
	if (!read_endpoints((struct sock *)sk, net))
		return false;
	if (!c->addr)
		return true;
	if (!read_user_address(net, c->addr, c->addr_len))
		return false;
	if (c->op == SOCKET_OP_BIND) {
		__builtin_memcpy(net->local, net->remote, sizeof(net->local));
		__builtin_memset(net->remote, 0, sizeof(net->remote));
		net->local_port = net->remote_port;
		net->remote_port = 0;
	}
	return true;
}

static __always_inline int send_socket_op(struct task_struct *task, const struct sock *sk,
					  const struct socket_call *c)
{
	struct scratch *s = take_scratch();
	struct event_socket_op *e;

	if (!s)
		return 0;
	e = (struct event_socket_op *)s->data;
	if (fill_socket_op(e, sk, c)) {
		fill_header(&e->h, task, EVENT_SOCKET_OP, c->ret);
		send(e, sizeof(*e));
	}
	give_scratch(s);
	return 0;
}

/* Sends an operation on the socket of a descriptor. */
ONCE_WITH socket_operation(const struct socket_call *c)
{
	struct task_struct *task = current_task();
	struct sock *sk;
	u64 file;

	if (!c || is_unwanted(task))
		return 0;
	file = file_of(task, c->fd);
	sk = file ? socket_behind(file) : NULL;
	if (!sk)
		return 0;
	if (READ(struct sock, sk, __sk_common.skc_family) != AF_UNIX)
		return send_socket_op(task, sk, c);
	if (want_unix_sockets && c->file_op && bpf_core_type_exists(struct unix_sock))
		send_unix_op(task, sk, c);
	return 0;
}

/*
 * Most sockets show when they are used. Told are those that are not, or not as what they are:
 * raw and packet sockets, and those of any family that is not of this list.
 */
static __always_inline bool is_common(u32 family, u32 type)
{
	switch (family) {
	case AF_UNIX:
	case AF_NETLINK:
		return true;
	case AF_INET:
	case AF_INET6:
		return (type & SOCK_TYPES) != SOCK_RAW;
	}
	return false;
}

static __always_inline void socket_made(struct task_struct *task, struct pt_regs *regs, s32 ret)
{
	struct event_socket_op e = {
		.fd = ret,
		.op = SOCKET_OP_CREATE,
		.args = {arg0(regs), arg1(regs), arg2(regs)},
	};

	if (is_common(e.args[0], e.args[1]) || is_unwanted(task))
		return;
	fill_header(&e.h, task, EVENT_SOCKET_OP, ret);
	send(&e, sizeof(e));
}

static __always_inline void bound(struct task_struct *task, struct pt_regs *regs, s32 ret)
{
	struct socket_call c = {
		.fd = arg0(regs),
		.op = SOCKET_OP_BIND,
		.file_op = FILE_OP_BIND,
		.ret = ret,
		.addr = ret < 0 ? arg1(regs) : 0,
		.addr_len = arg2(regs),
	};

	socket_operation(&c);
}

static __always_inline void listened(struct task_struct *task, struct pt_regs *regs, s32 ret)
{
	struct socket_call c = {
		.fd = arg0(regs),
		.op = SOCKET_OP_LISTEN,
		.file_op = FILE_OP_LISTEN,
		.ret = ret,
		.arg = arg1(regs),
	};

	socket_operation(&c);
}

static __always_inline void connect_failed(struct task_struct *task, const struct operation *o,
					   s32 ret)
{
	struct socket_call c = {
		.fd = o->fd,
		.op = SOCKET_OP_CONNECT,
		.file_op = FILE_OP_CONNECT,
		.ret = ret,
		.addr = o->addr,
		.addr_len = o->addr_len,
	};

	socket_operation(&c);
}

/* A socket that takes the place of a standard descriptor: a shell's input from afar. */
static __always_inline void duplicated(struct task_struct *task, u32 from, s32 to)
{
	struct socket_call c = {.fd = from, .op = SOCKET_OP_DUP, .ret = to};

	if (want_sockets && to >= 0 && to <= LAST_STANDARD)
		socket_operation(&c);
}
