/**
 * @file list_whole_test.c
 * Each issuer's list as it was issued, whole: the report (counts by kind, what was passed over and why) and ten entries in full, in
 * tests/data/lists/FORMAT_entries.txt. Those of the UN, OFAC XML, UK, EU, OFSI and non-SDN files were compared with the originals by another
 * parser or by eye when they were chosen; of BIS and the SDN tables some are what the reader gave, and guard against change. Lists that are
 * not shipped are read from the folder TW_DATA; without it their tests are skipped and say so.
 * TW_GOLDEN_WRITE=1 writes the files again, for the entries that they name: look at the difference.
 */
#include "tests/unit/feeds/json_fixture.h"

#include "feeds/reference.h"

#define GOLDEN_ENTRIES 10

static struct tw_arena arena;
static struct tw_reference *reference;

static void setup(void)
{
	struct tw_error err = {0};
	tw_arena_init(&arena, 1024 * 1024, 0);
	cr_assert_eq(tw_reference_load("feeds/reference", &reference, &err), TW_OK, "%s", err.what);
}

static void teardown(void)
{
	tw_reference_free(reference);
	tw_arena_fini(&arena);
}

TestSuite(list_whole, .init = setup, .fini = teardown);

static const char *data(const char *name)
{
	return fixture_data(name, &arena);
}

static const char *report_text(const struct tw_list_report *got)
{
	struct tw_slice text =
	    tw_arena_format(&arena,
	                    "report: %u persons, %u organisations, %u vessels, %u aircraft, %u others\n"
	                    "names %u, identifiers %u, addresses %u, orphans %u, blank names %u, cut remarks %u, date \"%.*s\"\n",
	                    got->persons, got->organisations, got->vessels, got->aircraft, got->others, got->names, got->identifiers, got->addresses,
	                    got->orphans, got->blank_names, got->cut_remarks, (int)got->date.len, got->date.ptr);
	for (uint32_t i = 0; i < got->skip_count; i++) {
		const struct tw_list_skip *skip = &got->skip[i];
		text = tw_arena_format(&arena, "%s%s: %u times \"%s\", first on line %u\n", text.ptr, skip->unread ? "unread" : "passed over",
		                       skip->count, skip->reason, skip->first_line);
	}
	return text.ptr;
}

/* The golden file is blocks: the report, then entries, which begin with the entry's reference. @return the file as it should be */
static struct tw_slice expect_blocks(const struct tw_list_index *index, const char *report, const char *path)
{
	struct tw_slice golden = fixture_read(path), fresh = tw_arena_format(&arena, "%s\n", report);
	uint32_t count = 0;
	for (const char *at = golden.ptr; *at; count++) {
		const char *end = strstr(at, "\n\n");
		cr_assert(end, "%s: a block without its end", path);
		const char *id = tw_arena_format(&arena, "%.*s", (int)strcspn(at, " "), at).ptr;
		const char *got = count ? json_entry(index, id, &arena) : report;
		fresh = count ? tw_arena_format(&arena, "%s%s\n", fresh.ptr, got) : fresh;
		if (!getenv("TW_GOLDEN_WRITE")) {
			cr_expect_str_eq(got, tw_arena_format(&arena, "%.*s", (int)(end + 1 - at), at).ptr);
		}
		at = end + 2;
	}
	cr_expect_eq(count, 1u + GOLDEN_ENTRIES);
	free((char *)(uintptr_t)golden.ptr);
	return fresh;
}

static void expect_list(enum tw_list_format format, const char *path, const char *golden)
{
	struct tw_list_builder *builder = NULL;
	struct tw_list_index *index = NULL;
	struct tw_list_report got;
	struct tw_error err = {0};
	cr_assert_eq(tw_list_builder_new(reference, &builder, &err), TW_OK);
	const struct tw_list_source source = {.id = "list", .format = format, .path = path};
	cr_assert_eq(tw_list_builder_add(builder, &source, &got, &err), TW_OK, "%s: %s", err.where, err.what);
	const char *report = report_text(&got);
	cr_assert_eq(tw_list_index_build(builder, &index, &err), TW_OK, "%s", err.what);
	struct tw_slice fresh = expect_blocks(index, report, golden);
	if (getenv("TW_GOLDEN_WRITE")) {
		FILE *file = fopen(golden, "wb");
		cr_assert(file && fwrite(fresh.ptr, 1, fresh.len, file) == fresh.len && fclose(file) == 0);
	}
	tw_list_index_free(index);
	tw_list_builder_free(builder);
}

Test(list_whole, un_february_2026)
{
	expect_list(TW_LIST_UN_XML, SAMPLE_UN, "tests/data/lists/un_entries.txt");
}

Test(list_whole, ofac_sdn_of_2019)
{
	expect_list(TW_LIST_OFAC_CSV, SAMPLE_OFAC, "tests/data/lists/ofac_sdn_entries.txt");
}

Test(list_whole, ofacs_other_lists_of_2025)
{
	expect_list(TW_LIST_OFAC_CSV, data("ofac/cons_prim.csv"), "tests/data/lists/ofac_cons_entries.txt");
}

Test(list_whole, ofacs_other_lists_of_2020_as_xml)
{
	expect_list(TW_LIST_OFAC_XML, data("ofac/consolidated_2020-12-14.xml"), "tests/data/lists/ofac_xml_entries.txt");
}

Test(list_whole, denied_persons_of_2019)
{
	expect_list(TW_LIST_BIS_DPL, data("ofac/bis_dpl_2019.txt"), "tests/data/lists/bis_dpl_entries.txt");
}

Test(list_whole, ofsi_april_2018)
{
	expect_list(TW_LIST_OFSI_CSV, data("uk/sanctionsconlist_2018-04-13.csv"), "tests/data/lists/ofsi_entries.txt");
}

Test(list_whole, uk_august_2026)
{
	expect_list(TW_LIST_UK_JSONL, data("uk/uk_sanctions_list_2026-08-22.jsonl"), "tests/data/lists/uk_entries.txt");
}

Test(list_whole, eu_march_2026)
{
	expect_list(TW_LIST_EU_JSONL, data("eu/eu_ammitto_2026-03-15.jsonl"), "tests/data/lists/eu_entries.txt");
}
