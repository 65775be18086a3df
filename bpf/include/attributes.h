/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/* Changes of what a file is besides its content: mode, owner, size, extended attributes. */
#include "fileop.h"

/* The letter of the type of file that mknod makes. */
static __always_inline u16 letter_of_new(u32 mode)
{
	switch (mode & S_IFMT) {
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 'u';
	}
	return 'f';
}

static __noinline int attribute_exit(struct task_struct *task, struct pt_regs *regs, u32 class,
				     s32 ret)
{
	u64 a0 = arg0(regs), a1 = arg1(regs), a2 = arg2(regs), a3 = arg3(regs);
	struct file_operation o = {.ret = ret, .dirfd = AT_FDCWD, .name = a0};

	/* where the name is, and what comes after it */
	switch (class) {
	case CLASS_FCHMODAT:
	case CLASS_FCHOWNAT:
	case CLASS_MKNODAT:
	case CLASS_SETXATTRAT:
		o.dirfd = a0;
		o.name = a1;
		a1 = a2;
		a2 = a3;
		/* newer kernels take no name for an empty one */
		if (!o.name && !on_descriptor(task, &o, a0))
			return 0;
		break;
	case CLASS_FCHMOD:
	case CLASS_FCHOWN:
	case CLASS_FTRUNCATE:
	case CLASS_FSETXATTR:
		if (!on_descriptor(task, &o, a0))
			return 0;
		break;
	}
	switch (class) {
	case CLASS_CHMOD:
	case CLASS_FCHMOD:
	case CLASS_FCHMODAT:
		o.op = FILE_OP_CHMOD;
		o.value[0] = a1 & S_IALLUGO;
		break;
	case CLASS_CHOWN:
	case CLASS_FCHOWN:
	case CLASS_FCHOWNAT:
		o.op = FILE_OP_CHOWN;
		o.value[0] = a1;
		o.value[1] = a2;
		break;
	case CLASS_TRUNCATE:
	case CLASS_FTRUNCATE:
		o.op = FILE_OP_TRUNCATE;
		o.value[0] = a1;
		break;
	case CLASS_MKNOD:
	case CLASS_MKNODAT:
		o.op = FILE_OP_MKNOD;
		o.value[0] = a1 & (S_IFMT | S_IALLUGO);
		o.value[1] = (u32)a2;
		if (ret == 0)
			o.type = letter_of_new(a1);
		break;
	case CLASS_SETXATTR:
	case CLASS_FSETXATTR:
		o.op = FILE_OP_SETXATTR;
		o.attr = a1;
		break;
	case CLASS_SETXATTRAT:
		o.op = FILE_OP_SETXATTR;
		o.attr = a2;
		break;
	}
	return send_file_op(&o);
}
