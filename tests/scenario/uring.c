#define _GNU_SOURCE
#include "uring.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

static void *map(int fd, size_t size, off_t at)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, at);
	if (p == MAP_FAILED)
		die("mmap of a ring");
	return p;
}

bool uring_available(void)
{
	struct io_uring_params p = {0};
	long fd = syscall(SYS_io_uring_setup, 1, &p);

	if (fd < 0)
		return false;
	close((int)fd);
	return true;
}

void ring_open(struct ring *r, unsigned int entries, unsigned int cq_entries, unsigned int flags)
{
	struct io_uring_params p = {.flags = flags, .sq_thread_idle = 1000};

	if (cq_entries) {
		p.flags |= IORING_SETUP_CQSIZE;
		p.cq_entries = cq_entries;
	}
	memset(r, 0, sizeof(*r));
	r->flags = p.flags;
	r->fd = (int)syscall(SYS_io_uring_setup, entries, &p);
	if (r->fd < 0)
		die("io_uring_setup");
	if (!(p.features & IORING_FEAT_SINGLE_MMAP))
		die("an io_uring with a single map");
	size_t sq = p.sq_off.array + p.sq_entries * sizeof(unsigned int);
	size_t cq = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	char *rings = map(r->fd, sq > cq ? sq : cq, IORING_OFF_SQ_RING);
	r->sqes = map(r->fd, p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	r->sq_tail = (unsigned int *)(rings + p.sq_off.tail);
	r->sq_mask = (unsigned int *)(rings + p.sq_off.ring_mask);
	r->sq_flags = (unsigned int *)(rings + p.sq_off.flags);
	r->sq_array = (unsigned int *)(rings + p.sq_off.array);
	r->cq_head = (unsigned int *)(rings + p.cq_off.head);
	r->cq_tail = (unsigned int *)(rings + p.cq_off.tail);
	r->cq_mask = (unsigned int *)(rings + p.cq_off.ring_mask);
	r->cqes = (struct io_uring_cqe *)(rings + p.cq_off.cqes);
}

void ring_close(struct ring *r)
{
	close(r->fd);
}

struct io_uring_sqe *ring_sqe(struct ring *r, uint8_t op, int fd, const void *addr, uint32_t len,
			      uint64_t off, uint64_t user_data)
{
	unsigned int tail = *r->sq_tail + r->pending++;
	struct io_uring_sqe *e = &r->sqes[tail & *r->sq_mask];

	memset(e, 0, sizeof(*e));
	e->opcode = op;
	e->fd = fd;
	e->addr = (uintptr_t)addr;
	e->len = len;
	e->off = off;
	e->user_data = user_data;
	r->sq_array[tail & *r->sq_mask] = tail & *r->sq_mask;
	return e;
}

static void enter(struct ring *r, unsigned int submit, unsigned int wait, unsigned int flags)
{
	long n;

	do
		n = syscall(SYS_io_uring_enter, r->fd, submit, wait, flags, NULL, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EBUSY)
		die("io_uring_enter");
}

void ring_submit(struct ring *r, unsigned int wait)
{
	unsigned int n = r->pending, flags = wait ? IORING_ENTER_GETEVENTS : 0;

	__atomic_store_n(r->sq_tail, *r->sq_tail + n, __ATOMIC_RELEASE);
	r->pending = 0;
	if (r->flags & IORING_SETUP_SQPOLL) {
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (__atomic_load_n(r->sq_flags, __ATOMIC_RELAXED) & IORING_SQ_NEED_WAKEUP)
			flags |= IORING_ENTER_SQ_WAKEUP;
	}
	enter(r, n, wait, flags);
}

long ring_result(struct ring *r)
{
	while (*r->cq_head == __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE))
		enter(r, 0, 1, IORING_ENTER_GETEVENTS);
	long res = r->cqes[*r->cq_head & *r->cq_mask].res;
	__atomic_store_n(r->cq_head, *r->cq_head + 1, __ATOMIC_RELEASE);
	return res;
}

