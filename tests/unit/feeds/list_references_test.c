/** @file list_references_test.c  What is added is found under its set and id alone, in its order, past every growth. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "feeds/list_references.h"

#define MANY 5000U

static struct tw_arena arena;
static struct tw_list_references references;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	references = (struct tw_list_references){.arena = &arena};
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(list_references, .init = setup, .fini = teardown);

static bool add(uint32_t set, const char *id, uint32_t value)
{
	const struct tw_slice blank = {"", 0};
	const struct tw_list_fact fact = {.set = set, .id = tw_slice_str(id), .text = {tw_slice_str(id), blank, blank, blank}, .value = value};
	return tw_list_references_add(&references, &fact);
}

Test(list_references, nothing_is_found_in_an_empty_table)
{
	cr_expect_null(tw_list_references_find(&references, 1, tw_slice_str("a")));
	cr_expect_eq(tw_list_references_text(&references, 1, tw_slice_str("a")).len, 0);
}

Test(list_references, facts_of_one_id_come_in_their_order_past_growth)
{
	char id[16];
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(id, sizeof(id), "%u", i / 2);
		cr_assert(add(1, id, i));
	}
	for (uint32_t i = 0; i < MANY; i += 2) {
		snprintf(id, sizeof(id), "%u", i / 2);
		const struct tw_list_fact *fact = tw_list_references_find(&references, 1, tw_slice_str(id));
		cr_assert(fact && fact->value == i && tw_slice_is(fact->text[0], id));
		fact = tw_list_references_next(&references, fact);
		cr_assert(fact && fact->value == i + 1);
		cr_assert_null(tw_list_references_next(&references, fact));
	}
}

Test(list_references, sets_are_apart)
{
	cr_assert(add(1, "a", 1) && add(2, "a", 2));
	cr_expect_eq(tw_list_references_find(&references, 2, tw_slice_str("a"))->value, 2);
	cr_expect_null(tw_list_references_find(&references, 3, tw_slice_str("a")));
}

Test(list_references, no_memory_is_said_and_what_was_there_stays)
{
	struct tw_arena small;
	tw_arena_init(&small, 4096, 300000);
	references.arena = &small;
	char id[16];
	uint32_t held = 0;
	for (; held < 100000; held++) {
		snprintf(id, sizeof(id), "%u", held);
		if (!add(1, id, held)) {
			break;
		}
	}
	cr_expect_lt(held, 100000);
	cr_expect_eq(tw_list_references_find(&references, 1, tw_slice_str("0"))->value, 0);
	cr_expect_null(tw_list_references_find(&references, 1, tw_slice_str(id)));
	tw_arena_fini(&small);
}
