/** @file list_care_test.c  A list that is missing, cut, short, shrunk: its last good copy stands in, or it is refused as before. */
#include <sys/stat.h>
#include <unistd.h>

#include "feeds/list_keep.h"
#include "tests/unit/feeds/list_fixture.h"

static char folder[] = "/tmp/tw_care_XXXXXX";
static char list_path[64], kept_path[128], copies[64];
static struct tw_list_builder *builder;
static struct tw_list_report report;
static struct tw_error err;

static void setup(void)
{
	cr_assert(mkdtemp(folder));
	snprintf(list_path, sizeof(list_path), "%s/un.xml", folder);
	snprintf(copies, sizeof(copies), "%s/copies", folder);
	cr_assert(tw_list_keep_path(copies, "un-sc", kept_path, sizeof(kept_path)));
	err = (struct tw_error){0};
}

static void teardown(void)
{
	unlink(list_path);
	unlink(kept_path);
	rmdir(copies);
	cr_expect_eq(rmdir(folder), 0, "nothing else is left in the folder");
	tw_list_builder_free(builder);
}

TestSuite(list_care, .init = setup, .fini = teardown);

static void list_write(unsigned entries, const char *date)
{
	FILE *file = fopen(list_path, "wb");
	cr_assert(file);
	fprintf(file, "<CONSOLIDATED_LIST dateGenerated=\"%s\"><ENTITIES>", date);
	for (unsigned i = 0; i < entries; i++) {
		fprintf(file, "<ENTITY><FIRST_NAME>Sample Lines %u</FIRST_NAME><REFERENCE_NUMBER>XXe.%03u</REFERENCE_NUMBER></ENTITY>", i, i);
	}
	fputs("</ENTITIES></CONSOLIDATED_LIST>", file);
	fclose(file);
}

static enum tw_code add_with(const struct tw_list_care *care, uint32_t entries_min, uint32_t shrink_ppm_max)
{
	struct tw_list_source source = {
	    .id = "un-sc", .format = TW_LIST_UN_XML, .path = list_path, .entries_min = entries_min, .shrink_ppm_max = shrink_ppm_max};
	tw_list_builder_free(builder);
	builder = NULL;
	report = (struct tw_list_report){.persons = 77};
	cr_assert_eq(tw_list_builder_new(NULL, &builder, &err), TW_OK);
	tw_list_builder_care(builder, care);
	return tw_list_builder_add(builder, &source, &report, &err);
}

static enum tw_code add(uint32_t entries_min)
{
	struct tw_list_care care = {.folder = copies, .write = true};
	return add_with(&care, entries_min, TW_LIST_SHRINK_PPM);
}

static void expect_stale(enum tw_code got, const char *what)
{
	cr_assert_eq(got, TW_OK, "%s %s", err.what, err.detail);
	cr_assert_neq(report.stale.code, TW_OK, "the files themselves were taken");
	cr_expect_str_eq(report.stale.what, what);
	cr_expect_eq(report.organisations, 10u);
}

static void good_kept(void)
{
	list_write(10, "2026-03-01");
	cr_assert_eq(add(0), TW_OK, "%s %s", err.what, err.detail);
	cr_assert_eq(report.stale.code, TW_OK);
	cr_assert_eq(report.unkept.code, TW_OK, "%s %s", report.unkept.what, report.unkept.detail);
	cr_assert_eq(access(kept_path, R_OK), 0);
}

Test(list_care, a_good_list_is_kept_and_says_its_day)
{
	good_kept();
	cr_expect_eq(report.day, 20513, "2026-03-01, as days since 1970");
}

Test(list_care, a_missing_list_is_replaced_by_its_last_good_copy)
{
	char digest[65];
	good_kept();
	memcpy(digest, report.digest, sizeof(digest));
	unlink(list_path);
	expect_stale(add(0), "cannot read the list");
	cr_expect_str_eq(report.digest, digest, "the same bytes have the same digest");
	cr_expect_eq(report.day, 20513);
}

