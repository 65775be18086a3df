//go:build ignore

// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Captures what processes do: life-cycle events cross the ring buffer one by one;
 * reads, writes, sends and receives are counted in maps. Everything that a system
 * call did is taken at its exit: a second hook on entry would cost every call of the
 * machine half as much again.
 */
#include "include/arch.h"
#include "include/maps.h"
#include <bpf/bpf_tracing.h>

#define EBADF 9

#include "include/task.h"
#include "include/path.h"
#include "include/flow.h"
#include "include/net.h"
#include "include/names.h"
#include "include/process.h"
#include "include/operation.h"
#include "include/open.h"
#include "include/attributes.h"
#include "include/socketop.h"
#include "include/snapshot.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Keep the types of the wire contract in BTF, for the generated Go code. */
const struct event_header *unused_header __attribute__((unused));
const struct event_fork *unused_fork __attribute__((unused));
const struct event_exec *unused_exec __attribute__((unused));
const struct event_cgroup *unused_cgroup __attribute__((unused));
const struct event_creds *unused_creds __attribute__((unused));
const struct event_operation *unused_operation __attribute__((unused));
const struct task_details *unused_task_details __attribute__((unused));
const struct exe_details *unused_exe_details __attribute__((unused));
const struct event_name *unused_name __attribute__((unused));
const struct event_file_start *unused_file_start __attribute__((unused));
const struct event_socket_start *unused_socket_start __attribute__((unused));
const struct event_flow_end *unused_flow_end __attribute__((unused));
const struct event_file_op *unused_file_op __attribute__((unused));
const struct event_socket_op *unused_socket_op __attribute__((unused));
const struct flow_totals *unused_flow_totals __attribute__((unused));
const struct verdict *unused_verdict __attribute__((unused));
const enum event_type *unused_event_type __attribute__((unused));
const enum event_flag *unused_event_flag __attribute__((unused));
const enum exe_flag *unused_exe_flag __attribute__((unused));
const enum namespace *unused_namespace __attribute__((unused));
const enum syscall_class *unused_syscall_class __attribute__((unused));
const enum op_flag *unused_op_flag __attribute__((unused));
const enum flow_kind *unused_flow_kind __attribute__((unused));
const enum loss *unused_loss __attribute__((unused));
const enum socket_role *unused_role __attribute__((unused));
const enum file_op *unused_file_op_kind __attribute__((unused));
const enum socket_op *unused_socket_op_kind __attribute__((unused));

#define EISCONN             106
#define EALREADY            114
#define EINPROGRESS         115
#define ECANCELED           125
#define MAP_ANON            0x20
#define MSG_PEEK            0x2
#define CLOSE_RANGE_CLOEXEC 4
#define MMSG_LIMIT          1024 /* UIO_MAXIOV */

/* Marks the flow of a file with an operation that moves no bytes. */
static __always_inline int mark(struct task_struct *task, const struct operation *o)
{
	struct flow *f = find_flow(flow_key(task, o->fd));

	if (!o->file)
		return 0;
	if (f && f->file == o->file && !is_to_begin(f)) {
		count_operation(task, f, o);
		return 0;
	}
	return start_flow(o);
}

/* The same for the file of a descriptor. */
static __noinline int marked(struct task_struct *task, u32 fd, u32 op)
{
	struct operation o = {.fd = fd, .op = op, .file = file_of(task, fd)};

	return mark(task, &o);
}

/* One operation of the current task; msghdr is 0 where the system call has none. */
ONCE one_io(u32 fd, u32 op, s64 bytes, u64 msghdr)
{
	struct operation o = {.fd = fd, .op = op, .bytes = bytes, .msghdr = msghdr};

	return io(&o);
}

/*
 * The path of most system calls: a known descriptor that holds what it held. False is for others.
 * To count for an ignored one, too, does no harm and saves a question.
 */
static __always_inline bool known_io(struct task_struct *task, u32 fd, u32 op, const s64 *bytes)
{
	u64 file = file_if_known(task, fd);
	struct flow *f = likely_flow(flow_key(task, fd));

	if (!f || f->kind >= FLOW_DATAGRAM || f->file != file)
		return false;
	count_io(task, f, op, *bytes);
	return true;
}

static __noinline void plain_io(struct task_struct *task, u32 fd, u32 op, s64 bytes)
{
	if (!known_io(task, fd, op, &bytes))
		one_io(fd, op, bytes, 0);
}

struct messages {
	u32 fd;
	u32 op;
	u64 vec;
};

