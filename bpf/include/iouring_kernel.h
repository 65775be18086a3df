/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
/*
 * The kernel's types behind io_uring, cut down as in kernel.h, and what the interface to user
 * space fixes.
 */
#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct io_uring_cqe {
	__u64 user_data;
	__s32 res;
	__u32 flags;
};

struct io_cqe {
	__u64 user_data;
	__s32 res;
	__u32 flags;
	int fd; /* in the place of flags until the request completes */
};

struct io_uring_task {
	struct task_struct *task;
};

/* Since 6.13; before, the table held the files themselves. */
struct io_rsrc_node {
	unsigned long file_ptr;
};

struct io_rsrc_data {
	unsigned int nr;
	struct io_rsrc_node **nodes;
};

struct io_fixed_file {
	unsigned long file_ptr;
};

struct io_file_table {
	struct io_rsrc_data data;
	struct io_fixed_file *files;
};

struct io_ring_ctx {
	struct io_file_table file_table;
	unsigned int nr_user_files; /* before 6.13 */
};

/* A request; the operands, in one of the types below, begin where it begins. */
struct io_kiocb {
	struct file *file;
	__u8 opcode;
	unsigned int flags;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
	struct io_uring_task *tctx; /* since 6.13 */
	struct task_struct *task;   /* before */
	void *async_data;
};

struct io_rw {
	u32 len;
};

struct io_sr_msg {
	void *umsg;
	int len;
	unsigned int msg_flags;
	__u16 flags;
	__u16 addr_len; /* both from 6.0 to 6.13, for send */
	void *addr;
};

struct open_how {
	__u64 flags;
};

struct io_open {
	u32 file_slot;
	struct open_how how;
};

struct io_close {
	int fd;
	u32 file_slot;
};

struct io_accept {
	int iou_flags; /* since 6.10 */
	u32 file_slot;
};

struct io_connect {
	void *addr;
	int addr_len;
};

struct io_splice {
	int splice_fd_in;
	unsigned int flags;
};

struct filename {
	const char *name;
};

struct io_rename {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
};

struct io_unlink {
	int dfd;
	int flags;
	struct filename *filename;
};

struct io_mkdir {
	int dfd;
	struct filename *filename;
};

struct io_link {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
};

struct msghdr {
	void *msg_name;
	int msg_namelen;
};

struct io_async_msghdr {
	unsigned long payloadlen;
	struct msghdr msg;
};

#pragma clang attribute pop

/* include/uapi/linux/io_uring.h */
enum io_uring_op {
	IORING_OP_READV = 1,
	IORING_OP_WRITEV = 2,
	IORING_OP_READ_FIXED = 4,
	IORING_OP_WRITE_FIXED = 5,
	IORING_OP_SENDMSG = 9,
	IORING_OP_RECVMSG = 10,
	IORING_OP_ACCEPT = 13,
	IORING_OP_CONNECT = 16,
	IORING_OP_OPENAT = 18,
	IORING_OP_CLOSE = 19,
	IORING_OP_READ = 22,
	IORING_OP_WRITE = 23,
	IORING_OP_SEND = 26,
	IORING_OP_RECV = 27,
	IORING_OP_OPENAT2 = 28,
	IORING_OP_SPLICE = 30,
	IORING_OP_SHUTDOWN = 34,
	IORING_OP_RENAMEAT = 35,
	IORING_OP_UNLINKAT = 36,
	IORING_OP_MKDIRAT = 37,
	IORING_OP_SYMLINKAT = 38,
	IORING_OP_LINKAT = 39,
	IORING_OP_SEND_ZC = 47,
	IORING_OP_SENDMSG_ZC = 48,
	IORING_OP_READ_MULTISHOT = 49,
	IORING_OP_RECV_ZC = 58,
	IORING_OP_READV_FIXED = 60,
	IORING_OP_WRITEV_FIXED = 61,
};

/* The kernel's flags of a request begin with those of its submission, bit by bit. */
#define REQ_F_FIXED_FILE (1 << 0)
#define REQ_F_CQE_SKIP   (1 << 6)

#define IORING_CQE_F_MORE       (1 << 1)
#define IORING_ACCEPT_MULTISHOT (1 << 0)
#define IORING_RECV_MULTISHOT   (1 << 1)
#define IORING_FILE_INDEX_ALLOC (~0U)
#define SPLICE_F_FD_IN_FIXED    (1U << 31)

/* include/uapi/asm-generic/fcntl.h; the kernel sets it by itself where a system call does not */
#if defined(__TARGET_ARCH_arm64)
#define O_LARGEFILE 0400000
#else
#define O_LARGEFILE 0100000
#endif
