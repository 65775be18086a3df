/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * The wire contract between the BPF programs and their reader. Fixed parts have
 * explicit padding and no packing; texts follow the fixed part.
 *
 * A path is sent as its components, last one first, each ended by a NUL; the
 * empty path is the root. A name is sent as the system call got it.
 */
#include "kernel.h"

enum event_type {
	EVENT_NONE,
	EVENT_FORK,
	EVENT_THREAD,
	EVENT_CLONE_FAILED,
	EVENT_EXEC,
	EVENT_EXEC_FAILED,
	EVENT_THREAD_EXIT,
	EVENT_EXIT,
	EVENT_SETUID,
	EVENT_CREDS,
	EVENT_CHDIR,
	EVENT_NAME,
	EVENT_FILE_START,
	EVENT_SOCKET_START,
	EVENT_FLOW_END,
	EVENT_SNAPSHOT,
	EVENT_OPERATION,
	EVENT_CGROUP,
	EVENT_FILE_OP,
	EVENT_SOCKET_OP,
};

/* What went wrong; the index into the map of lost things. */
enum loss {
	LOSS_RING_FULL,
	LOSS_FLOWS_FULL,
	LOSS_PATH_CUT,
	LOSS_ARGS_CUT,
	LOSS_ENV_CUT,
	LOSS_NAME_UNREADABLE,
	LOSS_COMPAT_SYSCALL,
	LOSS_SCRATCH_BUSY,
	LOSS_MESSAGES_UNREAD,
	LOSS_URING_FULL,
	LOSS_URING_UNSEEN,
	LOSS_MAX,
};

struct event_header {
	u16 type;
	u16 flags;
	s32 ret;
	u32 pid;
	u32 tid;
	u64 ts;    /* ns since boot, suspend included */
	u64 start; /* of the thread group leader, same clock */
};

/* Flags of event_header. */
enum event_flag {
	EVENT_FLAG_TTY = 1 << 1,
	EVENT_FLAG_ENTRY = 1 << 2,
	EVENT_FLAG_CLOSED = 1 << 3,
	/* The first, or second, name is relative to a descriptor that is not open. */
	EVENT_FLAG_NO_DIR1 = 1 << 4,
	EVENT_FLAG_NO_DIR2 = 1 << 5,
	/* The flow is that of a datagram socket, whose peers end with it. */
	EVENT_FLAG_DATAGRAM = 1 << 6,
	/*
	 * The operation came by io_uring; of a flow, its totals tell. With EXIT: a thread of
	 * io_uring ended last, so that the program's last thread has sent a THREAD_EXIT.
	 */
	EVENT_FLAG_IO_URING = 1 << 7,
};

/* Namespaces of a process, in the order of their inode numbers in task_details. */
enum namespace {
	NS_CGROUP,
	NS_IPC,
	NS_MNT,
	NS_NET,
	NS_PID,
	NS_USER,
	NS_UTS,
	NS_MAX,
};

/* What is known of a process besides its executable. */
struct task_details {
	u64 cap_permitted;
	u64 cap_effective;
	u64 cap_inheritable;
	u32 ruid;
	u32 suid;
	u32 rgid;
	u32 sgid;
	u32 login_uid;
	s32 sid; /* in the initial pid namespace */
	s32 pgid;
	s32 vpid; /* in the process's own */
	s32 vsid;
	s32 vpgid;
	u32 ns[NS_MAX];
	u32 exec_id; /* lower bits of the number that each exec counts up */
	u8 comm[16];
};

/* Flags of an executable, as SysFlow numbers them. */
enum exe_flag {
	EXE_WRITABLE = 1 << 0,
	EXE_UPPER_LAYER = 1 << 1,
	EXE_LOWER_LAYER = 1 << 2,
	EXE_MEMFD = 1 << 3,
};

struct exe_details {
	u64 ino;
	s64 ctime; /* ns since the epoch */
	s64 mtime;
	u32 flags;
	u32 pad;
};

