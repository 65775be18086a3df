/* The turn of io_uring: a read that is submitted and waited for by one call. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "turn.h"

static int ring, zero;
static char byte;
static struct io_uring_sqe *entries;
static uint32_t *submit_tail, *submit_mask, *submit_array, *complete_head, *complete_tail;

static void *map(size_t size, uint64_t what)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
		       (off_t)what);

	must(p != MAP_FAILED, "mmap of the ring");
	return p;
}

static void open_ring(void)
{
	struct io_uring_params p = {0};
	char *submit, *complete;

	zero = open("/dev/zero", O_RDONLY);
	ring = (int)syscall(SYS_io_uring_setup, 8, &p);
	must(zero >= 0 && ring >= 0, "io_uring_setup");
	submit = map(p.sq_off.array + p.sq_entries * sizeof(uint32_t), IORING_OFF_SQ_RING);
	complete =
		map(p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	entries = map(p.sq_entries * sizeof(*entries), IORING_OFF_SQES);
	submit_tail = (uint32_t *)(submit + p.sq_off.tail);
	submit_mask = (uint32_t *)(submit + p.sq_off.ring_mask);
	submit_array = (uint32_t *)(submit + p.sq_off.array);
	complete_head = (uint32_t *)(complete + p.cq_off.head);
	complete_tail = (uint32_t *)(complete + p.cq_off.tail);
}

static void run_uring(void)
{
	uint32_t tail = *submit_tail, at = tail & *submit_mask;

	memset(&entries[at], 0, sizeof(entries[at]));
	entries[at].opcode = IORING_OP_READ;
	entries[at].fd = zero;
	entries[at].addr = (uintptr_t)&byte;
	entries[at].len = 1;
	submit_array[at] = at;
	__atomic_store_n(submit_tail, tail + 1, __ATOMIC_RELEASE);
	must(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1,
	     "io_uring_enter");
	must(__atomic_load_n(complete_tail, __ATOMIC_ACQUIRE) != *complete_head, "completion");
	__atomic_store_n(complete_head, *complete_head + 1, __ATOMIC_RELEASE);
}

const struct turn turn_uring = {.name = "uring", .prepare = open_ring, .run = run_uring};
