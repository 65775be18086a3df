/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * Sockets of the local host. What is said through one is a flow of the file of type 'u' that the
 * listening end is bound to, be it a path or an abstract name.
 */
#include "flow.h"

#define AF_UNIX      1
#define FAMILY_BYTES 2   /* of an address, before its path */
#define SUN_BYTES    108 /* of the path */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sockaddr_un {
	char sun_path[SUN_BYTES];
};

struct unix_address {
	int len;
	struct sockaddr_un name[];
};

struct unix_sock {
	struct unix_address *addr;
	struct path path;
	struct sock *peer;
};

#pragma clang attribute pop

/* A relative path is neither absolute nor an abstract name. */
static __always_inline bool is_relative(u8 first)
{
	return first != '/' && first != 0;
}

static __always_inline bool is_bound(const struct sock *sk)
{
	return READ(struct unix_sock, sk, addr);
}

/*
 * Appends the address that a socket is bound to, or the path of its file when that address is
 * relative; false when it is not bound.
 */
static __always_inline bool append_bound(struct scratch *s, struct task_struct *task,
					 const struct sock *sk)
{
	struct unix_address *addr = READ(struct unix_sock, sk, addr);
	u32 off = s->off, len;

	if (!addr)
		return false;
	len = READ(struct unix_address, addr, len);
	if (len <= FAMILY_BYTES || off >= sizeof(s->data) - NAME_BYTES)
		return false;
	len -= FAMILY_BYTES;
	clamp_to(len, SUN_BYTES);
	if (bpf_probe_read_kernel(&s->data[off], len,
				  (void *)addr + bpf_core_field_offset(struct unix_address, name) +
					  FAMILY_BYTES))
		return false;
	if (is_relative(s->data[off]))
		add_path(s, (void *)sk + bpf_core_field_offset(struct unix_sock, path), task);
	else
		s->off = off + len;
	return true;
}

/* Appends the path of an address in user memory. */
static __always_inline bool append_address(struct scratch *s, u64 addr, u32 len)
{
	u32 off = s->off;

	if (!addr || len <= FAMILY_BYTES || off >= sizeof(s->data) - NAME_BYTES)
		return false;
	len -= FAMILY_BYTES;
	clamp_to(len, SUN_BYTES);
	if (bpf_probe_read_user(&s->data[off], len, (void *)(addr + FAMILY_BYTES)))
		return false;
	s->off = off + len;
	return true;
}

/* Appends the absolute address that a message was sent to. */
static __always_inline bool append_destination(struct scratch *s, const struct operation *o)
{
	struct user_msghdr hdr = {.name = o->addr, .namelen = o->addr_len};
	u32 off = s->off;

	if (o->msghdr)
		bpf_probe_read_user(&hdr, 16, (void *)o->msghdr);
	if (!append_address(s, hdr.name, hdr.namelen) || off >= sizeof(s->data))
		return false;
	return !is_relative(s->data[off]);
}

static __always_inline bool is_connected(const struct sock *sk)
{
	return bpf_core_type_exists(struct unix_sock) && READ(struct unix_sock, sk, peer);
}

/*
 * Appends what names a socket: the address of the end that was called. It is not known which
 * end that is of a connection that began unseen; callers are seldom bound.
 */
static __always_inline bool append_unix_name(struct scratch *s, struct task_struct *task,
					     const struct sock *sk, const struct operation *o)
{
	const struct sock *peer;

	if (!bpf_core_type_exists(struct unix_sock))
		return false;
	peer = READ(struct unix_sock, sk, peer);
	if (peer && is_bound(peer) && !(o->op == OP_ACCEPT && is_bound(sk)))
		sk = peer;
	if (append_bound(s, task, sk))
		return true;
	return o->op == OP_WRITE && append_destination(s, o);
}
