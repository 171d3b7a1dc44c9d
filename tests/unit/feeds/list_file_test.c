/** @file list_file_test.c  A compiled file of lists answers as its sources do, and one that is damaged, cut, foreign or of another build is refused.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tidewaiter/limits.h>

#include "engine/base/hash.h"
#include "feeds/list_compiled.h"
#include "feeds/list_entry.h"
#include "feeds/list_file.h"
#include "feeds/list_file_layout.h"
#include "tests/unit/feeds/list_fixture.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct tw_arena arena;
static struct tw_error err;
static char folder[64], path[128], other[128];
static struct tw_list_report reports[2];

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	snprintf(folder, sizeof(folder), "/tmp/tw-list-file-XXXXXX");
	cr_assert(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/lists.compiled", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
}

static void teardown(void)
{
	unlink(path);
	unlink(other);
	cr_expect_eq(rmdir(folder), 0, "nothing is left beside the file");
	tw_arena_fini(&arena);
}

TestSuite(list_file, .init = setup, .fini = teardown);

static struct tw_list_index *small_index(void)
{
	struct tw_list_stage *stage[2] = {fixture_stage("xa-list"), fixture_stage("empty")};
	uint32_t entry;
	cr_assert(tw_list_stage_entry(stage[0], tw_slice_str("7"), TW_ENTRY_PERSON, 1, &entry));
	cr_assert(tw_list_stage_name(stage[0], entry, tw_slice_str("QUILLFEATHER, Yusuf Harrow"), TW_NAME_PRIMARY));
	cr_assert(tw_list_stage_name(stage[0], entry, tw_slice_str("Harrowman J. Quillfeather"), TW_NAME_WEAK));
	cr_assert(tw_list_stage_country(stage[0], entry, tw_slice_str("Nowhere")));
	cr_assert(tw_list_stage_birth(stage[0], entry, (struct tw_list_date){1961, 4, 9, false}));
	cr_assert(tw_list_stage_identifier(stage[0], entry, "passport", tw_slice_str("A-992535"), tw_slice_str("Nowhere")));
	struct tw_slice parts[] = {tw_slice_str("14 Wharf Lane"), tw_slice_str("Kestrel Bay")};
	cr_assert(tw_list_stage_address(stage[0], entry, parts, 2, tw_slice_str("Kestrel Bay"), tw_slice_str("Nowhere")));
	cr_assert(tw_list_stage_link(stage[0], entry, TW_LINK_OWNED_BY, tw_slice_str("8")));
	cr_assert(tw_list_stage_entry(stage[0], tw_slice_str("8"), TW_ENTRY_VESSEL, 2, &entry));
	cr_assert(tw_list_stage_name(stage[0], entry, tw_slice_str("SEA HERON 1"), TW_NAME_PRIMARY));
	return fixture_index(stage, 2);
}

static void small_write(const char *to)
{
	struct tw_list_index *index = small_index();
	memset(reports, 0, sizeof(reports));
	reports[0] = (struct tw_list_report){.id = tw_slice_str("xa-list"),
	                                     .date = tw_slice_str("2026-01-02"),
	                                     .format = TW_LIST_UN_XML,
	                                     .digest = DIGEST,
	                                     .persons = 1,
	                                     .vessels = 1,
	                                     .day = 20455,
	                                     .skip_count = 1};
	reports[0].skip[0] = (struct tw_list_skip){"an alias without a name", 3, 17, false};
	reports[1] = (struct tw_list_report){.id = tw_slice_str("empty"), .date = tw_slice_str(""), .day = INT32_MIN};
	cr_assert_eq(tw_list_file_write(to, index, reports, 2, tw_slice_str(DIGEST), NULL, &err), TW_OK, "%s %s", err.what, err.detail);
	tw_list_index_free(index);
}

static enum tw_code open_(struct tw_list_index **index)
{
	*index = NULL;
	memset(&err, 0, sizeof(err));
	return tw_list_file_open(path, tw_slice_str(DIGEST), index, &err);
}

static void bytes_write(const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	cr_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

Test(list_file, what_was_read_of_each_list_comes_back)
{
	struct tw_list_index *index, *source = small_index();
	uint32_t count;
	small_write(path);
	cr_assert_eq(open_(&index), TW_OK, "%s: %s", err.what, err.detail);
	const struct tw_list_report *report = tw_list_file_reports(index, &count);
	cr_assert_eq(count, 2u);
	cr_expect(tw_slice_is(report[0].id, "xa-list") && tw_slice_is(report[0].date, "2026-01-02") && tw_slice_is(report[1].id, "empty"));
	cr_expect_str_eq(report[0].digest, DIGEST);
	cr_expect_str_eq(report[0].skip[0].reason, "an alias without a name");
	cr_expect(report[0].skip[0].count == 3 && report[0].skip[0].first_line == 17 && !report[0].skip[1].reason);
	cr_expect(report[0].format == TW_LIST_UN_XML && report[0].day == 20455 && report[0].stale.code == TW_OK);
	cr_expect(!tw_list_file_reports(source, &count), "an index from sources has none");
	cr_expect_str_eq(fixture_entry(index, "xa-list", "7", &arena), fixture_entry(source, "xa-list", "7", &arena));
	cr_expect_str_eq(fixture_entry(index, "xa-list", "8", &arena), fixture_entry(source, "xa-list", "8", &arena));
	struct tw_list_entry entry;
	cr_assert(tw_list_index_entry(index, tw_slice_str("xa-list"), tw_slice_str("7"), &entry));
	cr_expect(entry.address_count == 1 && tw_slice_is(tw_list_entry_address(&entry, 0).city, "Kestrel Bay") &&
	          tw_slice_is(tw_list_entry_link(&entry, 0).to, "8"));
	tw_list_index_free(index);
	tw_list_index_free(source);
}

Test(list_file, one_set_of_sources_makes_one_file)
{
	small_write(path);
	small_write(other);
	struct tw_slice a = fixture_read(path), b = fixture_read(other);
	cr_expect(tw_slice_equal(a, b), "to the byte");
	free((char *)(uintptr_t)a.ptr);
	free((char *)(uintptr_t)b.ptr);
}

static void expect_refused(const char *what, size_t at)
{
	struct tw_list_index *index;
	enum tw_code code = open_(&index);
	cr_expect(code == TW_E_CORRUPT || code == TW_E_CONFLICT || code == TW_E_SYNTAX, "%s %zu: %s", what, at, tw_code_name(code));
	cr_expect(err.what && err.detail[0] && strcmp(err.where, path) == 0);
	tw_list_index_free(index);
}

/* One byte of the file that stands there: the rest need not be written again, 8448 times. */
static void byte_write(size_t at, char byte)
{
	FILE *file = fopen(path, "r+b");
	cr_assert(file && fseek(file, (long)at, SEEK_SET) == 0 && fputc(byte, file) != EOF && fclose(file) == 0);
}

