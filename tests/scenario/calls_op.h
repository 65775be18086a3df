/* Operations of processes, each with the record that must come of it. */
#pragma once
#include "calls.h"

/* c_op reports a call that yields a process event: kind is its operation, and fmt its
 * arguments as "name=value", separated by line feeds. */
long c_op(const char *call, uint64_t t0, long ret, const char *kind, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* OP makes a system call and reports it so. */
#define OP(kind, call, args, ...)                                                                  \
	({                                                                                         \
		uint64_t op_t0 = now();                                                            \
		c_op(#call, op_t0, SC(SYS_##call, OP_ARGS args), kind, __VA_ARGS__);               \
	})
#define OP_ARGS(...) __VA_ARGS__

/* c_file_op reports a call that yields a file event, of the file with path want. */
long c_file_op(const char *call, uint64_t t0, long ret, const char *kind, const char *want,
	       const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* FILE_OP makes a system call and reports it so. */
#define FILE_OP(kind, call, want, args, ...)                                                       \
	({                                                                                         \
		uint64_t op_t0 = now();                                                            \
		c_file_op(#call, op_t0, SC(SYS_##call, OP_ARGS args), kind, want, __VA_ARGS__);    \
	})

/* c_kill_self sends a signal that ends the process. */
void c_kill_self(int sig, const char *name);
