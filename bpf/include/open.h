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
#define O_WRONLY  01
#define O_CREAT   0100
#define O_TRUNC   01000
#define O_TMPFILE 020000000
#define S_IXUGO   0111

static __always_inline void opened(struct task_struct *task, u32 fd, u64 flags)
{
	struct operation o = {.fd = fd, .op = OP_OPEN, .open_flags = flags};

	o.file = file_of(task, fd);
	if (o.file)
		start_flow(&o);
}

/* A name is looked at in pieces, and these by words; the first is most often all of it. */
#define PIECE_BYTES 64
#define PIECE_WORDS (PIECE_BYTES / 8)
#define PIECES      (PATH_BYTES / (PIECE_BYTES - 1) + 1)

/* Words of equal bytes. */
#define ONES 0x0101010101010101ULL
#define LOW7 0x7f7f7f7f7f7f7f7fULL
#define TOPS 0x8080808080808080ULL
#define DOTS 0x2e2e2e2e2e2e2e2eULL

/* A search for ".." in a name. */
struct dots {
	u64 name; /* the rest, in user memory */
	bool found;
};

/* Looks at the next piece of a name; 1 ends the search. */
static __always_inline long look_for_dots(struct dots *d)
{
	u64 piece[PIECE_WORDS], before = 0;

	/* what comes after the name may be a page that is not there; then the piece is zero */
	if (bpf_probe_read_user(piece, sizeof(piece), (void *)d->name))
		bpf_probe_read_user_str(piece, sizeof(piece), (void *)d->name);
	for (int i = 0; i < PIECE_WORDS; i++) {
		u64 word = piece[i];
		/* the top bit of the first byte that is NUL, and perhaps of later ones */
		u64 nul = (word - ONES) & ~word & TOPS;
		u64 other, dot;

		if (nul)
			word &= (nul & -nul) - 1;
		/* the top bit of each byte that is a dot */
		other = word ^ DOTS;
		dot = ~(((other & LOW7) + LOW7) | other | LOW7);
		d->found = dot & (dot << 8 | before >> 56);
		if (d->found || nul)
			return 1;
		before = dot;
	}
	d->name += PIECE_BYTES - 1; /* the last byte may be the first dot */
	return 0;
}

static long find_dots(u32 i, struct dots *d)
{
	return look_for_dots(d);
}

/* Whether a name has two dots in a row, which next to always are a component of it. */
ONCE has_dots(u64 name)
{
	struct dots d = {.name = name};

	if (!look_for_dots(&d))
		LOOP(PIECES, PIECES, find_dots, &d);
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

static __always_inline void read_opening(struct opening *a, struct pt_regs *regs, u32 class)
{
	switch (class) {
	case CLASS_OPEN:
		a->name = arg0(regs);
		a->flags = arg1(regs);
		a->mode = arg2(regs);
		break;
	case CLASS_CREAT:
		a->name = arg0(regs);
		a->flags = O_CREAT | O_WRONLY | O_TRUNC;
		a->mode = arg1(regs);
		break;
	case CLASS_OPENAT:
		a->dirfd = arg0(regs);
		a->name = arg1(regs);
		a->flags = arg2(regs);
		a->mode = arg3(regs);
		break;
	case CLASS_OPENAT2:
		a->dirfd = arg0(regs);
		a->name = arg1(regs);
		/* struct open_how begins with these */
		bpf_probe_read_user(&a->flags, 16, (void *)arg2(regs));
		break;
	}
}

/* The end of an open of whatever kind. */
static __noinline int open_exit(struct task_struct *task, struct pt_regs *regs, u32 class, s64 ret)
{
	struct opening a = {.dirfd = AT_FDCWD};

	read_opening(&a, regs, class);
	if (ret < 0) {
		if (want_failed_opens || want_open_events)
			open_failed(task, &a, ret);
		return 0;
	}
	opened(task, ret, a.flags);
	if (want_open_events && (makes_executable(&a) || has_dots(a.name)))
		send_open(task, &a, ret);
	return 0;
}
