/* Processes and threads, with a report of what they did. */
#pragma once
#include <sys/types.h>

#include "report.h"

/* c_fork forks by the call that how names: "fork", "clone3", or "newpid" (clone3 with a pid
 * namespace for the child). Returns like fork. */
pid_t c_fork(const char *how);

/* c_in_child runs fn in a forked child, which then exits with fn's result, and waits. */
void c_in_child(const char *name, int (*fn)(void));

/* c_wait waits for a child and reports its status. */
int c_wait(pid_t pid);

/* c_exit ends the process by exit_group. */
void c_exit(int status) __attribute__((noreturn));

/* c_exec replaces the image by argv[0]; it returns only when that failed. image is the
 * executable that the kernel runs and args what it passes on, where that differs from
 * argv (scripts); NULL otherwise. */
long c_exec(char *const argv[], const char *image, const char *args);

/* c_execveat is the same through a descriptor of the executable. */
long c_execveat(int fd, const char *path, int flags, char *const argv[], const char *image);

/* c_vfork_exec runs a program in a vforked child; c_spawn uses posix_spawn. */
pid_t c_vfork_exec(char *const argv[]);
pid_t c_spawn(char *const argv[]);

/* c_image reports the program that now runs. */
void c_image(char *const argv[]);

/* c_threads starts n threads that each run fn, and waits for them. */
void c_threads(int n, void *(*fn)(void *), void *arg);

/* self is the absolute path of the scenario's executable. */
const char *self(void);
