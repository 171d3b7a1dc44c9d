/** @file list_screen_test.c  Names and numbers against an index: what hits, what does not, in which order. */
#include <tidewaiter/limits.h>

#include "tests/unit/feeds/list_fixture.h"

static struct tw_arena arena;
static struct tw_list_index *index_;
static struct tw_error err;
static struct tw_matches matches;

static uint32_t entry_add(struct tw_list_stage *stage, const char *id, enum tw_entry_kind kind, const char *name)
{
	uint32_t entry;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str(id), kind, 1, &entry));
	tw_list_stage_entry_at(stage, entry)->programme = tw_slice_str("TEST");
	cr_assert(tw_list_stage_name(stage, entry, tw_slice_str(name), TW_NAME_PRIMARY));
	return entry;
}

static void name_add(struct tw_list_stage *stage, uint32_t entry, const char *name, enum tw_name_quality quality)
{
	cr_assert(tw_list_stage_name(stage, entry, tw_slice_str(name), quality));
}

static void identifier_add(struct tw_list_stage *stage, uint32_t entry, const char *scheme, const char *value)
{
	cr_assert(tw_list_stage_identifier(stage, entry, scheme, tw_slice_str(value), tw_slice_str("Nowhere")));
}

static struct tw_list_stage *first_list(void)
{
	struct tw_list_stage *stage = fixture_stage("xa-list");
	uint32_t line = entry_add(stage, "20", TW_ENTRY_ORGANISATION, "ALPHA MARITIME LINES COMPANY, LIMITED (AML)");
	name_add(stage, line, "Alpha Lines", TW_NAME_STRONG);
	name_add(stage, line, "Alfie", TW_NAME_WEAK);
	name_add(stage, line, "Beta Lines", TW_NAME_FORMER);
	identifier_add(stage, line, "imo_company", "5342883");
	identifier_add(stage, line, "registration", "HRB 12-345");
	uint32_t man = entry_add(stage, "3", TW_ENTRY_PERSON, "QUILL, Yusuf Tern");
	name_add(stage, man, "Alfie", TW_NAME_STRONG);
	name_add(stage, man, "Юсуф Квилл", TW_NAME_ORIGINAL_SCRIPT);
	identifier_add(stage, man, "passport", "A-992535");
	identifier_add(stage, man, "national_id", "992535");
	uint32_t ship = entry_add(stage, "4", TW_ENTRY_VESSEL, "TERN");
	identifier_add(stage, ship, "imo", "9074729");
	identifier_add(stage, ship, "mmsi", "572469210");
	identifier_add(stage, ship, "call_sign", "T2EU4");
	entry_add(stage, "5", TW_ENTRY_AIRCRAFT, "EP-XXA");
	return stage;
}

static struct tw_list_stage *second_list(void)
{
	struct tw_list_stage *stage = fixture_stage("xb-list");
	uint32_t man = entry_add(stage, "XXi.001", TW_ENTRY_PERSON, "Tern Yusuf Quill");
	name_add(stage, man, "Yusuf Quill Tern", TW_NAME_WEAK);
	identifier_add(stage, man, "passport", "A992535");
	entry_add(stage, "XXe.001", TW_ENTRY_UNKNOWN, "Alpha Lines SARL");
	return stage;
}

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	err = (struct tw_error){0};
	index_ = fixture_index((struct tw_list_stage *[]){first_list(), second_list()}, 2);
}

static void teardown(void)
{
	tw_list_index_free(index_);
	tw_arena_fini(&arena);
}

TestSuite(list_screen, .init = setup, .fini = teardown);

/* What words and quality decide is shown; how rare the words are among so few names, and how they are written, is left out. */
static uint32_t by_words(const struct tw_match *match)
{
	int32_t sum = 0;
	for (uint32_t i = 0; i < match->part_count; i++) {
		bool fine = strcmp(match->part[i].feature, "rarity") == 0 || strcmp(match->part[i].feature, "spelling") == 0;
		sum += fine ? 0 : match->part[i].ppm;
	}
	return (uint32_t)sum;
}

static const char *hits(const struct tw_list_index *index)
{
	struct tw_slice text = {"", 0};
	for (uint32_t i = 0; i < matches.count; i++) {
		const struct tw_match *match = &matches.match[i];
		text = tw_arena_format(&arena, "%s[%.*s %.*s %.*s %u]", text.ptr, (int)match->list.len, match->list.ptr, (int)match->entry.len,
		                       match->entry.ptr, (int)match->name.len, match->name.ptr, by_words(match));
	}
	(void)index;
	return text.ptr;
}

