#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 16384, HEAD = 64, RING = 8 };

static char *area;
static size_t area_size;
static const char *file_name, *base_dir;

void die(const char *what)
{
	fprintf(stderr, "scenario: %s: %s\n", what, strerror(errno));
	exit(99);
}

uint64_t now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

/* The pid in the initial namespace, where that is not what getpid says. */
static int host_pid;

void report_in_namespace(void)
{
	char pid[16] = "";

	if (readlink("/proc/self", pid, sizeof(pid) - 1) < 0)
		die("/proc/self");
	host_pid = atoi(pid);
}

const char *report_file(void)
{
	return file_name;
}
const char *report_base(void)
{
	return base_dir;
}

void report_base_into(const char *dir)
{
	base_dir = strdup(P(dir));
}

void report_open(const char *file, const char *base)
{
	struct stat st;
	uint64_t t0 = now(), t1, t2;
	int fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		die(file);
	t1 = now();
	area_size = (size_t)st.st_size;
	area = mmap(NULL, area_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	t2 = now();
	if (area == MAP_FAILED)
		die("mmap of the report");
	file_name = file;
	base_dir = base;
	close(fd);
	report("open", t0, fd, "\"op\":\"open\",\"path\":%s,\"type\":\"f\",\"flags\":%d", js(file),
	       O_RDWR | O_CLOEXEC);
	report("mmap", t1, 0, "\"op\":\"mmap\",\"fd\":%d", fd);
	report("close", t2, 0, "\"op\":\"close\",\"fd\":%d", fd);
}

static void append(const char *line, size_t n)
{
	uint64_t *head = (uint64_t *)area;
	uint64_t at = __atomic_fetch_add(head, n, __ATOMIC_SEQ_CST);
	if (HEAD + at + n > area_size)
		die("the report is full");
	memcpy(area + HEAD + at, line, n);
}

static _Thread_local bool by_uring;
static _Thread_local int uring_thread;

void report_by_uring(void)
{
	by_uring = true;
}

void report_uring_thread(int tid)
{
	uring_thread = tid;
}

static long thread(void)
{
	if (by_uring && uring_thread)
		return uring_thread;
	return host_pid ? host_pid : syscall(SYS_gettid);
}

void report(const char *call, uint64_t t0, long ret, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	uint64_t t1 = now();
	int n = snprintf(
		line, sizeof(line),
		"{\"t0\":%llu,\"t1\":%llu,\"pid\":%d,\"tid\":%ld,\"call\":\"%s\",\"ret\":%ld",
		(unsigned long long)t0, (unsigned long long)t1, host_pid ? host_pid : getpid(),
		thread(), call, ret);
	if (by_uring) {
		n += snprintf(line + n, sizeof(line) - (size_t)n, ",\"uring\":true");
		by_uring = false;
	}
	if (*fmt) {
		va_list ap;
		line[n++] = ',';
		va_start(ap, fmt);
		n += vsnprintf(line + n, sizeof(line) - (size_t)n - 3, fmt, ap);
		va_end(ap);
	}
	if (n >= LINE_MAX_BYTES - 3)
		die("a report line is too long");
	memcpy(line + n, "}\n", 2);
	append(line, (size_t)n + 2);
}

static char *ring_buffer(void)
{
	static _Thread_local char ring[RING][8192];
	static _Thread_local unsigned int turn;
	return ring[turn++ % RING];
}

const char *js(const char *s)
{
	char *out = ring_buffer(), *p = out;
	*p++ = '"';
	for (; *s && p < out + 8000; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\') {
			*p++ = '\\';
			*p++ = (char)c;
		} else if (c < 0x20) {
			p += sprintf(p, "\\u%04x", c);
		} else {
			*p++ = (char)c;
		}
	}
	*p++ = '"';
	*p = 0;
	return out;
}

const char *P(const char *name)
{
	char *out = ring_buffer();
	snprintf(out, 8192, "%s%s%s", base_dir, *name ? "/" : "", name);
	return out;
}
