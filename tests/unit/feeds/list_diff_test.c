/**
 * @file list_diff_test.c
 * feeds/list_diff and feeds/list_entry: two editions field by field, an entry's fields as texts, a day against its dates.
 */
#include "feeds/list_diff.h"

#include "tests/unit/feeds/list_fixture.h"

static void add(struct tw_list_stage *stage, const char *id, const char *first, const char *second)
{
	uint32_t at;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str(id), TW_ENTRY_PERSON, 1, &at));
	cr_assert(tw_list_stage_name(stage, at, tw_slice_str(first), TW_NAME_PRIMARY));
	if (second) {
		cr_assert(tw_list_stage_name(stage, at, tw_slice_str(second), TW_NAME_WEAK));
	}
}

static struct tw_list_index *edition(void (*fill)(struct tw_list_stage *stage))
{
	struct tw_list_stage *stage = fixture_stage("list");
	fill(stage);
	return fixture_index(&stage, 1);
}

static void before(struct tw_list_stage *stage)
{
	add(stage, "1", "Ada Vale", "Addie");
	add(stage, "2", "Bo Reed", NULL);
	add(stage, "4", "Cy Moor", "Cyril");
}

static void after(struct tw_list_stage *stage)
{
	add(stage, "1", "Ada Vale", "Addie");
	add(stage, "3", "Di Fell", NULL);
	add(stage, "4", "Cy Moor", "Cyrus");
	tw_list_stage_entry_at(stage, 2)->measures = TW_MEASURE_TRAVEL_BAN;
}

Test(list_diff, finds_what_came_went_and_reads_otherwise)
{
	struct tw_list_index *old = edition(before), *new = edition(after);
	struct tw_list_diff diff = {.before = old, .after = new};
	struct tw_list_difference found[4];
	struct tw_arena arena;
	uint32_t count = 0;
	bool more = true;
	tw_arena_init(&arena, 4096, 0);
	while (count < 4 && tw_list_diff_next(&diff, &arena, &found[count], &more, NULL) == TW_OK && more) {
		count++;
	}
	cr_assert_eq(count, 3);
	cr_assert(found[0].change == TW_LIST_REMOVED && tw_slice_is(found[0].before.id, "2"));
	cr_assert(found[1].change == TW_LIST_ADDED && tw_slice_is(found[1].after.id, "3"));
	cr_assert(found[2].change == TW_LIST_CHANGED && tw_slice_is(found[2].after.id, "4"));
	cr_assert_eq(found[2].fields, 1U << TW_LIST_NAMES | 1U << TW_LIST_MEASURES);
	cr_assert_eq(diff.same, 1);
	tw_arena_fini(&arena);
	tw_list_index_free(old);
	tw_list_index_free(new);
}

Test(list_diff, says_memory_when_there_is_none)
{
	struct tw_list_index *old = edition(before);
	struct tw_list_diff diff = {.before = old, .after = old};
	struct tw_list_difference difference;
	struct tw_arena arena;
	struct tw_error err = {.code = TW_OK};
	bool found;
	tw_arena_init(&arena, 16, 16);
	cr_assert_eq(tw_list_diff_next(&diff, &arena, &difference, &found, &err), TW_E_MEMORY);
	tw_arena_fini(&arena);
	tw_list_index_free(old);
}

Test(list_diff, counts_texts_as_often_as_they_stand)
{
	struct tw_slice some[] = {tw_slice_str("a"), tw_slice_str("a"), tw_slice_str("b")}, others[] = {tw_slice_str("b"), tw_slice_str("a")};
	struct tw_list from = {some, 3, 3}, other = {others, 2, 2}, lacking;
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	cr_assert(tw_list_texts_lacking(&from, &other, &arena, &lacking));
	cr_assert_eq(lacking.count, 1);
	cr_assert(tw_slice_is(((const struct tw_slice *)lacking.data)[0], "a"));
	cr_assert(tw_list_texts_lacking(&other, &from, &arena, &lacking));
	cr_assert_eq(lacking.count, 0);
	tw_arena_fini(&arena);
}

Test(list_entry, is_walked_in_its_strict_order_to_the_end)
{
	struct tw_list_index *old = edition(before);
	struct tw_list_entry entry;
	cr_assert(tw_list_index_at(old, 2, &entry));
	cr_assert(tw_slice_is(entry.id, "4"));
	cr_assert_not(tw_list_index_at(old, 3, &entry));
	tw_list_index_free(old);
}