static void expect_screen(const char *name, enum tw_entry_kind kind, const char *expected)
{
	cr_assert_eq(tw_list_index_screen(index_, tw_slice_str(name), kind, &arena, &matches, &err), TW_OK);
	cr_expect_str_eq(hits(index_), expected, "%s hits %s", name, hits(index_));
}

static void expect_identify(const char *scheme, const char *value, const char *expected)
{
	cr_assert_eq(tw_list_index_identify(index_, tw_slice_str(scheme), tw_slice_str(value), &arena, &matches, &err), TW_OK);
	cr_expect_str_eq(hits(index_), expected, "%s %s hits %s", scheme, value, hits(index_));
}

Test(list_screen, a_name_hits_in_any_order_case_and_company_form)
{
	expect_screen("Lines ALPHA, Ltd", TW_ENTRY_ORGANISATION, "[xa-list 20 Alpha Lines 1000000][xb-list XXe.001 Alpha Lines SARL 1000000]");
	expect_screen("yusuf tern quill", TW_ENTRY_PERSON, "[xb-list XXi.001 Tern Yusuf Quill 1000000][xa-list 3 QUILL, Yusuf Tern 1000000]");
	expect_screen("КВИЛЛ юсуф", TW_ENTRY_PERSON, "[xa-list 3 Юсуф Квилл 1000000]");
}

Test(list_screen, an_issuers_abbreviation_may_be_there_or_not)
{
	expect_screen("Alpha Maritime Lines Co", TW_ENTRY_UNKNOWN,
	              "[xa-list 20 ALPHA MARITIME LINES COMPANY, LIMITED (AML) 1000000][xb-list XXe.001 Alpha Lines SARL 661034]");
	expect_screen("Alpha Maritime Lines Company Limited (AML)", TW_ENTRY_UNKNOWN,
	              "[xa-list 20 ALPHA MARITIME LINES COMPANY, LIMITED (AML) 1000000][xb-list XXe.001 Alpha Lines SARL 713870]");
}

Test(list_screen, a_listed_name_inside_a_longer_one_is_no_hit)
{
	expect_screen("Alpha Lines of Nowhere", TW_ENTRY_ORGANISATION, "");
	expect_screen("Quill", TW_ENTRY_PERSON, "");
	expect_screen("Alpha Alpha Lines", TW_ENTRY_ORGANISATION, "");
}

Test(list_screen, a_word_of_trade_left_out_or_added_leaves_a_weak_hit)
{
	expect_screen("Alpha", TW_ENTRY_ORGANISATION, "[xa-list 20 Alpha Lines 814318][xb-list XXe.001 Alpha Lines SARL 741362]");
	expect_screen("Alpha Lines Trading", TW_ENTRY_ORGANISATION, "[xa-list 20 Alpha Lines 793952][xb-list XXe.001 Alpha Lines SARL 736756]");
	expect_screen("Lines", TW_ENTRY_ORGANISATION, "");
}

Test(list_screen, a_weak_name_comes_after_a_strong_one_and_counts_less)
{
	expect_screen("ALFIE", TW_ENTRY_UNKNOWN, "[xa-list 3 Alfie 1000000][xa-list 20 Alfie 900000]");
}

Test(list_screen, an_entry_hits_once_with_its_best_name)
{
	expect_screen("Quill Tern Yusuf", TW_ENTRY_UNKNOWN, "[xa-list 3 QUILL, Yusuf Tern 1000000][xb-list XXi.001 Tern Yusuf Quill 1000000]");
	cr_expect_eq(matches.match[1].quality, TW_NAME_PRIMARY);
}

Test(list_screen, persons_and_organisations_meet_vessels_never)
{
	expect_screen("Tern", TW_ENTRY_ORGANISATION, "");
	expect_screen("Tern", TW_ENTRY_UNKNOWN, "");
	expect_screen("M/V Tern", TW_ENTRY_VESSEL, "[xa-list 4 TERN 1000000]");
	expect_screen("Alpha Lines", TW_ENTRY_VESSEL, "");
	expect_screen("Alpha Lines", TW_ENTRY_PERSON, "[xb-list XXe.001 Alpha Lines SARL 1000000][xa-list 20 Alpha Lines 950000]");
	expect_screen("EP XXA", TW_ENTRY_AIRCRAFT, "[xa-list 5 EP-XXA 1000000]");
	expect_screen("EP XXA", TW_ENTRY_UNKNOWN, "");
}

