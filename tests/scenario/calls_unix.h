/* Unix sockets. Their flows are those of a file, which is named by the address of the end that
 * was called; a name that begins with '@' is abstract. */
#pragma once
#include "calls.h"

/* unix_address is the address of a name. */
struct address unix_address(const char *name);
/* c_unix_socket makes a socket that shows only once something names it. */
int c_unix_socket(int type);
/* want is the path that the trace must show. */
long c_unix_bind(int fd, const char *name, const char *want);
long c_unix_listen(int fd, const char *want);
long c_unix_connect(int fd, const char *name, const char *want);
int c_unix_accept(int fd, const char *want);
/* c_unix_named tells that from now on a socket, or what came from elsewhere, is that of want. */
void c_unix_named(int fd, const char *want);
long c_unix_sendto(int fd, size_t n, const char *to);
long c_unix_sendmsg(int fd, size_t n, const char *to);
/* Pass one descriptor from process to process; these themselves show as a byte. */
long c_send_fd(int through, int fd);
int c_receive_fd(int through);
