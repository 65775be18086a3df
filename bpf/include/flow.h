/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "path.h"
#include "table.h"

/* Descriptors that are looked at when a process execs or exits; more are left to user space. */
#define FD_LIMIT 4096

#define S_IFMT   0170000
#define S_IFSOCK 0140000
#define S_IFREG  0100000
#define S_IFBLK  0060000
#define S_IFDIR  0040000
#define S_IFCHR  0020000
#define S_IFIFO  0010000

/* include/uapi/linux/magic.h, fs/nsfs.c */
#define PIPEFS_MAGIC        0x50495045
#define SOCKFS_MAGIC        0x534F434B
#define NSFS_MAGIC          0x6e736673
#define ANON_INODE_FS_MAGIC 0x09041934
#define PID_FS_MAGIC        0x50494446

#define AF_INET     2
#define AF_INET6    10
#define SOCK_STREAM 1
#define SOCK_RAW    3

#define IPPROTO_ICMP   1
#define IPPROTO_ICMPV6 58
#define IPPROTO_RAW    255

/* One operation on a descriptor, and what its system call tells about it. */
struct operation {
	u32 fd;
	u32 op;
	s64 bytes;
	u32 open_flags;
	u32 addr_len;
	u64 addr;   /* of the peer, in user memory; by io_uring in the kernel's */
	u64 msghdr; /* in user memory, where the system call has one */
	u64 file;
	u64 uring; /* address of the request to io_uring by which it came, 0 for a system call */
};

static __always_inline u64 next_flow_id(struct scratch *s)
{
	return ((u64)bpf_get_smp_processor_id() << 48) | ++s->next_id;
}

/* Adds one direction of I/O. Only threads can race: a process with one needs no lock. */
static __always_inline void count_io(struct task_struct *task, struct flow *f, u32 op, s64 bytes)
{
	u64 *n = op == OP_READ ? &f->totals.read_ops : &f->totals.write_ops;
	u64 *b = op == OP_READ ? &f->totals.read_bytes : &f->totals.write_bytes;

	if (has_one_thread(task)) {
		*n += 1;
		if (bytes > 0)
			*b += bytes;
	} else {
		__sync_fetch_and_add(n, 1);
		if (bytes > 0)
			__sync_fetch_and_add(b, bytes);
	}
}

/* Notes an operation that came by io_uring. */
static __always_inline void note_uring(struct flow *f, const struct operation *o)
{
	if (!o->uring)
		return;
	if (o->op & (OP_READ | OP_WRITE))
		__sync_fetch_and_add(&f->totals.uring_io, 1);
	else
		f->totals.uring_ops |= o->op;
}

/* Counts an operation for its flow. */
static __always_inline void count_operation(struct task_struct *task, struct flow *f,
					    const struct operation *o)
{
	note_uring(f, o);
	if (o->op & (OP_READ | OP_WRITE))
		count_io(task, f, o->op, o->bytes);
	else
		f->ops |= o->op;
}

/*
 * Ends the flow that an entry holds, which file tells. Of several threads that see it end
 * one is to report it: who claims it.
 */
static __always_inline void end_flow(u64 key, struct flow *f, u64 file, u16 flags)
{
	struct event_flow_end *e;
	u16 kind = f->kind;

	/* by now another thread may have ended it, and the next one may have begun */
	if (!is_running(file) || !claim_flow(f, file))
		return;
	if (kind == FLOW_IGNORED)
		goto out;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		count_loss(LOSS_RING_FULL);
		goto out;
	}
	e->type = EVENT_FLOW_END;
	e->flags = flags | (kind == FLOW_DATAGRAM ? EVENT_FLAG_DATAGRAM : 0);
	e->pid = key >> 32;
	e->ts = bpf_ktime_get_boot_ns();
	e->id = f->id;
	e->fd = key;
	e->ops = f->ops;
	e->totals = f->totals;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
out:
	release_flow(key, f);
}

