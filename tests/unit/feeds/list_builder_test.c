/** @file list_builder_test.c  From files to a builder: paths, digests, and lists that are refused whole. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/feeds/list_fixture.h"

#define UN(reference)                                                                                                                                \
	"<CONSOLIDATED_LIST><ENTITIES><ENTITY><FIRST_NAME>Alpha Lines</FIRST_NAME><REFERENCE_NUMBER>" reference "</REFERENCE_NUMBER></ENTITY>"
#define UN_END "</ENTITIES></CONSOLIDATED_LIST>"

static struct tw_arena arena;
static struct tw_list_builder *builder;
static struct tw_list_report report;
static struct tw_error err;
static char folder[] = "/tmp/tw_lists_XXXXXX";

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	err = (struct tw_error){0};
	report = (struct tw_list_report){.persons = 77};
	cr_assert_eq(tw_list_builder_new(NULL, &builder, &err), TW_OK);
	cr_assert(mkdtemp(folder));
}

static void teardown(void)
{
	static const char *const names[] = {"sdn.csv", "alt.csv", "add.csv", "un.xml", "cons_prim.csv", "cons_alt.csv", "cons_add.csv"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		unlink(tw_arena_format(&arena, "%s/%s", folder, names[i]).ptr);
	}
	rmdir(folder);
	tw_list_builder_free(builder);
	tw_arena_fini(&arena);
}

TestSuite(list_builder, .init = setup, .fini = teardown);

static const char *write_file(const char *name, const char *text)
{
	const char *path = tw_arena_format(&arena, "%s/%s", folder, name).ptr;
	FILE *file = fopen(path, "wb");
	cr_assert(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static enum tw_code add(const char *id, enum tw_list_format format, const char *path, uint32_t entries_min)
{
	struct tw_list_source source = {.id = id, .format = format, .path = path, .entries_min = entries_min};
	return tw_list_builder_add(builder, &source, &report, &err);
}

/* A refused list leaves no trace: neither in the builder nor in the caller's report. */
static void expect_refusal(enum tw_code got, enum tw_code code, const char *what)
{
	cr_assert_eq(got, code, "%s: %s: %s", tw_code_name(got), err.what, err.detail);
	cr_expect_str_eq(err.what, what);
	cr_expect_eq(builder->stage_count, 0u);
	cr_expect_eq(report.persons, 77u);
}

Test(list_builder, both_shipped_lists_load_with_their_digests)
{
	cr_assert_eq(add("un-sc", TW_LIST_UN_XML, SAMPLE_UN, 900), TW_OK, "%s", err.what);
	cr_expect_str_eq(report.digest, "66b392a4090868d2d39161e8d748efd39138377b0e6e60b7921aa67a4f99c8bf");
	cr_expect(tw_slice_is(report.id, "un-sc"));
	cr_expect(tw_slice_is(report.date, "2026-02-27"));
	cr_assert_eq(add("ofac-sdn", TW_LIST_OFAC_CSV, SAMPLE_OFAC, 7000), TW_OK, "%s", err.what);
	cr_expect_str_eq(report.digest, "90ae43abd79cef17c6b8832ac63a28d8b8d312efa1456f27127ef1adde3b2657", "sdn, alt and add one behind the other");
	cr_expect_eq(report.date.len, 0u);
	struct tw_list_index *index = NULL;
	cr_assert_eq(tw_list_index_build(builder, &index, &err), TW_OK);
	cr_expect(tw_list_index_has(index, tw_slice_str("un-sc")));
	cr_expect(tw_list_index_has(index, tw_slice_str("ofac-sdn")));
	cr_expect_not(tw_list_index_has(index, tw_slice_str("uk")));
	tw_list_index_free(index);
}

