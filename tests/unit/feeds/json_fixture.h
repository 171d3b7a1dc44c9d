/** @file json_fixture.h  An entry with all that it states, and lines as lists: for the tests of the JSON-lines issuers. */
#ifndef TIDEWAITER_TESTS_JSON_FIXTURE_H
#define TIDEWAITER_TESTS_JSON_FIXTURE_H

#include "tests/unit/feeds/list_fixture.h"

typedef enum tw_code json_loader(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err);

static inline const char *json_date(struct tw_list_date date, struct tw_arena *arena)
{
	return tw_arena_format(arena, "%04u-%02u-%02u%s", date.year, date.month, date.day, date.circa ? " circa" : "").ptr;
}

/* fixture_entry, and a line for each birth, address, link, measure and date that is stated. */
static inline const char *json_entry(const struct tw_list_index *index, const char *id, struct tw_arena *arena)
{
	static const char *const relations[] = {"other", "owned by", "operated by", "acting for", "family", "subsidiary of"};
	struct tw_list_entry entry;
	const char *text = fixture_entry(index, "list", id, arena);
	cr_assert(tw_list_index_entry(index, tw_slice_str("list"), tw_slice_str(id), &entry));
	for (uint32_t i = 0; i < entry.birth_count; i++) {
		text = tw_arena_format(arena, "%sborn: %s\n", text, json_date(entry.births[i], arena)).ptr;
	}
	for (uint32_t i = 0; i < entry.address_count; i++) {
		struct tw_list_address at = tw_list_entry_address(&entry, i);
		text = tw_arena_format(arena, "%saddress: %.*s [%.*s]\n", text, (int)at.text.len, at.text.ptr, (int)at.city.len, at.city.ptr).ptr;
	}
	for (uint32_t i = 0; i < entry.link_count; i++) {
		text = tw_arena_format(arena, "%s%s: %.*s\n", text, relations[tw_list_entry_link(&entry, i).relation],
		                       (int)tw_list_entry_link(&entry, i).to.len, tw_list_entry_link(&entry, i).to.ptr)
		           .ptr;
	}
	text = entry.measures ? tw_arena_format(arena, "%smeasures: %s\n", text, tw_list_measures_text(entry.measures, arena).ptr).ptr : text;
	text = entry.listed_on.year ? tw_arena_format(arena, "%slisted: %s\n", text, json_date(entry.listed_on, arena)).ptr : text;
	return entry.removed_on.year ? tw_arena_format(arena, "%sremoved: %s\n", text, json_date(entry.removed_on, arena)).ptr : text;
}

static inline struct tw_list_stage *json_load(json_loader *load, struct tw_slice lines)
{
	struct tw_error err = {0};
	struct tw_list_stage *stage = fixture_stage("list");
	cr_assert_eq(load(stage, &(struct tw_list_file){"list.json", lines}, &err), TW_OK, "%s: %s: %s", err.where, err.what, err.detail);
	return stage;
}

static inline void json_expect_entry(json_loader *load, const char *lines, const char *id, const char *text)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 65536, 0);
	struct tw_list_stage *stage = json_load(load, tw_slice_str(lines));
	struct tw_list_index *index = fixture_index(&stage, 1);
	cr_expect_str_eq(json_entry(index, id, &arena), text);
	tw_list_index_free(index);
	tw_arena_fini(&arena);
}

/* That something was passed over for this reason. */
static inline void json_expect_skip(const struct tw_list_stage *stage, const char *reason, uint32_t count, uint32_t line, bool unread)
{
	for (uint32_t i = 0; i < stage->report.skip_count; i++) {
		const struct tw_list_skip *skip = &stage->report.skip[i];
		if (strcmp(skip->reason, reason) == 0) {
			cr_expect_eq(skip->count, count, "%s: %u", reason, skip->count);
			cr_expect_eq(skip->first_line, line, "%s: line %u", reason, skip->first_line);
			cr_expect_eq(skip->unread, unread);
			return;
		}
	}
	cr_assert(false, "nothing was passed over as \"%s\"", reason);
}

/* One line that is passed over as unread, before one that is read. */
static inline void json_expect_unread(json_loader *load, const char *lines, const char *reason, uint32_t line, uint32_t entries)
{
	struct tw_list_stage *stage = json_load(load, tw_slice_str(lines));
	json_expect_skip(stage, reason, 1, line, true);
	cr_expect_eq(stage->entries.count, entries);
	fixture_stage_free(stage);
}

#endif
