/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "filter.h"

/* Components of a path that are looked at; deeper ones are cut, and counted. */
#define MAX_COMPONENTS 128

/* Names up to this length are copied by words: a helper's call costs several times that. */
#define SHORT_NAME 32

static __always_inline void copy_words(u8 *dst, const u8 *src)
{
	for (int i = 0; i < SHORT_NAME; i += 8)
		*(u64 *)(dst + i) = read_word(src + i);
}

/* Appends the name of a directory entry and its NUL; false when there is no room. */
static __always_inline bool append_component(struct scratch *s, struct dentry *dentry)
{
	const unsigned char *name = READ(struct dentry, dentry, d_name.name);
	u32 len = READ(struct dentry, dentry, d_name.hash_len) >> 32;
	u32 off = s->off;

	clamp_to(len, NAME_BYTES - 1);
	if (off >= sizeof(s->data) - NAME_BYTES)
		return false;
	if (len <= SHORT_NAME && can_cast)
		copy_words(&s->data[off], name);
	else if (bpf_probe_read_kernel(&s->data[off], len, name))
		return false;
	off += len;
	if (off >= sizeof(s->data))
		return false;
	s->data[off] = 0;
	s->off = off + 1;
	return true;
}

/* Shows in the path that its beginning is missing. */
static __always_inline void append_cut(struct scratch *s)
{
	u32 off = s->off;

	if (off >= sizeof(s->data) - NAME_BYTES)
		return;
	s->data[off] = '.';
	s->data[off + 1] = '.';
	s->data[off + 2] = '.';
	s->data[off + 3] = 0;
	s->off = off + 4;
}

/* Where a walk from a file to the root of its task is. */
struct walk {
	struct scratch *s;
	struct dentry *dentry;
	struct vfsmount *mnt;
	struct dentry *root_dentry;
	struct vfsmount *root_mnt;
	u32 end; /* the path must not go beyond */
	bool arrived;
};

/* Takes one step; 1 ends the walk. */
static long walk_up(u32 i, struct walk *w)
{
	struct dentry *dentry = w->dentry, *up;
	struct vfsmount *vfsmount = w->mnt;

	if (dentry == w->root_dentry && vfsmount == w->root_mnt)
		goto arrived;
	if (dentry == READ(struct vfsmount, vfsmount, mnt_root)) {
		u32 mnt_off = bpf_core_field_offset(struct mount, mnt);
		struct mount *mnt = (void *)vfsmount - mnt_off;
		struct mount *parent = READ(struct mount, mnt, mnt_parent);

		/* the root of the namespace, or of a mount that is not in one */
		if (parent == mnt)
			goto arrived;
		w->dentry = READ(struct mount, mnt, mnt_mountpoint);
		w->mnt = (void *)parent + mnt_off;
		return 0;
	}
	up = READ(struct dentry, dentry, d_parent);
	if (up == dentry) {
		/* a file without a place in a tree: a memfd has a telling name, a lost one "/" */
		if (READ(struct dentry, dentry, d_name.hash_len) >> 32 > 1)
			append_component(w->s, dentry);
		goto arrived;
	}
	if (w->s->off > w->end || !append_component(w->s, dentry))
		return 1;
	w->dentry = up;
	return 0;
arrived:
	w->arrived = true;
	return 1;
}

#ifndef LEGACY

static __always_inline void walk_to_root(struct walk *w)
{
	bpf_loop(MAX_COMPONENTS, walk_up, w, 0);
}

#else

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct walk);
} walks SEC(".maps");

/*
 * The walk of this CPU. A function that is not static is verified once, by itself, and not at
 * each of its calls; but it gets nothing that the verifier would have to know.
 */
__noinline int walk_apart(void)
{
	u32 zero = 0;
	struct walk *shared = bpf_map_lookup_elem(&walks, &zero);
	struct scratch *s = bpf_map_lookup_elem(&scratches, &zero);
	struct walk w;

	if (!shared || !s)
		return 0;
	w = *shared;
	w.s = s;
	for (u32 i = 0; i < MAX_COMPONENTS; i++)
		if (walk_up(i, &w))
			break;
	w.s = NULL;
	*shared = w;
	return 0;
}

static __always_inline void walk_to_root(struct walk *w)
{
	u32 zero = 0;
	struct walk *shared = bpf_map_lookup_elem(&walks, &zero);
	struct scratch *s = w->s;

	if (!shared)
		return;
	w->s = NULL;
	*shared = *w;
	walk_apart();
	*w = *shared;
	w->s = s;
}

#endif

/*
 * Appends the components of a struct path, last one first, each with its NUL, as seen from the
 * root in fs, or from that of the mount namespace without one; returns how many bytes that took.
 */
static __always_inline u16 add_path_below(struct scratch *s, const void *path, struct fs_struct *fs)
{
	u32 start = s->off;
	struct walk w = {
		.s = s,
		.dentry = READ(struct path, path, dentry),
		.mnt = READ(struct path, path, mnt),
		.end = start + PATH_BYTES - NAME_BYTES,
	};

	if (fs) {
		const void *root = (void *)fs + bpf_core_field_offset(struct fs_struct, root);

		w.root_dentry = READ(struct path, root, dentry);
		w.root_mnt = READ(struct path, root, mnt);
	}
	walk_to_root(&w);
	/* the last step may have reached the root */
	if (!w.arrived && (w.dentry != w.root_dentry || w.mnt != w.root_mnt)) {
		count_loss(LOSS_PATH_CUT);
		append_cut(s);
	}
	return s->off - start;
}

/* The same as seen from the task's root. */
static __always_inline u16 add_path(struct scratch *s, const void *path, struct task_struct *task)
{
	return add_path_below(s, path, FIELD(task, fs));
}

static __always_inline u16 add_file_path(struct scratch *s, const void *file,
					 struct task_struct *task)
{
	return add_path(s, file + bpf_core_field_offset(struct file, f_path), task);
}

static __always_inline u16 add_cwd(struct scratch *s, struct task_struct *task)
{
	struct fs_struct *fs = FIELD(task, fs);

	if (!fs)
		return 0;
	return add_path(s, (void *)fs + bpf_core_field_offset(struct fs_struct, pwd), task);
}