static long one_message(u32 i, struct messages *m)
{
	u64 msghdr = m->vec + i * sizeof(struct user_mmsghdr);
	u32 len = 0;

	if (bpf_probe_read_user(&len, 4, (void *)(msghdr + sizeof(struct user_msghdr)))) {
		count_loss(LOSS_MESSAGES_UNREAD);
		return 1;
	}
	one_io(m->fd, m->op, len, msghdr);
	return 0;
}

/* Several messages in one call; the kernel has put each one's size beside it. */
static __always_inline int messages_io(u32 fd, u32 op, u64 vec, s64 ret)
{
	struct messages m = {.fd = fd, .op = op, .vec = vec};

	if (ret <= 0)
		return one_io(fd, op, ret, vec);
	LOOP(ret < MMSG_LIMIT ? ret : MMSG_LIMIT, MMSG_LIMIT, one_message, &m);
	return 0;
}

/* Whether the flow of a socket is that of a connect which this one is a repetition of. */
static __noinline int is_repeated(const struct flow *f, const struct operation *o)
{
	struct endpoints net = {};

	return f->kind == FLOW_SOCKET && (f->ops & OP_CONNECT) && read_address(&net, o) &&
	       net.remote_port == f->remote_port;
}

/* A connect that goes on though its system call has ended. */
static __always_inline bool is_under_way(s64 ret)
{
	return ret == -EINPROGRESS || is_interrupted(ret);
}

static __always_inline bool is_refusal(s64 ret)
{
	return ret < 0 && !is_under_way(ret) && ret != -EISCONN && ret != -EALREADY;
}

static __noinline int connected(struct task_struct *task, struct operation *o, s64 ret)
{
	u64 key = flow_key(task, o->fd);
	struct flow *f;

	if (!o->file || !socket_behind(o->file) || ret == -EISCONN || ret == -EALREADY)
		return 0;
	if (is_refusal(ret) && is_unix(o->file))
		return 0; /* it is what it was */
	f = find_flow(key);
	if (f && f->file == o->file) {
		/* the second call of a non-blocking connect, or of one that is made again */
		if ((ret == 0 || is_interrupted(ret)) && is_repeated(f, o))
			return 0;
		end_flow(key, f, o->file, 0);
	}
	if (ret == 0 || is_under_way(ret))
		o->addr = 0; /* the socket knows better */
	start_flow(o);
	return 0;
}

/* A message over a socket that is connected and known, or one that does not count. */
static __noinline bool known_message(struct task_struct *task, struct pt_regs *regs, u32 class,
				     s64 ret)
{
	switch (class) {
	case CLASS_SENDTO:
		/* with an address it is one of an unconnected socket */
		return !arg4(regs) && known_io(task, arg0(regs), OP_WRITE, &ret);
	case CLASS_SENDMSG:
		return known_io(task, arg0(regs), OP_WRITE, &ret);
	case CLASS_RECVFROM:
		return arg3(regs) & MSG_PEEK || known_io(task, arg0(regs), OP_READ, &ret);
	case CLASS_RECVMSG:
		return arg2(regs) & MSG_PEEK || known_io(task, arg0(regs), OP_READ, &ret);
	}
	return false;
}

/* Calls that exchange messages with a peer. */
static __noinline int message_exit(struct task_struct *task, struct pt_regs *regs, u32 class,
				   s64 ret)
{
	struct operation o = {.fd = arg0(regs), .op = OP_WRITE, .bytes = ret};

	switch (class) {
	case CLASS_RECVFROM:
		o.op = OP_READ;
		o.addr = arg4(regs);
		o.addr_len = 28; /* of an IPv6 address, the longest that matters */
		break;
	case CLASS_SENDTO:
		o.addr = arg4(regs);
		o.addr_len = arg5(regs);
		break;
	case CLASS_RECVMSG:
		o.op = OP_READ;
		o.msghdr = arg1(regs);
		break;
	case CLASS_SENDMSG:
		o.msghdr = arg1(regs);
		break;
	case CLASS_RECVMMSG:
		if (arg3(regs) & MSG_PEEK)
			return 0;
		return messages_io(o.fd, OP_READ, arg1(regs), ret);
	case CLASS_SENDMMSG:
		return messages_io(o.fd, OP_WRITE, arg1(regs), ret);
	case CLASS_CONNECT:
		o.op = OP_CONNECT;
		o.bytes = 0;
		o.addr = arg1(regs);
		o.addr_len = arg2(regs);
		o.file = file_of(task, o.fd);
		/* of a request to io_uring the address is gone by now */
		if (want_sockets && is_refusal(ret))
			connect_failed(task, &o, ret);
		return connected(task, &o, ret);
	case CLASS_ACCEPT:
		if (ret < 0)
			return 0;
		o.fd = ret;
		o.op = OP_ACCEPT;
		o.bytes = 0;
		o.file = file_of(task, o.fd);
		return o.file ? start_flow(&o) : 0;
	}
	return io(&o);
}

