/* The turn of processes: fork, exec and wait. */
#include <sys/wait.h>
#include <unistd.h>

#include "turn.h"

static void run_exec(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/proc/self/exe", "loop", "nothing", NULL);
		_exit(1);
	}
	int status = -1;

	must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0, "fork and exec");
}

const struct turn turn_exec = {.name = "exec", .run = run_exec};
