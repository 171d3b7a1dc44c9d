/** @file list_file_sound_test.c  Rows that point outside of a compiled file are refused, each place that could, though all checksums agree. */
#include <stdio.h>
#include <unistd.h>

#include "feeds/list_file.h"
#include "tests/unit/feeds/list_file_seal.h"
#include "tests/unit/feeds/list_fixture.h"

static struct tw_list_index *index_;

static void setup(void)
{
	struct tw_list_stage *stage = fixture_stage("xa-list");
	uint32_t entry;
	struct tw_slice parts[] = {tw_slice_str("14 Wharf Lane"), tw_slice_str("Kestrel Bay")};
	cr_assert(tw_list_stage_entry(stage, tw_slice_str("7"), TW_ENTRY_PERSON, 1, &entry));
	cr_assert(tw_list_stage_name(stage, entry, tw_slice_str("QUILLFEATHER, Yusuf Harrow"), TW_NAME_PRIMARY));
	cr_assert(tw_list_stage_country(stage, entry, tw_slice_str("Nowhere")));
	cr_assert(tw_list_stage_birth(stage, entry, (struct tw_list_date){1961, 4, 9, true}));
	cr_assert(tw_list_stage_identifier(stage, entry, "passport", tw_slice_str("A-992535"), tw_slice_str("Nowhere")));
	cr_assert(tw_list_stage_address(stage, entry, parts, 2, tw_slice_str("Kestrel Bay"), tw_slice_str("Nowhere")));
	cr_assert(tw_list_stage_link(stage, entry, TW_LINK_OWNED_BY, tw_slice_str("8")));
	index_ = fixture_index(&stage, 1);
}

static void teardown(void)
{
	tw_list_index_free(index_);
}

TestSuite(list_file_sound, .init = setup, .fini = teardown);

/* A number of the index is another one for a moment. */
static void expect_unsound(uint32_t *number, uint32_t wrong, const char *what)
{
	uint32_t right = *number;
	*number = wrong;
	cr_expect_not(tw_list_file_sound(index_), "%s", what);
	*number = right;
	cr_expect(tw_list_file_sound(index_), "%s again as it was", what);
}

Test(list_file_sound, texts_lie_in_the_text)
{
	struct tw_list_text *texts[] = {&index_->list[0],
	                                &index_->entry[0].id,
	                                &index_->entry[0].programme,
	                                &index_->identifier[0].scheme,
	                                &index_->identifier[0].value,
	                                &index_->address[0].text,
	                                &index_->address[0].city,
	                                &index_->link[0].to};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect_unsound(&texts[i]->at, index_->text_bytes + 1, "a text behind the last");
		expect_unsound(&texts[i]->len, index_->text_bytes + 1, "a text longer than all");
		expect_unsound(&texts[i]->len, UINT32_MAX, "a length that overflows");
	}
}

Test(list_file_sound, names_lie_in_the_text)
{
	struct tw_list_name_row right = index_->name[0];
	expect_unsound(&index_->name[0].at, index_->text_bytes + 1, "a name behind the last text");
	index_->name[0].len = (1U << TW_LIST_NAME_LENGTH_BITS) - 1;
	cr_expect_not(tw_list_file_sound(index_), "a name longer than all texts");
	index_->name[0] = right;
	cr_expect(tw_list_file_sound(index_), "the name again as it was");
}

Test(list_file_sound, what_an_entry_has_is_as_much_as_there_is)
{
	struct tw_list_entry_row *entry = &index_->entry[0], *end = &index_->entry[1];
	uint32_t *firsts[] = {&entry->name, &entry->identifier, &entry->address, &entry->link, &entry->birth, &entry->country};
	uint32_t *ends[] = {&end->name, &end->identifier, &end->address, &end->link, &end->birth, &end->country};
	uint32_t *counts[] = {&index_->name_count, &index_->identifier_count, &index_->address_count,
	                      &index_->link_count, &index_->birth_count,      &index_->country_count};
	for (size_t i = 0; i < 6; i++) {
		expect_unsound(firsts[i], 2, "a run that begins behind its end");
		expect_unsound(ends[i], 2, "a run past the last row");
		expect_unsound(counts[i], 0, "rows that are not there");
	}
	expect_unsound(&index_->name_entry[0], 1, "a name of no entry");
	entry->list = 1;
	cr_expect_not(tw_list_file_sound(index_), "an entry of no list");
}

Test(list_file_sound, flags_are_flags)
{
	struct tw_list_date *dates[] = {&index_->entry[0].listed_on, &index_->entry[0].removed_on, &index_->birth[0]};
	for (size_t i = 0; i < 3; i++) {
		unsigned char *circa = (unsigned char *)&dates[i]->circa, was = *circa;
		*circa = 2;
		cr_expect_not(tw_list_file_sound(index_), "date %zu", i);
		*circa = was;
		cr_expect(tw_list_file_sound(index_));
	}
}

