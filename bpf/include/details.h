/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "path.h"

/* include/linux/pid.h */
#define PIDTYPE_PGID 2
#define PIDTYPE_SID  3

/* The number of a pid in the namespace at the given level, 0 where it has none. */
static __always_inline s32 number_at(struct pid *pid, u32 level)
{
	if (!pid || level > READ(struct pid, pid, level))
		return 0;
	/* it is the first member of struct upid */
	return read_word(upid_at(pid, level));
}

/* Inode number of a namespace; type is the struct that has it. */
#define NS_INODE(type, p)                                                                          \
	({                                                                                         \
		const void *__ns = (p);                                                            \
		__ns ? READ(struct type, __ns, ns.inum) : 0;                                       \
	})

static __always_inline u32 pid_ns_inode(struct pid *pid, u32 level)
{
	const void *ns;

	if (!pid)
		return 0;
	ns = upid_at(pid, level) + bpf_core_field_offset(struct upid, ns);
	return NS_INODE(pid_namespace, (void *)read_word(ns));
}

static __always_inline void fill_namespaces(u32 *inodes, struct task_struct *task, u32 level)
{
	struct user_namespace *user_ns = FIELD(task, cred, user_ns);
	struct nsproxy *proxy = FIELD(task, nsproxy);

	inodes[NS_USER] = FIELD(user_ns, ns.inum);
	inodes[NS_PID] = pid_ns_inode(FIELD(task, thread_pid), level);
	if (!proxy)
		return;
	inodes[NS_CGROUP] = NS_INODE(cgroup_namespace, FIELD(proxy, cgroup_ns));
	inodes[NS_IPC] = NS_INODE(ipc_namespace, FIELD(proxy, ipc_ns));
	inodes[NS_MNT] = NS_INODE(mnt_namespace, FIELD(proxy, mnt_ns));
	inodes[NS_NET] = NS_INODE(net, FIELD(proxy, net_ns));
	inodes[NS_UTS] = NS_INODE(uts_namespace, FIELD(proxy, uts_ns));
}

/* A set of capabilities: u32[2] before 6.3, u64 since, which in memory is the same. */
#define CAPABILITIES(cred, field)                                                                  \
	read_word((const void *)(cred) + bpf_core_field_offset(struct cred, field))

/* Tells of a process what its task knows: that of its executable is in exe_details. */
static __always_inline void fill_task(struct task_details *d, struct task_struct *task)
{
	struct task_struct *leader = FIELD(task, group_leader);
	const struct cred *cred = FIELD(task, cred);
	u32 level = pid_level(leader);
	struct signal_struct *signal = FIELD(task, signal);
	struct pid *group = READ(struct signal_struct, signal, pids[PIDTYPE_PGID]);
	struct pid *session = READ(struct signal_struct, signal, pids[PIDTYPE_SID]);

	d->cap_permitted = CAPABILITIES(cred, cap_permitted);
	d->cap_effective = CAPABILITIES(cred, cap_effective);
	d->cap_inheritable = CAPABILITIES(cred, cap_inheritable);
	d->ruid = FIELD(cred, uid.val);
	d->suid = FIELD(cred, suid.val);
	d->rgid = FIELD(cred, gid.val);
	d->sgid = FIELD(cred, sgid.val);
	d->login_uid = bpf_core_field_exists(task->loginuid) ? FIELD(task, loginuid.val) : -1;
	d->sid = number_at(session, 0);
	d->pgid = number_at(group, 0);
	d->vpid = pid_at_level(leader, level);
	d->vsid = number_at(session, level);
	d->vpgid = number_at(group, level);
	fill_namespaces(d->ns, leader, level);
	d->exec_id = FIELD(leader, self_exec_id);
	for (int i = 0; i < sizeof(d->comm); i += 8)
		*(u64 *)&d->comm[i] = read_word((void *)leader->comm + i);
}

#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define SB_RDONLY             1
#define MNT_READONLY          0x40
#define S_IMMUTABLE           (1 << 3)
#define CAP_DAC_OVERRIDE      1
#define CAP_FOWNER            3
#define NS_PER_S              1000000000ULL
#define CTIME_QUERIED         (1U << 31) /* a mark in the nanoseconds since 6.13 */

/* Since 6.11 seconds and nanoseconds stand alone, from 6.6 on the names had two underscores. */
struct inode___with_sec {
	s64 i_ctime_sec;
	s64 i_mtime_sec;
	u32 i_ctime_nsec;
	u32 i_mtime_nsec;
} __attribute__((preserve_access_index));

struct inode___with_hidden_ctime {
	struct timespec64 __i_ctime;
} __attribute__((preserve_access_index));

struct inode___with_hidden_mtime {
	struct timespec64 __i_mtime;
} __attribute__((preserve_access_index));

