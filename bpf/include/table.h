/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * The table of flows: what the descriptors of processes stand for.
 *
 * Nearly every flow is in the one slot of an array that its key leads to, for which neither a
 * hash is to be computed nor a chain to be followed: that look-up is most of what it costs to
 * count a read. A flow whose slot is taken goes to a hash table, and the slot counts those, so
 * that who finds another flow in a slot, or none, need not look further for nothing.
 *
 * The file of an entry tells its state:
 *
 *   0            free, and its totals are zero
 *   the key      one thread is starting the flow; others of the process may already count
 *   FLOW_ENDING  one thread is ending it
 *   an address   of the struct file that the flow is of
 *
 * Who changes the state does so by compare and exchange, and who loses stands back. Kernels that
 * lack this have the hash table alone, whose entries stay until their process ends.
 */
#include "task.h"

#define FLOW_ENDING 1

static __always_inline u64 key_of(u32 tgid, u32 fd)
{
	return (u64)tgid << 32 | fd;
}

/* The key of a descriptor of the current task, or of one that a request to io_uring is of. */
static __always_inline u64 flow_key(struct task_struct *task, u32 fd)
{
	return key_of(tgid_of_current(task), fd);
}

/* Whether a flow has begun and not ended: addresses of the kernel are negative. */
static __always_inline bool is_running(u64 file)
{
	return (s64)file < 0;
}

/* What a new entry holds. Not on the stack, which is short where an entry is made. */
const struct flow no_flow = {.hashed = 1};

/* Flows that found their slot taken. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, u64);
	__type(value, struct flow);
} flows SEC(".maps");

static __always_inline struct flow *find_hashed(u64 key)
{
	struct flow *f = bpf_map_lookup_elem(&flows, &key);

	return f && is_running(f->file) ? f : NULL;
}

#ifndef LEGACY

/* One less than there are slots, which are a power of 2. */
const volatile u32 slot_mask = 131071;

/* User space reads the totals of open flows right here. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 131072);
	__type(key, u32);
	__type(value, struct flow);
} flow_slots SEC(".maps");

/*
 * The slot of a descriptor: those of a process stand side by side, processes are scattered. User
 * space finds it by the same rule. There always is one.
 */
static __always_inline struct flow *flow_slot(u64 key)
{
	u32 i = ((((u32)(key >> 32) * 0x9E3779B1U) >> 8) + (u32)key) & slot_mask;

	return bpf_map_lookup_elem(&flow_slots, &i);
}

/*
 * The entry that nearly always is that of a descriptor, if that has a flow. Its state is not looked
 * at: that is for who compares its file.
 */
static __always_inline struct flow *likely_flow(u64 key)
{
	struct flow *f = flow_slot(key);

	return f && f->key == key ? f : NULL;
}

/* The flow of a descriptor, NULL if it has none. */
static __always_inline struct flow *find_flow(u64 key)
{
	struct flow *f = flow_slot(key);

	if (!f)
		return NULL;
	if (f->key == key && is_running(f->file))
		return f;
	return f->elsewhere ? find_hashed(key) : NULL;
}

/* An entry in the hash table, for who found the slot taken. */
static __always_inline struct flow *hash_flow(struct flow *slot, u64 key)
{
	/* first, for who finds the entry must be able to take it out again */
	__sync_fetch_and_add(&slot->elsewhere, 1);
	/* this fails, too, when another thread has just made it */
	if (bpf_map_update_elem(&flows, &key, &no_flow, BPF_NOEXIST))
		__sync_fetch_and_add(&slot->elsewhere, -1);
	return bpf_map_lookup_elem(&flows, &key);
}

/*
 * The entry of a descriptor whose flow begins, NULL if there is no room. It is for the caller to
 * fill in and to publish or release if mine is set; else another thread is just doing that.
 */
static __always_inline struct flow *new_flow(u64 key, bool *mine)
{
	struct flow *f = flow_slot(key);
	u64 state;

	if (!f)
		return NULL;
	state = __sync_val_compare_and_swap(&f->file, 0, key);
	if (state && state != key && !(f->key == key && is_running(state))) {
		f = hash_flow(f, key);
		if (!f)
			return NULL;
		state = __sync_val_compare_and_swap(&f->file, 0, key);
	}
	*mine = !state;
	if (!state)
		f->key = key;
	return f;
}

/* Lets a flow run that has been filled in. */
static __always_inline void publish_flow(struct flow *f, u64 file)
{
	__sync_lock_test_and_set(&f->file, file);
}

/* Marks that the flow of an entry has ended; true for one of several threads that see it. */
static __always_inline bool claim_flow(struct flow *f, u64 file)
{
	return __sync_val_compare_and_swap(&f->file, file, FLOW_ENDING) == file;
}

/* Frees an entry, which the caller has claimed or not published. */
static __always_inline void release_flow(u64 key, struct flow *f)
{
	if (f->hashed) {
		struct flow *slot = flow_slot(key);

		if (!bpf_map_delete_elem(&flows, &key) && slot)
			__sync_fetch_and_add(&slot->elsewhere, -1);
		return;
	}
	f->key = 0;
	f->ops = 0;
	__builtin_memset(&f->totals, 0, sizeof(f->totals));
	__sync_lock_test_and_set(&f->file, 0);
}

/* Frees what is left of a descriptor whose process ends. */
static __always_inline void forget_flow(u64 key)
{
}

#else /* LEGACY */

static __always_inline struct flow *likely_flow(u64 key)
{
	return find_hashed(key);
}

static __always_inline struct flow *find_flow(u64 key)
{
	return find_hashed(key);
}

static __always_inline struct flow *new_flow(u64 key, bool *mine)
{
	struct flow *f = bpf_map_lookup_elem(&flows, &key);

	if (!f) {
		/* this fails, too, when another thread has just made it */
		bpf_map_update_elem(&flows, &key, &no_flow, BPF_NOEXIST);
		f = bpf_map_lookup_elem(&flows, &key);
	}
	if (!f)
		return NULL;
	f->key = key;
	f->ops = 0;
	__builtin_memset(&f->totals, 0, sizeof(f->totals));
	*mine = true;
	return f;
}

static __always_inline void publish_flow(struct flow *f, u64 file)
{
	f->file = file;
}

/* The flows that have ended of late. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, u8);
} ended SEC(".maps");

/* Should another thread begin the entry's next flow just now, that flow begins twice. */
static __always_inline bool claim_flow(struct flow *f, u64 file)
{
	u64 id = f->id;
	u8 yes = 1;

	if (f->kind == FLOW_IGNORED)
		return true;
	return !bpf_map_update_elem(&ended, &id, &yes, BPF_NOEXIST);
}

static __always_inline void release_flow(u64 key, struct flow *f)
{
	f->file = 0;
	f->key = 0;
}

static __always_inline void forget_flow(u64 key)
{
	bpf_map_delete_elem(&flows, &key);
}

#endif