Test(list_care, so_are_a_cut_one_and_a_short_one_and_one_that_shrank)
{
	good_kept();
	cr_assert_eq(truncate(list_path, 300), 0);
	cr_assert_eq(add(0), TW_OK, "%s", err.detail);
	cr_expect_eq(report.stale.code, TW_E_SYNTAX);
	list_write(9, "2026-03-02");
	expect_stale(add(10), "fewer entries than the list must have");
	list_write(7, "2026-03-03");
	expect_stale(add(0), "the list shrank by more than it may");
}

Test(list_care, a_list_may_shrink_by_its_share_and_is_kept_then)
{
	struct tw_list_care care = {.folder = copies, .write = true};
	good_kept();
	list_write(8, "2026-03-02");
	cr_assert_eq(add(0), TW_OK);
	cr_expect_eq(report.stale.code, TW_OK, "a fifth less is allowed: %s", report.stale.detail);
	list_write(1, "2026-03-03");
	cr_assert_eq(add_with(&care, 0, 1000000), TW_OK);
	cr_expect_eq(report.stale.code, TW_OK, "any shrinking is allowed");
	unlink(list_path);
	cr_assert_eq(add(0), TW_OK);
	cr_expect_eq(report.organisations, 1u, "the last good one is the last good one");
}

Test(list_care, without_a_copy_the_list_is_refused_as_ever)
{
	cr_expect_eq(add(0), TW_E_MISSING);
	cr_expect_str_eq(err.what, "cannot read the list");
	cr_expect_eq(report.persons, 77u);
	cr_expect_eq(builder->stage_count, 0u);
}

Test(list_care, a_copy_that_does_not_check_stands_in_for_nothing)
{
	good_kept();
	cr_assert_eq(truncate(kept_path, 400), 0);
	unlink(list_path);
	cr_expect_eq(add(0), TW_E_MISSING);
	cr_expect(strstr(err.detail, "last good copy"), "%s", err.detail);
	list_write(10, "2026-03-01");
	cr_assert_eq(add(0), TW_OK);
	unlink(list_path);
	cr_expect_eq(add(0), TW_OK, "a good list has mended the copy");
}

Test(list_care, a_copy_that_settings_no_longer_allow_stands_in_for_nothing)
{
	good_kept();
	unlink(list_path);
	cr_expect_eq(add(11), TW_E_MISSING);
	cr_expect(strstr(err.detail, "last good copy: fewer entries"), "%s", err.detail);
}

Test(list_care, who_only_looks_keeps_nothing)
{
	struct tw_list_care care = {.folder = copies, .write = false};
	list_write(10, "2026-03-01");
	cr_assert_eq(add_with(&care, 0, TW_LIST_SHRINK_PPM), TW_OK);
	cr_expect_neq(access(kept_path, F_OK), 0);
}

Test(list_care, what_is_in_use_counts_where_no_copy_is_kept)
{
	const struct tw_list_former former = {tw_slice_str("un-sc"), 10}, other = {tw_slice_str("un"), 1000};
	struct tw_list_care care = {.former = &former, .former_count = 1};
	list_write(7, "2026-03-01");
	cr_expect_eq(add_with(&care, 0, TW_LIST_SHRINK_PPM), TW_E_LIMIT);
	cr_expect_str_eq(err.what, "the list shrank by more than it may");
	care.former = &other;
	cr_expect_eq(add_with(&care, 0, TW_LIST_SHRINK_PPM), TW_OK, "another list's number: %s", err.detail);
}

Test(list_care, a_copy_that_cannot_be_kept_costs_the_list_nothing)
{
	struct tw_list_care care = {.folder = "/dev/null", .write = true};
	list_write(10, "2026-03-01");
	cr_assert_eq(add_with(&care, 0, TW_LIST_SHRINK_PPM), TW_OK);
	cr_expect_eq(report.unkept.code, TW_E_IO);
	cr_expect_eq(report.stale.code, TW_OK);
	cr_expect_eq(report.organisations, 10u);
}

Test(list_care, a_date_that_is_none_is_no_day)
{
	list_write(1, "soon");
	cr_assert_eq(add(0), TW_OK);
	cr_expect_eq(report.day, INT32_MIN);
	list_write(1, "2026-03-01T10:00:00Z");
	cr_assert_eq(add(0), TW_OK);
	cr_expect_eq(report.day, 20513);
}
