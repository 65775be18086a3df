/* System calls by way of io_uring, with nothing but the kernel's interface. */
#pragma once
#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>

struct ring {
	int fd;
	unsigned int flags;
	unsigned int *sq_tail, *sq_mask, *sq_array, *sq_flags;
	unsigned int *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
	unsigned int pending;
};

/* ring_open makes a ring; cq_entries is 0 for twice the others. */
void ring_open(struct ring *r, unsigned int entries, unsigned int cq_entries, unsigned int flags);
void ring_close(struct ring *r);

/* ring_sqe returns the next, empty, entry. */
struct io_uring_sqe *ring_sqe(struct ring *r, uint8_t op, int fd, const void *addr, uint32_t len,
			      uint64_t off, uint64_t user_data);

/* ring_submit submits what is pending and waits for so many completions. */
void ring_submit(struct ring *r, unsigned int wait);

/* ring_result waits for the next completion and returns its result. */
long ring_result(struct ring *r);

/* uring_use makes the calls of this thread go through the ring, where io_uring has them, with
 * these flags on each request; NULL ends that. */
void uring_use(struct ring *r, uint8_t sqe_flags);

/* uring_available tells whether this host lets programs have rings. */
bool uring_available(void);