static _Thread_local struct ring *used;
static _Thread_local uint8_t used_flags;

/* poller is the thread that the kernel started for a ring. */
static int poller(struct ring *r)
{
	char path[64];

	/* once it has done something it is there */
	ring_sqe(r, IORING_OP_NOP, -1, NULL, 0, 0, 0);
	ring_submit(r, 1);
	ring_result(r);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", r->fd);
	for (int tries = 0; tries < 1000; tries++) {
		char text[4096] = "";
		int fd = c_open(path, O_RDONLY, 0);
		uint64_t t0 = now();
		long n = SC(SYS_read, fd, text, sizeof(text) - 1);

		report("read", t0, n, "\"op\":\"read\",\"fd\":%d", fd);
		c_close(fd);
		const char *at = strstr(text, "SqThread:");
		int tid = at ? atoi(at + strlen("SqThread:")) : 0;
		/* older kernels say -1 while the thread is at it */
		if (tid > 0)
			return tid;
		usleep(1000);
	}
	die("the thread of a ring");
	return 0;
}

void uring_use(struct ring *r, uint8_t sqe_flags)
{
	used = NULL; /* what follows is to be a system call */
	report_uring_thread(r && r->flags & IORING_SETUP_SQPOLL ? poller(r) : 0);
	used = r;
	used_flags = sqe_flags;
}

/* The entry for a system call; NULL where io_uring has none. */
static struct io_uring_sqe *translate(struct ring *r, long nr, const long *a, void *room)
{
	struct io_uring_sqe *e;
	const void *p0 = (void *)a[0], *p1 = (void *)a[1], *p2 = (void *)a[2];
	int fd = (int)a[0];

#define SQE(op, fd, addr, len, off) ring_sqe(r, IORING_OP_##op, fd, addr, (uint32_t)(len), off, 0)
	switch (nr) {
	case SYS_read:
		return SQE(READ, fd, p1, a[2], -1);
	case SYS_write:
		return SQE(WRITE, fd, p1, a[2], -1);
	case SYS_pread64:
		return a[3] < 0 ? NULL : SQE(READ, fd, p1, a[2], (uint64_t)a[3]);
	case SYS_pwrite64:
		return SQE(WRITE, fd, p1, a[2], (uint64_t)a[3]);
	case SYS_readv:
		return SQE(READV, fd, p1, a[2], -1);
	case SYS_writev:
		return SQE(WRITEV, fd, p1, a[2], -1);
	case SYS_preadv:
	case SYS_preadv2:
		return SQE(READV, fd, p1, a[2], (uint64_t)a[3]);
	case SYS_pwritev:
	case SYS_pwritev2:
		return SQE(WRITEV, fd, p1, a[2], (uint64_t)a[3]);
	case SYS_close:
		return SQE(CLOSE, fd, NULL, 0, 0);
	case SYS_openat:
		e = SQE(OPENAT, fd, p1, a[3], 0);
		e->open_flags = (uint32_t)a[2];
		return e;
	case SYS_openat2:
		return SQE(OPENAT2, fd, p1, a[3], (uint64_t)a[2]);
	case SYS_mkdirat:
		return SQE(MKDIRAT, fd, p1, a[2], 0);
	case SYS_unlinkat:
		e = SQE(UNLINKAT, fd, p1, 0, 0);
		e->unlink_flags = (uint32_t)a[2];
		return e;
	case SYS_linkat:
		e = SQE(LINKAT, fd, p1, a[2], (uint64_t)a[3]);
		e->hardlink_flags = (uint32_t)a[4];
		return e;
	case SYS_symlinkat:
		return SQE(SYMLINKAT, (int)a[1], p0, 0, (uint64_t)p2);
	case SYS_renameat2:
		e = SQE(RENAMEAT, fd, p1, a[2], (uint64_t)a[3]);
		e->rename_flags = (uint32_t)a[4];
		return e;
	case SYS_connect:
		return SQE(CONNECT, fd, p1, 0, (uint64_t)a[2]);
	case SYS_accept4:
		e = SQE(ACCEPT, fd, p1, 0, (uint64_t)a[2]);
		e->accept_flags = (uint32_t)a[3];
		return e;
	case SYS_shutdown:
		return SQE(SHUTDOWN, fd, NULL, a[1], 0);
	case SYS_sendto:
		e = SQE(SEND, fd, p1, a[2], (uint64_t)a[4]); /* off is addr2 */
		e->addr_len = (uint16_t)a[5];
		e->msg_flags = (uint32_t)a[3];
		return e;
	case SYS_recvfrom:
		if (a[4]) {
			struct msghdr *m = room;
			struct iovec *v = (struct iovec *)(m + 1);

			*v = (struct iovec){(void *)a[1], (size_t)a[2]};
			*m = (struct msghdr){.msg_iov = v,
					     .msg_iovlen = 1,
					     .msg_name = (void *)a[4],
					     .msg_namelen = *(socklen_t *)a[5]};
			e = SQE(RECVMSG, fd, m, 1, 0);
		} else {
			e = SQE(RECV, fd, p1, a[2], 0);
		}
		e->msg_flags = (uint32_t)a[3];
		return e;
	case SYS_sendmsg:
	case SYS_recvmsg:
		e = nr == SYS_sendmsg ? SQE(SENDMSG, fd, p1, 1, 0) : SQE(RECVMSG, fd, p1, 1, 0);
		e->msg_flags = (uint32_t)a[2];
		return e;
	case SYS_splice:
		e = SQE(SPLICE, (int)a[2], NULL, a[4], -1);
		e->splice_off_in = -1;
		e->splice_fd_in = fd;
		e->splice_flags = (uint32_t)a[5];
		return e;
	}
#undef SQE
	return NULL;
}

