/**
 * @file list_json_sample_test.c
 * The UK and EU lists as they were issued, whole: counts by kind, and ten entries of each in full (tests/data/lists/). The lists are not
 * shipped: without the folder TW_DATA the tests are skipped and say so.
 */
#include "tests/unit/feeds/json_fixture.h"

#include "feeds/reference.h"

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

TestSuite(list_json_sample, .init = setup, .fini = teardown);

static const char *data(const char *name)
{
	const char *folder = getenv("TW_DATA");
	struct tw_slice path = tw_arena_format(&arena, "%s/lists/%s", folder && *folder ? folder : "../shared/data", name);
	FILE *file = fopen(path.ptr, "rb");
	if (!file) {
		cr_skip_test("%s is not here: set TW_DATA to run this test", path.ptr);
	}
	fclose(file);
	return path.ptr;
}

/* Each entry of the golden file, which is blocks that begin with the entry's reference, as the index has it. */
static void expect_entries(const struct tw_list_index *index, const char *path)
{
	struct tw_slice golden = fixture_read(path);
	uint32_t count = 0;
	for (const char *at = golden.ptr; *at; count++) {
		const char *end = strstr(at, "\n\n");
		cr_assert(end, "%s: a block without its end", path);
		const char *id = tw_arena_format(&arena, "%.*s", (int)strcspn(at, " "), at).ptr;
		cr_expect_str_eq(json_entry(index, id, &arena), tw_arena_format(&arena, "%.*s", (int)(end + 1 - at), at).ptr);
		at = end + 2;
	}
	cr_expect_eq(count, 10u);
	free((char *)(uintptr_t)golden.ptr);
}

static void expect_list(enum tw_list_format format, const char *path, const struct tw_list_report *expected, const char *golden)
{
	struct tw_list_builder *builder = NULL;
	struct tw_list_index *index = NULL;
	struct tw_list_report got;
	struct tw_error err = {0};
	cr_assert_eq(tw_list_builder_new(reference, &builder, &err), TW_OK);
	const struct tw_list_source source = {.id = "list", .format = format, .path = path};
	cr_assert_eq(tw_list_builder_add(builder, &source, &got, &err), TW_OK, "%s: %s", err.where, err.what);
	cr_expect_eq(got.persons, expected->persons, "%u persons", got.persons);
	cr_expect_eq(got.organisations, expected->organisations, "%u organisations", got.organisations);
	cr_expect_eq(got.vessels, expected->vessels, "%u vessels", got.vessels);
	cr_expect_eq(got.others, 0u, "%u others", got.others);
	cr_expect_eq(got.names, expected->names, "%u names", got.names);
	cr_expect_eq(got.identifiers, expected->identifiers, "%u identifiers", got.identifiers);
	cr_expect_eq(got.addresses, expected->addresses, "%u addresses", got.addresses);
	cr_expect_eq(got.blank_names, expected->blank_names, "%u blank names", got.blank_names);
	for (uint32_t i = 0; i < got.skip_count; i++) {
		cr_expect_not(got.skip[i].unread, "line %u: %s", got.skip[i].first_line, got.skip[i].reason);
	}
	cr_assert_eq(tw_list_index_build(builder, &index, &err), TW_OK, "%s", err.what);
	expect_entries(index, golden);
	tw_list_index_free(index);
	tw_list_builder_free(builder);
}

Test(list_json_sample, the_uk_list_of_august_2026_is_read_whole)
{
	expect_list(
	    TW_LIST_UK_JSONL, data("uk/uk_sanctions_list_2026-08-22.jsonl"),
	    &(struct tw_list_report){
	        .persons = 4036, .organisations = 1647, .vessels = 666, .names = 19603, .identifiers = 629, .addresses = 3823, .blank_names = 26},
	    "tests/data/lists/uk_entries.txt");
}

Test(list_json_sample, the_eu_list_of_march_2026_is_read_whole)
{
	expect_list(
	    TW_LIST_EU_JSONL, data("eu/eu_ammitto_2026-03-15.jsonl"),
	    &(struct tw_list_report){.persons = 4341, .organisations = 1519, .vessels = 597, .names = 30428, .identifiers = 2868, .addresses = 2344},
	    "tests/data/lists/eu_entries.txt");
}
