/**
 * @file lists_ask_test.c
 * engine/run/lists_ask and lists_nearest: one name, its hits in order, what is set aside, what is near.
 */
#include "engine/command/lists_ask.h"

#include "engine/command/lists_nearest.h"
#include "tests/unit/feeds/list_fixture.h"

static uint32_t add(struct tw_list_stage *stage, const char *id, enum tw_entry_kind kind, const char *name)
{
	uint32_t at;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str(id), kind, 1, &at));
	cr_assert(tw_list_stage_name(stage, at, tw_slice_str(name), TW_NAME_PRIMARY));
	return at;
}

/* Three persons of one name, listed in 2001, removed in 2003, undated; a vessel of that name. */
static struct tw_list_index *index_make(void)
{
	struct tw_list_stage *stage = fixture_stage("L");
	add(stage, "1", TW_ENTRY_PERSON, "Orla Quillfeather");
	add(stage, "2", TW_ENTRY_PERSON, "Orla Quillfeather");
	add(stage, "3", TW_ENTRY_PERSON, "Orla Quillfeather");
	add(stage, "4", TW_ENTRY_VESSEL, "Orla Quillfeather");
	add(stage, "5", TW_ENTRY_PERSON, "Orla Marsh Tern");
	tw_list_stage_entry_at(stage, 0)->listed_on = (struct tw_list_date){2001, 1, 1, false};
	tw_list_stage_entry_at(stage, 1)->listed_on = (struct tw_list_date){2001, 1, 1, false};
	tw_list_stage_entry_at(stage, 1)->removed_on = (struct tw_list_date){2003, 1, 1, false};
	return fixture_index(&stage, 1);
}

static struct tw_lists_answer ask(const struct tw_list_index *index, struct tw_lists_query query, struct tw_arena *arena)
{
	struct tw_lists_answer answer;
	struct tw_error err;
	cr_assert_eq(tw_lists_ask(index, NULL, &query, arena, &answer, &err), TW_OK, "%s", err.what);
	return answer;
}

Test(lists_ask, shows_who_else_is_listed_at_the_address_that_is_asked_with)
{
	struct tw_list_stage *stage = fixture_stage("L");
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	struct tw_slice part = tw_slice_str("14 Wharf Lane, Kestrel Bay");
	add(stage, "1", TW_ENTRY_PERSON, "Orla Quillfeather");
	cr_assert(
	    tw_list_stage_address(stage, add(stage, "2", TW_ENTRY_ORGANISATION, "Tern Ordnance"), &part, 1, tw_slice_str(""), tw_slice_str("")));
	struct tw_list_index *index = fixture_index(&stage, 1);
	struct tw_lists_query query = {
	    .name = tw_slice_str("Orla Quillfeather"), .any_kind = true, .address = tw_slice_str("Kestrel Bay, Wharf Lane 14")};
	struct tw_lists_answer answer = ask(index, query, &arena);
	cr_assert_eq(answer.found, 2);
	cr_expect(tw_slice_is(answer.hit[0].entry.id, "1") && answer.hit[0].match.basis == TW_MATCH_NAME);
	cr_expect(tw_slice_is(answer.hit[1].entry.id, "2") && answer.hit[1].match.basis == TW_MATCH_ADDRESS);
	cr_expect_eq(answer.hit[1].address, TW_AGREES);
	query.address = tw_slice_str("Kestrel Bay, Wharf Lane 16");
	cr_expect_eq(ask(index, query, &arena).found, 1);
	tw_arena_fini(&arena);
	tw_list_index_free(index);
}

Test(lists_ask, finds_by_number_and_lets_it_speak_for_the_name)
{
	struct tw_list_stage *stage = fixture_stage("L");
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	cr_assert(tw_list_stage_identifier(stage, add(stage, "1", TW_ENTRY_PERSON, "Orla Quillfeather"), "passport", tw_slice_str("QF 7710432"),
	                                   tw_slice_str("")));
	add(stage, "2", TW_ENTRY_PERSON, "Orla Quillfeather");
	struct tw_list_index *index = fixture_index(&stage, 1);
	struct tw_lists_query query = {.kind = TW_ENTRY_VESSEL};
	cr_assert(tw_lists_number_read(tw_slice_str("Passport number: qf7710432"), &query.number));
	struct tw_lists_answer answer = ask(index, query, &arena); /* a number is of no kind */
	cr_assert_eq(answer.found, 1);
	cr_expect(answer.hit[0].match.basis == TW_MATCH_IDENTIFIER && answer.hit[0].identifier == TW_AGREES && !answer.hit[0].name_too);
	query.any_kind = true;
	query.name = tw_slice_str("Quillfeather, Orla");
	answer = ask(index, query, &arena);
	cr_assert_eq(answer.found, 2);
	cr_expect(tw_slice_is(answer.hit[0].entry.id, "1") && answer.hit[0].identifier == TW_AGREES && answer.hit[0].name_too);
	cr_expect(tw_slice_is(answer.hit[1].entry.id, "2") && answer.hit[1].identifier == TW_ENTRY_SILENT);
	cr_assert(tw_lists_number_read(tw_slice_str("tax:QF7710432"), &query.number));
	answer = ask(index, query, &arena);
	cr_expect(answer.found == 2 && answer.hit[0].match.basis == TW_MATCH_NAME && answer.hit[0].identifier == TW_UNDECIDED);
	cr_expect_null(query.number.doubt);
	cr_expect_not(tw_lists_number_read(tw_slice_str("ghost:QF7710432"), &query.number));
	cr_expect_not(tw_lists_number_read(tw_slice_str("passport: "), &query.number));
	tw_arena_fini(&arena);
	tw_list_index_free(index);
}

