/* What was open before the capture began. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calls_unix.h"
#include "proc.h"
#include "sections.h"

struct ends {
	int server, client, conn;
};

static struct ends connection(struct address any)
{
	struct ends e;

	e.server = c_socket(any.sa.ss_family, SOCK_STREAM);
	c_bind(e.server, any);
	c_listen(e.server);
	e.client = c_socket(any.sa.ss_family, SOCK_STREAM);
	c_connect(e.client, local_of(e.server));
	e.conn = c_accept(e.server);
	return e;
}

static struct ends unix_connection(const char *name)
{
	struct ends e;

	e.server = c_unix_socket(SOCK_STREAM);
	c_unix_bind(e.server, name, name);
	c_unix_listen(e.server, name);
	e.client = c_unix_socket(SOCK_STREAM);
	c_unix_connect(e.client, name, name);
	e.conn = c_unix_accept(e.server, name);
	return e;
}

static void talk(struct ends e)
{
	c_send(e.client, 123);
	c_recv(e.conn, 123, MSG_WAITALL);
	c_close(e.client);
	c_close(e.conn);
	c_close(e.server);
}

/* wait_for_capture lets the test start the capture. */
static void wait_for_capture(void)
{
	char c;

	if (write(STDOUT_FILENO, "\n", 1) != 1)
		die("standard output");
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	report("capture", now(), 0, "\"op\":\"capture\"");
}

int s_held(void)
{
	int log = c_open(P("held"), O_RDWR | O_CREAT, 0644);
	int unused = c_open(P("held-unused"), O_WRONLY | O_CREAT, 0644);
	int left = c_open(P("held-left"), O_WRONLY | O_CREAT, 0644);
	struct ends v4 = connection(addr4("127.0.0.1", 0));
	struct ends v6 = connection(addr6("::1", 0));
	char name[108];
	snprintf(name, sizeof(name), "%s", P("held-unix"));
	struct ends local = unix_connection(name);
	int udp = c_socket(AF_INET, SOCK_DGRAM), peer = c_socket(AF_INET, SOCK_DGRAM);

	c_bind(peer, addr4("127.0.0.1", 0));
	c_bind(udp, addr4("127.0.0.1", 0));
	c_chdir(P(""));
	c_write(log, 1000);
	wait_for_capture();

	c_write(log, 11);
	c_pread(log, 22, 0);
	c_close(log);
	c_close(unused);
	c_write(left, 33);
	talk(v4);
	talk(v6);
	c_write(local.client, 55);
	c_read(local.conn, 55);
	c_close(local.client);
	c_close(local.conn);
	c_close(local.server);
	c_sendto(udp, 44, local_of(peer));
	c_recvfrom(peer, 100);
	c_close(udp);
	c_close(peer);
	c_mkdir("held-dir", P("held-dir"));
	pid_t pid = c_fork("fork");
	if (pid == 0)
		c_exit(5);
	c_wait(pid);
	return 6;
}
