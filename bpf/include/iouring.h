/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * What processes do through io_uring: taken when a request completes, with what was noted when it
 * was submitted, and told as the system call of the same name would be.
 *
 * - The number of a request's descriptor is overwritten by its result, names are freed and
 *   addresses given up before it completes: these are noted at the submission. Its file is in
 *   the request, so that it is the right one whatever became of the descriptor.
 * - The thread that completes a request is often not the one that submitted it: a worker or
 *   poller of the same process, seldom a thread of the kernel. The request knows its task.
 * - A registered file has no descriptor. Its flow is that of a negative one, see slot_key.
 * - Requests that repeat (multishot) and those that find the completion queue full complete
 *   without a word on which one it is: they are found again by ring and user data. Programs
 *   that give several such requests the same user data get their bytes mixed up among these.
 * - A request that asks for no completion (IOSQE_CQE_SKIP_SUCCESS) is taken for done, in full,
 *   when it is submitted. Should it fail, its completion comes, and is not looked at.
 *
 * Nothing of this runs, and nothing is asked, for system calls. A request costs two hooks, a
 * slot of an array that is filled and emptied, and the look-up of its flow; a hash in place of
 * the slot would cost about as much as all the rest.
 */
#include "iouring_kernel.h"
#include "names.h"
#include "net.h"

/* How the capture treats a request. */
enum uring_class {
	URING_NONE,
	URING_READ,
	URING_WRITE,
	URING_SEND,
	URING_SENDMSG,
	URING_RECV,
	URING_RECVMSG,
	URING_OPEN,
	URING_CLOSE,
	URING_CONNECT,
	URING_ACCEPT,
	URING_SPLICE,
	URING_SHUTDOWN,
	/* by name */
	URING_RENAME,
	URING_UNLINK,
	URING_MKDIR,
	URING_SYMLINK,
	URING_LINK,
};

#define URING_OPS 64

const u8 uring_class_of[URING_OPS] = {
	[IORING_OP_READV] = URING_READ,          [IORING_OP_READ] = URING_READ,
	[IORING_OP_READ_FIXED] = URING_READ,     [IORING_OP_READV_FIXED] = URING_READ,
	[IORING_OP_READ_MULTISHOT] = URING_READ, [IORING_OP_WRITEV] = URING_WRITE,
	[IORING_OP_WRITE] = URING_WRITE,         [IORING_OP_WRITE_FIXED] = URING_WRITE,
	[IORING_OP_WRITEV_FIXED] = URING_WRITE,  [IORING_OP_SEND] = URING_SEND,
	[IORING_OP_SEND_ZC] = URING_SEND,        [IORING_OP_SENDMSG] = URING_SENDMSG,
	[IORING_OP_SENDMSG_ZC] = URING_SENDMSG,  [IORING_OP_RECV] = URING_RECV,
	[IORING_OP_RECV_ZC] = URING_RECV,        [IORING_OP_RECVMSG] = URING_RECVMSG,
	[IORING_OP_OPENAT] = URING_OPEN,         [IORING_OP_OPENAT2] = URING_OPEN,
	[IORING_OP_CLOSE] = URING_CLOSE,         [IORING_OP_CONNECT] = URING_CONNECT,
	[IORING_OP_ACCEPT] = URING_ACCEPT,       [IORING_OP_SPLICE] = URING_SPLICE,
	[IORING_OP_SHUTDOWN] = URING_SHUTDOWN,   [IORING_OP_RENAMEAT] = URING_RENAME,
	[IORING_OP_UNLINKAT] = URING_UNLINK,     [IORING_OP_MKDIRAT] = URING_MKDIR,
	[IORING_OP_SYMLINKAT] = URING_SYMLINK,   [IORING_OP_LINKAT] = URING_LINK,
};

/* A request on its way, as far as its completion cannot tell. */
struct uring_request {
	u64 req; /* address of the kernel's request; 0: the slot is free */
	u64 ctx;
	u64 user_data;
	s32 fd;
	u32 multishot;
	u32 pad;
	u32 peer_len;
	struct user_sockaddr peer;
};

struct uring_key {
	u64 ctx;
	u64 user_data;
};

#define URING_SLOTS_LOG 13
#define URING_SLOTS     (1 << URING_SLOTS_LOG)