static __noinline int other_exit(struct task_struct *task, struct pt_regs *regs, u32 class, s64 ret)
{
	switch (class) {
	case CLASS_OPENAT2:
		open_exit(task, regs, class, ret);
		break;
	case CLASS_CLOSE_RANGE:
		if (ret == 0 && !(arg2(regs) & CLOSE_RANGE_CLOEXEC))
			closed_range(arg0(regs), arg1(regs));
		break;
	case CLASS_DUP2:
		if (ret >= 0 && (u32)arg0(regs) != (u32)arg1(regs)) {
			closed(arg1(regs));
			duplicated(task, arg0(regs), ret);
		}
		break;
	case CLASS_MMAP:
		if (!(arg3(regs) & MAP_ANON) && (s32)arg4(regs) >= 0 && (ret >= 0 || ret < -4095))
			marked(task, arg4(regs), OP_MMAP);
		break;
	case CLASS_SENDFILE:
		plain_io(task, arg1(regs), OP_READ, ret);
		plain_io(task, arg0(regs), OP_WRITE, ret);
		break;
	case CLASS_SPLICE:
		plain_io(task, arg0(regs), OP_READ, ret);
		plain_io(task, arg2(regs), OP_WRITE, ret);
		break;
	case CLASS_SETNS:
		if (ret == 0)
			send_creds(EVENT_CREDS, 0, ret);
		marked(task, arg0(regs), OP_SETNS);
		break;
	case CLASS_SHUTDOWN:
		if (ret == 0)
			marked(task, arg0(regs), OP_SHUTDOWN);
		break;
	case CLASS_DUP:
		duplicated(task, arg0(regs), ret);
		break;
	case CLASS_FCNTL:
		if ((u32)arg1(regs) == F_DUPFD || (u32)arg1(regs) == F_DUPFD_CLOEXEC)
			duplicated(task, arg0(regs), ret);
		break;
	case CLASS_SOCKET:
		socket_made(task, regs, ret);
		break;
	case CLASS_BIND:
		bound(task, regs, ret);
		break;
	case CLASS_LISTEN:
		listened(task, regs, ret);
		break;
	case CLASS_EXEC:
		if (ret < 0)
			send_header(task, EVENT_EXEC_FAILED, ret);
		break;
	case CLASS_CLONE:
		if (ret < 0)
			send_header(task, EVENT_CLONE_FAILED, ret);
		break;
	case CLASS_SETUID:
		send_creds(EVENT_SETUID, arg0(regs), ret);
		break;
	case CLASS_SETREUID:
	case CLASS_SETRESUID:
		/* the effective id, or the real one when that is all that changes */
		send_creds(EVENT_SETUID, (s32)arg1(regs) == -1 ? arg0(regs) : arg1(regs), ret);
		break;
	case CLASS_CHDIR:
		if (ret == 0)
			send_chdir();
		break;
	}
	return 0;
}

/* Calls that change what is known of a process; those that have a record are operations, too. */
static __noinline int changes_exit(struct task_struct *task, struct pt_regs *regs, u32 class,
				   s64 ret)
{
	bool changed = false;

	switch (class) {
	case CLASS_CREDENTIALS:
	case CLASS_SETSID:
	case CLASS_SETGID:
	case CLASS_SETREGID:
	case CLASS_SETRESGID:
	case CLASS_CAPSET:
		changed = true;
		break;
	case CLASS_NAMESPACES:
	case CLASS_UNSHARE:
		changed = arg0(regs) & CLONE_NEW_ANY;
		break;
	case CLASS_RENAME_TASK:
	case CLASS_PRCTL:
		changed = arg0(regs) == PR_SET_NAME && FIELD(task, pid) == FIELD(task, tgid);
		break;
	case CLASS_SETPGID:
		/* not that of a child */
		changed = !arg0(regs) || arg0(regs) == pid_at_level(task, pid_level(task));
		break;
	}
	if (changed && ret >= 0)
		send_creds(EVENT_CREDS, 0, ret);
	return class >= CLASS_SETGID ? operation_exit(task, regs, class, ret) : 0;
}

