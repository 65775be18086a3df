#define _GNU_SOURCE
#include "calls_op.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* quoted writes the lines of a text as a JSON array. */
static void quoted(char *out, size_t size, char *lines)
{
	char *line, *rest = lines;
	size_t n = 0;

	out[n++] = '[';
	while ((line = strsep(&rest, "\n")))
		n += (size_t)snprintf(out + n, size - n, "%s%s", n > 1 ? "," : "", js(line));
	snprintf(out + n, size - n, "]");
}

long c_op(const char *call, uint64_t t0, long ret, const char *kind, const char *fmt, ...)
{
	char lines[8192], json[12288];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(lines, sizeof(lines), fmt, ap);
	va_end(ap);
	quoted(json, sizeof(json), lines);
	report(call, t0, ret, "\"op\":\"process_op\",\"kind\":\"%s\",\"values\":%s", kind, json);
	return ret;
}

long c_file_op(const char *call, uint64_t t0, long ret, const char *kind, const char *want,
	       const char *fmt, ...)
{
	char lines[8192], json[12288];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(lines, sizeof(lines), fmt, ap);
	va_end(ap);
	quoted(json, sizeof(json), lines);
	report(call, t0, ret, "\"op\":\"name\",\"kind\":\"%s\",\"path\":%s,\"values\":%s", kind,
	       js(want), json);
	return ret;
}

void c_kill_self(int sig, const char *name)
{
	/* the last thing that this process does */
	report("kill", now(), 0,
	       "\"op\":\"killing\",\"kind\":\"KILL\",\"values\":[\"sig=%s\",\"pid=%d\"]", name,
	       getpid());
	kill(getpid(), sig);
	pause();
}