Test(list_file, every_byte_of_the_head_and_of_the_table_is_covered)
{
	small_write(path);
	struct tw_slice file = fixture_read(path);
	for (size_t at = 0; at < sizeof(struct tw_list_file_head) + TW_LIST_FILE_SECTIONS * sizeof(struct tw_list_file_section); at++) {
		byte_write(at, (char)(file.ptr[at] ^ 0x10));
		expect_refused("byte", at);
		byte_write(at, file.ptr[at]);
	}
	struct tw_list_index *index;
	cr_expect_eq(open_(&index), TW_OK, "as it was: %s %s", err.what, err.detail);
	tw_list_index_free(index);
	free((char *)(uintptr_t)file.ptr);
}

Test(list_file, a_byte_of_each_section_and_behind_it_is_covered_and_the_section_is_named)
{
	small_write(path);
	struct tw_slice file = fixture_read(path);
	char *bytes = (char *)(uintptr_t)file.ptr;
	struct tw_list_file_head head;
	memcpy(&head, bytes, sizeof(head));
	cr_assert_gt(head.sections, 50u);
	for (uint32_t i = 0; i < head.sections; i++) {
		struct tw_list_file_section section;
		memcpy(&section, bytes + sizeof(head) + i * sizeof(section), sizeof(section));
		size_t end = (section.offset + section.bytes + TW_LIST_FILE_ALIGN - 1) / TW_LIST_FILE_ALIGN * TW_LIST_FILE_ALIGN;
		size_t places[] = {section.offset, section.offset + section.bytes / 2, end - 1};
		for (size_t p = 0; p < 3 && end > section.offset; p++) {
			bytes[places[p]] ^= 1;
			bytes_write(bytes, file.len);
			expect_refused(section.name, places[p]);
			cr_expect(strstr(err.detail, section.name), "%s is not named: %s", section.name, err.detail);
			bytes[places[p]] ^= 1;
		}
	}
	free(bytes);
}