/* Each request has its slot by its address; one whose slot is taken has an entry of a hash. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, URING_SLOTS);
	__type(key, u32);
	__type(value, struct uring_request);
} uring_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__type(value, struct uring_request);
} uring_others SEC(".maps");

/* Requests that repeat. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct uring_key);
	__type(value, u64);
} uring_multishots SEC(".maps");

/*
 * Events of operations on names, complete but for their result. Nearly all are short; a value is
 * copied as a whole.
 */
#define URING_NAME_BYTES      1024
#define URING_LONG_NAME_BYTES 20480 /* two bases and two names of PATH_BYTES each */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__uint(value_size, URING_NAME_BYTES);
} uring_names SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__uint(value_size, URING_LONG_NAME_BYTES);
} uring_long_names SEC(".maps");

static __always_inline u32 class_of_request(const void *req)
{
	u64 op = READ(struct io_kiocb, req, opcode);

	keep(op);
	return op < URING_OPS ? uring_class_of[op] : URING_NONE;
}

/* The task that submitted a request; where that cannot be had, one of the same process. */
static __always_inline struct task_struct *task_of_request(const void *req)
{
	return can_cast ? CAST(struct task_struct, submitter(req)) : current_task();
}

#define URING_SLOT_BITS 20 /* IORING_MAX_FIXED_FILES is 2^20 */

/*
 * What stands for the descriptor of a file in a ring's table: negative, its lower bits are the
 * place in the table, the rest tells rings of a process apart. Should two be alike in that, their
 * flows in the same place end whenever the other one's is used.
 */
static __always_inline s32 slot_key(u64 ctx, u32 slot)
{
	u32 ring = (ctx * 0x9E3779B97F4A7C15ULL) >> (64 - (31 - URING_SLOT_BITS));

	return (1U << 31) | (ring << URING_SLOT_BITS) | (slot & ((1 << URING_SLOT_BITS) - 1));
}

/* The file in a place of a ring's table, 0 if there is none. */
static __always_inline u64 file_in_slot(u64 ctx, u32 slot)
{
	const void *table = (void *)ctx + bpf_core_field_offset(struct io_ring_ctx, file_table);
	u64 file = 0;

	if (bpf_core_field_exists(struct io_file_table, data)) {
		const void *data = table + bpf_core_field_offset(struct io_file_table, data);
		u64 node;

		if (slot >= READ(struct io_rsrc_data, data, nr))
			return 0;
		node = read_word(READ(struct io_rsrc_data, data, nodes) + slot);
		if (node)
			file = READ(struct io_rsrc_node, (void *)node, file_ptr);
	} else if (bpf_core_field_exists(struct io_ring_ctx, nr_user_files)) {
		if (slot >= READ(struct io_ring_ctx, (void *)ctx, nr_user_files))
			return 0;
		file = read_word(READ(struct io_file_table, table, files) + slot);
	}
	return file & ~7ULL; /* flags in the lower bits */
}

static __always_inline struct uring_request *slot_of(u64 req)
{
	u32 i = (req * 0x9E3779B97F4A7C15ULL) >> (64 - URING_SLOTS_LOG);

	return bpf_map_lookup_elem(&uring_slots, &i);
}

/* Notes a request. One that is noted under the same address has ended unseen. */
static __always_inline void remember(const struct uring_request *r)
{
	struct uring_request *slot = slot_of(r->req);

	if (!slot)
		return;
	if (slot->req == r->req || !__sync_val_compare_and_swap(&slot->req, 0, r->req)) {
		*slot = *r;
		return;
	}
	if (bpf_map_update_elem(&uring_others, &r->req, r, BPF_ANY))
		count_loss(LOSS_URING_FULL);
}

/* Finds what was noted of a request, and forgets it unless more of it is to come. */
static __always_inline bool recall(u64 req, u32 cflags, struct uring_request *r)
{
	struct uring_request *slot = slot_of(req);

	if (!slot)
		return false;
	if (slot->req == req) {
		*r = *slot;
		if (!r->multishot || !(cflags & IORING_CQE_F_MORE))
			slot->req = 0;
	} else {
		slot = bpf_map_lookup_elem(&uring_others, &req);
		if (!slot)
			return false;
		*r = *slot;
		if (!r->multishot || !(cflags & IORING_CQE_F_MORE))
			bpf_map_delete_elem(&uring_others, &req);
	}
	if (r->multishot && !(cflags & IORING_CQE_F_MORE)) {
		struct uring_key key = {.ctx = r->ctx, .user_data = r->user_data};

		bpf_map_delete_elem(&uring_multishots, &key);
	}
	return true;
}

