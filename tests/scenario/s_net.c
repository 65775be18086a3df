/* Sections about internet sockets. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calls.h"
#include "proc.h"
#include "sections.h"

static int listener(struct address a)
{
	int fd = c_socket(a.sa.ss_family, SOCK_STREAM);
	c_bind(fd, a);
	c_listen(fd);
	return fd;
}

/* tcp talks over both ends of a connection inside of one process. */
static void tcp(struct address any)
{
	int server = listener(any);
	int client = c_socket(any.sa.ss_family, SOCK_STREAM);
	c_connect(client, local_of(server));
	int conn = c_accept4(server, SOCK_CLOEXEC);

	c_write(client, 100);
	c_read(conn, 100);
	c_send(client, 200);
	c_recv(conn, 50, MSG_WAITALL);
	c_recv(conn, 150, MSG_WAITALL);
	c_sendmsg(conn, 30, 40, NULL);
	c_recvmsg(client, 30, 40);
	c_writev(conn, 5, 6);
	c_readv(client, 5, 6);
	c_recv(client, 10, MSG_DONTWAIT); /* EAGAIN: an operation of no bytes */

	int file = c_open(P("sent"), O_RDWR | O_CREAT, 0644);
	c_write(file, 3000);
	lseek(file, 0, SEEK_SET);
	c_sendfile(client, file, 3000);
	c_recv(conn, 3000, MSG_WAITALL);
	int pipes[2];
	c_pipe(pipes);
	lseek(file, 0, SEEK_SET);
	c_splice(file, pipes[1], 2000);
	c_splice(pipes[0], client, 2000);
	c_recv(conn, 2000, MSG_WAITALL);
	c_close(file);
	c_close(pipes[0]);
	c_close(pipes[1]);

	c_shutdown(client, SHUT_WR);
	c_read(conn, 10); /* the end: an operation of no bytes */
	c_close(conn);
	c_close(client);
	c_close(server);
}

int s_tcp4(void)
{
	tcp(addr4("127.0.0.1", 0));
	return 0;
}

int s_tcp6(void)
{
	tcp(addr6("::1", 0));
	return 0;
}

/* serve accepts one connection and echoes one message; the connection is left open. */
static int serve(int server, size_t n)
{
	int conn = c_accept(server);
	c_recv(conn, n, MSG_WAITALL);
	c_send(conn, n);
	c_read(conn, 1);
	return 0;
}

static int tcp_pair(struct address a)
{
	int server = listener(a);
	struct address to = local_of(server);
	pid_t pid = c_fork("fork");
	if (pid == 0)
		c_exit(serve(server, 4321));
	c_close(server);
	int client = c_socket(a.sa.ss_family, SOCK_STREAM);
	c_connect(client, to);
	c_send(client, 4321);
	c_recv(client, 4321, MSG_WAITALL);
	c_shutdown(client, SHUT_RDWR);
	c_close(client);
	c_wait(pid);
	return 0;
}

int s_tcp_processes(void)
{
	tcp_pair(addr4("127.0.0.1", 0));
	tcp_pair(addr6("::1", 0));
	return 0;
}

int s_tcp_refused(void)
{
	/* a port that was just free: bound and never listened on */
	int holder = c_socket(AF_INET, SOCK_STREAM);
	c_bind(holder, addr4("127.0.0.1", 0));
	int fd = c_socket(AF_INET, SOCK_STREAM);
	c_connect(fd, local_of(holder));
	c_close(fd);
	c_close(holder);

	/* not waiting for the connection */
	int server = listener(addr4("127.0.0.1", 0));
	fd = c_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
	c_connect(fd, local_of(server));
	int conn = c_accept(server);
	c_send(fd, 12);
	c_recv(conn, 12, MSG_WAITALL);
	c_close(conn);
	c_close(fd);
	c_close(server);
	return 0;
}

