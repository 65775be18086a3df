/* What is measured: a turn is one system call, or the few that belong together. */
#pragma once

struct turn {
	const char *name;
	/* prepare runs once, before. */
	void (*prepare)(void);
	void (*run)(void);
	/* after runs between turns and is not measured. */
	void (*after)(void);
};

extern const struct turn turn_getppid, turn_read, turn_write, turn_readv, turn_open;
extern const struct turn turn_tcp, turn_udp;
extern const struct turn turn_uring;
extern const struct turn turn_exec;

/* must ends the program unless a call went as it should. */
void must(int ok, const char *what);