/* FORK, THREAD; a new process's task_details follow */
struct event_fork {
	struct event_header h;
	u32 child_pid;
	u32 child_tid;
	u64 child_start;
	u64 parent_start;
	u32 parent_pid;
	u32 pad;
	u64 child_cgroup; /* see event_cgroup */
};

/*
 * CGROUP: the path of a control group, sent before the first event that has its number. 0 is the
 * root's, and what stands for control groups that are not looked at.
 */
struct event_cgroup {
	struct event_header h;
	u64 id;
};

/* EXEC, SNAPSHOT; then exe path, cwd path, arguments and environment as in memory */
struct event_exec {
	struct event_header h;
	u64 parent_start;
	u32 parent_pid;
	u32 uid;
	u32 gid;
	u16 exe_len;
	u16 cwd_len;
	u16 args_len;
	u16 env_len;
	u32 pad;
	struct task_details task;
	struct exe_details exe;
	u64 cgroup; /* see event_cgroup; not of a SNAPSHOT */
};

/* SETUID, CREDS; arg is the uid asked for */
struct event_creds {
	struct event_header h;
	u32 arg;
	u32 uid;
	u32 gid;
	u32 pad;
	struct task_details task;
};

/*
 * NAME: names of the first and, where there is one, the second file, each with
 * the path it is relative to. CHDIR: dir1 is the new directory.
 */
struct event_name {
	struct event_header h;
	u32 op;
	u16 dir1_len;
	u16 name1_len;
	u16 dir2_len;
	u16 name2_len;
	u32 pad;
};

/*
 * OPERATION: what a system call was given. A path, relative to dir as in NAME, and texts follow;
 * which there are depends on the class of the call.
 */
struct event_operation {
	struct event_header h;
	u32 class; /* enum syscall_class */
	u16 dir_len;
	u16 name_len;
	u16 text1_len;
	u16 text2_len;
	u32 pad;
	u64 args[4];
};

/* Kinds of flows. */
enum flow_kind {
	FLOW_IGNORED, /* looked at once, not wanted */
	FLOW_FILE,
	FLOW_SOCKET,   /* connected: one peer */
	FLOW_DATAGRAM, /* unconnected: the peers are in a map of their own */
	FLOW_DORMANT,  /* open since before the capture, and not used since */
	FLOW_UNTOLD,   /* its beginning found the ring buffer full */
};

enum socket_role {
	ROLE_UNKNOWN,
	ROLE_INITIATOR,
	ROLE_ACCEPTOR,
};

struct endpoints {
	u8 local[16]; /* IPv4 as IPv4-mapped IPv6 */
	u8 remote[16];
	u16 local_port; /* host order */
	u16 remote_port;
	u16 proto;
	u16 role;
};

/*
 * FILE_START; then the path, or the type of a namespace. Of a unix socket, either the address
 * that it is bound to, which begins with '/' or NUL, or the path of its file.
 */
struct event_file_start {
	struct event_header h;
	u64 id;
	u64 ino; /* names what has no path: a pipe, a namespace; else 0 */
	u32 fd;
	u32 open_flags; /* of the system call; only with op OPEN */
	u32 ops;        /* the operation that started it, as op flags */
	u16 file_type;  /* letter of the SysFlow file type */
	u16 nsfs;       /* a namespace */
};

/* SOCKET_START */
struct event_socket_start {
	struct event_header h;
	u64 id;
	u64 socket; /* with kind FLOW_DATAGRAM: id of the socket's own flow */
	u32 fd;
	u32 ops;
	u32 kind;
	u32 pad;
	struct endpoints net;
};

/* What an operation on a file is, see event_file_op. */
enum file_op {
	FILE_OP_NONE,
	FILE_OP_OPEN,     /* flags, mode */
	FILE_OP_CHMOD,    /* mode */
	FILE_OP_CHOWN,    /* uid, gid */
	FILE_OP_TRUNCATE, /* length */
	FILE_OP_MKNOD,    /* mode, dev */
	FILE_OP_SETXATTR,
	FILE_OP_BIND,   /* these are of unix sockets */
	FILE_OP_LISTEN, /* backlog */
	FILE_OP_CONNECT,
};

