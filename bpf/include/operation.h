/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "names.h"
#include "process.h"

#define PR_SET_NAME         15
#define PR_SET_PTRACER      0x59616d61
#define PERSONALITY_QUERY   0xffffffff
#define MOVE_MOUNT_F_EMPTY  0x4
#define CLONE_NEW_ANY       0x7e020080
#define CAPABILITY_VERSION1 0x19980330

/* Signals that end or stop a process: HUP, INT, QUIT, ABRT, KILL, TERM, STOP. */
#define WANTED_SIGNALS (1ULL << 1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9 | 1 << 15 | 1 << 19)

/*
 * Commands of bpf that load, attach or hand over: MAP_CREATE, PROG_LOAD, OBJ_PIN, OBJ_GET,
 * PROG_ATTACH, PROG_DETACH, RAW_TRACEPOINT_OPEN, LINK_CREATE, LINK_UPDATE, LINK_DETACH,
 * TOKEN_CREATE. The rest is reading, and traffic through maps.
 */
#define WANTED_BPF                                                                                 \
	(1ULL << 0 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 17 | 1 << 28 | 1 << 29 |    \
	 1ULL << 34 | 1ULL << 36)

/*
 * Options of prctl that change what a process is or may do: SET_DUMPABLE, SET_KEEPCAPS, SET_NAME,
 * SET_SECCOMP, CAPBSET_DROP, SET_SECUREBITS, SET_MM, SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS,
 * CAP_AMBIENT; and SET_PTRACER.
 */
#define WANTED_PRCTL                                                                               \
	(1ULL << 4 | 1 << 8 | 1 << 15 | 1 << 22 | 1 << 24 | 1 << 28 | 1ULL << 35 | 1ULL << 36 |    \
	 1ULL << 38 | 1ULL << 47)

/* Whether a set of numbers, a bit each, has one. */
static __always_inline bool has(u64 set, u32 number)
{
	return number < 64 && set >> number & 1;
}

/* Requests of ptrace that begin to trace, or write to memory and registers. */
static __always_inline bool wanted_ptrace(u32 request)
{
	switch (request) {
	case 0:      /* TRACEME */
	case 4:      /* POKETEXT */
	case 5:      /* POKEDATA */
	case 6:      /* POKEUSR */
	case 13:     /* SETREGS */
	case 15:     /* SETFPREGS */
	case 16:     /* ATTACH */
	case 0x4205: /* SETREGSET */
	case 0x4206: /* SEIZE */
		return true;
	}
	return false;
}

/* What a system call was given, as far as its class is reported with it. */
struct operands {
	u32 class;
	s32 ret;
	u64 args[4];
	u64 path; /* in user memory, relative to dirfd */
	u64 text[2];
	s32 dirfd;
	u32 pad;
};

/* The pid in the initial namespace of what a task calls nr; 0 when that is not to be known. */
static __always_inline s32 host_pid(struct task_struct *task, s32 nr)
{
	if (nr <= 0)
		return 0;
	return pid_level(task) ? pid_of_vpid(nr) : nr;
}

/* Sets the pid that a descriptor stands for, as the task sees it and the host's. */
static __always_inline void pid_of_fd(struct task_struct *task, struct operands *o)
{
	struct file *file = (void *)file_of(task, o->args[0]);
	struct inode *inode;
	struct pid *pid;
	u64 magic;

	o->args[0] = 0;
	if (!file || o->ret == -EBADF)
		return;
	inode = READ(struct file, file, f_inode);
	magic = READ(struct super_block, READ(struct inode, inode, i_sb), s_magic);
	/* since 6.9 a pidfd has an inode of its own */
	if (magic == PID_FS_MAGIC)
		pid = READ(struct inode, inode, i_private);
	else if (magic == ANON_INODE_FS_MAGIC)
		pid = READ(struct file, file, private_data);
	else
		return;
	o->args[0] = number_at(pid, pid_level(task));
	o->args[2] = number_at(pid, 0);
}

/* Takes the sets of capset as effective, permitted, inheritable. */
static __always_inline void read_capabilities(struct operands *o, u64 head, u64 data)
{
	u32 sets[6] = {}, version = 0;

	bpf_probe_read_user(&version, sizeof(version), (void *)head);
	bpf_probe_read_user(sets, version == CAPABILITY_VERSION1 ? 12 : 24, (void *)data);
	for (int i = 0; i < 3; i++)
		o->args[i] = (u64)sets[i + 3] << 32 | sets[i];
}

/* Appends a text from user memory without its NUL, and returns its length. */
static __always_inline u16 add_text(struct scratch *s, u64 text)
{
	u32 off = s->off;
	long n;

	if (!text || off >= sizeof(s->data) - PATH_BYTES)
		return 0;
	n = read_user_text(&s->data[off], PATH_BYTES, text);
	if (n <= 0) {
		count_loss(LOSS_NAME_UNREADABLE);
		return 0;
	}
	s->off = off + n - 1;
	return n - 1;
}

static __always_inline u16 add_kernel_text(struct scratch *s, const void *text)
{
	u32 off = s->off;
	long n;

	if (!text || off >= sizeof(s->data) - PATH_BYTES)
		return 0;
	n = bpf_probe_read_kernel_str(&s->data[off], PATH_BYTES, text);
	if (n <= 0)
		return 0;
	s->off = off + n - 1;
	return n - 1;
}