Test(list_file, a_cut_or_longer_file_is_refused)
{
	small_write(path);
	struct tw_slice file = fixture_read(path);
	char *bytes = (char *)(uintptr_t)file.ptr;
	const size_t sizes[] = {0, 1, 255, 256, 8447, 8448, file.len / 2, file.len - 64, file.len - 1};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		bytes_write(bytes, sizes[i]);
		expect_refused("size", sizes[i]);
	}
	char *longer = calloc(file.len + 64, 1);
	memcpy(longer, bytes, file.len);
	bytes_write(longer, file.len + 64);
	expect_refused("size", file.len + 64);
	free(longer);
	free(bytes);
}

/* With its sum made good again: what a newer program, or one of another build, would write. */
static void head_change(void (*change)(struct tw_list_file_head *head))
{
	struct tw_slice file = fixture_read(path);
	char *bytes = (char *)(uintptr_t)file.ptr;
	struct tw_list_file_head head;
	memcpy(&head, bytes, sizeof(head));
	change(&head);
	head.sum = tw_hash64(&head, offsetof(struct tw_list_file_head, sum), TW_LIST_FILE_SEED);
	memcpy(bytes, &head, sizeof(head));
	bytes_write(bytes, file.len);
	free(bytes);
}

static void make_newer(struct tw_list_file_head *head)
{
	head->version++;
}

static void make_other_rules(struct tw_list_file_head *head)
{
	head->rules[0] ^= 1;
}

static void make_other_layout(struct tw_list_file_head *head)
{
	head->layout++;
}

static void make_other_order(struct tw_list_file_head *head)
{
	head->byte_order = 0x04030201;
}

