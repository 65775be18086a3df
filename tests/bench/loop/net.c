/* Turns of the network, over the loopback interface. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "turn.h"

enum { MESSAGE = 64 };

static int client, server;
static char buf[MESSAGE];
static struct sockaddr_in address = {.sin_family = AF_INET};

/* bind_loopback binds a socket to a free port, and sets address to it. */
static void bind_loopback(int fd)
{
	socklen_t len = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0 && !bind(fd, (struct sockaddr *)&address, len) &&
		     !getsockname(fd, (struct sockaddr *)&address, &len),
	     "bind");
}

static void connect_tcp(void)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	bind_loopback(listener);
	must(!listen(listener, 1), "listen");
	client = socket(AF_INET, SOCK_STREAM, 0);
	must(!connect(client, (struct sockaddr *)&address, sizeof(address)), "connect");
	server = accept(listener, NULL, NULL);
	must(server >= 0, "accept");
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* There and back: four calls. */
static void run_tcp(void)
{
	must(send(client, buf, MESSAGE, 0) == MESSAGE, "send");
	must(recv(server, buf, MESSAGE, 0) == MESSAGE, "recv");
	must(send(server, buf, MESSAGE, 0) == MESSAGE, "send");
	must(recv(client, buf, MESSAGE, 0) == MESSAGE, "recv");
}

static void open_udp(void)
{
	server = socket(AF_INET, SOCK_DGRAM, 0);
	bind_loopback(server);
	client = socket(AF_INET, SOCK_DGRAM, 0);
	must(client >= 0, "socket");
}

static void run_udp(void)
{
	must(sendto(client, buf, MESSAGE, 0, (struct sockaddr *)&address, sizeof(address)) ==
		     MESSAGE,
	     "sendto");
}

static void take_udp(void)
{
	must(recv(server, buf, MESSAGE, 0) == MESSAGE, "recv");
}

const struct turn turn_tcp = {.name = "tcp", .prepare = connect_tcp, .run = run_tcp};
const struct turn turn_udp = {
	.name = "udp", .prepare = open_udp, .run = run_udp, .after = take_udp};
