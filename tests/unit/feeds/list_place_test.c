/** @file list_place_test.c  Addresses against an index: who is listed there, whatever the name, and what is no place. */
#include <tidewaiter/limits.h>

#include "tests/unit/feeds/list_fixture.h"

static struct tw_arena arena;
static struct tw_list_index *index_;
static struct tw_list_memo *memo;
static struct tw_error err;
static struct tw_matches matches;

static uint32_t entry_add(struct tw_list_stage *stage, const char *id, const char *name)
{
	uint32_t entry;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str(id), TW_ENTRY_ORGANISATION, 1, &entry));
	cr_assert(tw_list_stage_name(stage, entry, tw_slice_str(name), TW_NAME_PRIMARY));
	return entry;
}

static void address_add(struct tw_list_stage *stage, uint32_t entry, const char *text, const char *city, const char *country)
{
	struct tw_slice part = tw_slice_str(text);
	cr_assert(tw_list_stage_address(stage, entry, &part, 1, tw_slice_str(city), tw_slice_str(country)));
}

static void setup(void)
{
	struct tw_list_stage *stage = fixture_stage("xa-list");
	tw_arena_init(&arena, 65536, 0);
	uint32_t works = entry_add(stage, "7", "Tern Ordnance Works");
	address_add(stage, works, "Unit 4, 17 Quay Street", "Portmoor", "XA");
	address_add(stage, works, "17 Quay Street, Unit 4, Portmoor 20110", "Portmoor", "XA");
	address_add(stage, works, "Portmoor", "Portmoor", "XA");
	address_add(stage, works, "P.O. Box 77, Portmoor", "Portmoor", "XA");
	uint32_t bay = entry_add(stage, "2", "Kestrel Bay Holding");
	address_add(stage, bay, "14 Wharf Lane, Kestrel Bay", "", "XA");
	address_add(stage, entry_add(stage, "9", "Heron Trading"), "17 Quay Street, Unit 4", "Portmoor", "");
	index_ = fixture_index(&stage, 1);
	cr_assert_eq(tw_list_memo_new(index_, &memo, &err), TW_OK);
}

static void teardown(void)
{
	tw_list_memo_free(memo);
	tw_list_index_free(index_);
	tw_arena_fini(&arena);
}

TestSuite(list_place, .init = setup, .fini = teardown);

static uint16_t country(const char *code)
{
	return (uint16_t)(*code ? code[0] << 8 | code[1] : 0);
}

