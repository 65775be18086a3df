/* Sections about io_uring: the other sections again by way of it, and what only it has. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "proc.h"
#include "sections.h"
#include "uring.h"

static char data[1 << 16];

/* again runs sections with their calls through a ring. */
static void again(const char *dir, unsigned int setup, uint8_t flags)
{
	struct ring r;

	if (!uring_available())
		return;
	c_mkdir(P(dir), P(dir));
	report_base_into(dir);
	ring_open(&r, 8, 0, setup);
	uring_use(&r, flags);
	s_open_forms();
	s_io_forms();
	s_names();
	s_names_failed();
	s_descriptors();
	s_copies();
	s_tcp4();
	s_tcp6();
	s_tcp_refused();
	s_udp4();
	s_udp6();
	s_udp_peers();
	s_left_open();
	uring_use(NULL, 0);
	ring_close(&r);
}

int s_uring(void)
{
	again("uring", 0, 0);
	return 0;
}

/* by workers of the kernel */
int s_uring_async(void)
{
	again("uring_async", 0, IOSQE_ASYNC);
	return 0;
}

/* by a thread of the kernel that looks for requests */
int s_uring_sqpoll(void)
{
	again("uring_sqpoll", IORING_SETUP_SQPOLL, 0);
	return 0;
}

/* completions by the submitting thread alone, when it asks for them */
int s_uring_deferred(void)
{
	again("uring_deferred", IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, 0);
	return 0;
}

/* Reports of requests that were made by hand. */
static void did(const char *op, uint64_t t0, long ret, int fd)
{
	report_by_uring();
	report("io_uring", t0, ret, "\"op\":\"%s\",\"fd\":%d", op, fd);
}

/* slot is what stands for the descriptor of a registered file in the trace. */
static int slot(int i)
{
	return -1 - i;
}

/* one submits what is pending and returns its one completion's result. */
static long one(struct ring *r)
{
	ring_submit(r, 1);
	return ring_result(r);
}

static void register_files(struct ring *r, const int *fds, unsigned int n)
{
	if (syscall(SYS_io_uring_register, r->fd, IORING_REGISTER_FILES, fds, n) < 0)
		die("IORING_REGISTER_FILES");
}

/* Files without descriptors: opened into a table, used and closed there. */
int s_uring_direct(void)
{
	struct ring r;
	const int none[4] = {-1, -1, -1, -1};

	if (!uring_available())
		return 0;
	ring_open(&r, 8, 0, 0);
	register_files(&r, none, 4);
	for (int i = 0; i < 2; i++) { /* twice in the same place */
		uint64_t t0 = now();
		const char *name = P(i ? "direct1" : "direct0");
		struct io_uring_sqe *e = ring_sqe(&r, IORING_OP_OPENAT, AT_FDCWD, name, 0644, 0, 1);
		e->open_flags = O_RDWR | O_CREAT;
		e->file_index = 2 + 1;
		if (one(&r) != 0)
			die("openat into a table");
		report_by_uring();
		report("io_uring", t0, 0,
		       "\"op\":\"open_direct\",\"fd\":%d,\"path\":%s,\"type\":\"f\",\"flags\":%d",
		       slot(2), js(name), O_RDWR | O_CREAT);

		/* a chain: each when the one before has succeeded */
		t0 = now();
		e = ring_sqe(&r, IORING_OP_WRITE, 2, data, 1000, 0, 2);
		e->flags = IOSQE_FIXED_FILE | IOSQE_IO_LINK;
		e = ring_sqe(&r, IORING_OP_READ, 2, data, 300, 100, 3);
		e->flags = IOSQE_FIXED_FILE;
		ring_submit(&r, 2);
		did("write", t0, ring_result(&r), slot(2));
		did("read", t0, ring_result(&r), slot(2));

		t0 = now();
		e = ring_sqe(&r, IORING_OP_CLOSE, 0, NULL, 0, 0, 4);
		e->file_index = 2 + 1;
		did("close", t0, one(&r), slot(2));
	}
	ring_close(&r);
	return 0;
}

