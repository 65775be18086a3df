/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "task.h"

/* Components of a path that are looked at; deeper ones are cut, and counted. */
#define MAX_COMPONENTS 64

/* Keeps clang from dropping a bound that the verifier needs to see. */
#define clamp_to(v, max) asm volatile("if %0 < %1 goto +1; %0 = %1" : "+r"(v) : "i"(max))

/* Appends the name of a directory entry and its NUL; false when there is no room. */
static __always_inline bool append_component(struct scratch *s, struct dentry *dentry)
{
	const unsigned char *name = READ(struct dentry, dentry, d_name.name);
	u32 len = READ(struct dentry, dentry, d_name.hash_len) >> 32;
	u32 off = s->off;

	clamp_to(len, NAME_BYTES - 1);
	if (off >= sizeof(s->data) - NAME_BYTES)
		return false;
	if (bpf_probe_read_kernel(&s->data[off], len, name))
		return false;
	off += len;
	if (off >= sizeof(s->data))
		return false;
	s->data[off] = 0;
	s->off = off + 1;
	return true;
}

/*
 * Appends the components of the struct path at s->path, last one first, each with its
 * NUL, as seen from the root in the fs_struct at s->fs. A global function, so that the
 * verifier reads it once; what it works on is in memory, for such a function takes no
 * kernel pointers, and for its loop to converge.
 */
__noinline int append_path(struct scratch *s)
{
	struct dentry *dentry, *root_dentry = NULL;
	struct vfsmount *vfsmount, *root_mnt = NULL;
	u32 mnt_off = bpf_core_field_offset(struct mount, mnt);
	u32 end;

	if (!s)
		return 0;
	end = s->off + PATH_BYTES - NAME_BYTES;
	dentry = READ(struct path, (void *)s->path, dentry);
	vfsmount = READ(struct path, (void *)s->path, mnt);
	if (s->fs) {
		void *root = (void *)s->fs + bpf_core_field_offset(struct fs_struct, root);

		root_dentry = READ(struct path, root, dentry);
		root_mnt = READ(struct path, root, mnt);
	}
	for (int i = 0; i < MAX_COMPONENTS && s->off <= end; i++) {
		struct dentry *up;

		if (dentry == root_dentry && vfsmount == root_mnt)
			return 0;
		if (dentry == READ(struct vfsmount, vfsmount, mnt_root)) {
			struct mount *mnt = (void *)vfsmount - mnt_off;
			struct mount *parent = READ(struct mount, mnt, mnt_parent);

			/* the root of the namespace, or of a mount that is not in one */
			if (parent == mnt)
				return 0;
			dentry = READ(struct mount, mnt, mnt_mountpoint);
			vfsmount = (void *)parent + mnt_off;
			continue;
		}
		up = READ(struct dentry, dentry, d_parent);
		if (up == dentry) /* not connected to its mount's root */
			return 0;
		if (!append_component(s, dentry))
			break;
		dentry = up;
	}
	s->flags |= EVENT_FLAG_CUT;
	count_loss(LOSS_PATH_CUT);
	return 0;
}

/* Appends a path and returns how many bytes it took. */
static __always_inline u16 add_path(struct scratch *s, const void *path, struct task_struct *task)
{
	u32 start = s->off;

	s->path = (u64)path;
	s->fs = (u64)task->fs;
	append_path(s);
	return s->off - start;
}

static __always_inline u16 add_file_path(struct scratch *s, const void *file,
					 struct task_struct *task)
{
	return add_path(s, file + bpf_core_field_offset(struct file, f_path), task);
}

static __always_inline u16 add_cwd(struct scratch *s, struct task_struct *task)
{
	if (!task->fs)
		return 0;
	return add_path(s, (void *)task->fs + bpf_core_field_offset(struct fs_struct, pwd), task);
}