/* Twice with a memo, once without: what is remembered changes no answer. */
static uint32_t found(const char *text, const char *city, const char *code)
{
	const struct tw_list_address address = {tw_slice_str(text), tw_slice_str(city), country(code)};
	struct tw_list_query query = {.addresses = &address, .address_count = 1, .memo = memo};
	cr_assert_eq(tw_list_index_locate(index_, &query, &arena, &matches, &err), TW_OK);
	uint32_t count = matches.count;
	cr_assert_eq(tw_list_index_locate(index_, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, count);
	query.memo = NULL;
	cr_assert_eq(tw_list_index_locate(index_, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, count);
	return count;
}

Test(list_place, whoever_is_at_a_listed_address_hits_its_entry_once)
{
	cr_assert_eq(found("PORTMOOR, QUAY ST. 17, UNIT 4", "", "XA"), 2);
	const struct tw_match *match = &matches.match[1];
	cr_expect(tw_slice_is(matches.match[0].entry, "7") && tw_slice_is(match->entry, "9"), "alike: by entry");
	cr_expect_eq(match->basis, TW_MATCH_ADDRESS);
	cr_expect(tw_slice_is(match->name, "17 Quay Street, Unit 4"));
	cr_expect(tw_slice_is(match->list, "xa-list") && match->scheme.len == 0 && match->kind == TW_ENTRY_ORGANISATION);
	cr_expect_str_eq(match->part[0].feature, "address");
	cr_expect_eq(match->similarity_ppm, 500000u);
	cr_assert_eq(found("Wharf Lane 14", "Kestrel Bay", ""), 1, "the town stands beside it");
	cr_expect(tw_slice_is(matches.match[0].entry, "2"));
}

Test(list_place, another_house_town_or_country_is_another_place)
{
	cr_expect_eq(found("16 Wharf Lane, Kestrel Bay", "", "XA"), 0u);
	cr_expect_eq(found("14 Wharf Lane, Kestrel Bay", "", "XB"), 0u);
	cr_expect_eq(found("Unit 4, 17 Quay Street", "Kestrel", "XA"), 0u);
	cr_expect_eq(found("Unit 4, 17 Quay Street", "Portmoor City", "XA"), 2u, "one town's name in the other's");
	cr_expect_eq(found("Unit 4, 17 Quay Street", "Portmoor", "XB"), 1u, "no country is told of one");
	cr_expect(tw_slice_is(matches.match[0].entry, "9"));
}

Test(list_place, a_town_or_a_letter_box_is_no_place)
{
	cr_expect_eq(found("Portmoor", "Portmoor", "XA"), 0u);
	cr_expect_eq(found("PO BOX 77, PORTMOOR", "Portmoor", "XA"), 0u);
	cr_expect_eq(found("20110 Portmoor", "", "XA"), 0u);
	cr_expect_eq(found("", "Portmoor", "XA"), 0u);
}

Test(list_place, what_else_agrees_moves_the_similarity_and_stays_below_every_name)
{
	const struct tw_list_address address = {tw_slice_str("14 Wharf Lane, Kestrel Bay"), {"", 0}, 0};
	const uint16_t nationality = country("XB");
	struct tw_list_query query = {.addresses = &address, .address_count = 1, .countries = &nationality, .country_count = 1};
	cr_assert_eq(tw_list_index_locate(index_, &query, &arena, &matches, &err), TW_OK);
	cr_assert_eq(matches.count, 1);
	int32_t sum = 0;
	for (uint32_t i = 0; i < matches.match[0].part_count; i++) {
		cr_expect(i == 0 || strcmp(matches.match[0].part[i].feature, "address") != 0, "the address counts once");
		sum += matches.match[0].part[i].ppm;
	}
	cr_expect_eq((int32_t)matches.match[0].similarity_ppm, sum);
	cr_expect_lt(sum, 780000);
}

static bool hides_seven(void *context, struct tw_slice list, struct tw_slice entry)
{
	(void)context;
	(void)list;
	return tw_slice_is(entry, "7");
}

Test(list_place, a_hidden_entry_is_no_hit_and_is_not_remembered_as_nobody)
{
	const struct tw_list_address address = {tw_slice_str("14 Wharf Lane, Kestrel Bay"), {"", 0}, 0},
	                             shared = {tw_slice_str("17 Quay Street, Unit 4, Portmoor"), {"", 0}, 0};
	struct tw_list_filter filter = {.hides = hides_seven};
	struct tw_list_query query = {.addresses = &shared, .address_count = 1, .filter = &filter, .memo = memo};
	cr_assert_eq(tw_list_index_locate(index_, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 1u);
	cr_expect_eq(filter.hidden, 1u, "an entry is counted once, however many addresses it has there");
	query.filter = NULL;
	cr_assert_eq(tw_list_index_locate(index_, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 2u);
	query.addresses = &address;
	cr_assert_eq(tw_list_index_locate(index_, &query, &arena, &matches, &err), TW_OK);
	cr_expect_eq(matches.count, 1u);
}

Test(list_place, of_more_entries_than_there_is_room_for_the_first_are_shown)
{
	struct tw_list_stage *stage = fixture_stage("xb-list");
	for (uint32_t i = 0; i < TW_HITS_MAX + 8; i++) {
		struct tw_slice id = tw_arena_format(&arena, "%03u", i);
		address_add(stage, entry_add(stage, id.ptr, "Tern Ordnance"),
		            i % 2 ? "14 Wharf Lane, Kestrel Bay" : "14 Wharf Lane, Kestrel Bay 20110", "", "");
	}
	struct tw_list_index *many = fixture_index(&stage, 1);
	const struct tw_list_address address = {tw_slice_str("14 Wharf Lane, Kestrel Bay"), {"", 0}, 0};
	struct tw_list_query query = {.addresses = &address, .address_count = 1};
	cr_assert_eq(tw_list_index_locate(many, &query, &arena, &matches, &err), TW_OK);
	cr_assert_eq(matches.count, TW_HITS_MAX);
	cr_expect(tw_slice_is(matches.match[0].entry, "001"), "the nearest first");
	cr_expect(tw_slice_is(matches.match[19].entry, "039"));
	cr_expect(tw_slice_is(matches.match[20].entry, "000"));
	cr_expect(tw_slice_is(matches.match[31].entry, "022"));
	tw_list_index_free(many);
}

Test(list_place, without_memory_it_refuses)
{
	struct tw_arena small;
	const struct tw_list_address address = {tw_slice_str("14 Wharf Lane, Kestrel Bay"), {"", 0}, 0};
	struct tw_list_query query = {.addresses = &address, .address_count = 1};
	tw_arena_init(&small, 16, 16);
	cr_expect_eq(tw_list_index_locate(index_, &query, &small, &matches, &err), TW_E_MEMORY);
	tw_arena_fini(&small);
}