Test(list_entry, gives_each_field_as_texts)
{
	struct tw_list_stage *stage = fixture_stage("xa-list");
	struct tw_list_entry entry;
	uint32_t at;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str("7"), TW_ENTRY_PERSON, 1, &at));
	cr_assert(tw_list_stage_name(stage, at, tw_slice_str("Cy Moor"), TW_NAME_PRIMARY));
	cr_assert(tw_list_stage_name(stage, at, tw_slice_str("Cyril"), TW_NAME_WEAK));
	cr_assert(tw_list_stage_identifier(stage, at, "passport", tw_slice_str("QZ1"), tw_slice_str("Nowhere")));
	struct tw_list_index *index = fixture_index(&stage, 1);
	cr_assert(tw_list_index_at(index, 0, &entry));
	struct tw_arena arena;
	struct tw_list texts;
	tw_arena_init(&arena, 4096, 0);
	cr_assert(tw_list_field_texts(&entry, TW_LIST_NAMES, &arena, &texts));
	cr_assert_eq(texts.count, 2);
	cr_assert(tw_slice_is(((const struct tw_slice *)texts.data)[1], "Cyril (weak)"));
	cr_assert(tw_list_field_texts(&entry, TW_LIST_IDENTIFIERS, &arena, &texts));
	cr_assert(tw_slice_is(((const struct tw_slice *)texts.data)[0], "passport QZ1 XA"));
	cr_assert(tw_list_field_texts(&entry, TW_LIST_BIRTHS, &arena, &texts));
	cr_assert_eq(texts.count, 0);
	tw_arena_fini(&arena);
	tw_arena_init(&arena, 16, 16);
	cr_assert_not(tw_list_field_texts(&entry, TW_LIST_NAMES, &arena, &texts));
	tw_arena_fini(&arena);
	tw_list_index_free(index);
}

Test(list_entry, has_words_for_what_is_known_and_what_is_not)
{
	char text[TW_LIST_DATE_BYTES];
	cr_assert_str_eq(tw_entry_kind_name(TW_ENTRY_VESSEL), "vessel");
	cr_assert_str_eq(tw_entry_kind_name((enum tw_entry_kind)99), "unknown");
	cr_assert_str_eq(tw_name_quality_name(TW_NAME_FORMER), "former");
	cr_assert_str_eq(tw_name_quality_name((enum tw_name_quality)99), "unknown");
	cr_assert_str_eq(tw_list_field_name(TW_LIST_REMOVED_ON), "removed on");
	cr_assert_str_eq(tw_list_date_text((struct tw_list_date){.year = 1962, .month = 3, .day = 9, .circa = true}, text), "circa 1962-03-09");
	cr_assert_str_eq(tw_list_date_text((struct tw_list_date){.year = 1962, .month = 3}, text), "1962-03");
	cr_assert_str_eq(tw_list_date_text((struct tw_list_date){.year = 1962}, text), "1962");
	cr_assert_str_eq(tw_list_date_text((struct tw_list_date){.year = 0}, text), "");
}

Test(list_entry, was_listed_from_its_day_to_the_one_before_its_removal)
{
	struct tw_list_entry entry = {.listed_on = {2010, 5, 3, false}, .removed_on = {2012, 1, 1, false}};
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2010, 5, 2, false}), TW_LISTED_NOT_YET);
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2010, 5, 3, false}), TW_LISTED_THEN);
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2011, 12, 31, false}), TW_LISTED_THEN);
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2012, 1, 1, false}), TW_LISTED_NO_MORE);
}

Test(list_entry, is_not_guessed_about_where_the_dates_do_not_tell)
{
	struct tw_list_entry entry = {.listed_on = {2010, 0, 0, false}, .removed_on = {0, 0, 0, false}};
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2010, 6, 1, false}), TW_LISTED_UNKNOWN);
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2009, 12, 31, false}), TW_LISTED_NOT_YET);
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2011, 1, 1, false}), TW_LISTED_THEN);
	entry.listed_on.year = 0;
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){1990, 1, 1, false}), TW_LISTED_UNKNOWN);
	entry.removed_on = (struct tw_list_date){2012, 4, 0, false};
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2012, 4, 9, false}), TW_LISTED_UNKNOWN);
	cr_assert_eq(tw_list_entry_on(&entry, (struct tw_list_date){2012, 5, 1, false}), TW_LISTED_NO_MORE);
}
