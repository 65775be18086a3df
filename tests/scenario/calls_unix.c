#define _GNU_SOURCE
#include "calls_unix.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "calls_op.h"

static char data[4096];

struct address unix_address(const char *name)
{
	struct address a = {0};
	struct sockaddr_un *un = (struct sockaddr_un *)&a.sa;
	size_t n = strlen(name);

	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, name, n);
	if (*name == '@')
		un->sun_path[0] = 0;
	else
		n++; /* its NUL */
	a.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	return a;
}

int c_unix_socket(int type)
{
	uint64_t t0 = now();
	long fd = SC(SYS_socket, AF_UNIX, type, 0);

	if (fd < 0)
		die("socket");
	report("socket", t0, fd, "\"op\":\"noise\"");
	return (int)fd;
}

void c_unix_named(int fd, const char *want)
{
	report("named", now(), 0, "\"op\":\"named\",\"fd\":%d,\"path\":%s", fd, js(want));
}

/* began reports a connection, which begins a flow. */
static void began(const char *call, uint64_t t0, int fd, const char *kind, const char *want)
{
	report(call, t0, fd, "\"op\":\"named\",\"fd\":%d,\"kind\":\"%s\",\"path\":%s", fd, kind,
	       js(want));
}

long c_unix_bind(int fd, const char *name, const char *want)
{
	struct address a = unix_address(name);
	uint64_t t0 = now();
	long ret = SC(SYS_bind, fd, &a.sa, a.len);

	report("bind", t0, ret, "\"op\":\"name\",\"kind\":\"BIND\",\"path\":%s", js(want));
	if (ret == 0)
		c_unix_named(fd, want);
	return ret;
}

long c_unix_listen(int fd, const char *want)
{
	return FILE_OP("LISTEN", listen, want, (fd, 8), "backlog=8");
}

long c_unix_connect(int fd, const char *name, const char *want)
{
	struct address a = unix_address(name);
	uint64_t t0 = now();
	long ret = SC(SYS_connect, fd, &a.sa, a.len);

	if (ret < 0)
		report("connect", t0, ret, "\"op\":\"name\",\"kind\":\"CONNECT\",\"path\":%s",
		       js(want));
	else
		began("connect", t0, fd, "CONNECT", want);
	return ret;
}

int c_unix_accept(int fd, const char *want)
{
	uint64_t t0 = now();
	long ret = SC(SYS_accept4, fd, NULL, NULL, 0);

	if (ret < 0)
		die("accept");
	began("accept4", t0, (int)ret, "ACCEPT", want);
	return (int)ret;
}

static long moved(const char *call, uint64_t t0, long ret, int fd)
{
	report(call, t0, ret, "\"op\":\"write\",\"fd\":%d", fd);
	return ret;
}

long c_unix_sendto(int fd, size_t n, const char *to)
{
	struct address a = unix_address(to);
	uint64_t t0 = now();

	return moved("sendto", t0, SC(SYS_sendto, fd, data, n, 0, &a.sa, a.len), fd);
}

long c_unix_sendmsg(int fd, size_t n, const char *to)
{
	struct address a = unix_address(to);
	struct iovec v = {data, n};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_name = &a.sa, .msg_namelen = a.len};
	uint64_t t0 = now();

	return moved("sendmsg", t0, SC(SYS_sendmsg, fd, &m, 0), fd);
}

/* A message of one byte with room for a descriptor. */
struct message {
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec v;
	struct msghdr m;
};

static struct msghdr *message(struct message *m)
{
	memset(m, 0, sizeof(*m));
	m->v = (struct iovec){&m->byte, 1};
	m->m = (struct msghdr){.msg_iov = &m->v,
			       .msg_iovlen = 1,
			       .msg_control = m->room,
			       .msg_controllen = sizeof(m->room)};
	return &m->m;
}

long c_send_fd(int through, int fd)
{
	struct message m;
	struct cmsghdr *c = CMSG_FIRSTHDR(message(&m));

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	uint64_t t0 = now();
	return moved("sendmsg", t0, SC(SYS_sendmsg, through, &m.m, 0), through);
}

int c_receive_fd(int through)
{
	struct message m;
	int fd;

	message(&m);
	uint64_t t0 = now();
	long ret = SC(SYS_recvmsg, through, &m.m, 0);
	if (ret != 1 || !CMSG_FIRSTHDR(&m.m))
		die("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m.m)), sizeof(fd));
	report("recvmsg", t0, ret, "\"op\":\"read\",\"fd\":%d", through);
	return fd;
}