/* What kind of flow a file makes, and the letter of its type. */
static __always_inline u16 classify(u64 file, u16 *letter, u64 *ino, u16 *nsfs)
{
	struct inode *inode = READ(struct file, (void *)file, f_inode);
	u32 mode = READ(struct inode, inode, i_mode) & S_IFMT;
	u64 magic = 0;

	if (!want_files && mode != S_IFSOCK)
		return FLOW_IGNORED;
	switch (mode) {
	case S_IFREG:
		magic = READ(struct super_block, READ(struct inode, inode, i_sb), s_magic);
		if (magic == ANON_INODE_FS_MAGIC || magic == PID_FS_MAGIC)
			return FLOW_IGNORED;
		if (magic == NSFS_MAGIC) {
			*nsfs = 1;
			*ino = READ(struct inode, inode, i_ino);
		}
		*letter = 'f';
		return FLOW_FILE;
	case S_IFCHR:
	case S_IFBLK:
		*letter = 'f';
		return FLOW_FILE;
	case S_IFDIR:
		*letter = 'd';
		return want_directories ? FLOW_FILE : FLOW_IGNORED;
	case S_IFIFO:
		if (!want_pipes)
			return FLOW_IGNORED;
		magic = READ(struct super_block, READ(struct inode, inode, i_sb), s_magic);
		if (magic == PIPEFS_MAGIC)
			*ino = READ(struct inode, inode, i_ino);
		*letter = 'p';
		return FLOW_FILE;
	case S_IFSOCK:
		magic = READ(struct super_block, READ(struct inode, inode, i_sb), s_magic);
		return magic == SOCKFS_MAGIC ? FLOW_SOCKET : FLOW_IGNORED;
	}
	return FLOW_IGNORED;
}

/* Appends the name of a namespace's type: "net", "mnt", ... */
static __always_inline void append_ns_type(struct scratch *s, u64 file)
{
	struct inode *inode = READ(struct file, (void *)file, f_inode);
	struct ns_common *ns = READ(struct inode, inode, i_private);
	const struct proc_ns_operations *ops = READ(struct ns_common, ns, ops);
	u32 off = s->off;
	long n;

	if (off >= sizeof(s->data) - NAME_BYTES)
		return;
	n = bpf_probe_read_kernel_str(&s->data[off], 32,
				      READ(struct proc_ns_operations, ops, name));
	if (n > 1)
		s->off = off + n - 1;
}

/* Appends what names the file of a start event. */
static __always_inline void append_file_name(struct scratch *s, struct task_struct *task,
					     const struct event_file_start *e, u64 file)
{
	if (e->nsfs)
		append_ns_type(s, file);
	else if (!e->ino) /* not a pipe without a name */
		add_file_path(s, (void *)file, task);
}

/* Whether a flow is still to begin with an operation: until it is used, or can be told. */
static __always_inline bool is_to_begin(const struct flow *f)
{
	return f->kind == FLOW_DORMANT || (f->kind == FLOW_UNTOLD && has_room());
}

/*
 * The entry of a descriptor whose flow begins. Whatever flow it had has ended: the descriptor
 * stands for another file now.
 */
static __always_inline struct flow *renew_flow(u64 key, bool *mine)
{
	struct flow *f = find_flow(key);

	/* one that begins only now was not closed */
	if (f)
		end_flow(key, f, f->file, f->kind >= FLOW_DORMANT ? 0 : EVENT_FLAG_CLOSED);
	return new_flow(key, mine);
}

/* A descriptor was closed, or now stands for another file. */
ONCE closed(u32 fd)
{
	struct task_struct *task = current_task();
	u64 key = flow_key(task, fd);
	struct flow *f = find_flow(key);
	u64 file;

	if (!f)
		return 0;
	file = f->file;
	/* another thread may have got the number again already */
	if (file != file_of(task, fd))
		end_flow(key, f, file, EVENT_FLAG_CLOSED);
	return 0;
}

static long one_closed(u32 i, u32 *first)
{
	closed(*first + i);
	return 0;
}

/* The descriptors that the table has room for; the rest cannot be open. */
ONCE closed_range(u32 first, u32 last)
{
	struct files_struct *files = FIELD(current_task(), files);
	u32 max;

	if (!files)
		return 0;
	max = FIELD(files, fdt, max_fds);
	if (last >= max)
		last = max - 1;
	if (first <= last)
		LOOP(last - first + 1, FD_LIMIT, one_closed, &first);
	return 0;
}