Test(list_builder, ofac_is_found_by_its_folder_or_by_its_first_file)
{
	write_file("sdn.csv", "7,\"ALPHA\",-0- ,\"T\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a");
	write_file("alt.csv", "7,1,\"aka\",\"BETA\",-0- \r\n\x1a");
	write_file("add.csv", "");
	cr_assert_eq(add("a", TW_LIST_OFAC_CSV, folder, 0), TW_OK, "%s %s", err.what, err.where);
	cr_expect_eq(report.names, 2u);
	cr_assert_eq(add("b", TW_LIST_OFAC_CSV, tw_arena_format(&arena, "%s/sdn.csv", folder).ptr, 0), TW_OK, "%s %s", err.what, err.where);
	cr_expect_eq(report.names, 2u);
}

Test(list_builder, of_two_lists_in_one_folder_the_one_that_is_left_is_told)
{
	static const char row[] = "7,\"ALPHA\",-0- ,\"T\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a";
	static const char *const beside[] = {"alt.csv", "add.csv", "cons_alt.csv", "cons_add.csv"};
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		write_file(beside[i], "");
	}
	write_file("sdn.csv", row);
	cr_assert_eq(add("a", TW_LIST_OFAC_CSV, folder, 0), TW_OK, "%s %s", err.what, err.where);
	cr_expect_eq(report.skip_count, 0u);
	const char *other = write_file("cons_prim.csv", row);
	cr_assert_eq(add("b", TW_LIST_OFAC_CSV, folder, 0), TW_OK, "%s %s", err.what, err.where);
	cr_assert_eq(report.skip_count, 1u);
	cr_expect(strstr(report.skip[0].reason, "cons_prim.csv") && !report.skip[0].unread && report.skip[0].first_line == 0);
	cr_assert_eq(add("c", TW_LIST_OFAC_CSV, other, 0), TW_OK, "%s %s", err.what, err.where);
	cr_expect_eq(report.skip_count, 0u, "a path that names one of them means it");
}

Test(list_builder, a_missing_file_is_named)
{
	expect_refusal(add("un", TW_LIST_UN_XML, "/nowhere/un.xml", 0), TW_E_MISSING, "cannot read the list");
	cr_expect_str_eq(err.where, "/nowhere/un.xml");
}

Test(list_builder, ofac_without_its_aliases_is_refused)
{
	write_file("sdn.csv", "7,\"ALPHA\",-0- ,\"T\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n");
	expect_refusal(add("a", TW_LIST_OFAC_CSV, folder, 0), TW_E_MISSING, "cannot read the list");
	cr_expect_str_eq(err.where, tw_arena_format(&arena, "%s/alt.csv", folder).ptr);
}

Test(list_builder, a_folder_in_a_files_place_is_refused)
{
	expect_refusal(add("un", TW_LIST_UN_XML, folder, 0), TW_E_TYPE, "not a regular file");
}

Test(list_builder, a_pipe_in_a_files_place_does_not_hang)
{
	const char *path = tw_arena_format(&arena, "%s/un.xml", folder).ptr;
	cr_assert_eq(mkfifo(path, 0600), 0);
	expect_refusal(add("un", TW_LIST_UN_XML, path, 0), TW_E_TYPE, "not a regular file");
}

Test(list_builder, a_cut_file_is_refused_with_its_line)
{
	expect_refusal(add("un", TW_LIST_UN_XML, write_file("un.xml", UN("XXe.001") "\n<ENTITY>"), 0), TW_E_SYNTAX, "not well-formed XML");
	cr_expect_str_eq(err.where, tw_arena_format(&arena, "%s/un.xml:2", folder).ptr);
}

Test(list_builder, an_empty_file_is_refused)
{
	expect_refusal(add("un", TW_LIST_UN_XML, write_file("un.xml", ""), 0), TW_E_MISSING, "the list is empty: a file of no bytes");
	write_file("sdn.csv", "");
	write_file("alt.csv", "");
	write_file("add.csv", "");
	expect_refusal(add("ofac", TW_LIST_OFAC_CSV, folder, 0), TW_E_MISSING, "the list is empty: a file of no bytes");
	write_file("sdn.csv", "\x1a");
	expect_refusal(add("ofac", TW_LIST_OFAC_CSV, folder, 0), TW_E_MISSING, "fewer entries than the list must have");
}

