/** @file list_keep_test.c  Last good copies: kept and read back, replaced at once, refused when they are not what was kept. */
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/hash.h"
#include "feeds/list_keep.h"
#include "tests/unit/feeds/list_fixture.h"

static char folder[] = "/tmp/tw_keep_XXXXXX";
static struct tw_error err;

static void setup(void)
{
	cr_assert(mkdtemp(folder));
	err = (struct tw_error){0};
}

static void path_of(const char *id, char *out, size_t size)
{
	cr_assert(tw_list_keep_path(folder, id, out, size));
}

static void teardown(void)
{
	static const char *const ids[] = {"un-sc", "../un"};
	char path[256];
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		path_of(ids[i], path, sizeof(path));
		unlink(path);
	}
	cr_expect_eq(rmdir(folder), 0, "nothing else is left in the folder");
}

TestSuite(list_keep, .init = setup, .fini = teardown);

static struct tw_list_kept head_of(const char *bytes)
{
	struct tw_list_kept kept = {.format = TW_LIST_OFAC_CSV, .entries = 2, .count = 2, .size = {3, 4}, .name = {"sdn.csv", "a name with blanks"}};
	cr_assert_eq(tw_sha256_hex(bytes, 7, kept.digest, &err), TW_OK);
	return kept;
}

static void keep(const char *id, const char *bytes)
{
	struct tw_list_kept kept = head_of(bytes);
	cr_assert_eq(tw_list_keep_write(folder, id, &kept, bytes, &err), TW_OK, "%s %s", err.what, err.detail);
}

/* Overwrite the copy's byte at `at` (from the end when negative) with `c`. */
static void damage(const char *id, long at, char c)
{
	char path[256];
	path_of(id, path, sizeof(path));
	FILE *file = fopen(path, "r+b");
	cr_assert(file);
	fseek(file, at, at < 0 ? SEEK_END : SEEK_SET);
	fputc(c, file);
	fclose(file);
}

Test(list_keep, what_is_kept_comes_back)
{
	struct tw_list_kept kept;
	char *bytes = NULL;
	keep("un-sc", "abcdefg");
	cr_assert_eq(tw_list_keep_head(folder, "un-sc", &kept, &err), TW_OK, "%s", err.detail);
	cr_expect_eq(kept.format, TW_LIST_OFAC_CSV);
	cr_expect_eq(kept.entries, 2u);
	cr_expect_eq(kept.count, 2u);
	cr_expect_eq(kept.size[1], 4u);
	cr_expect_str_eq(kept.name[1], "a name with blanks");
	cr_assert_eq(tw_list_keep_bytes(folder, "un-sc", &kept, &bytes, &err), TW_OK, "%s", err.detail);
	cr_expect_eq(memcmp(bytes, "abcdefg", 7), 0);
	free(bytes);
}

Test(list_keep, the_next_one_takes_its_place)
{
	struct tw_list_kept kept;
	char *bytes = NULL;
	keep("un-sc", "abcdefg");
	keep("un-sc", "ABCDEFG");
	cr_assert_eq(tw_list_keep_head(folder, "un-sc", &kept, &err), TW_OK);
	cr_assert_eq(tw_list_keep_bytes(folder, "un-sc", &kept, &bytes, &err), TW_OK);
	cr_expect_eq(memcmp(bytes, "ABCDEFG", 7), 0);
	free(bytes);
}

Test(list_keep, an_id_leads_nowhere_else)
{
	char path[256];
	struct tw_list_kept kept;
	keep("../un", "abcdefg");
	path_of("../un", path, sizeof(path));
	cr_expect_null(strstr(path, ".."));
	cr_expect_eq(tw_list_keep_head(folder, "../un", &kept, &err), TW_OK);
	cr_expect_not(tw_list_keep_path(folder, "un-sc", path, 20), "a path too long");
}

Test(list_keep, none_is_missing)
{
	struct tw_list_kept kept;
	cr_expect_eq(tw_list_keep_head(folder, "un-sc", &kept, &err), TW_E_MISSING);
	cr_expect_eq(tw_list_keep_head("/tmp/no/such/folder", "un-sc", &kept, &err), TW_E_MISSING);
}

Test(list_keep, a_copy_that_was_changed_or_cut_does_not_check)
{
	struct tw_list_kept kept;
	char *bytes = NULL, path[256];
	keep("un-sc", "abcdefg");
	cr_assert_eq(tw_list_keep_head(folder, "un-sc", &kept, &err), TW_OK);
	damage("un-sc", -1, 'x');
	cr_expect_eq(tw_list_keep_bytes(folder, "un-sc", &kept, &bytes, &err), TW_E_CORRUPT);
	path_of("un-sc", path, sizeof(path));
	cr_assert_eq(truncate(path, kept.bytes_at + 6), 0);
	cr_expect_eq(tw_list_keep_bytes(folder, "un-sc", &kept, &bytes, &err), TW_E_CORRUPT);
	cr_expect_null(bytes);
	cr_assert_eq(truncate(path, kept.bytes_at - 10), 0);
	cr_expect_eq(tw_list_keep_head(folder, "un-sc", &kept, &err), TW_E_CORRUPT);
}

/* One byte of the head at a time: the head is refused, or the bytes no longer are what it says. */
Test(list_keep, no_byte_of_a_head_is_taken_for_another)
{
	struct tw_list_kept kept, read;
	keep("un-sc", "abcdefg");
	cr_assert_eq(tw_list_keep_head(folder, "un-sc", &kept, &err), TW_OK);
	for (uint32_t at = 0; at < kept.bytes_at; at++) {
		char *bytes = NULL;
		keep("un-sc", "abcdefg");
		damage("un-sc", (long)at, '\n');
		bool good =
		    tw_list_keep_head(folder, "un-sc", &read, &err) == TW_OK && tw_list_keep_bytes(folder, "un-sc", &read, &bytes, &err) == TW_OK;
		cr_expect(!good || at + 1 == kept.bytes_at || memcmp(bytes, "abcdefg", 7) == 0, "byte %u", at);
		free(bytes);
	}
}

Test(list_keep, a_folder_that_cannot_be_made_keeps_nothing)
{
	struct tw_list_kept kept = head_of("abcdefg");
	cr_expect_eq(tw_list_keep_write("/tmp/no/such/folder", "un-sc", &kept, "abcdefg", &err), TW_E_IO);
	cr_expect_eq(tw_list_keep_write("/dev/null", "un-sc", &kept, "abcdefg", &err), TW_E_IO);
}
