/* Plain paths in a folder of our own: pairs go where they may, and stay where a link makes them another place. */
#include "engine/base/file.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/arena.h"

static char folder[] = "/tmp/tidewaiter-path-XXXXXX";
static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 4096, 0);
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	cr_assert(mkdir("a", 0700) == 0 && mkdir("a/b", 0700) == 0 && mkdir("b", 0700) == 0 && mkdir("c", 0700) == 0 && symlink("a/b", "link") == 0);
}

static void teardown(void)
{
	cr_assert(unlink("link") == 0 && rmdir("a/b") == 0 && rmdir("a") == 0 && rmdir("b") == 0 && rmdir("c") == 0 && rmdir(folder) == 0);
	tw_arena_fini(&arena);
}

TestSuite(path, .init = setup, .fini = teardown);

static void plain(const char *path, const char *wanted)
{
	cr_assert_str_eq(tw_path_plain(path, &arena), wanted, "%s", path);
}

Test(path, loses_its_pairs_of_down_and_up)
{
	plain("a/b/../../c", "c");
	plain("a/../c", "c");
	plain("a//./b/", "a/b");
	plain("./a", "a");
	plain("a/b", "a/b");
	plain("a/..", ".");
	plain(".", ".");
	plain("/", "/");
	plain("/tmp/../tmp", "/tmp");
	plain("/tmp/..", "/");
}

Test(path, keeps_what_leads_above_its_start)
{
	char up[PATH_MAX], wanted[PATH_MAX];
	snprintf(up, sizeof(up), "../%s/a/../c", strrchr(folder, '/') + 1);
	snprintf(wanted, sizeof(wanted), "../%s/c", strrchr(folder, '/') + 1);
	plain(up, wanted);
	plain("a/../..", "..");
}

Test(path, behind_a_link_stays_where_it_leads)
{
	plain("link/../b", "link/../b");
	plain("link/../../c", "link/../../c");
}

Test(path, that_is_not_there_or_too_long_stays_as_it_is)
{
	static char path[PATH_MAX + 8];
	plain("a/../nowhere", "a/../nowhere");
	memset(path, '/', sizeof(path) - 1);
	cr_assert_eq(tw_path_plain(path, &arena), path);
}

Test(path, says_when_the_arena_is_at_its_ceiling)
{
	struct tw_arena tiny;
	tw_arena_init(&tiny, 64, 1);
	cr_assert_null(tw_path_plain("a/../c", &tiny));
	tw_arena_fini(&tiny);
}