Test(lists_ask, gives_the_first_hits_and_counts_all)
{
	struct tw_list_index *index = index_make();
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	struct tw_lists_answer answer =
	    ask(index, (struct tw_lists_query){.name = tw_slice_str("ORLA QUILLFEATHER"), .any_kind = true, .limit = 2}, &arena);
	cr_assert_eq(answer.found, 4);
	cr_assert_eq(answer.count, 2);
	answer = ask(index, (struct tw_lists_query){.name = tw_slice_str("ORLA QUILLFEATHER"), .kind = TW_ENTRY_PERSON, .limit = 2}, &arena);
	cr_assert_eq(answer.found, 3);
	cr_assert(tw_slice_is(answer.hit[0].entry.id, "1") && tw_slice_is(answer.hit[1].entry.id, "2"));
	answer = ask(index, (struct tw_lists_query){.name = tw_slice_str("Orla Quillfeather"), .kind = TW_ENTRY_VESSEL}, &arena);
	cr_assert_eq(answer.found, 1);
	answer =
	    ask(index, (struct tw_lists_query){.name = tw_slice_str("Orla Quillfeather"), .any_kind = true, .similarity_min_ppm = 1000001}, &arena);
	cr_assert_eq(answer.found, 0);
	tw_arena_fini(&arena);
	tw_list_index_free(index);
}

Test(lists_ask, sets_aside_what_was_not_listed_on_the_day)
{
	struct tw_list_index *index = index_make();
	struct tw_lists_query query = {.name = tw_slice_str("Orla Quillfeather"), .kind = TW_ENTRY_PERSON, .on = {2004, 1, 1, false}};
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	struct tw_lists_answer answer = ask(index, query, &arena);
	cr_assert_eq(answer.found, 2);
	cr_assert_eq(answer.hit[0].listed, TW_LISTED_THEN);
	cr_assert_eq(answer.hit[1].listed, TW_LISTED_UNKNOWN);
	cr_assert_eq(answer.aside_count, 1);
	cr_assert_eq(answer.aside[0].listed, TW_LISTED_NO_MORE);
	query.on.year = 2000;
	cr_assert_eq(ask(index, query, &arena).aside_count, 2);
	tw_arena_fini(&arena);
	tw_list_index_free(index);
}

Test(lists_ask, refuses_a_name_that_is_too_long)
{
	static char name[2000];
	struct tw_list_index *index = index_make();
	struct tw_lists_answer answer;
	struct tw_error err;
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	memset(name, 'a', sizeof(name));
	const struct tw_lists_query query = {.name = {name, sizeof(name)}, .any_kind = true};
	cr_assert_eq(tw_lists_ask(index, NULL, &query, &arena, &answer, &err), TW_E_LIMIT);
	tw_arena_fini(&arena);
	tw_list_index_free(index);
}

Test(lists_ask, reads_the_words_of_a_row_or_says_no)
{
	struct tw_lists_query query = {.limit = 1};
	cr_assert(tw_lists_kind_read(tw_slice_str("company"), &query) && query.kind == TW_ENTRY_ORGANISATION && !query.any_kind);
	cr_assert(tw_lists_kind_read(tw_slice_str(""), &query) && query.any_kind);
	cr_assert_not(tw_lists_kind_read(tw_slice_str("ghost"), &query));
	cr_assert(tw_lists_country_read(tw_slice_str("xa"), &query) && query.country == ('X' << 8 | 'A'));
	cr_assert(tw_lists_country_read(tw_slice_str(""), &query) && !query.country);
	cr_assert_not(tw_lists_country_read(tw_slice_str("XAB"), &query));
	cr_assert(tw_lists_birth_read(tw_slice_str("1962-03"), &query) && query.birth.month == 3);
	cr_assert_not(tw_lists_birth_read(tw_slice_str("soon"), &query));
	cr_assert_str_eq(tw_agreement_name(TW_CONTRADICTS), "contradicts");
	cr_assert_str_eq(tw_listed_name(TW_LISTED_NO_MORE), "no more");
}

Test(lists_nearest, puts_more_shared_words_first_and_allows_a_slip)
{
	struct tw_list_index *index = index_make();
	struct tw_lists_near near[TW_LISTS_NEAR_MAX];
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	const struct tw_lists_query query = {.name = tw_slice_str("Orla Quilfeather"), .kind = TW_ENTRY_PERSON};
	cr_assert_eq(tw_lists_nearest(index, &query, &arena, near), 4);
	cr_assert(tw_slice_is(near[0].entry.id, "1") && near[0].shared == 2 && near[0].words == 2 && near[0].edits == 1);
	cr_assert(tw_slice_is(near[3].entry.id, "5") && near[3].shared == 1 && near[3].words == 3);
	const struct tw_lists_query none = {.name = tw_slice_str("Zz Yy"), .any_kind = true};
	cr_assert_eq(tw_lists_nearest(index, &none, &arena, near), 0);
	tw_arena_fini(&arena);
	tw_list_index_free(index);
}
