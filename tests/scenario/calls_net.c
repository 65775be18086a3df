/* Internet sockets. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

enum { MAX_MESSAGES = 8, MESSAGE_BYTES = 65536 };

static char data[MAX_MESSAGES * MESSAGE_BYTES];

struct address addr4(const char *ip, uint16_t port)
{
	struct address a = {.len = sizeof(struct sockaddr_in)};
	struct sockaddr_in *in = (struct sockaddr_in *)&a.sa;
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	if (inet_pton(AF_INET, ip, &in->sin_addr) != 1)
		die(ip);
	return a;
}

struct address addr6(const char *ip, uint16_t port)
{
	struct address a = {.len = sizeof(struct sockaddr_in6)};
	struct sockaddr_in6 *in = (struct sockaddr_in6 *)&a.sa;
	in->sin6_family = AF_INET6;
	in->sin6_port = htons(port);
	if (inet_pton(AF_INET6, ip, &in->sin6_addr) != 1)
		die(ip);
	return a;
}

struct address local_of(int fd)
{
	struct address a = {.len = sizeof(a.sa)};
	if (getsockname(fd, (struct sockaddr *)&a.sa, &a.len) < 0)
		die("getsockname");
	return a;
}

/* text is an address as Go's netip.ParseAddrPort reads it, quoted; "" when there is none. */
static const char *text(const struct address *a)
{
	static _Thread_local char ring[4][80];
	static _Thread_local unsigned int turn;
	char ip[INET6_ADDRSTRLEN], *out = ring[turn++ % 4];
	if (a->len >= sizeof(struct sockaddr_in) && a->sa.ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)&a->sa;
		inet_ntop(AF_INET, &in->sin_addr, ip, sizeof(ip));
		snprintf(out, 80, "\"%s:%u\"", ip, ntohs(in->sin_port));
	} else if (a->len >= sizeof(struct sockaddr_in6) && a->sa.ss_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)&a->sa;
		inet_ntop(AF_INET6, &in->sin6_addr, ip, sizeof(ip));
		snprintf(out, 80, "\"[%s]:%u\"", ip, ntohs(in->sin6_port));
	} else {
		snprintf(out, 80, "\"\"");
	}
	return out;
}

static struct address peer_of(int fd)
{
	struct address a = {.len = sizeof(a.sa)};
	if (getpeername(fd, (struct sockaddr *)&a.sa, &a.len) < 0)
		a.len = 0;
	return a;
}

int c_socket(int family, int type)
{
	uint64_t t0 = now();
	long fd = SC(SYS_socket, family, type, 0);
	if (fd < 0)
		die("socket");
	report("socket", t0, fd, "\"op\":\"socket\",\"proto\":%d",
	       (type & 0xf) == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP);
	return (int)fd;
}

int c_rare_socket(int family, int type, int proto, const char *domain, const char *type_name)
{
	uint64_t t0 = now();
	long fd = SC(SYS_socket, family, type, proto);
	report("socket", t0, fd,
	       "\"op\":\"rare_socket\",\"proto\":%d,\"local\":\"%s\",\"values\":[\"domain=%s\","
	       "\"type=%s\","
	       "\"proto=%d\"]",
	       proto == IPPROTO_ICMP && family == AF_INET ? proto : 254, /* raw, in SysFlow */
	       family == AF_INET    ? "0.0.0.0:0"
	       : family == AF_INET6 ? "[::]:0"
				    : "",
	       domain, type_name, proto);
	return (int)fd;
}

long c_bind(int fd, struct address a)
{
	uint64_t t0 = now();
	long ret = SC(SYS_bind, fd, &a.sa, a.len);
	/* what the kernel made of it, and of a failure what was asked for */
	struct address local = ret < 0 ? a : local_of(fd);
	report("bind", t0, ret, "\"op\":\"bind\",\"fd\":%d,\"local\":%s", fd, text(&local));
	return ret;
}

long c_listen(int fd)
{
	uint64_t t0 = now();
	long ret = SC(SYS_listen, fd, 8);
	struct address local = local_of(fd);
	report("listen", t0, ret,
	       "\"op\":\"listen\",\"fd\":%d,\"local\":%s,\"values\":[\"backlog=8\"]", fd,
	       text(&local));
	return ret;
}

long c_connect(int fd, struct address to)
{
	uint64_t t0 = now();
	long ret = SC(SYS_connect, fd, &to.sa, to.len);
	struct address local = local_of(fd);
	report("connect", t0, ret, "\"op\":\"connect\",\"fd\":%d,\"local\":%s,\"peer\":%s", fd,
	       text(&local), text(&to));
	return ret;
}

static int accepted(const char *call, uint64_t t0, long ret, int fd)
{
	if (ret < 0) {
		report(call, t0, ret, "\"op\":\"accept\",\"listener\":%d", fd);
		return (int)ret;
	}
	struct address local = local_of((int)ret), peer = peer_of((int)ret);
	report(call, t0, ret, "\"op\":\"accept\",\"listener\":%d,\"local\":%s,\"peer\":%s", fd,
	       text(&local), text(&peer));
	return (int)ret;
}

int c_accept(int fd)
{
	uint64_t t0 = now();
	return accepted("accept", t0, SC(SYS_accept, fd, NULL, NULL), fd);
}