static __always_inline bool is_multishot(const void *req, u32 class)
{
	switch (class) {
	case URING_READ:
		return READ(struct io_kiocb, req, opcode) == IORING_OP_READ_MULTISHOT;
	case URING_RECV:
		return READ(struct io_kiocb, req, opcode) == IORING_OP_RECV_ZC ||
		       READ(struct io_sr_msg, req, flags) & IORING_RECV_MULTISHOT;
	case URING_RECVMSG:
		return READ(struct io_sr_msg, req, flags) & IORING_RECV_MULTISHOT;
	case URING_ACCEPT:
		/* older kernels do not keep it where it could be had: it may be */
		return !bpf_core_field_exists(struct io_accept, iou_flags) ||
		       READ(struct io_accept, req, iou_flags) & IORING_ACCEPT_MULTISHOT;
	}
	return false;
}

/* Takes an address from user memory. */
static __always_inline void note_user_address(struct uring_request *r, u64 addr, u32 len)
{
	if (!addr || len < 8)
		return;
	if (!bpf_probe_read_user(&r->peer, len < 24 ? 8 : 24, (void *)addr))
		r->peer_len = len;
}

static __always_inline void note_user_msghdr(struct uring_request *r, u64 msghdr)
{
	struct user_msgname hdr = {};

	if (!bpf_probe_read_user(&hdr, sizeof(hdr), (void *)msghdr))
		note_user_address(r, hdr.name, hdr.namelen);
}

/* Notes whom a request sends to, or connects to. */
static __always_inline void note_peer(struct uring_request *r, const void *req, u32 class)
{
	if (class == URING_CONNECT) {
		note_user_address(r, (u64)READ(struct io_connect, req, addr),
				  READ(struct io_connect, req, addr_len));
	} else if (class == URING_SENDMSG) {
		note_user_msghdr(r, (u64)READ(struct io_sr_msg, req, umsg));
	} else if (class == URING_SEND) {
		if (bpf_core_field_exists(struct io_sr_msg, addr)) {
			note_user_address(r, (u64)READ(struct io_sr_msg, req, addr),
					  READ(struct io_sr_msg, req, addr_len));
		} else if (bpf_core_field_exists(struct io_async_msghdr, payloadlen)) {
			/* the kernel has taken it already */
			const void *hdr = READ(struct io_kiocb, req, async_data);
			const void *msg, *name;

			if (!hdr)
				return;
			msg = hdr + bpf_core_field_offset(struct io_async_msghdr, msg);
			name = READ(struct msghdr, msg, msg_name);
			if (name && !bpf_probe_read_kernel(&r->peer, sizeof(r->peer), name))
				r->peer_len = READ(struct msghdr, msg, msg_namelen);
		}
	}
}

static __always_inline u64 text_of(const struct filename *name)
{
	return (u64)READ(struct filename, name, name);
}

static __always_inline void fill_naming(struct naming *n, const void *req, u32 class)
{
	switch (class) {
	case URING_RENAME:
		n->op = OP_RENAME;
		n->dirfd[0] = READ(struct io_rename, req, old_dfd);
		n->dirfd[1] = READ(struct io_rename, req, new_dfd);
		n->name[0] = text_of(READ(struct io_rename, req, oldpath));
		n->name[1] = text_of(READ(struct io_rename, req, newpath));
		break;
	case URING_UNLINK:
		n->op = READ(struct io_unlink, req, flags) & AT_REMOVEDIR ? OP_RMDIR : OP_UNLINK;
		n->dirfd[0] = READ(struct io_unlink, req, dfd);
		n->name[0] = text_of(READ(struct io_unlink, req, filename));
		break;
	case URING_MKDIR:
		n->op = OP_MKDIR;
		n->dirfd[0] = READ(struct io_mkdir, req, dfd);
		n->name[0] = text_of(READ(struct io_mkdir, req, filename));
		break;
	case URING_SYMLINK:
	case URING_LINK:
		n->op = class == URING_LINK ? OP_LINK : OP_SYMLINK;
		n->dirfd[0] = class == URING_LINK ? READ(struct io_link, req, old_dfd) : AT_FDCWD;
		n->dirfd[1] = READ(struct io_link, req, new_dfd);
		n->name[0] = text_of(READ(struct io_link, req, oldpath));
		n->name[1] = text_of(READ(struct io_link, req, newpath));
		break;
	}
}

/*
 * Puts the event of an operation on names together, and keeps it until its result is known. Not
 * static, so that the verifier looks at it once and for all, not for each way that leads here.
 */