/* A file that has both, a descriptor and a place in a table: two flows. */
int s_uring_registered(void)
{
	struct ring r;

	if (!uring_available())
		return 0;
	int fd = c_open(P("registered"), O_RDWR | O_CREAT, 0644);
	c_write(fd, 500);
	ring_open(&r, 8, 0, 0);
	register_files(&r, &fd, 1);
	report("io_uring_register", now(), slot(0),
	       "\"op\":\"registered\",\"fd\":%d,\"path\":%s,\"type\":\"f\"", slot(0),
	       js(P("registered")));
	uint64_t t0 = now();
	ring_sqe(&r, IORING_OP_READ, 0, data, 200, 0, 1)->flags = IOSQE_FIXED_FILE;
	did("read", t0, one(&r), slot(0));

	struct iovec v = {data, sizeof(data)};
	if (syscall(SYS_io_uring_register, r.fd, IORING_REGISTER_BUFFERS, &v, 1) < 0)
		die("IORING_REGISTER_BUFFERS");
	t0 = now();
	ring_sqe(&r, IORING_OP_WRITE_FIXED, fd, data, 700, 0, 2);
	did("write", t0, one(&r), fd);
	t0 = now();
	ring_sqe(&r, IORING_OP_READ_FIXED, fd, data, 600, 0, 3);
	did("read", t0, one(&r), fd);
	c_close(fd);
	return 0;
}

/* Chains that break: what comes after was never done. */
int s_uring_cancelled(void)
{
	struct ring r;
	int fds[2];

	if (!uring_available())
		return 0;
	int fd = c_open(P("cancelled"), O_RDWR | O_CREAT, 0644);
	ring_open(&r, 8, 0, 0);
	ring_sqe(&r, IORING_OP_READ, 999, data, 1, 0, 1)->flags = IOSQE_IO_LINK;
	ring_sqe(&r, IORING_OP_WRITE, fd, data, 10, 0, 2)->flags = IOSQE_IO_LINK;
	ring_sqe(&r, IORING_OP_UNLINKAT, AT_FDCWD, P("cancelled"), 0, 0, 3);
	ring_submit(&r, 3);
	for (int i = 0; i < 3; i++)
		if (ring_result(&r) >= 0)
			die("a chain that breaks");

	/* a receive that waits until it is cancelled */
	int server = c_socket(AF_INET, SOCK_DGRAM);
	c_bind(server, addr4("127.0.0.1", 0));
	ring_sqe(&r, IORING_OP_RECV, server, data, 10, 0, 4);
	ring_submit(&r, 0);
	ring_sqe(&r, IORING_OP_ASYNC_CANCEL, -1, (void *)4, 0, 0, 5);
	ring_submit(&r, 2);
	ring_result(&r);
	ring_result(&r);
	c_pipe(fds);
	c_close(server);
	c_close(fd);
	return 0;
}

/* Requests that yield many completions. */
int s_uring_multishot(void)
{
	enum { GROUP = 7, BUFFERS = 8, SIZE = 1024 };
	struct ring r;
	uint64_t t0 = now();

	if (!uring_available())
		return 0;
	ring_open(&r, 8, 0, 0);
	int server = c_socket(AF_INET, SOCK_STREAM);
	c_bind(server, addr4("127.0.0.1", 0));
	c_listen(server);
	ring_sqe(&r, IORING_OP_ACCEPT, server, NULL, 0, 0, 1)->ioprio = IORING_ACCEPT_MULTISHOT;
	ring_submit(&r, 0);
	int client[2], conn[2];
	for (int i = 0; i < 2; i++) {
		t0 = now();
		client[i] = c_socket(AF_INET, SOCK_STREAM);
		c_connect(client[i], local_of(server));
		conn[i] = c_accepted_by_uring(t0, ring_result(&r), server);
	}
	ring_sqe(&r, IORING_OP_PROVIDE_BUFFERS, BUFFERS, data, SIZE, 0, 2)->buf_group = GROUP;
	one(&r);
	struct io_uring_sqe *e = ring_sqe(&r, IORING_OP_RECV, conn[1], NULL, 0, 0, 3);
	e->ioprio = IORING_RECV_MULTISHOT;
	e->flags = IOSQE_BUFFER_SELECT;
	e->buf_group = GROUP;
	ring_submit(&r, 0);
	for (size_t i = 1; i <= 3; i++) {
		c_send(client[1], i * 100);
		t0 = now();
		did("read", t0, ring_result(&r), conn[1]);
	}
	c_shutdown(client[1], SHUT_WR);
	did("read", now(), ring_result(&r), conn[1]); /* the end: an operation of no bytes */
	for (int i = 0; i < 2; i++) {
		c_close(client[i]);
		c_close(conn[i]);
	}
	ring_sqe(&r, IORING_OP_ASYNC_CANCEL, -1, (void *)1, 0, 0, 4);
	ring_submit(&r, 2);
	ring_result(&r);
	ring_result(&r);
	c_close(server);
	return 0;
}