int c_accept4(int fd, int flags)
{
	uint64_t t0 = now();
	return accepted("accept4", t0, SC(SYS_accept4, fd, NULL, NULL, flags), fd);
}

int c_accepted_by_uring(uint64_t t0, long ret, int fd)
{
	report_by_uring();
	return accepted("io_uring", t0, ret, fd);
}

/* moved reports a send or receive; peer is that of the message, where it had one. */
static long moved(const char *call, const char *op, uint64_t t0, long ret, int fd,
		  const struct address *peer)
{
	struct address local = local_of(fd), none = {.len = 0};
	report(call, t0, ret, "\"op\":\"%s\",\"fd\":%d,\"local\":%s,\"peer\":%s", op, fd,
	       text(&local), text(peer ? peer : &none));
	return ret;
}

long c_send(int fd, size_t n)
{
	uint64_t t0 = now();
	return moved("sendto", "write", t0, SC(SYS_sendto, fd, data, n, 0, NULL, 0), fd, NULL);
}

long c_recv(int fd, size_t n, int flags)
{
	uint64_t t0 = now();
	return moved("recvfrom", "read", t0, SC(SYS_recvfrom, fd, data, n, flags, NULL, NULL), fd,
		     NULL);
}

long c_sendto(int fd, size_t n, struct address to)
{
	uint64_t t0 = now();
	return moved("sendto", "write", t0, SC(SYS_sendto, fd, data, n, 0, &to.sa, to.len), fd,
		     &to);
}

long c_recvfrom(int fd, size_t n)
{
	struct address from = {.len = sizeof(from.sa)};
	uint64_t t0 = now();
	long ret = SC(SYS_recvfrom, fd, data, n, 0, &from.sa, &from.len);
	return moved("recvfrom", "read", t0, ret, fd, &from);
}

long c_sendmsg(int fd, size_t a, size_t b, const struct address *to)
{
	struct iovec v[2] = {{data, a}, {data + a, b}};
	struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
	if (to) {
		m.msg_name = (void *)&to->sa;
		m.msg_namelen = to->len;
	}
	uint64_t t0 = now();
	return moved("sendmsg", "write", t0, SC(SYS_sendmsg, fd, &m, 0), fd, to);
}

long c_recvmsg(int fd, size_t a, size_t b)
{
	struct address from = {.len = 0};
	struct iovec v[2] = {{data, a}, {data + a, b}};
	struct msghdr m = {.msg_iov = v,
			   .msg_iovlen = 2,
			   .msg_name = &from.sa,
			   .msg_namelen = sizeof(from.sa)};
	uint64_t t0 = now();
	long ret = SC(SYS_recvmsg, fd, &m, 0);
	from.len = m.msg_namelen;
	return moved("recvmsg", "read", t0, ret, fd, &from);
}

/* many_moved reports the messages of one call; the model counts them one by one. */
static long many_moved(const char *call, const char *op, uint64_t t0, long ret, int fd,
		       const struct mmsghdr *m)
{
	for (long i = 0; i < ret; i++) {
		struct address peer = {.len = m[i].msg_hdr.msg_namelen};
		if (peer.len)
			memcpy(&peer.sa, m[i].msg_hdr.msg_name, peer.len);
		moved(call, op, t0, m[i].msg_len, fd, &peer);
	}
	return ret;
}

long c_sendmmsg(int fd, unsigned int count, const size_t *n, const struct address *to)
{
	struct mmsghdr m[MAX_MESSAGES] = {0};
	struct iovec v[MAX_MESSAGES];
	for (unsigned int i = 0; i < count; i++) {
		v[i] = (struct iovec){data, n[i]};
		m[i].msg_hdr = (struct msghdr){.msg_iov = &v[i], .msg_iovlen = 1};
		if (to) {
			m[i].msg_hdr.msg_name = (void *)&to[i].sa;
			m[i].msg_hdr.msg_namelen = to[i].len;
		}
	}
	uint64_t t0 = now();
	return many_moved("sendmmsg", "write", t0, SC(SYS_sendmmsg, fd, m, count, 0), fd, m);
}

long c_recvmmsg(int fd, unsigned int count, size_t n)
{
	struct mmsghdr m[MAX_MESSAGES] = {0};
	struct iovec v[MAX_MESSAGES];
	struct address from[MAX_MESSAGES];
	for (unsigned int i = 0; i < count; i++) {
		v[i] = (struct iovec){data + i * MESSAGE_BYTES, n};
		m[i].msg_hdr = (struct msghdr){.msg_iov = &v[i],
					       .msg_iovlen = 1,
					       .msg_name = &from[i].sa,
					       .msg_namelen = sizeof(from[i].sa)};
	}
	uint64_t t0 = now();
	return many_moved("recvmmsg", "read", t0,
			  SC(SYS_recvmmsg, fd, m, count, MSG_DONTWAIT, NULL), fd, m);
}

long c_shutdown(int fd, int how)
{
	uint64_t t0 = now();
	long ret = SC(SYS_shutdown, fd, how);
	report("shutdown", t0, ret, "\"op\":\"shutdown\",\"fd\":%d", fd);
	return ret;
}
