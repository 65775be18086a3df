/* Sections about sockets that are not, or not only, seen as flows. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calls_unix.h"
#include "proc.h"
#include "sections.h"

int s_rare_sockets(void)
{
	c_close(c_rare_socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0x300, "AF_PACKET",
			      "SOCK_RAW|SOCK_CLOEXEC"));
	c_close(c_rare_socket(AF_PACKET, SOCK_DGRAM, 0, "AF_PACKET", "SOCK_DGRAM"));
	c_close(c_rare_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP, "AF_INET", "SOCK_RAW"));
	c_close(c_rare_socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_UDP, "AF_INET6",
			      "SOCK_RAW|SOCK_NONBLOCK"));
	/* no such protocol of that family */
	c_rare_socket(AF_INET, SOCK_RAW, 300, "AF_INET", "SOCK_RAW");
	return 0;
}

/* failing sockets of a family. */
static void failing(struct address any)
{
	int family = any.sa.ss_family;
	int server = c_socket(family, SOCK_STREAM), other = c_socket(family, SOCK_STREAM);

	c_bind(server, any);
	c_listen(server);
	c_bind(other, local_of(server)); /* EADDRINUSE */
	int udp = c_socket(family, SOCK_DGRAM);
	c_listen(udp); /* EOPNOTSUPP */
	c_close(udp);
	c_close(other);
	struct address gone = local_of(server);
	c_close(server);
	int client = c_socket(family, SOCK_STREAM);
	c_connect(client, gone);
	c_close(client);
}

int s_socket_failures(void)
{
	failing(addr4("127.0.0.1", 0));
	failing(addr6("::1", 0));
	return 0;
}

/* A connection that takes the place of the standard descriptors, as a reverse shell does it. */
int s_redirected(void)
{
	int server = c_socket(AF_INET, SOCK_STREAM);
	c_bind(server, addr4("127.0.0.1", 0));
	c_listen(server);
	int client = c_socket(AF_INET, SOCK_STREAM);
	c_connect(client, local_of(server));
	int conn = c_accept(server);

	c_dup2(client, STDIN_FILENO);
	c_dup3(client, STDOUT_FILENO, 0);
	c_close(STDIN_FILENO);
	c_dup(conn);
	c_close(STDIN_FILENO);
	c_fcntl_dup(client, 0, false);
	c_dup2(client, 30);                 /* nothing to be told */
	c_dup2(STDIN_FILENO, STDIN_FILENO); /* nothing happens */
	c_write(STDOUT_FILENO, 10);
	c_recv(conn, 10, MSG_WAITALL);
	int file = c_open(P("redirected"), O_WRONLY | O_CREAT, 0644);
	c_dup2(file, STDIN_FILENO);
	return 0;
}

/* stream talks over a connection to a name. */
static void stream(int type, const char *name, const char *want)
{
	int server = c_unix_socket(type);
	c_unix_bind(server, name, want);
	c_unix_listen(server, want);
	int client = c_unix_socket(type | SOCK_CLOEXEC);
	c_unix_connect(client, name, want);
	int conn = c_unix_accept(server, want);
	c_write(client, 100);
	c_read(conn, 200);
	c_writev(conn, 3, 4);
	c_readv(client, 5, 6);
	int again = c_dup(client);
	c_write(again, 8);
	c_read(conn, 8);
	c_close(again);
	c_close(client);
	c_read(conn, 1); /* the end */
	c_close(conn);
	c_close(server);
}

static void datagrams(const char *name)
{
	int server = c_unix_socket(SOCK_DGRAM), client = c_unix_socket(SOCK_DGRAM);
	int loose = c_unix_socket(SOCK_DGRAM), loose2 = c_unix_socket(SOCK_DGRAM);

	c_unix_bind(server, name, name);
	c_unix_connect(client, name, name);
	c_write(client, 10);
	c_read(server, 20);
	c_unix_named(loose, name);
	c_unix_sendto(loose, 30, name);
	c_read(server, 30);
	c_unix_named(loose2, name);
	c_unix_sendmsg(loose2, 40, name);
	c_read(server, 40);
	c_close(loose2);
	c_close(loose);
	c_close(client);
	c_close(server);
}

int s_unix(void)
{
	char path[108], relative[108], abstract[64], datagram[64];

	snprintf(path, sizeof(path), "%s", P("unix"));
	snprintf(relative, sizeof(relative), "%s", P("unix-relative"));
	snprintf(abstract, sizeof(abstract), "@scenario-%d", getpid());
	snprintf(datagram, sizeof(datagram), "@scenario-datagram-%d", getpid());
	c_chdir(P(""));
	stream(SOCK_STREAM, path, path);
	stream(SOCK_STREAM, "unix-relative", relative);
	stream(SOCK_SEQPACKET, abstract, abstract);
	snprintf(path, sizeof(path), "%s", P("unix-datagram"));
	datagrams(path);
	datagrams(datagram);
	return 0;
}

int s_unix_failures(void)
{
	c_chdir(P(""));
	int fd = c_unix_socket(SOCK_STREAM);
	c_unix_connect(fd, P("unix-none"), P("unix-none"));
	c_unix_connect(fd, "unix-none", P("unix-none"));
	c_unix_connect(fd, "@scenario-none", "@scenario-none");
	c_unix_bind(fd, P("none/unix"), P("none/unix"));
	c_unix_bind(fd, P("unix-failures"), P("unix-failures"));
	c_unix_bind(fd, "again", P("again")); /* EINVAL: it is bound already */
	c_close(fd);
	return 0;
}

/* Descriptors that are passed on are still what they were, whatever their number. */
int s_unix_passed(void)
{
	char name[108];
	snprintf(name, sizeof(name), "%s", P("unix-passed"));
	int server = c_unix_socket(SOCK_STREAM);
	c_unix_bind(server, name, name);
	c_unix_listen(server, name);
	pid_t pid = c_fork("fork");
	if (pid == 0) {
		int client = c_unix_socket(SOCK_STREAM);
		c_unix_connect(client, name, name);
		int file = c_receive_fd(client);
		c_received(file, P("passed-on"));
		int end = c_receive_fd(client);
		c_quiet("recvmsg", end);
		c_write(file, 11);
		c_write(client, 12);
		if (write(end, "", 1) != 1)
			die("socketpair");
		c_close(end);
		c_close(file);
		c_close(client);
		c_exit(0);
	}
	int conn = c_unix_accept(server, name);
	int file = c_open(P("passed-on"), O_WRONLY | O_CREAT, 0644), ends[2];
	c_socketpair(ends);
	c_send_fd(conn, file);
	c_send_fd(conn, ends[0]);
	c_close(ends[0]);
	c_close(file);
	c_read(conn, 12);
	c_close(ends[1]);
	c_close(conn);
	c_close(server);
	c_wait(pid);
	return 0;
}