__noinline int uring_names_submitted(u64 req, u32 class, u32 silent)
{
	struct scratch *s = take_scratch();
	struct naming n = {};
	long err;

	if (!s)
		return 0;
	fill_naming(&n, (const void *)req, class);
	fill_names(s, current_task(), &n, true);
	s->flags |= EVENT_FLAG_IO_URING;
	if (silent) {
		send_scratch(s);
		goto out;
	}
	((struct event_header *)s->data)->flags |= s->flags;
	if (s->off <= URING_NAME_BYTES)
		err = bpf_map_update_elem(&uring_names, &req, s->data, BPF_ANY);
	else
		err = bpf_map_update_elem(&uring_long_names, &req, s->data, BPF_ANY);
	if (err)
		count_loss(LOSS_URING_FULL);
out:
	give_scratch(s);
	return 0;
}

static __always_inline void send_kept(struct event_name *e, s32 ret, u32 max)
{
	u32 size = sizeof(*e) + e->dir1_len + e->name1_len + e->dir2_len + e->name2_len;

	e->h.ret = ret;
	e->h.ts = bpf_ktime_get_boot_ns();
	if (size <= max)
		send(e, size);
}

static __noinline int names_completed(u64 req, s32 ret)
{
	struct event_name *e = bpf_map_lookup_elem(&uring_names, &req);

	if (e) {
		if (ret != -ECANCELED)
			send_kept(e, ret, URING_NAME_BYTES);
		bpf_map_delete_elem(&uring_names, &req);
		return 0;
	}
	e = bpf_map_lookup_elem(&uring_long_names, &req);
	if (e) {
		if (ret != -ECANCELED)
			send_kept(e, ret, URING_LONG_NAME_BYTES);
		bpf_map_delete_elem(&uring_long_names, &req);
	}
	return 0;
}

ONCE_WITH start_requested_flow(const struct operation *o)
{
	return o ? start_flow_of(task_of_request((void *)o->uring), o) : 0;
}

ONCE_WITH requested_io(struct operation *o)
{
	return o ? file_io(task_of_request((void *)o->uring), o) : 0;
}

/* A descriptor, or a place in the table of files, that the request made. */
static __always_inline void made(struct task_struct *task, const struct uring_request *r,
				 struct operation *o, u32 file_slot, s32 ret)
{
	if (ret < 0)
		return;
	o->bytes = 0;
	if (file_slot) {
		u32 slot = file_slot == IORING_FILE_INDEX_ALLOC ? ret : file_slot - 1;

		o->fd = slot_key(r->ctx, slot);
		o->file = file_in_slot(r->ctx, slot);
	} else {
		o->fd = ret;
		o->file = file_of(task, ret);
	}
	if (o->file)
		start_flow(o);
}

/* A descriptor, or a place in the table of files, was closed. */
static __always_inline void uring_closed(struct task_struct *task, const struct uring_request *r,
					 const void *req, bool silent)
{
	u32 file_slot = READ(struct io_close, req, file_slot);
	s32 fd = READ(struct io_close, req, fd);
	u64 key = flow_key(task, file_slot ? slot_key(r->ctx, file_slot - 1) : fd);
	struct flow *f = find_flow(key);
	u64 file;

	if (!f)
		return;
	file = f->file;
	/* the number may be in use again already */
	if (!silent &&
	    file == (file_slot ? file_in_slot(r->ctx, file_slot - 1) : file_of(task, fd)))
		return;
	f->totals.uring_ops |= OP_CLOSE;
	end_flow(key, f, file, EVENT_FLAG_CLOSED);
}

/* What was spliced was read from the one file and written to the other. */
static __always_inline void spliced(struct task_struct *task, const struct uring_request *r,
				    const void *req, struct operation *o)
{
	s32 in = READ(struct io_splice, req, splice_fd_in), out = o->fd;
	u64 out_file = o->file;

	if (READ(struct io_splice, req, flags) & SPLICE_F_FD_IN_FIXED) {
		o->file = file_in_slot(r->ctx, in);
		o->fd = slot_key(r->ctx, in);
	} else {
		o->file = file_of(task, in);
		o->fd = in;
	}
	o->op = OP_READ;
	requested_io(o);
	o->op = OP_WRITE;
	o->fd = out;
	o->file = out_file;
	requested_io(o);
}

/*
 * A request that has completed, or in silence is taken to have. Its file is in o; a request that
 * was cancelled before it began has none.
 */
