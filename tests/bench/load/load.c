/* Loads whose records are counted:
 *
 *   load files DIR SECONDS      opens, writes, closes and unlinks files of ever new names
 *   load processes N            runs so many programs, one after the other
 *   load descriptors DIR N      opens so many files
 *
 * Each waits for a line before it begins, prints how often it did so, and waits for the end of its
 * input before it ends: a process's beginning and end are not part of its load. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(3);
}

static void await_input(int end)
{
	int c;

	do
		c = getchar();
	while (c != end && c != EOF);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	long done;

	if (argc == 2 && !strcmp(name, "nothing")) /* what load_processes runs */
		return 0;
	await_input('\n');
	if (argc == 4 && !strcmp(name, "files"))
		done = load_files(argv[2], atof(argv[3]));
	else if (argc == 3 && !strcmp(name, "processes"))
		done = load_processes(atol(argv[2]));
	else if (argc == 4 && !strcmp(name, "descriptors"))
		done = load_descriptors(argv[2], atol(argv[3]));
	else
		return 2;
	printf("%ld\n", done);
	fflush(stdout);
	await_input(EOF);
	return 0;
}