Test(list_builder, a_list_that_shrank_is_refused)
{
	const char *path = write_file("un.xml", UN("XXe.001") UN_END);
	expect_refusal(add("un", TW_LIST_UN_XML, path, 2), TW_E_MISSING, "fewer entries than the list must have");
	cr_expect_str_eq(err.detail, "1, at least 2 expected");
	cr_expect_eq(add("un", TW_LIST_UN_XML, path, 1), TW_OK);
}

Test(list_builder, a_list_of_no_entries_is_refused)
{
	expect_refusal(add("un", TW_LIST_UN_XML, write_file("un.xml", "<CONSOLIDATED_LIST><ENTITIES/></CONSOLIDATED_LIST>"), 0), TW_E_MISSING,
	               "fewer entries than the list must have");
}

Test(list_builder, an_entry_id_that_stands_twice_is_refused)
{
	const char *path =
	    write_file("un.xml", UN("XXe.001") "\n<ENTITY><FIRST_NAME>B</FIRST_NAME><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER></ENTITY>" UN_END);
	expect_refusal(add("un", TW_LIST_UN_XML, path, 0), TW_E_CONFLICT, "an entry id that stands twice");
	cr_expect_str_eq(err.where, tw_arena_format(&arena, "%s:2", path).ptr);
	cr_expect_str_eq(err.detail, "XXe.001, first on line 1");
}

Test(list_builder, a_list_id_twice_is_refused_and_the_first_stays)
{
	const char *path = write_file("un.xml", UN("XXe.001") UN_END);
	cr_assert_eq(add("un", TW_LIST_UN_XML, path, 0), TW_OK);
	cr_expect_eq(add("un", TW_LIST_UN_XML, path, 0), TW_E_CONFLICT);
	cr_expect_str_eq(err.detail, "un");
	cr_expect_eq(builder->stage_count, 1u);
}

Test(list_builder, a_list_without_id_path_or_known_format_is_refused)
{
	expect_refusal(add("", TW_LIST_UN_XML, SAMPLE_UN, 0), TW_E_MISSING, "a list without id or path");
	expect_refusal(add("un", TW_LIST_UN_XML, "", 0), TW_E_MISSING, "a list without id or path");
	expect_refusal(add("un", (enum tw_list_format)999, SAMPLE_UN, 0), TW_E_UNKNOWN, "a list format nobody knows");
}

Test(list_builder, more_lists_than_fit_are_refused)
{
	const char *path = write_file("un.xml", UN("XXe.001") UN_END);
	for (int i = 0; i < TW_LISTS_MAX; i++) {
		cr_assert_eq(add(tw_arena_format(&arena, "list-%d", i).ptr, TW_LIST_UN_XML, path, 0), TW_OK);
	}
	cr_expect_eq(add("one-more", TW_LIST_UN_XML, path, 0), TW_E_LIMIT);
}

Test(list_builder, formats_have_names)
{
	cr_expect_eq(tw_list_format_find(tw_slice_str("un-xml")), TW_LIST_UN_XML);
	cr_expect_eq(tw_list_format_find(tw_slice_str("ofac-csv")), TW_LIST_OFAC_CSV);
	cr_expect_eq(tw_list_format_find(tw_slice_str("uk-jsonl")), TW_LIST_UK_JSONL);
	cr_expect_eq(tw_list_format_find(tw_slice_str("eu-jsonl")), TW_LIST_EU_JSONL);
	cr_expect_eq(tw_list_format_find(tw_slice_str("ftm")), TW_LIST_FTM);
	cr_expect_eq(tw_list_format_find(tw_slice_str("targets-nested")), TW_LIST_OPENSANCTIONS_JSON);
	cr_expect_str_eq(tw_list_format_name(TW_LIST_OPENSANCTIONS_JSON), "targets-nested");
	cr_expect_eq(tw_list_format_find(tw_slice_str("UN-XML")), 0);
	cr_expect_eq(tw_list_format_find(tw_slice_str("")), 0);
}

Test(list_builder, nothing_may_be_freed)
{
	tw_list_builder_free(NULL);
	tw_list_index_free(NULL);
}
