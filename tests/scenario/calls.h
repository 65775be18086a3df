/* System calls with a report of what they did. Each makes exactly the call that its name
 * says, through syscall(2), and returns what the kernel returned (errors negative). */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "report.h"

/* opening */
int c_open(const char *path, int flags, mode_t mode);
/* c_open_as opens what the trace must show under another name. */
int c_open_as(const char *path, int flags, mode_t mode, const char *want);
int c_creat(const char *path, mode_t mode);
int c_openat(int dirfd, const char *path, int flags, mode_t mode);
int c_openat2(int dirfd, const char *path, int flags, mode_t mode, uint64_t resolve);

/* reading and writing; the data is zeros */
long c_read(int fd, size_t n);
long c_write(int fd, size_t n);
long c_pread(int fd, size_t n, off_t at);
long c_pwrite(int fd, size_t n, off_t at);
/* The vectored forms move two pieces, of a and b bytes. */
long c_readv(int fd, size_t a, size_t b);
long c_writev(int fd, size_t a, size_t b);
long c_preadv(int fd, size_t a, size_t b, off_t at);
long c_pwritev(int fd, size_t a, size_t b, off_t at);
long c_preadv2(int fd, size_t a, size_t b, off_t at);
long c_pwritev2(int fd, size_t a, size_t b, off_t at);
/* c_write_many writes one byte n times. */
void c_write_many(int fd, long n);
void c_read_many(int fd, long n);
long c_write_text(int fd, const char *text);

/* descriptors */
long c_close(int fd);
long c_close_range(unsigned int first, unsigned int last, unsigned int flags);
int c_dup(int fd);
int c_dup2(int fd, int to);
int c_dup3(int fd, int to, int flags);
int c_fcntl_dup(int fd, int from, bool cloexec);
void c_mmap(int fd, size_t n);
long c_setns(int fd, int kind);
long c_sendfile(int out, int in, size_t n);
long c_splice(int in, int out, size_t n);
long c_copy_file_range(int in, int out, size_t n);
void c_pipe(int fds[2]);
void c_socketpair(int fds[2]);
/* c_memfd makes a file without a place, open for reading and writing. */
int c_memfd(const char *name);
/* c_received tells of a descriptor that came from elsewhere, for a file. */
void c_received(int fd, const char *path);
/* c_quiet tells of a descriptor that is neither file nor internet socket (eventfd, ...). */
int c_quiet(const char *what, int fd);

/* names; want and want_new are the absolute paths that the trace must show */
long c_mkdir(const char *name, const char *want);
long c_mkdirat(int dirfd, const char *name, const char *want);
long c_rmdir(const char *name, const char *want);
long c_unlink(const char *name, const char *want);
long c_unlinkat(int dirfd, const char *name, int flags, const char *want);
long c_link(const char *from, const char *to, const char *want, const char *want_new);
long c_linkat(int fromfd, const char *from, int tofd, const char *to, int flags, const char *want,
	      const char *want_new);
long c_symlink(const char *target, const char *name, const char *want, const char *want_new);
long c_symlinkat(const char *target, int dirfd, const char *name, const char *want,
		 const char *want_new);
long c_rename(const char *from, const char *to, const char *want, const char *want_new);
long c_renameat(int fromfd, const char *from, int tofd, const char *to, const char *want,
		const char *want_new);
long c_renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned int flags,
		 const char *want, const char *want_new);
long c_chdir(const char *name);
long c_fchdir(int fd);
void c_chroot(const char *name);

/* sockets */
struct address {
	struct sockaddr_storage sa;
	socklen_t len;
};
struct address addr4(const char *ip, uint16_t port);
struct address addr6(const char *ip, uint16_t port);
/* local_of is the address that a socket is bound to. */
struct address local_of(int fd);
int c_socket(int family, int type);
/* c_rare_socket makes one that shows as such: raw, or of a rare family. */
int c_rare_socket(int family, int type, int proto, const char *domain, const char *type_name);
long c_bind(int fd, struct address a);
long c_listen(int fd);
long c_connect(int fd, struct address to);
int c_accept(int fd);
int c_accept4(int fd, int flags);
/* c_accepted_by_uring tells of a connection that a request to io_uring accepted. */
int c_accepted_by_uring(uint64_t t0, long ret, int fd);
long c_send(int fd, size_t n);
long c_recv(int fd, size_t n, int flags);
long c_sendto(int fd, size_t n, struct address to);
long c_recvfrom(int fd, size_t n);
long c_sendmsg(int fd, size_t a, size_t b, const struct address *to);
long c_recvmsg(int fd, size_t a, size_t b);
/* The mmsg forms move one message of n[i] bytes to or from each peer; to may be NULL. */
long c_sendmmsg(int fd, unsigned int count, const size_t *n, const struct address *to);
long c_recvmmsg(int fd, unsigned int count, size_t n);
long c_shutdown(int fd, int how);