Test(list_screen, a_hit_says_what_the_snapshot_knows_and_nothing_of_the_event)
{
	expect_screen("Beta Lines", TW_ENTRY_ORGANISATION, "[xa-list 20 Beta Lines 1000000]");
	const struct tw_match *match = &matches.match[0];
	cr_expect(tw_slice_is(match->programme, "TEST"));
	cr_expect_eq(match->kind, TW_ENTRY_ORGANISATION);
	cr_expect_eq(match->quality, TW_NAME_FORMER);
	cr_expect_eq(match->basis, TW_MATCH_NAME);
	cr_expect_eq(match->scheme.len + match->query.len + match->role.len + match->pointer.len + match->span.to, 0u);
	cr_expect_null(match->subject);
}

Test(list_screen, a_name_that_says_nothing_hits_nothing)
{
	const char *nothing[] = {"", " ", "Ltd", "Co., Ltd.", "X", "..."};
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		expect_screen(nothing[i], TW_ENTRY_UNKNOWN, "");
	}
}

Test(list_screen, bytes_that_are_no_utf8_do_not_matter)
{
	expect_screen("Beta \xff\xfe Lines", TW_ENTRY_ORGANISATION, "[xa-list 20 Beta Lines 1000000]");
}

Test(list_screen, a_name_past_its_bound_is_refused)
{
	char name[TW_NAME_BYTES_MAX + 1];
	memset(name, 'a', sizeof(name));
	matches.count = 77;
	cr_expect_eq(tw_list_index_screen(index_, (struct tw_slice){name, sizeof(name)}, TW_ENTRY_PERSON, &arena, &matches, &err), TW_E_LIMIT);
	cr_expect_eq(tw_list_index_identify(index_, tw_slice_str(""), (struct tw_slice){name, sizeof(name)}, &arena, &matches, &err), TW_E_LIMIT);
	cr_expect_eq(matches.count, 77u, "out is untouched");
	cr_expect_eq(tw_list_index_screen(index_, (struct tw_slice){name, sizeof(name) - 1}, TW_ENTRY_PERSON, &arena, &matches, &err), TW_OK);
}

Test(list_screen, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	tw_arena_init(&small, 16, 16);
	cr_expect_eq(tw_list_index_screen(index_, tw_slice_str("Alpha Maritime Lines"), TW_ENTRY_UNKNOWN, &small, &matches, &err), TW_E_MEMORY);
	cr_expect_eq(tw_list_index_identify(index_, tw_slice_str(""), tw_slice_str("A-992535 and more"), &small, &matches, &err), TW_E_MEMORY);
	tw_arena_fini(&small);
}

Test(list_screen, a_miss_leaves_nothing_in_the_arena)
{
	expect_screen("Nobody at all", TW_ENTRY_UNKNOWN, "");
	struct tw_arena_mark before = tw_arena_mark(&arena);
	for (int i = 0; i < 100; i++) {
		cr_assert_eq(tw_list_index_screen(index_, tw_slice_str("Nobody's heard of"), TW_ENTRY_UNKNOWN, &arena, &matches, &err), TW_OK);
		cr_assert_eq(tw_list_index_identify(index_, tw_slice_str("vat"), tw_slice_str("XA 123456"), &arena, &matches, &err), TW_OK);
	}
	struct tw_arena_mark after = tw_arena_mark(&arena);
	cr_expect(before.block == after.block && before.used == after.used);
}

Test(list_screen, numbers_are_compared_by_letters_and_digits)
{
	expect_identify("passport", "a 992 535", "[xa-list 3 A-992535 1000000][xb-list XXi.001 A992535 1000000]");
	expect_identify("imo", "IMO 9074729", "[xa-list 4 9074729 1000000]");
	expect_identify("imo", "IMO no. 9074729", "[xa-list 4 9074729 1000000]");
	expect_identify("IMO number", "9074729", "[xa-list 4 9074729 1000000]");
	expect_identify("company_number", "hrb12345", "[xa-list 20 HRB 12-345 1000000]");
	cr_expect_eq(matches.match[0].basis, TW_MATCH_IDENTIFIER);
	cr_expect(tw_slice_is(matches.match[0].scheme, "registration"));
}

Test(list_screen, a_number_of_another_scheme_is_another_number)
{
	expect_identify("tax", "A992535", "");
	expect_identify("imo", "5342883", "");
	expect_identify("imo_company", "5342883", "[xa-list 20 5342883 1000000]");
	expect_identify("library_card", "A992535", "");
}