/*
 * FILE_OP: an operation on one file, with its arguments; then the path that the name is relative
 * to, the name, and that of an extended attribute. With whole the path is that of the file
 * itself, and the name, if there is one, what the system call got. The name of a unix socket is
 * an address.
 */
struct event_file_op {
	struct event_header h;
	u64 value[2]; /* see enum file_op */
	u16 op;
	u16 file_type; /* letter of the SysFlow file type, 0 when it is not known */
	u16 whole;
	u16 dir_len;
	u16 name_len;
	u16 attr_len;
	u32 pad;
};

/* What an operation on a socket is, see event_socket_op. */
enum socket_op {
	SOCKET_OP_NONE,
	SOCKET_OP_CREATE, /* domain, type, protocol */
	SOCKET_OP_BIND,
	SOCKET_OP_LISTEN, /* backlog */
	SOCKET_OP_CONNECT,
	SOCKET_OP_DUP,
};

/* SOCKET_OP: an operation on a socket that makes no flow; net is empty for SOCKET_OP_CREATE. */
struct event_socket_op {
	struct event_header h;
	u32 fd;
	u32 op;
	u32 args[3]; /* see enum socket_op */
	u32 pad;
	struct endpoints net;
};

/*
 * What came by io_uring is noted beside the whole, so that system calls, which are most, have
 * nothing to note. It is noted before it is counted: who reads in between must not take it for
 * a system call.
 */
struct flow_totals {
	u64 read_ops;
	u64 write_ops;
	u64 read_bytes;
	u64 write_bytes;
	u32 uring_io;  /* reads and writes, modulo 2^32 */
	u32 uring_ops; /* other operations, as op flags */
};

/*
 * FLOW_END, the most frequent event: without a header, of which the reader knows the rest by
 * the flow's id. Type and flags are where the header has them.
 */
struct event_flow_end {
	u16 type;
	u16 flags;
	u32 pid;
	u64 ts;
	u64 id;
	u32 fd;
	u32 ops;
	struct flow_totals totals;
};

/* Operation flags, as SysFlow's op_flags.h numbers them. */
enum op_flag {
	OP_SETNS = 1 << 4,
	OP_ACCEPT = 1 << 5,
	OP_CONNECT = 1 << 6,
	OP_OPEN = 1 << 7,
	OP_READ = 1 << 8,
	OP_WRITE = 1 << 9,
	OP_CLOSE = 1 << 10,
	OP_SHUTDOWN = 1 << 12,
	OP_MMAP = 1 << 13,
	OP_MKDIR = 1 << 15,
	OP_RMDIR = 1 << 16,
	OP_LINK = 1 << 17,
	OP_UNLINK = 1 << 18,
	OP_SYMLINK = 1 << 19,
	OP_RENAME = 1 << 20,
};

/* An entry of the table of flows, see table.h, or of the map of peers. */
struct flow {
	u64 file; /* address of the struct file: tells a reused descriptor */
	u64 key;  /* thread group and descriptor; 0 of a free entry and of a peer */
	u16 kind;
	u16 remote_port; /* of a connected socket */
	u32 ops;
	struct flow_totals totals;
	u64 id;
	u32 elsewhere; /* how many flows that belong in this slot are in the hash table */
	u32 hashed;    /* this one is there itself */
};

/* That a process is not wanted, see filter.h. */
struct verdict {
	u64 start;   /* when it was created */
	u32 exec_id; /* the program that it was judged by, as in task_details */
	u32 pad;
};

/* A peer of an unconnected datagram socket. */
struct peer_key {
	u64 id; /* of the socket's flow */
	u8 addr[16];
	u32 port;
	u32 pad;
};
