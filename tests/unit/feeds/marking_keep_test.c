/**
 * @file marking_keep_test.c
 * feeds/marking_file, feeds/marking_keep: a compiled list answers as the one that was read, whatever is damaged is refused, and the last good copy
 * stands in for a file that is missing, broken or shrunk. Fictional weapons.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "feeds/marking_file.h"

#define HEADER "serial,maker,model,calibre,country,status,reported_on,reference,from,to\n"
#define ROWS                                                                                                                                         \
	HEADER "AB "                                                                                                                                 \
	       "01417,Samplearms,M7,,XA,stolen,2025-06-10,,,\n-,S,,,,lost,,,,\nZZ100,,,,,lost,,,,\n,Samplearms,,,,destroyed,2025-01-01,,CD1000,"     \
	       "CD1999\n"

static char folder[] = "/tmp/marking-keep-XXXXXX";
static char csv[64], kept[96], copies[64];
static struct tw_error err;

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/marking-keep-XXXXXX");
	cr_assert(mkdtemp(folder));
	snprintf(csv, sizeof(csv), "%s/marks.csv", folder);
	snprintf(copies, sizeof(copies), "%s/copies", folder);
	snprintf(kept, sizeof(kept), "%s/%s", copies, TW_MARKING_LIST_KEPT);
	write_text(csv, ROWS);
}

static void teardown(void)
{
	unlink(kept);
	rmdir(copies);
	unlink(csv);
	rmdir(folder);
}

TestSuite(marking_keep, .init = setup, .fini = teardown);

static struct tw_marking_list *take(uint32_t shrink_ppm_max, const struct tw_marking_list *former)
{
	const struct tw_marking_list_care care = {copies, true, shrink_ppm_max, former};
	struct tw_marking_list *list = NULL;
	enum tw_code code = tw_marking_list_take(csv, NULL, &care, &list, &err);
	cr_expect((code == TW_OK) == (list != NULL));
	return list;
}

static enum tw_marking_status status(const struct tw_marking_list *list, const char *key)
{
	struct tw_marking_notice notice = {.line = 0};
	return tw_marking_list_find(list, tw_slice_str(key), tw_day_of_civil(2026, 1, 1), true, &notice) ? notice.status : (enum tw_marking_status)0;
}

static void expect_answers(const struct tw_marking_list *list)
{
	cr_expect_eq(status(list, "SAMPLEARMS|AB01417"), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(status(list, "OTHER|ZZ100"), TW_MARKING_STATUS_LOST);
	cr_expect_eq(status(list, "SAMPLEARMS|CD1500"), TW_MARKING_STATUS_DESTROYED);
	cr_expect_eq(status(list, "SAMPLEARMS|CD2000"), 0);
}

Test(marking_keep, a_compiled_list_answers_as_the_one_that_was_read)
{
	struct tw_marking_list *list = NULL, *mapped = NULL;
	char path[96];
	snprintf(path, sizeof(path), "%s/compiled", folder);
	cr_assert_eq(tw_marking_list_load(csv, NULL, &list, &err), TW_OK);
	cr_assert_eq(tw_marking_file_write(path, list, &err), TW_OK, "%s", err.detail);
	cr_assert(tw_marking_file_is(path) && !tw_marking_file_is(csv) && !tw_marking_file_is("/nowhere"));
	cr_assert_eq(tw_marking_file_open(path, &mapped, &err), TW_OK, "%s %s", err.what, err.detail);
	expect_answers(list);
	expect_answers(mapped);
	const struct tw_marking_list_report *a = tw_marking_list_report(list), *b = tw_marking_list_report(mapped);
	cr_expect(b->mapped && !a->mapped && strcmp(a->digest, b->digest) == 0);
	cr_expect(a->lost == b->lost && a->stolen == b->stolen && a->destroyed == b->destroyed && b->ranges == 1);
	cr_expect(b->skip[0].count == 1 && b->skip[0].first_line == 3 && b->skip[0].reason);
	const struct tw_marking_list_care none = {.shrink_ppm_max = 0};
	struct tw_marking_list *taken = NULL;
	cr_assert_eq(tw_marking_list_take(path, NULL, &none, &taken, &err), TW_OK, "markings.path may name it");
	expect_answers(taken);
	tw_marking_list_free(taken);
	tw_marking_list_free(mapped);
	tw_marking_list_free(list);
	unlink(path);
}

Test(marking_keep, whatever_byte_is_damaged_the_file_is_refused)
{
	struct tw_marking_list *list = take(0, NULL);
	static char bytes[4096];
	FILE *file = fopen(kept, "re");
	cr_assert(file);
	size_t size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	cr_assert(size > 512 && size < sizeof(bytes));
	for (size_t at = 0; at < size; at += at < 512 ? 1 : 7) {
		struct tw_marking_list *none = NULL;
		bytes[at] ^= 0x20;
		file = fopen(kept, "we");
		cr_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
		cr_assert_neq(tw_marking_file_open(kept, &none, &err), TW_OK, "byte %zu", at);
		bytes[at] ^= 0x20;
	}
	for (size_t cut = 0; cut < size; cut += 61) {
		struct tw_marking_list *none = NULL;
		file = fopen(kept, "we");
		cr_assert(file && fwrite(bytes, 1, cut, file) == cut && fclose(file) == 0);
		cr_assert_neq(tw_marking_file_open(kept, &none, &err), TW_OK, "cut at %zu", cut);
	}
	cr_expect_eq(tw_marking_file_open("/nowhere/marks", &(struct tw_marking_list *){NULL}, &err), TW_E_MISSING);
	cr_expect_eq(tw_marking_file_open(csv, &(struct tw_marking_list *){NULL}, &err), TW_E_SYNTAX);
	cr_expect_neq(tw_marking_file_write("/nowhere/marks", list, &err), TW_OK);
	tw_marking_list_free(list);
}

Test(marking_keep, what_was_read_once_is_mapped_the_next_time)
{
	struct tw_marking_list *first = take(0, NULL), *second = take(0, NULL);
	cr_expect_not(tw_marking_list_report(first)->mapped);
	cr_expect(tw_marking_list_report(second)->mapped && tw_marking_list_report(second)->stale.code == TW_OK);
	expect_answers(second);
	write_text(csv, ROWS "ZZ200,,,,,lost,,,,\n");
	struct tw_marking_list *third = take(0, NULL);
	cr_expect_not(tw_marking_list_report(third)->mapped, "other bytes are read");
	cr_expect_eq(status(third, "X|ZZ200"), TW_MARKING_STATUS_LOST);
	tw_marking_list_free(first);
	tw_marking_list_free(second);
	tw_marking_list_free(third);
}

Test(marking_keep, the_last_good_copy_stands_in)
{
	tw_marking_list_free(take(0, NULL));
	unlink(csv);
	struct tw_marking_list *missing = take(0, NULL);
	cr_expect_eq(tw_marking_list_report(missing)->stale.code, TW_E_MISSING);
	expect_answers(missing);
	tw_marking_list_free(missing);
	write_text(csv, HEADER "AB1,S,,,,found,,,,\n");
	struct tw_marking_list *broken = take(0, NULL);
	cr_expect_eq(tw_marking_list_report(broken)->stale.code, TW_E_SYNTAX);
	cr_expect(strstr(tw_marking_list_report(broken)->stale.where, ":2:10"));
	expect_answers(broken);
	tw_marking_list_free(broken);
	write_text(csv, HEADER "AB 01417,Samplearms,M7,,XA,stolen,2025-06-10,,,\n");
	struct tw_marking_list *shrunk = take(500000, NULL);
	cr_expect_eq(tw_marking_list_report(shrunk)->stale.code, TW_E_LIMIT);
	expect_answers(shrunk);
	tw_marking_list_free(shrunk);
	struct tw_marking_list *allowed = take(700000, NULL);
	cr_expect(tw_marking_list_report(allowed)->stale.code == TW_OK && status(allowed, "OTHER|ZZ100") == 0);
	tw_marking_list_free(allowed);
}

Test(marking_keep, without_a_copy_the_one_in_use_is_the_last_good_one)
{
	struct tw_marking_list *former = NULL, *list = NULL;
	cr_assert_eq(tw_marking_list_load(csv, NULL, &former, &err), TW_OK);
	write_text(csv, HEADER "AB 01417,Samplearms,M7,,XA,stolen,2025-06-10,,,\n");
	const struct tw_marking_list_care care = {NULL, true, 200000, former};
	cr_expect_eq(tw_marking_list_take(csv, NULL, &care, &list, &err), TW_E_LIMIT, "nothing stands in, so the load is refused");
	cr_expect_null(list);
	tw_marking_list_free(former);
}

Test(marking_keep, a_copy_that_cannot_be_kept_is_said)
{
	write_text(copies, "in its place");
	struct tw_marking_list *list = take(0, NULL);
	cr_expect_neq(tw_marking_list_report(list)->unkept.code, TW_OK);
	expect_answers(list);
	tw_marking_list_free(list);
	unlink(copies);
}