/* modern turns the older forms of calls into those that io_uring has. */
static long modern(long nr, long *a)
{
#define TO(call, ...)                                                                              \
	do {                                                                                       \
		long to[6] = {__VA_ARGS__};                                                        \
		memcpy(a, to, sizeof(to));                                                         \
		return call;                                                                       \
	} while (0)
	switch (nr) {
#ifdef SYS_open
	case SYS_open:
		TO(SYS_openat, AT_FDCWD, a[0], a[1], a[2]);
	case SYS_creat:
		TO(SYS_openat, AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC, a[1]);
	case SYS_mkdir:
		TO(SYS_mkdirat, AT_FDCWD, a[0], a[1]);
	case SYS_rmdir:
		TO(SYS_unlinkat, AT_FDCWD, a[0], AT_REMOVEDIR);
	case SYS_unlink:
		TO(SYS_unlinkat, AT_FDCWD, a[0], 0);
	case SYS_link:
		TO(SYS_linkat, AT_FDCWD, a[0], AT_FDCWD, a[1], 0);
	case SYS_symlink:
		TO(SYS_symlinkat, a[0], AT_FDCWD, a[1]);
	case SYS_rename:
		TO(SYS_renameat2, AT_FDCWD, a[0], AT_FDCWD, a[1], 0);
#endif
	case SYS_renameat:
		TO(SYS_renameat2, a[0], a[1], a[2], a[3], 0);
	case SYS_accept:
		TO(SYS_accept4, a[0], a[1], a[2], 0);
	}
#undef TO
	return nr;
}

long make_call(long nr, ...)
{
	struct {
		struct msghdr m;
		struct iovec v;
	} room;
	long a[6], b[6], ret;
	va_list ap;

	va_start(ap, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (used) {
		memcpy(b, a, sizeof(a));
		struct io_uring_sqe *e = translate(used, modern(nr, b), b, &room);
		if (e) {
			e->flags |= used_flags;
			ring_submit(used, 1);
			ret = ring_result(used);
			if (e->opcode == IORING_OP_RECVMSG && nr == SYS_recvfrom)
				*(socklen_t *)a[5] = room.m.msg_namelen;
			report_by_uring();
			return ret;
		}
	}
	ret = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	return ret == -1 ? -(long)errno : ret;
}
