/* Sections about names: directories, links and renames. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fs.h>
#include <unistd.h>

#include "calls.h"
#include "proc.h"
#include "sections.h"

static void touch(const char *name)
{
	int fd = c_open(name, O_WRONLY | O_CREAT, 0644);
	if (fd < 0)
		die(name);
	c_close(fd);
}

static void directories(int dir)
{
	c_mkdir(P("names/a"), P("names/a"));
	c_mkdir("b", P("names/b"));
	c_mkdir("./b/../c", P("names/c"));
	c_mkdirat(dir, "d", P("names/sub/d"));
	c_mkdirat(AT_FDCWD, "e", P("names/e"));
	c_mkdirat(dir, P("names/f"), P("names/f"));
	c_mkdir("g/", P("names/g"));
	c_rmdir(P("names/a"), P("names/a"));
	c_rmdir("b", P("names/b"));
	c_unlinkat(dir, "d", AT_REMOVEDIR, P("names/sub/d"));
	c_unlinkat(AT_FDCWD, "e", AT_REMOVEDIR, P("names/e"));
	c_unlinkat(dir, "../f", AT_REMOVEDIR, P("names/f"));
}

static void links(int dir)
{
	touch("one");
	c_link("one", "two", P("names/one"), P("names/two"));
	c_link(P("names/one"), P("names/three"), P("names/one"), P("names/three"));
	c_linkat(AT_FDCWD, "one", dir, "four", 0, P("names/one"), P("names/sub/four"));
	c_linkat(dir, "four", AT_FDCWD, "five", 0, P("names/sub/four"), P("names/five"));
	c_symlink(P("names/one"), "sym1", P("names/one"), P("names/sym1"));
	c_symlinkat(P("names/one"), dir, "sym2", P("names/one"), P("names/sub/sym2"));
	c_symlink("one", "relative", P("names/one"), P("names/relative"));
	c_unlink("two", P("names/two"));
	c_unlink(P("names/three"), P("names/three"));
	c_unlinkat(dir, "four", 0, P("names/sub/four"));
	c_unlinkat(AT_FDCWD, "five", 0, P("names/five"));
	c_unlink("sym1", P("names/sym1"));
}

static void renames(int dir)
{
	touch("old");
	c_rename("old", "new", P("names/old"), P("names/new"));
	c_rename(P("names/new"), P("names/newer"), P("names/new"), P("names/newer"));
	c_renameat(AT_FDCWD, "newer", dir, "moved", P("names/newer"), P("names/sub/moved"));
	c_renameat2(dir, "moved", AT_FDCWD, "back", RENAME_NOREPLACE, P("names/sub/moved"),
		    P("names/back"));
	c_renameat2(AT_FDCWD, "back", dir, "sym2", RENAME_EXCHANGE, P("names/back"),
		    P("names/sub/sym2"));
	c_rename("c", "directory", P("names/c"), P("names/directory"));
	c_unlink("sub/sym2", P("names/sub/sym2"));
	c_unlink("back", P("names/back"));
}

int s_names(void)
{
	c_mkdir(P("names"), P("names"));
	c_mkdir(P("names/sub"), P("names/sub"));
	c_chdir(P("names"));
	int dir = c_open("sub", O_RDONLY | O_DIRECTORY, 0);
	directories(dir);
	links(dir);
	renames(dir);
	c_close(dir);
	return 0;
}

int s_names_failed(void)
{
	c_chdir(P(""));
	c_mkdir("fail", P("fail"));
	c_mkdir("fail", P("fail"));               /* EEXIST */
	c_mkdir("absent/fail", P("absent/fail")); /* ENOENT */
	c_rmdir("absent", P("absent"));
	c_unlink("absent", P("absent"));
	c_unlink("fail", P("fail"));           /* EISDIR */
	c_unlinkat(99, "absent", 0, "absent"); /* EBADF: there is nothing to join to */
	c_link("absent", "new", P("absent"), P("new"));
	c_symlink("/target", "fail", "/target", P("fail"));
	c_rename("absent", "new", P("absent"), P("new"));
	c_renameat2(AT_FDCWD, "absent", AT_FDCWD, "fail", RENAME_EXCHANGE, P("absent"), P("fail"));
	c_mkdir("other", P("other"));
	c_renameat2(AT_FDCWD, "other", AT_FDCWD, "fail", RENAME_NOREPLACE, P("other"), P("fail"));
	c_rmdir("other", P("other"));
	c_rmdir("fail", P("fail"));
	return 0;
}