Test(list_screen, without_a_scheme_ships_numbers_do_not_stand_alone)
{
	expect_identify("", "A992535", "[xa-list 3 A-992535 1000000][xb-list XXi.001 A992535 1000000]");
	expect_identify("", "9074729", "");
	expect_identify("", "5342883", "");
	expect_identify("", "572469210", "");
	expect_identify("", "T2EU4", "");
	expect_identify("call_sign", "T2EU4", "[xa-list 4 T2EU4 1000000]");
}

Test(list_screen, a_number_of_fewer_than_five_characters_never_hits)
{
	struct tw_list_stage *stage = fixture_stage("xc-list");
	uint32_t entry = entry_add(stage, "1", TW_ENTRY_PERSON, "Alpha Beta");
	identifier_add(stage, entry, "passport", "12-34");
	identifier_add(stage, entry, "passport", "12345");
	struct tw_list_index *index = fixture_index(&stage, 1);
	cr_assert_eq(tw_list_index_identify(index, tw_slice_str("passport"), tw_slice_str("1234"), &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 0u);
	cr_assert_eq(tw_list_index_identify(index, tw_slice_str("passport"), tw_slice_str("12345"), &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 1u);
	tw_list_index_free(index);
}

Test(list_screen, the_order_of_loading_does_not_show)
{
	struct tw_list_index *other = fixture_index((struct tw_list_stage *[]){second_list(), first_list()}, 2);
	const char *names[] = {"Alpha Lines", "Alfie", "Yusuf Tern Quill"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_assert_eq(tw_list_index_screen(index_, tw_slice_str(names[i]), TW_ENTRY_UNKNOWN, &arena, &matches, &err), TW_OK);
		const char *one = hits(index_);
		cr_assert_eq(tw_list_index_screen(other, tw_slice_str(names[i]), TW_ENTRY_UNKNOWN, &arena, &matches, &err), TW_OK);
		cr_expect_str_eq(hits(other), one);
	}
	cr_expect_str_eq(fixture_entry(other, "xa-list", "3", &arena), fixture_entry(index_, "xa-list", "3", &arena));
	tw_list_index_free(other);
}

Test(list_screen, of_more_entries_than_an_officer_reads_the_first_are_given)
{
	struct tw_list_stage *stage = fixture_stage("xc-list");
	for (int i = TW_HITS_MAX + 20; i > 0; i--) {
		uint32_t entry = entry_add(stage, tw_arena_format(&arena, "%03d", i).ptr, TW_ENTRY_PERSON, "Other Name");
		name_add(stage, entry, "Same Name", i % 2 ? TW_NAME_WEAK : TW_NAME_STRONG);
	}
	struct tw_list_index *index = fixture_index(&stage, 1);
	cr_assert_eq(tw_list_index_screen(index, tw_slice_str("same name"), TW_ENTRY_PERSON, &arena, &matches, &err), TW_OK);
	cr_assert_eq(matches.count, (uint32_t)TW_HITS_MAX);
	cr_expect(tw_slice_is(matches.match[0].entry, "002"));
	cr_expect(tw_slice_is(matches.match[25].entry, "052"));
	cr_expect(tw_slice_is(matches.match[26].entry, "001"), "the weak ones follow");
	cr_expect_eq(by_words(&matches.match[26]), 900000u);
	tw_list_index_free(index);
}

Test(list_screen, an_entry_is_looked_up_by_list_and_reference)
{
	cr_expect_str_eq(
	    fixture_entry(index_, "xa-list", "20", &arena),
	    "20 organisation TEST\nprimary: ALPHA MARITIME LINES COMPANY, LIMITED (AML)\nstrong: Alpha Lines\nweak: Alfie\nformer: Beta Lines\n"
	    "imo_company: 5342883 XA\nregistration: HRB 12-345 XA\ncountries:\n");
	struct tw_list_entry entry;
	cr_expect_not(tw_list_index_entry(index_, tw_slice_str("xb-list"), tw_slice_str("20"), &entry));
	cr_expect_not(tw_list_index_entry(index_, tw_slice_str("xa-list"), tw_slice_str("2"), &entry));
	cr_expect_not(tw_list_index_entry(index_, tw_slice_str(""), tw_slice_str(""), &entry));
}

Test(list_screen, an_index_without_lists_answers)
{
	struct tw_list_index *empty = fixture_index(NULL, 0);
	cr_assert_eq(tw_list_index_screen(empty, tw_slice_str("Alpha Lines"), TW_ENTRY_UNKNOWN, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 0u);
	cr_expect_eq(tw_list_index_stat(empty).entries, 0u);
	tw_list_index_free(empty);
}