/* Requests that ask for no completion. */
int s_uring_silent(void)
{
	struct ring r;

	if (!uring_available())
		return 0;
	ring_open(&r, 8, 0, 0);
	int fd = c_open(P("silent"), O_RDWR | O_CREAT, 0644);
	uint64_t t0 = now();
	ring_sqe(&r, IORING_OP_WRITE, fd, data, 321, 0, 1)->flags =
		IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK;
	ring_sqe(&r, IORING_OP_UNLINKAT, AT_FDCWD, P("silent"), 0, 0, 2)->flags =
		IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK;
	ring_sqe(&r, IORING_OP_CLOSE, fd, NULL, 0, 0, 3)->flags =
		IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK;
	ring_sqe(&r, IORING_OP_NOP, -1, NULL, 0, 0, 4);
	one(&r);
	did("write", t0, 321, fd);
	report_by_uring();
	report("io_uring", t0, 0, "\"op\":\"name\",\"kind\":\"UNLINK\",\"path\":%s",
	       js(P("silent")));
	did("close", t0, 0, fd);
	return 0;
}

/* More completions than the queue has room for. */
int s_uring_overflow(void)
{
	struct ring r;

	if (!uring_available())
		return 0;
	ring_open(&r, 1, 1, 0);
	int fd = c_open(P("overflow"), O_RDWR | O_CREAT, 0644);
	uint64_t t0 = now();
	for (int i = 0; i < 10; i++) {
		ring_sqe(&r, IORING_OP_WRITE, fd, data, 100, 0, (uint64_t)i);
		ring_submit(&r, 0);
	}
	for (int i = 0; i < 10; i++)
		did("write", t0, ring_result(&r), fd);
	c_close(fd);
	return 0;
}

/* Sending without a copy: the completion of the send, and a notice that the memory is free. */
int s_uring_zero_copy(void)
{
	struct ring r;

	if (!uring_available())
		return 0;
	ring_open(&r, 8, 0, 0);
	int server = c_socket(AF_INET, SOCK_DGRAM), client = c_socket(AF_INET, SOCK_DGRAM);
	c_bind(server, addr4("127.0.0.1", 0));
	struct address to = local_of(server);
	c_connect(client, to);
	uint64_t t0 = now();
	ring_sqe(&r, IORING_OP_SEND_ZC, client, data, 3000, 0, 1);
	did("write", t0, one(&r), client);
	ring_result(&r);
	c_recvfrom(server, 4000);
	c_close(client);
	c_close(server);
	return 0;
}

/* A child that goes on with its parent's ring. */
int s_uring_inherited(void)
{
	struct ring r;

	if (!uring_available())
		return 0;
	ring_open(&r, 8, 0, 0);
	int fd = c_open(P("inherited_ring"), O_RDWR | O_CREAT, 0644);
	uring_use(&r, 0);
	c_write(fd, 10);
	pid_t child = c_fork("fork");
	if (!child) {
		c_write(fd, 20);
		c_close(fd);
		c_exit(0);
	}
	c_wait(child);
	c_close(fd);
	return 0;
}
