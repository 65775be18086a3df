/* The report: what the scenario did, one JSON object a line, in a file that all its
 * processes map. Reporting makes no system call that a flow or event comes from, so the
 * scenario's own book-keeping leaves no trace in the capture; only mapping the file at
 * the start of each program does (reported like every other open). */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

/* report_open maps the report file; report_base is the directory that P joins to. */
void report_open(const char *file, const char *base);
const char *report_file(void);
const char *report_base(void);

/* report_base_into makes P join to a directory below. */
void report_base_into(const char *dir);

/* report_in_namespace makes a process in a pid namespace of its own report its pid in that
 * of /proc. */
void report_in_namespace(void);

/* now is the wall clock in nanoseconds, as the trace's timestamps. */
uint64_t now(void);

/* report writes {"t0":..,"t1":..,"pid":..,"tid":..,"call":call,"ret":ret,FIELDS}; fmt holds
 * FIELDS, JSON already ("" for none). */
void report(const char *call, uint64_t t0, long ret, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* js quotes a string for JSON; P joins a name to the base directory. Both use buffers
 * that the next few calls on the same thread leave alone. */
const char *js(const char *s);
const char *P(const char *name);

/* die ends the program: the scenario could not be set up. */
void die(const char *what) __attribute__((noreturn));

/* report_by_uring marks the next report: what it tells went through io_uring. With a thread set,
 * such reports are on its behalf. */
void report_by_uring(void);
void report_uring_thread(int tid);

/* SC makes a system call; errors are negative, as the kernel returns them. */
#define SC(...) make_call(__VA_ARGS__)
long make_call(long nr, ...);