static __noinline int name_exit(struct task_struct *task, struct pt_regs *regs, u32 class, s32 ret)
{
	u64 a0 = arg0(regs), a1 = arg1(regs), a2 = arg2(regs), a3 = arg3(regs);
	struct naming n = {.ret = ret, .dirfd = {AT_FDCWD, AT_FDCWD}, .name = {a0}};

	switch (class) {
	case CLASS_MKDIR:
		n.op = OP_MKDIR;
		break;
	case CLASS_RMDIR:
		n.op = OP_RMDIR;
		break;
	case CLASS_UNLINK:
		n.op = OP_UNLINK;
		break;
	case CLASS_MKDIRAT:
		n.op = OP_MKDIR;
		n.dirfd[0] = a0;
		n.name[0] = a1;
		break;
	case CLASS_UNLINKAT:
		n.op = a2 & AT_REMOVEDIR ? OP_RMDIR : OP_UNLINK;
		n.dirfd[0] = a0;
		n.name[0] = a1;
		break;
	case CLASS_LINK:
		n.op = OP_LINK;
		n.name[1] = a1;
		break;
	case CLASS_SYMLINK:
		n.op = OP_SYMLINK;
		n.name[1] = a1;
		break;
	case CLASS_RENAME:
		n.op = OP_RENAME;
		n.name[1] = a1;
		break;
	case CLASS_SYMLINKAT:
		n.op = OP_SYMLINK;
		n.dirfd[1] = a1;
		n.name[1] = a2;
		break;
	case CLASS_LINKAT:
	case CLASS_RENAMEAT:
		n.op = class == CLASS_LINKAT ? OP_LINK : OP_RENAME;
		n.dirfd[0] = a0;
		n.name[0] = a1;
		n.dirfd[1] = a2;
		n.name[1] = a3;
		break;
	}
	return send_names(&n);
}

/* The arguments of sys_exit, as its programs get them. */
struct exit_args {
	struct pt_regs *regs;
	s64 ret;
};

/*
 * A read or a write on a known descriptor; false for any other. The collector's own descriptors are
 * not known. This gets everything from args itself: what else were alive would not fit in
 * registers.
 */
static __always_inline bool known_exit(const struct exit_args *args, u32 op)
{
	struct task_struct *task = current_task();

	return !is_compat(task) && known_io(task, arg0(args->regs), op, &args->ret);
}

static __always_inline u8 exit_class(const struct exit_args *args)
{
	u64 nr = syscall_nr(args->regs);

	return nr < SYSCALLS ? class_of[nr] : CLASS_NONE;
}

SEC("tp_btf/sys_exit")
int syscall_exit(struct exit_args *args)
{
	u8 class = exit_class(args);
	struct task_struct *task;
	struct pt_regs *regs;
	s64 ret;

	if (class == CLASS_NONE)
		return 0;
	keep(args); /* so that it is set aside from here on only */
	if (class == CLASS_READ && known_exit(args, OP_READ))
		return 0;
	if (class == CLASS_WRITE && known_exit(args, OP_WRITE))
		return 0;
	keep(args); /* and nothing that was read of it */
	class = exit_class(args);
	regs = args->regs;
	ret = args->ret;
	task = current_task();
	if (tgid_of_current(task) == self_pid)
		return 0;
	if (is_compat(task)) {
		count_loss(LOSS_COMPAT_SYSCALL);
		return 0;
	}
	switch (class) {
	case CLASS_READ:
		one_io(arg0(regs), OP_READ, ret, 0);
		return 0;
	case CLASS_WRITE:
		one_io(arg0(regs), OP_WRITE, ret, 0);
		return 0;
	case CLASS_OPEN:
	case CLASS_OPENAT:
	case CLASS_CREAT:
		open_exit(task, regs, class, ret);
		return 0;
	case CLASS_CLOSE:
		if (ret != -EBADF)
			closed(arg0(regs));
		return 0;
	}
	if (known_message(task, regs, class, ret))
		return 0;
	if (class >= CLASS_CHMOD)
		attribute_exit(task, regs, class, ret);
	else if (class >= CLASS_MKDIR)
		name_exit(task, regs, class, ret);
	else if (class >= CLASS_RECVFROM)
		message_exit(task, regs, class, ret);
	else if (class >= CLASS_CREDENTIALS)
		changes_exit(task, regs, class, ret);
	else
		other_exit(task, regs, class, ret);
	return 0;
}

#ifndef LEGACY
/* The same by another way; it uses what stands above. */
#include "include/iouring.h"
#endif
