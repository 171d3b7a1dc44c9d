/** @file list_table_test.c  The table against a walk over its records. */
#include "feeds/list_table.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

#define RECORDS 5000

static struct tw_arena arena;
static struct tw_list_table table;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(list_table, .init = setup, .fini = teardown);

/* Keys repeat and entries repeat under them: record i has key i mod 1,250 and entry i mod 3. */
static struct tw_list_record record_of(uint32_t i)
{
	return (struct tw_list_record){tw_arena_format(&arena, "key %u", i % 1250), i % 3, i, (RECORDS - i) % 7};
}

Test(list_table, finds_what_a_walk_over_the_records_finds)
{
	struct tw_list_record *records = tw_arena_alloc(&arena, 2 * RECORDS * sizeof(*records)), *kept = records + RECORDS;
	for (uint32_t i = 0; i < RECORDS; i++) {
		records[i] = kept[i] = record_of(i);
	}
	cr_assert(tw_list_table_build(&table, &arena, records, RECORDS));
	cr_expect_eq(table.group_count, 1250u);
	for (uint32_t key = 0; key < 1250; key++) {
		uint32_t count, expected = 0;
		const struct tw_list_posting *posting = tw_list_table_find(&table, kept[key].key, &count);
		for (uint32_t entry = 0; entry < 3; entry++) {
			const struct tw_list_record *best = NULL;
			for (uint32_t i = key; i < RECORDS; i += 1250) {
				bool better = kept[i].entry == entry && (!best || kept[i].rank < best->rank);
				best = better ? &kept[i] : best;
			}
			if (best) {
				cr_assert_lt(expected, count);
				cr_expect_eq(posting[expected].entry, entry);
				cr_expect_eq(posting[expected].item, best->item);
				expected++;
			}
		}
		cr_expect_eq(count, expected);
	}
}

Test(list_table, a_key_that_nobody_has_is_not_found)
{
	struct tw_list_record records[] = {{tw_slice_str("abc"), 1, 2, 0}};
	uint32_t count = 9;
	cr_assert(tw_list_table_build(&table, &arena, records, 1));
	cr_expect_null(tw_list_table_find(&table, tw_slice_str("ab"), &count));
	cr_expect_eq(count, 0u);
	cr_expect_null(tw_list_table_find(&table, tw_slice_str("abcd"), &count));
	cr_expect_null(tw_list_table_find(&table, tw_slice_str(""), &count));
	cr_expect(tw_list_table_find(&table, tw_slice_str("abc"), &count));
}

Test(list_table, an_empty_table_answers)
{
	uint32_t count = 9;
	cr_assert(tw_list_table_build(&table, &arena, NULL, 0));
	cr_expect_null(tw_list_table_find(&table, tw_slice_str("abc"), &count));
	cr_expect_eq(count, 0u);
}

Test(list_table, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	struct tw_list_record records[] = {{tw_slice_str("abc"), 1, 2, 0}};
	tw_arena_init(&small, 16, 64);
	cr_expect_not(tw_list_table_build(&table, &small, records, 1));
	tw_arena_fini(&small);
}
