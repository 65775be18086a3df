/* The loops whose cost is measured, on one processor: one turn after another.
 *
 *   loop NAME TURNS ROUNDS CPU      prints the best nanoseconds per turn of a few rounds
 *   loop count NAME TURNS           prints the median of the processor's counter over the turns
 *
 * The second is for an emulated machine whose counter counts instructions. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "turn.h"

static const struct turn *const turns[] = {
	&turn_getppid, &turn_read, &turn_write, &turn_readv, &turn_open,
	&turn_tcp,     &turn_udp,  &turn_uring, &turn_exec,
};

void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(3);
}

static const struct turn *find(const char *name)
{
	for (unsigned int i = 0; i < sizeof(turns) / sizeof(*turns); i++)
		if (!strcmp(turns[i]->name, name))
			return turns[i];
	fprintf(stderr, "loop: there is no %s\n", name);
	exit(2);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static double best_time(const struct turn *t, long n, int rounds)
{
	double best = 0;

	for (int round = 0; round < rounds; round++) {
		double start = now();

		for (long i = 0; i < n; i++) {
			t->run();
			if (t->after)
				t->after();
		}
		double ns = (now() - start) / (double)n;
		if (!best || ns < best)
			best = ns;
	}
	return best;
}

/* The counters of the processors; fences because nothing else keeps a call where it stands. */
static uint64_t counter(void)
{
#if defined(__x86_64__)
	uint32_t low, high;

	asm volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
#else
	uint64_t v;

	asm volatile("isb; mrs %0, cntvct_el0; isb" : "=r"(v)::"memory");
	return v;
#endif
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t median_count(const struct turn *t, long n)
{
	uint64_t *v = calloc((size_t)n, sizeof(*v)), m;

	must(v != NULL, "calloc");
	for (long i = 0; i < n; i++) {
		uint64_t start = counter();

		t->run();
		v[i] = counter() - start;
		if (t->after)
			t->after();
	}
	qsort(v, (size_t)n, sizeof(*v), compare);
	m = v[n / 2];
	free(v);
	return m;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "nothing")) /* what turn_exec runs */
		return 0;
	if (argc == 4 && !strcmp(argv[1], "count")) {
		const struct turn *t = find(argv[2]);

		if (t->prepare)
			t->prepare();
		printf("%llu\n", (unsigned long long)median_count(t, atol(argv[3])));
		return 0;
	}
	if (argc != 5)
		return 2;
	const struct turn *t = find(argv[1]);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(atoi(argv[4]), &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
	if (t->prepare)
		t->prepare();
	printf("%.1f\n", best_time(t, atol(argv[2]), atoi(argv[3])));
	return 0;
}
