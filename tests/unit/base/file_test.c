/* Plain paths in a folder of our own: pairs go where they may, and stay where a link makes them another place. */
#include "engine/base/file.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void file_make(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

Test(path, of_an_output_is_none_of_what_is_read)
{
	struct tw_error err;
	const char *const read[] = {"c/other", "-", NULL, "", "c/in"};
	file_make("c/in", "x\n");
	file_make("c/other", "x\n");
	cr_assert(link("c/in", "c/hard") == 0 && symlink("in", "c/soft") == 0);
	for (const char *const *out = (const char *const[]){"c/in", "./c/../c/in", "c/hard", "c/soft", NULL}; *out; out++) {
		cr_assert_eq(tw_file_apart(*out, read, 5, &err), TW_E_CONFLICT, "%s", *out);
		cr_assert(strcmp(err.where, *out) == 0 && strstr(err.detail, "c/in is the same file") && err.disposition == TW_STOP);
		cr_assert_eq(tw_file_apart(*out, read, 4, &err), TW_OK);
	}
	for (const char *const *out = (const char *const[]){"c/new", "c", "/dev/null", "", NULL}; *out; out++) {
		cr_assert_eq(tw_file_apart(*out, read, 5, &err), TW_OK, "%s", *out);
	}
	cr_assert_eq(tw_file_apart(NULL, read, 5, &err), TW_OK);
	const char *const folder_read[] = {"/dev/null", "c"};
	cr_assert(tw_file_apart("/dev/null", folder_read, 2, &err) == TW_OK && tw_file_apart("c", folder_read, 2, &err) == TW_OK);
	cr_assert(unlink("c/in") == 0 && unlink("c/other") == 0 && unlink("c/hard") == 0 && unlink("c/soft") == 0);
}

Test(path, of_a_compiled_file_is_free_or_holds_one)
{
	struct tw_error err;
	file_make("c/list", "id,name\n");
	file_make("c/short", "TW");
	file_make("c/compiled", "TWSOME\nand more");
	file_make("c/empty", "");
	cr_assert(tw_file_compiled_or_none("c/compiled", "TWSOME\n", &err) == TW_OK &&
	          tw_file_compiled_or_none("c/empty", "TWSOME\n", &err) == TW_OK);
	cr_assert(tw_file_compiled_or_none("c/none", "TWSOME\n", &err) == TW_OK && tw_file_compiled_or_none("/dev/null", "TWSOME\n", &err) == TW_OK);
	cr_assert_eq(tw_file_compiled_or_none("c/list", "TWSOME\n", &err), TW_E_CONFLICT);
	cr_assert(strcmp(err.where, "c/list") == 0 && strstr(err.detail, "remove it"));
	cr_assert_eq(tw_file_compiled_or_none("c/short", "TWSOME\n", &err), TW_E_CONFLICT);
	cr_assert(unlink("c/list") == 0 && unlink("c/short") == 0 && unlink("c/compiled") == 0 && unlink("c/empty") == 0);
}