Test(list_file, a_file_of_another_version_build_machine_or_code_lists_is_refused_and_says_so)
{
	struct tw_list_index *index;
	static const struct {
		void (*change)(struct tw_list_file_head *head);
		const char *says;
	} cases[] = {
	    {make_newer, "newer"}, {make_other_rules, "another build"}, {make_other_layout, "another build"}, {make_other_order, "byte order"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		small_write(path);
		head_change(cases[i].change);
		cr_expect_eq(open_(&index), TW_E_CONFLICT);
		cr_expect(strstr(err.detail, cases[i].says), "%s", err.detail);
		cr_expect(strstr(err.what, "lists build"));
	}
	small_write(path);
	cr_expect_eq(tw_list_file_open(path, tw_slice_str("other"), &index, &err), TW_E_CONFLICT);
	cr_expect(strstr(err.detail, "code lists"), "%s", err.detail);
}

Test(list_file, what_is_no_such_file_is_refused)
{
	struct tw_list_index *index;
	cr_expect_eq(open_(&index), TW_E_MISSING);
	cr_expect_eq(tw_list_file_open(folder, tw_slice_str(""), &index, &err), TW_E_TYPE);
	bytes_write("<list/>", 7);
	cr_expect_eq(open_(&index), TW_E_SYNTAX);
	struct tw_list_index *source = small_index();
	cr_expect_eq(tw_list_file_write("/tmp/no/such/folder/file", source, reports, 0, tw_slice_str(""), NULL, &err), TW_E_IO);
	cr_expect_eq(tw_list_file_write(path, source, reports, 0, tw_slice_str(DIGEST DIGEST), NULL, &err), TW_E_LIMIT);
	tw_list_index_free(source);
}

Test(list_file, a_file_that_is_replaced_does_not_change_what_is_mapped)
{
	struct tw_list_index *index, *next;
	small_write(path);
	cr_assert_eq(open_(&index), TW_OK);
	cr_assert_eq(tw_list_file_copy(index, other, &err), TW_OK);
	cr_assert_eq(rename(other, path), 0);
	cr_assert_eq(open_(&next), TW_OK);
	cr_expect(tw_list_file_same(index, next), "a copy");
	struct tw_matches matches;
	cr_assert_eq(tw_list_index_screen(index, tw_slice_str("Yusuf Harrow Quillfeather"), TW_ENTRY_PERSON, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 1u);
	tw_list_index_free(index);
	tw_list_index_free(next);
}

/* ---- in the place of the lists' own files ---- */

static struct tw_list_index *loaded;

static enum tw_code care_load(const char *keep, bool write, const struct tw_list_source *sources, uint32_t count, const struct tw_list_former *former)
{
	struct tw_list_compiled compiled = {.path = path,
	                                    .sources = sources,
	                                    .source_count = count,
	                                    .reference = tw_slice_str(DIGEST),
	                                    .care = {.folder = keep, .write = write, .former = former, .former_count = former ? 1 : 0}};
	loaded = NULL;
	memset(&err, 0, sizeof(err));
	return tw_list_compiled_load(&compiled, &loaded, &err);
}

static const struct tw_list_source configured[] = {{.id = "xa-list", .shrink_ppm_max = TW_LIST_SHRINK_PPM},
                                                   {.id = "empty", .shrink_ppm_max = TW_LIST_SHRINK_PPM},
                                                   {.id = "third", .shrink_ppm_max = TW_LIST_SHRINK_PPM}};

Test(list_file, its_lists_must_be_the_configured_ones)
{
	small_write(path);
	cr_expect_eq(care_load(NULL, false, NULL, 0, NULL), TW_OK, "nothing is configured");
	tw_list_index_free(loaded);
	cr_expect_eq(care_load(NULL, false, configured, 2, NULL), TW_OK, "%s", err.what);
	tw_list_index_free(loaded);
	cr_expect_eq(care_load(NULL, false, configured, 3, NULL), TW_E_CONFLICT);
	cr_expect_str_eq(err.detail, "third");
	cr_expect_eq(care_load(NULL, false, configured, 1, NULL), TW_E_CONFLICT);
	cr_expect_str_eq(err.detail, "empty");
}

Test(list_file, a_list_in_it_that_is_short_or_shrank_is_refused)
{
	struct tw_list_source sources[2] = {configured[0], configured[1]};
	struct tw_list_former former = {tw_slice_str("xa-list"), 3};
	small_write(path);
	sources[0].entries_min = 3;
	cr_expect_eq(care_load(NULL, false, sources, 2, NULL), TW_E_MISSING);
	sources[0].entries_min = 2;
	cr_expect_eq(care_load(NULL, false, sources, 2, &former), TW_E_LIMIT);
	cr_expect(strstr(err.detail, "xa-list: 3 entries before, 2 now"), "%s", err.detail);
	sources[0].shrink_ppm_max = 400000;
	cr_expect_eq(care_load(NULL, false, sources, 2, &former), TW_OK);
	tw_list_index_free(loaded);
}

Test(list_file, its_last_good_copy_stands_in_and_says_why)
{
	char keep[80], copy[128];
	uint32_t count;
	snprintf(keep, sizeof(keep), "%s/kept", folder);
	snprintf(copy, sizeof(copy), "%s/%s", keep, TW_LIST_COMPILED_KEPT);
	small_write(path);
	cr_expect_eq(care_load(keep, false, configured, 2, NULL), TW_OK);
	tw_list_index_free(loaded);
	cr_expect_neq(access(copy, F_OK), 0, "only who may keep does");
	cr_expect_eq(care_load(keep, true, configured, 2, NULL), TW_OK);
	tw_list_index_free(loaded);
	cr_assert_eq(access(copy, F_OK), 0);
	bytes_write("damage", 6);
	cr_assert_eq(care_load(keep, true, configured, 2, NULL), TW_OK);
	const struct tw_list_report *report = tw_list_file_reports(loaded, &count);
	cr_expect(count == 2 && report[0].stale.code == TW_E_SYNTAX && report[1].stale.code == TW_E_SYNTAX);
	tw_list_index_free(loaded);
	unlink(path);
	cr_assert_eq(care_load(keep, true, configured, 2, NULL), TW_OK);
	cr_expect_eq(tw_list_file_reports(loaded, &count)->stale.code, TW_E_MISSING);
	tw_list_index_free(loaded);
	cr_expect_eq(truncate(copy, 300), 0);
	cr_expect_eq(care_load(keep, true, configured, 2, NULL), TW_E_MISSING, "nor is the copy good");
	small_write(path);
	cr_expect_eq(care_load(keep, true, configured, 2, NULL), TW_OK);
	tw_list_index_free(loaded);
	unlink(path);
	cr_expect_eq(care_load(keep, true, configured, 2, NULL), TW_OK, "a copy that was damaged is kept anew");
	tw_list_index_free(loaded);
	unlink(copy);
	rmdir(keep);
}

/* ---- the samples, whole ---- */

static void same_text(struct tw_slice a, struct tw_slice b)
{
	cr_expect(tw_slice_equal(a, b), "%.*s, %.*s", (int)a.len, a.ptr, (int)b.len, b.ptr);
}

static void same_matches(const struct tw_matches *a, const struct tw_matches *b)
{
	cr_assert_eq(a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct tw_match *x = &a->match[i], *y = &b->match[i];
		same_text(x->list, y->list);
		same_text(x->entry, y->entry);
		same_text(x->name, y->name);
		same_text(x->scheme, y->scheme);
		same_text(x->programme, y->programme);
		cr_expect(x->similarity_ppm == y->similarity_ppm && x->quality == y->quality && x->basis == y->basis && x->measures == y->measures &&
		          x->part_count == y->part_count);
		for (uint32_t p = 0; p < x->part_count && p < y->part_count; p++) {
			cr_expect(strcmp(x->part[p].feature, y->part[p].feature) == 0 && x->part[p].ppm == y->part[p].ppm);
		}
	}
}

struct pair {
	struct tw_list_index *index[2];
	struct tw_list_memo *memo[2];
};

static uint32_t ask_both(const struct pair *pair, struct tw_slice name, enum tw_entry_kind kind)
{
	struct tw_matches found[2];
	for (int i = 0; i < 2; i++) {
		struct tw_list_query query = {.name = name, .kind = kind, .memo = pair->memo[i]};
		cr_assert_eq(tw_list_index_search(pair->index[i], &query, &arena, &found[i], &err), TW_OK);
	}
	same_matches(&found[0], &found[1]);
	return found[0].count;
}

static void number_both(const struct pair *pair, const struct tw_list_identifier *number)
{
	struct tw_matches found[2];
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(tw_list_index_identify(pair->index[i], number->scheme, number->value, &arena, &found[i], &err), TW_OK);
	}
	same_matches(&found[0], &found[1]);
}

/* The address as listed, of whoever. */
static uint32_t address_both(const struct pair *pair, const struct tw_list_address *address)
{
	struct tw_matches found[2];
	for (int i = 0; i < 2; i++) {
		struct tw_list_query query = {.addresses = address, .address_count = 1, .memo = pair->memo[i]};
		cr_assert_eq(tw_list_index_locate(pair->index[i], &query, &arena, &found[i], &err), TW_OK);
	}
	same_matches(&found[0], &found[1]);
	return found[0].count;
}

/* Each name as listed, and without its third letter. */
static uint32_t entry_ask(const struct pair *pair, const struct tw_list_entry *entry, uint32_t *places)
{
	uint32_t hits = 0;
	for (uint32_t n = 0; n < entry->name_count; n++) {
		char text[TW_NAME_BYTES_MAX];
		struct tw_slice name = tw_list_entry_name(entry, n).text;
		hits += ask_both(pair, name, entry->kind);
		if (name.len > 4 && name.len < sizeof(text)) {
			memcpy(text, name.ptr, 2);
			memcpy(text + 2, name.ptr + 3, name.len - 3);
			hits += ask_both(pair, (struct tw_slice){text, name.len - 1}, TW_ENTRY_UNKNOWN);
		}
	}
	for (uint32_t i = 0; i < entry->identifier_count; i++) {
		struct tw_list_identifier number = tw_list_entry_identifier(entry, i);
		number_both(pair, &number);
	}
	for (uint32_t i = 0; i < entry->address_count; i++) {
		struct tw_list_address address = tw_list_entry_address(entry, i);
		*places += address_both(pair, &address);
	}
	return hits;
}

Test(list_file, a_mapped_index_answers_as_one_from_sources)
{
	static const struct tw_list_source sources[] = {{"un-sc", TW_LIST_UN_XML, "feeds/sample/lists/un/UN_consolidated_2026-02-27.xml", 0, 0, 0, 0},
	                                                {"ofac-sdn", TW_LIST_OFAC_CSV, "feeds/sample/lists/ofac", 0, 0, 0, 0}};
	struct tw_list_builder *builder = NULL;
	struct pair pair;
	struct tw_list_entry entry, mapped;
	uint32_t hits = 0, places = 0, at = 0;
	cr_assert_eq(tw_list_builder_new(NULL, &builder, &err), TW_OK);
	for (uint32_t i = 0; i < 2; i++) {
		cr_assert_eq(tw_list_builder_add(builder, &sources[i], &reports[i], &err), TW_OK);
	}
	cr_assert_eq(tw_list_index_build(builder, &pair.index[0], &err), TW_OK);
	cr_assert_eq(tw_list_file_write(path, pair.index[0], reports, 2, tw_slice_str(DIGEST), NULL, &err), TW_OK);
	tw_list_builder_free(builder);
	cr_assert_eq(open_(&pair.index[1]), TW_OK);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(tw_list_memo_new(pair.index[i], &pair.memo[i], &err), TW_OK);
	}
	for (; tw_list_index_at(pair.index[0], at, &entry); at++) {
		struct tw_arena_mark mark = tw_arena_mark(&arena);
		cr_assert(tw_list_index_at(pair.index[1], at, &mapped));
		for (uint32_t field = 0; field < TW_LIST_FIELDS; field++) {
			struct tw_list left, right;
			cr_assert(tw_list_field_texts(&entry, (enum tw_list_field)field, &arena, &left));
			cr_assert(tw_list_field_texts(&mapped, (enum tw_list_field)field, &arena, &right));
			cr_assert_eq(left.count, right.count);
			for (uint32_t i = 0; i < left.count; i++) {
				same_text(((const struct tw_slice *)left.data)[i], ((const struct tw_slice *)right.data)[i]);
			}
		}
		hits += at % 7 ? 0 : entry_ask(&pair, &entry, &places);
		tw_arena_rewind(&arena, mark);
	}
	cr_expect(!tw_list_index_at(pair.index[1], at, &mapped));
	cr_expect_gt(hits, 2000u, "the questions meet something");
	cr_expect_gt(places, 500u, "and so do the addresses");
	for (int i = 0; i < 2; i++) {
		tw_list_memo_free(pair.memo[i]);
		tw_list_index_free(pair.index[i]);
	}
}