/* Appends device and type of the mount that a descriptor stands for. */
static __always_inline void add_mount(struct scratch *s, struct event_operation *e,
				      struct task_struct *task, u32 fd)
{
	const void *file = (void *)file_of(task, fd), *vfsmount, *mount;
	struct file_system_type *type;
	struct super_block *sb;

	if (!file)
		return;
	vfsmount = READ(struct path, file + bpf_core_field_offset(struct file, f_path), mnt);
	mount = vfsmount - bpf_core_field_offset(struct mount, mnt);
	sb = READ(struct vfsmount, vfsmount, mnt_sb);
	type = READ(struct super_block, sb, s_type);
	e->text1_len = add_kernel_text(s, READ(struct mount, mount, mnt_devname));
	e->text2_len = add_kernel_text(s, READ(struct file_system_type, type, name));
}

/* Appends the path of an operation and what it is relative to; sets both lengths. */
static __always_inline void add_operand_path(struct scratch *s, struct task_struct *task,
					     const struct operands *o, u16 *lens)
{
	char first = 0;

	if (o->class == CLASS_FINIT_MODULE) {
		lens[0] = add_base(s, task, o->args[0], EVENT_FLAG_NO_DIR1);
		return;
	}
	if (!o->path)
		return;
	bpf_probe_read_user(&first, 1, (void *)o->path);
	/* by now relative paths are to the new root */
	if (o->class == CLASS_CHROOT && !o->ret && first != '/' && FIELD(task, fs))
		lens[0] = add_path_below(
			s, (void *)FIELD(task, fs) + bpf_core_field_offset(struct fs_struct, root),
			NULL);
	else
		append_name(s, task, o->dirfd, o->path, false, lens, EVENT_FLAG_NO_DIR1);
}

ONCE_WITH send_operation(const struct operands *o)
{
	struct task_struct *task = current_task();
	struct event_operation *e;
	struct scratch *s;
	u16 lens[2] = {};

	if (!o || is_unwanted(task))
		return 0;
	s = take_scratch();
	if (!s)
		return 0;
	e = (struct event_operation *)s->data;
	__builtin_memset(e, 0, sizeof(*e));
	fill_header(&e->h, task, EVENT_OPERATION, o->ret);
	e->class = o->class;
	for (int i = 0; i < 4; i++)
		e->args[i] = o->args[i];
	s->off = sizeof(*e);
	add_operand_path(s, task, o, lens);
	e->dir_len = lens[0];
	e->name_len = lens[1];
	if (o->class == CLASS_MOVE_MOUNT && o->args[0] & MOVE_MOUNT_F_EMPTY) {
		add_mount(s, e, task, o->args[1]);
	} else {
		e->text1_len = add_text(s, o->text[0]);
		e->text2_len = add_text(s, o->text[1]);
	}
	send_scratch(s);
	give_scratch(s);
	return 0;
}

/* Calls that do something to a process, or by one to the system. */
static __noinline int operation_exit(struct task_struct *task, struct pt_regs *regs, u32 class,
				     s32 ret)
{
	u64 a0 = arg0(regs), a1 = arg1(regs), a2 = arg2(regs), a3 = arg3(regs);
	struct operands o = {.class = class, .ret = ret, .args = {a0, a1, a2, a3}};

	o.dirfd = AT_FDCWD;
	switch (class) {
	case CLASS_PTRACE:
		if (!wanted_ptrace(a0))
			return 0;
		o.args[2] = host_pid(task, a1);
		break;
	case CLASS_CAPSET:
		read_capabilities(&o, a0, a1);
		break;
	case CLASS_CHROOT:
		o.path = a0;
		break;
	case CLASS_PRCTL:
		if (!has(WANTED_PRCTL, a0) && a0 != PR_SET_PTRACER)
			return 0;
		if (a0 == PR_SET_NAME)
			o.text[0] = a1;
		break;
	case CLASS_TGKILL:
		o.args[1] = a2;
		o.args[3] = a1;
		if (!has(WANTED_SIGNALS, a2))
			return 0;
		o.args[2] = host_pid(task, a0);
		break;
	case CLASS_KILL:
		if (!has(WANTED_SIGNALS, a1))
			return 0;
		o.args[2] = host_pid(task, a0);
		o.args[3] = 0;
		break;
	case CLASS_PIDFD_KILL:
		if (!has(WANTED_SIGNALS, a1))
			return 0;
		o.args[2] = o.args[3] = 0;
		pid_of_fd(task, &o);
		break;
	case CLASS_INIT_MODULE:
		o.text[0] = a2;
		break;
	case CLASS_FINIT_MODULE:
		o.text[0] = a1;
		break;
	case CLASS_BPF:
		if (!has(WANTED_BPF, a0))
			return 0;
		break;
	case CLASS_MOUNT:
		o.path = a1;
		o.text[0] = a0;
		o.text[1] = a2;
		o.args[0] = a3;
		break;
	case CLASS_UMOUNT:
		o.path = a0;
		break;
	case CLASS_MOVE_MOUNT:
		o.dirfd = a2;
		o.path = a3;
		o.text[0] = a1;
		o.args[1] = a0;
		o.args[0] = arg4(regs);
		break;
	case CLASS_PIVOT_ROOT:
		o.text[0] = a0;
		o.text[1] = a1;
		break;
	case CLASS_MEMFD_CREATE:
		o.text[0] = a0;
		break;
	case CLASS_PERSONALITY:
		if ((u32)a0 == PERSONALITY_QUERY)
			return 0;
		break;
	}
	return send_operation(&o);
}