static __noinline int finished(struct task_struct *task, struct uring_request *r, const void *req,
			       struct operation *o, bool silent)
{
	u32 class = class_of_request(req);
	s32 ret = o->bytes;

	if (ret == -ECANCELED)
		return 0;
	switch (class) {
	case URING_RECV:
	case URING_RECVMSG:
		if (READ(struct io_sr_msg, req, msg_flags) & MSG_PEEK)
			return 0;
		/* fallthrough */
	case URING_READ:
		o->op = OP_READ;
		break;
	case URING_WRITE:
	case URING_SEND:
	case URING_SENDMSG:
		o->op = OP_WRITE;
		break;
	case URING_SPLICE:
		spliced(task, r, req, o);
		return 0;
	case URING_OPEN: {
		const void *how = req + bpf_core_field_offset(struct io_open, how);

		o->op = OP_OPEN;
		o->open_flags = READ(struct open_how, how, flags) & ~O_LARGEFILE;
		made(task, r, o, READ(struct io_open, req, file_slot), ret);
		return 0;
	}
	case URING_ACCEPT:
		o->op = OP_ACCEPT;
		made(task, r, o, READ(struct io_accept, req, file_slot), ret);
		return 0;
	case URING_CLOSE:
		if (ret != -EBADF)
			uring_closed(task, r, req, silent);
		return 0;
	case URING_CONNECT:
		o->op = OP_CONNECT;
		o->bytes = 0;
		connected(task, o, ret);
		return 0;
	case URING_SHUTDOWN:
		o->op = OP_SHUTDOWN;
		o->bytes = 0;
		if (!ret)
			mark(task, o);
		return 0;
	default:
		return 0;
	}
	if (o->file)
		requested_io(o);
	return 0;
}

/* Tells an operation about its peer; r must be as long in place as o. */
static __always_inline void set_peer(struct operation *o, const struct uring_request *r)
{
	if (!r->peer_len)
		return;
	o->addr = (u64)&r->peer;
	o->addr_len = r->peer_len;
}

/* Bytes that a request asks for, as far as that is easily had. */
static __always_inline s64 wanted(const void *req, u32 class)
{
	switch (READ(struct io_kiocb, req, opcode)) {
	case IORING_OP_READ:
	case IORING_OP_READ_FIXED:
	case IORING_OP_WRITE:
	case IORING_OP_WRITE_FIXED:
		return READ(struct io_rw, req, len);
	case IORING_OP_SEND:
	case IORING_OP_SEND_ZC:
	case IORING_OP_RECV:
		return READ(struct io_sr_msg, req, len);
	}
	return 0;
}

/* A request of which only a failure would be told. */
static __noinline int submitted_silently(struct task_struct *task, struct uring_request *r,
					 const void *req, u32 class)
{
	struct operation o = {.fd = r->fd, .uring = (u64)req};

	switch (class) {
	case URING_OPEN:
	case URING_ACCEPT:
		return 0; /* nobody knows yet what it opens: the first use will show */
	case URING_CLOSE:
		break;
	default:
		if (READ(struct io_kiocb, req, flags) & REQ_F_FIXED_FILE)
			o.file = file_in_slot(r->ctx, READ(struct io_kiocb, req, cqe.fd));
		else
			o.file = file_of(task, r->fd);
		if (!o.file) {
			count_loss(LOSS_URING_UNSEEN);
			return 0;
		}
		o.bytes = wanted(req, class);
	}
	set_peer(&o, r);
	return finished(task, r, req, &o, true);
}

/* In a function of its own, for want of stack. */
static __noinline void note_multishot(const struct uring_request *r)
{
	struct uring_key key = {.ctx = r->ctx, .user_data = r->user_data};

	if (bpf_map_update_elem(&uring_multishots, &key, &r->req, BPF_ANY))
		count_loss(LOSS_URING_FULL);
}

