/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * Opens as events of their own. One that succeeds makes a flow, which tells the file by the
 * kernel's own path; an event besides tells what that cannot: the name that was asked for, when
 * it has "..", and that an executable file was made. Of those that fail many are mere searches,
 * so these two and what was denied are told apart from the rest.
 */
#include "fileop.h"
#include "net.h"

#define EPERM     1
#define EACCES    13
#define EFAULT    14
#define O_CREAT   0100
#define O_TMPFILE 020000000
#define S_IXUGO   0111

static __noinline int opened(struct task_struct *task, s64 fd, u64 flags)
{
	struct operation o = {.fd = fd, .op = OP_OPEN, .open_flags = flags};

	if (fd < 0)
		return 0;
	o.file = file_of(task, o.fd);
	if (o.file)
		start_flow(&o);
	return 0;
}

/* Bytes of a name that are looked at in one piece. */
#define NAME_PIECE 64

#define DOTS  0x2e2e2e2e2e2e2e2eULL
#define LOW7  0x7f7f7f7f7f7f7f7fULL
#define BYTES (NAME_PIECE / 8)

/* A search for ".." in a name. */
struct dots {
	u64 name; /* the rest, in user memory */
	bool found;
};

/* Looks at the next piece of a name; 1 ends the search. */
static long find_dots(u32 i, struct dots *d)
{
	u64 piece[BYTES] = {};
	u64 before = 0;
	long n = bpf_probe_read_user_str(piece, sizeof(piece), (void *)d->name);

	for (int w = 0; w < BYTES; w++) {
		/* the top bit of each byte that is a dot */
		u64 other = piece[w] ^ DOTS;
		u64 dot = ~(((other & LOW7) + LOW7) | other | LOW7);

		if (dot & (dot << 8 | before >> 56)) {
			d->found = true;
			return 1;
		}
		before = dot;
	}
	/* the last byte is a NUL; begin with the one before it, for it may be the first dot */
	d->name += NAME_PIECE - 2;
	return n < NAME_PIECE;
}

/* Whether a name has two dots in a row, which next to always are a component of it. */
ONCE has_dots(u64 name)
{
	struct dots d = {.name = name};

	if (!find_dots(0, &d))
		bpf_loop(PATH_BYTES / (NAME_PIECE - 2) + 1, find_dots, &d, 0);
	return d.found;
}

/* What an open was asked for. */
struct opening {
	s32 dirfd;
	u32 pad;
	u64 name;
	u64 flags;
	u64 mode;
};

static __noinline int send_open(struct task_struct *task, const struct opening *a, s32 ret)
{
	struct file_operation o = {
		.op = FILE_OP_OPEN,
		.ret = ret,
		.dirfd = a->dirfd,
		.name = a->name,
		.value = {a->flags, a->mode & S_IALLUGO},
	};

	if (ret >= 0 && !on_descriptor(task, &o, ret))
		return 0;
	o.name = a->name;
	return send_file_op(&o);
}

static __noinline int open_failed(struct task_struct *task, const struct opening *a, s32 ret)
{
	if (ret == -EFAULT)
		return 0; /* there is no name */
	if (want_failed_opens || ret == -EACCES || ret == -EPERM || has_dots(a->name))
		send_open(task, a, ret);
	return 0;
}

static __always_inline bool makes_executable(const struct opening *a)
{
	return a->flags & (O_CREAT | O_TMPFILE) && a->mode & S_IXUGO;
}

/* The end of an open of whatever kind. */
static __always_inline void open_exit(struct task_struct *task, const struct opening *a, s64 ret)
{
	if (ret < 0) {
		if (want_failed_opens || want_open_events)
			open_failed(task, a, ret);
		return;
	}
	opened(task, ret, a->flags);
	if (want_open_events && (makes_executable(a) || has_dots(a->name)))
		send_open(task, a, ret);
}