static void udp_connected(struct address any)
{
	int server = c_socket(any.sa.ss_family, SOCK_DGRAM);
	c_bind(server, any);
	int client = c_socket(any.sa.ss_family, SOCK_DGRAM);
	c_connect(client, local_of(server));
	struct address from = local_of(client);
	c_send(client, 333);
	c_recvfrom(server, 1000);
	c_sendto(server, 444, from);
	c_recv(client, 1000, 0);
	c_write(client, 55);
	c_recvmsg(server, 50, 50);
	c_close(client);
	c_close(server);
}

int s_udp4(void)
{
	udp_connected(addr4("127.0.0.1", 0));
	return 0;
}

int s_udp6(void)
{
	udp_connected(addr6("::1", 0));
	return 0;
}

/* peers: one unconnected socket that talks to two, which talk back. */
static void peers(struct address any)
{
	int one = c_socket(any.sa.ss_family, SOCK_DGRAM),
	    two = c_socket(any.sa.ss_family, SOCK_DGRAM);
	int hub = c_socket(any.sa.ss_family, SOCK_DGRAM);
	c_bind(one, any);
	c_bind(two, any);
	c_bind(hub, any);
	struct address a1 = local_of(one), a2 = local_of(two), ah = local_of(hub);
	c_sendto(hub, 101, a1);
	c_sendto(hub, 102, a2);
	c_sendmsg(hub, 50, 53, &a1);
	c_recvfrom(one, 1000);
	c_recvfrom(one, 1000);
	c_recvfrom(two, 1000);
	c_sendto(one, 201, ah);
	c_sendto(two, 202, ah);
	c_recvfrom(hub, 1000);
	c_recvmsg(hub, 500, 500);
	c_close(one);
	c_close(two);
	c_close(hub);
}

int s_udp_peers(void)
{
	peers(addr4("127.0.0.1", 0));
	peers(addr6("::1", 0));
	return 0;
}

/* A socket that the kernel gives a port when it first sends. */
int s_udp_unbound(void)
{
	int server = c_socket(AF_INET, SOCK_DGRAM), client = c_socket(AF_INET, SOCK_DGRAM);

	c_bind(server, addr4("127.0.0.1", 0));
	c_sendto(client, 99, local_of(server));
	c_recvfrom(server, 1000);
	c_close(client);
	c_close(server);
	server = c_socket(AF_INET6, SOCK_DGRAM);
	client = c_socket(AF_INET6, SOCK_DGRAM);
	c_bind(server, addr6("::1", 0));
	c_sendto(client, 98, local_of(server));
	c_recvfrom(server, 1000);
	c_close(client);
	c_close(server);
	return 0;
}

int s_mmsg(void)
{
	struct address any = addr4("127.0.0.1", 0);
	int one = c_socket(AF_INET, SOCK_DGRAM), two = c_socket(AF_INET, SOCK_DGRAM);
	c_bind(one, any);
	c_bind(two, any);
	int hub = c_socket(AF_INET, SOCK_DGRAM);
	c_bind(hub, any);
	struct address to[] = {local_of(one), local_of(two), local_of(one)};
	const size_t sizes[] = {10, 20, 30};
	c_sendmmsg(hub, 3, sizes, to);
	c_recvmmsg(one, 4, 1000);
	c_recvmmsg(two, 4, 1000);
	c_connect(one, local_of(hub));
	c_sendmmsg(one, 2, sizes, NULL);
	c_recvmmsg(hub, 4, 1000);
	c_close(hub);
	c_close(one);
	c_close(two);
	return 0;
}

/* An IPv6 socket that carries IPv4. */
int s_mapped(void)
{
	int server = listener(addr4("127.0.0.1", 0));
	struct address to = local_of(server);
	char text[64];
	uint16_t port = ntohs(((struct sockaddr_in *)&to.sa)->sin_port);
	snprintf(text, sizeof(text), "::ffff:127.0.0.1");
	int client = c_socket(AF_INET6, SOCK_STREAM);
	c_connect(client, addr6(text, port));
	int conn = c_accept(server);
	c_send(client, 66);
	c_recv(conn, 66, MSG_WAITALL);
	c_close(client);
	c_close(conn);
	c_close(server);
	return 0;
}