struct inode___with_times {
	struct timespec64 i_ctime;
	struct timespec64 i_mtime;
} __attribute__((preserve_access_index));

#define TIME_AT(inode, type, field)                                                                \
	({                                                                                         \
		const void *__t = (const void *)(inode) + bpf_core_field_offset(type, field);      \
		read_word(__t) * NS_PER_S + read_word(__t + 8);                                    \
	})

static __always_inline void fill_times(struct exe_details *e, struct inode *inode)
{
	if (bpf_core_field_exists(struct inode___with_sec, i_ctime_sec)) {
		e->ctime = READ(struct inode___with_sec, inode, i_ctime_sec) * NS_PER_S +
			   (READ(struct inode___with_sec, inode, i_ctime_nsec) & ~CTIME_QUERIED);
		e->mtime = READ(struct inode___with_sec, inode, i_mtime_sec) * NS_PER_S +
			   READ(struct inode___with_sec, inode, i_mtime_nsec);
		return;
	}
	if (bpf_core_field_exists(struct inode___with_hidden_ctime, __i_ctime))
		e->ctime = TIME_AT(inode, struct inode___with_hidden_ctime, __i_ctime);
	else if (bpf_core_field_exists(struct inode___with_times, i_ctime))
		e->ctime = TIME_AT(inode, struct inode___with_times, i_ctime);
	if (bpf_core_field_exists(struct inode___with_hidden_mtime, __i_mtime))
		e->mtime = TIME_AT(inode, struct inode___with_hidden_mtime, __i_mtime);
	else if (bpf_core_field_exists(struct inode___with_times, i_mtime))
		e->mtime = TIME_AT(inode, struct inode___with_times, i_mtime);
}

/*
 * Whether the process may write to an inode that it finds at a mount, or as its owner allow that
 * to itself. Supplementary groups and access control lists are not looked at. In a user
 * namespace of its own a process gets no right by a capability: for that the inode's owner would
 * have to be mapped there, too.
 */
static __always_inline bool may_write(struct task_struct *task, struct inode *inode,
				      struct super_block *sb, struct vfsmount *mnt)
{
	const struct cred *cred = FIELD(task, cred);
	u64 override = 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER;
	u32 mode = READ(struct inode, inode, i_mode);

	if (READ(struct super_block, sb, s_flags) & SB_RDONLY ||
	    READ(struct vfsmount, mnt, mnt_flags) & MNT_READONLY ||
	    READ(struct inode, inode, i_flags) & S_IMMUTABLE)
		return false;
	if (READ(struct inode, inode, i_uid.val) == FIELD(cred, euid.val))
		return true;
	if (!FIELD(cred, user_ns, level) && CAPABILITIES(cred, cap_effective) & override)
		return true;
	if (READ(struct inode, inode, i_gid.val) == FIELD(cred, egid.val))
		return mode & 0020;
	return mode & 0002;
}

/*
 * The layer that an inode of an overlay file system is in. Where overlayfs is a module, vmlinux
 * has no type of its inodes; what is asked for follows the embedded struct inode since 4.13.
 */
static __always_inline u32 overlay_layer(struct inode *inode)
{
	struct dentry *upper;

	if (bpf_core_type_exists(struct ovl_inode))
		upper = (void *)read_word((void *)inode -
					  bpf_core_field_offset(struct ovl_inode, vfs_inode) +
					  bpf_core_field_offset(struct ovl_inode, __upperdentry));
	else
		upper = (void *)read_word((void *)inode + bpf_core_type_size(struct inode));
	return upper && READ(struct dentry, upper, d_inode) ? EXE_UPPER_LAYER : EXE_LOWER_LAYER;
}

/* A memfd is a root of its own, named after what memfd_create was told. */
static __always_inline bool is_memfd(struct dentry *dentry)
{
	if (READ(struct dentry, dentry, d_parent) != dentry)
		return false;
	/* "memfd:", the first of eight bytes in the lowest bits */
	return (read_word(READ(struct dentry, dentry, d_name.name)) & 0xffffffffffff) ==
	       0x3a64666d656d;
}

static __always_inline void fill_exe(struct exe_details *e, struct task_struct *task,
				     struct file *file)
{
	const void *path = (void *)file + bpf_core_field_offset(struct file, f_path);
	struct inode *inode = READ(struct file, file, f_inode);
	struct super_block *sb = READ(struct inode, inode, i_sb);

	e->ino = READ(struct inode, inode, i_ino);
	fill_times(e, inode);
	if (may_write(task, inode, sb, READ(struct path, path, mnt)))
		e->flags |= EXE_WRITABLE;
	if (READ(struct super_block, sb, s_magic) == OVERLAYFS_SUPER_MAGIC)
		e->flags |= overlay_layer(inode);
	if (is_memfd(READ(struct path, path, dentry)))
		e->flags |= EXE_MEMFD;
}
