/** @file file_replace_test.c  engine/base/file_replace: the new file stands whole in its place, or the one before as it was. */
#include "engine/base/file_replace.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[32], path[64];
static struct tw_error err;

static void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/file-replace-XXXXXX");
	cr_assert(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/it", folder);
}

static void teardown(void)
{
	unlink(path);
	cr_expect_eq(rmdir(folder), 0, "nothing is left beside it");
}

TestSuite(file_replace, .init = setup, .fini = teardown);

static bool put(int file, void *context)
{
	const char *text = context;
	return tw_file_write_at(file, text + 2, strlen(text + 2), 2) && tw_file_write_at(file, text, 2, 0);
}

static bool half(int file, void *context)
{
	(void)context;
	errno = ENOSPC;
	return !tw_file_write_at(file, "half", 4, 0);
}

static const char *holds(void)
{
	static char text[64];
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	text[length] = '\0';
	if (file) {
		fclose(file);
	}
	return text;
}

Test(file_replace, the_new_one_stands_in_its_place)
{
	char first[] = "the first", second[] = "another";
	cr_assert_eq(tw_file_replace(path, put, first, "cannot", &err), TW_OK, "%s", err.detail);
	cr_expect_str_eq(holds(), "the first");
	cr_assert_eq(tw_file_replace(path, put, second, "cannot", &err), TW_OK);
	cr_expect_str_eq(holds(), "another");
}

Test(file_replace, what_cannot_be_written_leaves_the_one_before)
{
	char first[] = "the first";
	cr_assert_eq(tw_file_replace(path, put, first, "cannot", &err), TW_OK);
	cr_expect_eq(tw_file_replace(path, half, NULL, "cannot write it", &err), TW_E_IO);
	cr_expect_str_eq(err.what, "cannot write it");
	cr_expect_str_eq(err.where, path);
	cr_expect_str_eq(holds(), "the first");
	cr_expect_eq(tw_file_replace("/nowhere/it", put, first, "cannot", &err), TW_E_IO);
	cr_expect_not(tw_file_write_at(-1, "x", 1, 0));
}

Test(file_replace, a_device_or_a_pipe_is_never_replaced)
{
	struct stat there;
	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_expect_eq(tw_file_replace_text(path, tw_slice_str("text"), "cannot write it", &err), TW_E_IO);
	cr_expect_str_eq(err.detail, "not a regular file");
	cr_expect(stat(path, &there) == 0 && S_ISFIFO(there.st_mode));
	cr_expect_not_null(tw_file_replace_refused("/dev/null"));
	cr_expect_null(tw_file_replace_refused("/nowhere/it"));
}

Test(file_replace, the_rights_of_the_file_before_are_kept)
{
	struct stat there;
	cr_assert_eq(tw_file_replace_text(path, tw_slice_str("text"), "cannot", &err), TW_OK);
	cr_expect(stat(path, &there) == 0 && (there.st_mode & 0777) == 0644);
	cr_assert_eq(chmod(path, 0600), 0);
	cr_assert_eq(tw_file_replace_text(path, tw_slice_str("new"), "cannot", &err), TW_OK);
	cr_expect(stat(path, &there) == 0 && (there.st_mode & 0777) == 0600);
	cr_expect_str_eq(holds(), "new");
}