Test(list_file_sound, tables_name_what_is_there_and_have_room_for_a_miss)
{
	struct tw_list_table *tables[] = {&index_->names, &index_->identifiers, &index_->places};
	for (size_t i = 0; i < 3; i++) {
		struct tw_list_table *table = tables[i];
		expect_unsound(&table->posting[0].entry, 1, "a posting of no entry");
		expect_unsound(&table->posting[0].item, 1, "a posting of no item");
		expect_unsound(&table->group[0].key, table->key_bytes + 1, "a key behind the last");
		expect_unsound(&table->group[0].first, table->posting_count + 1, "postings behind the last");
		expect_unsound(&table->key_bytes, table->key_bytes - 1, "a key that ends behind all");
		expect_unsound(&table->posting_count, table->posting_count - 1, "a posting that is not there");
		expect_unsound(&table->slot[0].group, table->group_count + 1, "a slot of no group");
		for (uint64_t slot = 0; slot <= table->mask; slot++) {
			table->slot[slot].group = 1;
		}
		cr_expect_not(tw_list_file_sound(index_), "a search in a full table does not end");
		memset(table->slot, 0, (table->mask + 1) * sizeof(*table->slot));
	}
}

/* ---- in a file ---- */

static enum tw_code open_changed(const char *path, void (*change)(char *bytes), struct tw_error *err)
{
	struct tw_list_report report = {.id = tw_slice_str("xa-list"), .date = tw_slice_str("2026-01-02")};
	struct tw_list_index *index = NULL;
	cr_assert_eq(tw_list_file_write(path, index_, &report, 1, tw_slice_str(""), NULL, err), TW_OK);
	struct tw_slice file = fixture_read(path);
	char *bytes = (char *)(uintptr_t)file.ptr;
	change(bytes);
	FILE *out = fopen(path, "wb");
	cr_assert(out && fwrite(bytes, 1, file.len, out) == file.len && fclose(out) == 0);
	free(bytes);
	enum tw_code code = tw_list_file_open(path, tw_slice_str(""), &index, err);
	tw_list_index_free(index);
	return code;
}

static void section_change(char *bytes, const char *name, size_t at, uint32_t to)
{
	struct tw_list_file_section section;
	for (uint32_t i = 0; list_file_section(bytes, i, &section); i++) {
		if (strcmp(section.name, name) == 0) {
			memcpy(bytes + section.offset + at, &to, sizeof(to));
		}
	}
	list_file_seal(bytes);
}

static void nothing(char *bytes)
{
	list_file_seal(bytes);
}

static void text_outside(char *bytes)
{
	section_change(bytes, "names", offsetof(struct tw_list_name_row, at), UINT32_MAX);
}

static void count_too_large(char *bytes)
{
	section_change(bytes, TW_LIST_FILE_INDEX, offsetof(struct tw_list_index, entry_count), 1000);
}

static void report_outside(char *bytes)
{
	section_change(bytes, "reports", offsetof(struct tw_list_report, id.ptr), UINT32_MAX);
}

static void section_outside(char *bytes)
{
	struct tw_list_file_section section;
	list_file_section(bytes, 1, &section);
	section.offset = UINT64_MAX - 63;
	memcpy(bytes + sizeof(struct tw_list_file_head) + sizeof(section), &section, sizeof(section));
	list_file_seal_head(bytes);
}

static void sections_too_many(char *bytes)
{
	struct tw_list_file_head head;
	memcpy(&head, bytes, sizeof(head));
	head.sections = UINT32_MAX;
	memcpy(bytes, &head, sizeof(head));
	list_file_seal_head(bytes);
}

Test(list_file_sound, a_file_with_good_sums_and_a_bad_place_or_count_is_refused)
{
	static const struct {
		void (*change)(char *bytes);
		enum tw_code code;
		const char *says;
	} cases[] = {{nothing, TW_OK, ""},
	             {text_outside, TW_E_CORRUPT, "rows point outside"},
	             {count_too_large, TW_E_CORRUPT, "size is not what the index says"},
	             {report_outside, TW_E_CORRUPT, "section reports: it points outside"},
	             {section_outside, TW_E_CORRUPT, "its place is not in the file"},
	             {sections_too_many, TW_E_CORRUPT, "table of sections"}};
	char path[] = "/tmp/tw-list-sound-XXXXXX";
	int file = mkstemp(path);
	cr_assert(file >= 0 && close(file) == 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_error err = {.code = TW_OK};
		cr_expect_eq(open_changed(path, cases[i].change, &err), cases[i].code, "case %zu", i);
		cr_expect(strstr(err.detail, cases[i].says), "case %zu: %s", i, err.detail);
	}
	unlink(path);
}
