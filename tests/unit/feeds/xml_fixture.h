/**
 * @file xml_fixture.h
 * For the tests of the XML lists: a document in memory, loaded by one of the readers, an entry written out with all that it holds.
 */
#ifndef TIDEWAITER_TESTS_XML_FIXTURE_H
#define TIDEWAITER_TESTS_XML_FIXTURE_H

#include "tests/unit/feeds/list_fixture.h"

typedef enum tw_code xml_loader(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);

/* Names of list_fixture.h, and codes as they are. */
static inline uint16_t xml_country(const struct tw_reference *reference, struct tw_slice name)
{
	bool code = name.len == 2 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z' && name.ptr[1] >= 'A' && name.ptr[1] <= 'Z';
	return code ? (uint16_t)(name.ptr[0] << 8 | name.ptr[1]) : fixture_country(reference, name);
}

static inline struct tw_list_stage *xml_stage(void)
{
	struct tw_list_stage *stage = fixture_stage("list");
	stage->country_named = xml_country;
	return stage;
}

static inline struct tw_slice xml_date(struct tw_slice text, const char *label, struct tw_list_date date, struct tw_arena *arena)
{
	return tw_arena_format(arena, "%s%s: %s%04u-%02u-%02u\n", text.ptr, label, date.circa ? "circa " : "", date.year, date.month, date.day);
}

/* What fixture_entry writes, and behind it births, addresses, links, measures and the day of listing, a line each. */
static inline const char *xml_entry_full(const struct tw_list_index *index, const char *id, struct tw_arena *arena)
{
	static const char *const relations[] = {"other", "owned by", "operated by", "acting for", "family", "subsidiary of"};
	struct tw_list_entry entry;
	struct tw_slice text = tw_slice_str(fixture_entry(index, "list", id, arena));
	cr_assert(tw_list_index_entry(index, tw_slice_str("list"), tw_slice_str(id), &entry));
	for (uint32_t i = 0; i < entry.birth_count; i++) {
		text = xml_date(text, "birth", entry.births[i], arena);
	}
	for (uint32_t i = 0; i < entry.address_count; i++) {
		struct tw_list_address address = tw_list_entry_address(&entry, i);
		char country[4] = {' ', (char)(address.country >> 8), (char)(address.country & 0xff), '\0'};
		text = tw_arena_format(arena, "%saddress: %.*s [%.*s]%s\n", text.ptr, (int)address.text.len, address.text.ptr, (int)address.city.len,
		                       address.city.ptr, address.country ? country : "");
	}
	for (uint32_t i = 0; i < entry.link_count; i++) {
		text = tw_arena_format(arena, "%slink: %s %.*s\n", text.ptr, relations[tw_list_entry_link(&entry, i).relation],
		                       (int)tw_list_entry_link(&entry, i).to.len, tw_list_entry_link(&entry, i).to.ptr);
	}
	if (entry.measures) {
		text = tw_arena_format(arena, "%smeasures: %s\n", text.ptr, tw_list_measures_text(entry.measures, arena).ptr);
	}
	return (entry.listed_on.year ? xml_date(text, "listed", entry.listed_on, arena) : text).ptr;
}

/* Load `document` into `*stage` and write out the entry `id`; the stage is used up. */
static inline const char *xml_load(xml_loader *load, struct tw_list_stage **stage, const char *document, const char *id, struct tw_arena *arena)
{
	struct tw_error err = {0};
	cr_assert_eq(load(*stage, &(struct tw_list_file){"list.xml", tw_slice_str(document)}, &err), TW_OK, "%s: %s: %s", err.where, err.what,
	             err.detail);
	struct tw_list_index *index = fixture_index(stage, 1);
	*stage = NULL;
	const char *text = xml_entry_full(index, id, arena);
	tw_list_index_free(index);
	return text;
}

static inline void xml_expect_refusal(xml_loader *load, struct tw_slice document, enum tw_code code, const char *where, const char *what)
{
	struct tw_error err = {0};
	struct tw_list_stage *stage = xml_stage();
	enum tw_code got = load(stage, &(struct tw_list_file){"list.xml", document}, &err);
	cr_assert_eq(got, code, "%s instead of %s", tw_code_name(got), tw_code_name(code));
	cr_expect_eq(err.disposition, TW_REJECT);
	cr_expect_str_eq(err.where, where);
	cr_expect_str_eq(err.what, what);
	fixture_stage_free(stage);
}

static inline void xml_expect_cut_refused(xml_loader *load, const char *whole)
{
	for (size_t length = 0; length < strlen(whole); length++) {
		struct tw_list_stage *stage = xml_stage();
		struct tw_error err = {0};
		enum tw_code code = load(stage, &(struct tw_list_file){"list.xml", (struct tw_slice){whole, (uint32_t)length}}, &err);
		cr_expect_eq(code, TW_E_SYNTAX, "cut at %zu: %s", length, tw_code_name(code));
		fixture_stage_free(stage);
	}
}

/* Is the part passed over for that reason, so often, first on that line? */
static inline void xml_expect_skip(const struct tw_list_stage *stage, const char *reason, uint32_t count, uint32_t line, bool unread)
{
	for (uint32_t i = 0; i < stage->report.skip_count; i++) {
		const struct tw_list_skip *skip = &stage->report.skip[i];
		if (strcmp(skip->reason, reason) == 0) {
			cr_expect_eq(skip->count, count, "%u times", skip->count);
			cr_expect_eq(skip->first_line, line, "line %u", skip->first_line);
			cr_expect_eq(skip->unread, unread);
			return;
		}
	}
	cr_expect_fail("nothing was passed over as \"%s\"", reason);
}

#endif
