/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "names.h"

#define S_IALLUGO        07777 /* the bits of a mode that are not the type */
#define XATTR_NAME_BYTES 256   /* XATTR_NAME_MAX and its NUL */

/* Results of calls that a signal interrupts: they are made again, unless it has a handler. */
#define ERESTARTSYS           512
#define ERESTART_RESTARTBLOCK 516

static __always_inline bool is_interrupted(s32 ret)
{
	return ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK;
}

/* An operation on one file, and what its system call tells about it. */
struct file_operation {
	u16 op;   /* enum file_op */
	u16 type; /* letter of the file's type, 0 when it is not known */
	s32 ret;
	s32 dirfd;
	u32 address_len; /* of the name, when that is a unix socket's address */
	u64 name;        /* in user memory */
	u64 attr;        /* name of an extended attribute, in user memory */
	u64 file;        /* the file itself, where it is at hand */
	u64 value[2];
};

/* Appends a text from user memory, without its NUL, and returns its length. */
static __always_inline u16 append_user_text(struct scratch *s, u64 text, u32 limit)
{
	u32 off = s->off;
	long n;

	if (off >= sizeof(s->data) - PATH_BYTES)
		return 0;
	n = read_user_text(&s->data[off], limit, text);
	if (n <= 0) {
		count_loss(LOSS_NAME_UNREADABLE);
		return 0;
	}
	s->off = off + n - 1;
	return n - 1;
}

/* Sends an operation on one file, which is known by a name, or itself. */
ONCE_WITH send_file_op(const struct file_operation *o)
{
	struct task_struct *task = current_task();
	struct event_file_op *e;
	struct scratch *s;
	u16 lens[2] = {};

	if (!o || is_interrupted(o->ret) || is_unwanted(task))
		return 0;
	s = take_scratch();
	if (!s)
		return 0;
	e = (struct event_file_op *)s->data;
	__builtin_memset(e, 0, sizeof(*e));
	fill_header(&e->h, task, EVENT_FILE_OP, o->ret);
	e->op = o->op;
	e->file_type = o->type;
	e->value[0] = o->value[0];
	e->value[1] = o->value[1];
	s->off = sizeof(*e);
	if (o->file) {
		e->whole = 1;
		lens[0] = add_file_path(s, (void *)o->file, task);
		if (o->name)
			lens[1] = append_user_text(s, o->name, PATH_BYTES);
	} else {
		append_name(s, task, o->dirfd, o->name, false, lens, EVENT_FLAG_NO_DIR1);
	}
	e->dir_len = lens[0];
	e->name_len = lens[1];
	if (o->attr)
		e->attr_len = append_user_text(s, o->attr, XATTR_NAME_BYTES);
	send_scratch(s);
	give_scratch(s);
	return 0;
}

/* The letter of a file's type; 0 for what has no place in a file system. */
static __noinline int letter_of(u64 file)
{
	struct inode *inode = READ(struct file, (void *)file, f_inode);
	u64 magic = READ(struct super_block, READ(struct inode, inode, i_sb), s_magic);

	if (magic == PIPEFS_MAGIC || magic == SOCKFS_MAGIC || magic == NSFS_MAGIC ||
	    magic == ANON_INODE_FS_MAGIC || magic == PID_FS_MAGIC)
		return 0;
	switch (READ(struct inode, inode, i_mode) & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 'u';
	}
	return 'f';
}

/* Makes the operation one on an open file; false when that is none with a path. */
static __always_inline bool on_descriptor(struct task_struct *task, struct file_operation *o,
					  u32 fd)
{
	o->file = file_of(task, fd);
	o->name = 0;
	if (!o->file)
		return false;
	o->type = letter_of(o->file);
	return o->type != 0;
}