static __always_inline int submitted(const void *req)
{
	u32 class = class_of_request(req);
	struct uring_request r = {};
	struct task_struct *task;
	bool silent;

	if (class == URING_NONE)
		return 0;
	task = current_task();
	if (FIELD(task, tgid) == self_pid)
		return 0;
	if (is_compat(task)) {
		count_loss(LOSS_COMPAT_SYSCALL);
		return 0;
	}
	silent = READ(struct io_kiocb, req, flags) & REQ_F_CQE_SKIP;
	r.req = (u64)req;
	/* by the helper: as a number, not as a pointer */
	bpf_core_read(&r.ctx, sizeof(r.ctx), &((const struct io_kiocb *)req)->ctx);
	r.user_data = READ(struct io_kiocb, req, cqe.user_data);
	if (class >= URING_RENAME) {
		if (!want_files)
			return 0;
		uring_names_submitted((u64)req, class, silent);
		if (!silent)
			remember(&r);
		return 0;
	}
	r.fd = READ(struct io_kiocb, req, cqe.fd);
	if (READ(struct io_kiocb, req, flags) & REQ_F_FIXED_FILE)
		r.fd = slot_key(r.ctx, r.fd);
	note_peer(&r, req, class);
	if (silent)
		return submitted_silently(task, &r, req, class);
	r.multishot = is_multishot(req, class);
	if (r.multishot)
		note_multishot(&r);
	remember(&r);
	return 0;
}

static __always_inline int completed(const void *req, s32 res, u32 cflags)
{
	struct operation o = {.bytes = res, .uring = (u64)req};
	struct uring_request r = {};
	struct task_struct *task;
	u32 class = class_of_request(req);

	if (class == URING_NONE || !recall((u64)req, cflags, &r))
		return 0;
	if (class >= URING_RENAME)
		return names_completed((u64)req, res);
	task = task_of_request(req);
	/* the sender's address is where the receiver wants it, if that is the current process */
	if (class == URING_RECVMSG && !r.multishot &&
	    bpf_get_current_pid_tgid() >> 32 == FIELD(task, tgid))
		note_user_msghdr(&r, (u64)READ(struct io_sr_msg, req, umsg));
	o.fd = r.fd;
	o.file = (u64)READ(struct io_kiocb, req, file);
	set_peer(&o, &r);
	return finished(task, &r, req, &o, false);
}

struct uring_search {
	struct uring_key key;
	u64 req;
};

static long compare_request(void *map, const void *key, struct uring_request *r,
			    struct uring_search *s)
{
	if (!r->req || r->ctx != s->key.ctx || r->user_data != s->key.user_data)
		return 0;
	s->req = r->req;
	return 1;
}

/* The request that repeats with some user data. */
static __always_inline u64 find_multishot(u64 ctx, u64 user_data)
{
	struct uring_key key = {.ctx = ctx, .user_data = user_data};
	u64 *req = bpf_map_lookup_elem(&uring_multishots, &key);

	return req ? *req : 0;
}

/*
 * The first argument of a tracepoint as a number: the verifier lets nobody calculate with what
 * it knows to be a pointer.
 */
static __always_inline void *first_argument(const void *ctx)
{
	void *arg = NULL;

	bpf_probe_read_kernel(&arg, sizeof(arg), ctx);
	return arg;
}

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(uring_submit)
{
	return submitted(first_argument(ctx));
}

/* What older kernels, such as 6.1, call it. */
SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(uring_submit_old)
{
	return submitted(first_argument(ctx));
}

SEC("tp_btf/io_uring_complete")
int BPF_PROG(uring_complete, struct io_ring_ctx *ring, void *req, struct io_uring_cqe *cqe)
{
	/* what is in the request cannot be changed by the process, as the queue's entry can */
	if (req)
		return completed(req, READ(struct io_kiocb, req, cqe.res),
				 READ(struct io_kiocb, req, cqe.flags));
	req = (void *)find_multishot((u64)ring, cqe->user_data);
	return req ? completed(req, cqe->res, cqe->flags) : 0;
}

/* Older kernels, such as 6.12, tell the parts of the entry. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(uring_complete_old, void *ring, void *req, u64 user_data, int res, u32 cflags)
{
	if (!req)
		req = (void *)find_multishot((u64)ring, user_data);
	return req ? completed(req, res, cflags) : 0;
}

/* The completion queue is full: the completion is put aside, and comes without a word later. */
SEC("tp_btf/io_uring_cqe_overflow")
int BPF_PROG(uring_overflow, void *ring, u64 user_data, s32 res, u32 cflags)
{
	struct uring_search s = {.key = {.ctx = (u64)ring, .user_data = user_data}};

	s.req = find_multishot((u64)ring, user_data);
	if (!s.req)
		bpf_for_each_map_elem(&uring_slots, compare_request, &s, 0);
	if (!s.req)
		bpf_for_each_map_elem(&uring_others, compare_request, &s, 0);
	return s.req ? completed((void *)s.req, res, cflags) : 0;
}
