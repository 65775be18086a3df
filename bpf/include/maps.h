/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "event.h"
#include <bpf/bpf_helpers.h>

/* Knobs, set before the programs are loaded. */
const volatile u32 self_pid = 0;    /* thread group to leave out, in the initial pid namespace */
const volatile u32 max_args = 4096; /* bytes of arguments to keep */
const volatile u32 max_env = 0;     /* bytes of environment to keep */
const volatile u8 want_directories = 1;
const volatile u8 want_pipes = 0;
const volatile u8 want_files = 1;
const volatile u8 opens_only = 0; /* of files: nothing but that they were opened */
const volatile u8 want_containers = 1;
/* The subsystem whose hierarchy of control groups counts, or -1 for the unified one. */
const volatile s32 cgroup_subsys = -1;
const volatile u8 want_failed_opens = 0;
const volatile u8 want_open_events = 0; /* those that are worth one, see open.h */
const volatile u8 want_sockets = 0;
const volatile u8 want_unix_sockets = 0;

#define SCRATCH_SIZE 32768 /* the most that a per-CPU value may have */
#define PATH_BYTES   4096
#define NAME_BYTES   256
#define MAX_ARGS     8192 /* and of the environment */

/* Where events with texts are put together; too big for the stack. */
struct scratch {
	u32 busy;
	u32 off;   /* end of what is in data */
	u32 flags; /* of the event */
	u32 pad;
	u64 next_id;
	u8 data[SCRATCH_SIZE - 24];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, struct peer_key);
	__type(value, struct flow);
} peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LOSS_MAX);
	__type(key, u32);
	__type(value, u64);
} losses SEC(".maps");

/* Numbers of the control groups whose paths have been sent. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, u8);
} cgroups SEC(".maps");

static __always_inline void count_loss(u32 cause)
{
	u64 *n = bpf_map_lookup_elem(&losses, &cause);

	if (n)
		(*n)++;
}

/* The reader polls, so that no producer pays for waking it. */
static __always_inline long send(void *event, u64 size)
{
	long err = bpf_ringbuf_output(&events, event, size, BPF_RB_NO_WAKEUP);

	if (err)
		count_loss(LOSS_RING_FULL);
	return err;
}

/* Whether it is worth while to tell what found the ring buffer full once more. */
static __always_inline bool has_room(void)
{
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) <
	       bpf_ringbuf_query(&events, BPF_RB_RING_SIZE) / 2;
}

/* Sends what has been put together; it begins with an event_header. */
static __always_inline long send_scratch(struct scratch *s)
{
	u32 size = s->off;

	if (size > sizeof(s->data))
		return -1;
	((struct event_header *)s->data)->flags |= s->flags;
	return send(s->data, size);
}
