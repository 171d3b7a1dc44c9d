/* Cutting both sides at one moment, and naming what differs. */
#include "engine/command/state_compare.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/record.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(state_compare, .init = start, .fini = stop);

/* A record of events of one consignment each, by tag. */
static struct tw_slice record_of(const uint64_t *tags, uint32_t count)
{
	char *out = tw_arena_alloc_raw(&arena, 4096), *at = out + TW_RECORD_EMPTY_BYTES;
	struct tw_counter one = {TW_COUNT_NAMED, 1};
	struct tw_state state = {&one, 1, NULL, 0};
	tw_record_begin(out);
	for (uint32_t i = 0; i < count; i++) {
		at += tw_entry_write(at, tags[i], tw_packed_write(&state, &arena));
	}
	return (struct tw_slice){out, (uint32_t)(at - out)};
}

static int64_t named_below(struct tw_slice record, int64_t below)
{
	const struct tw_store_place places[] = {{tw_slice_str("a"), 2, 0}, {tw_slice_str("b"), 2, 0}};
	const uint32_t topics[] = {5, UINT32_MAX};
	const int64_t cuts[] = {below, 0};
	struct tw_state_cut cut = {places, topics, cuts, 2};
	struct tw_state state;
	cr_assert_eq(tw_state_cut(record, &cut, &arena, &state), TW_OK);
	return tw_state_counter(&state, TW_COUNT_NAMED, 0);
}

Test(state_compare, entries_at_or_above_the_cut_are_left_out)
{
	const uint64_t tags[] = {tw_tag(5, 2, 3), tw_tag(5, 2, 9), tw_tag(5, 2, 4), tw_tag(4, 2, 100), tw_tag(5, 1, 100)};
	struct tw_slice record = record_of(tags, 5);
	cr_expect_eq(named_below(record, 0), 2, "other topics and partitions are no places: they stay");
	cr_expect_eq(named_below(record, 4), 3);
	cr_expect_eq(named_below(record, 9), 4);
	cr_expect_eq(named_below(record, 10), 5);
}

Test(state_compare, no_record_is_an_empty_state_and_a_damaged_one_is_said_to_be)
{
	struct tw_state_cut cut = {NULL, NULL, NULL, 0};
	struct tw_state state;
	cr_expect_eq(tw_state_cut((struct tw_slice){NULL, 0}, &cut, &arena, &state), TW_OK);
	cr_expect(state.counter_count == 0 && state.element_count == 0);
	const uint64_t tag = tw_tag(0, 0, 1);
	struct tw_slice record = record_of(&tag, 1);
	for (uint32_t length = 1; length < record.len; length++) {
		enum tw_code code = tw_state_cut((struct tw_slice){record.ptr, length}, &cut, &arena, &state);
		cr_expect(code == TW_E_CORRUPT || (length == TW_RECORD_EMPTY_BYTES && code == TW_OK), "%u bytes: %d", length, code);
	}
}

Test(state_compare, each_part_that_differs_is_named_with_both_sides)
{
	struct tw_counter log[] = {{TW_COUNT_LAST, 20514}, {TW_COUNT_NAMED, 3}}, store[] = {{TW_COUNT_NAMED, 4}, {TW_COUNT_CANCELLED, 1}};
	struct tw_element draw = {tw_slice_str("DCONS-1"), {0, 1, 1}, tw_slice_str("")},
	                  later = {tw_slice_str("DCONS-1"), {0, 2, 1}, tw_slice_str("")};
	struct tw_state a = {log, 2, &draw, 1}, b = {store, 2, &later, 1};
	struct tw_state_part parts[4];
	cr_assert_eq(tw_state_compare(&a, &b, false, parts, 4), 4);
	cr_expect_str_eq(parts[0].what, "last seen");
	cr_expect(strcmp(parts[0].log, "2026-03-02") == 0 && parts[0].store[0] == '\0');
	cr_expect(strcmp(parts[1].log, "3") == 0 && strcmp(parts[1].store, "4") == 0, "%s %s", parts[1].log, parts[1].store);
	cr_expect(strcmp(parts[2].what, "cancelled") == 0 && parts[2].log[0] == '\0' && strcmp(parts[2].store, "1") == 0);
	cr_expect_str_eq(parts[3].what, "draw of CONS-1 (version or content)");
	cr_expect_eq(tw_state_compare(&a, &b, false, parts, 1), 4, "what has no room is counted");
	cr_expect_eq(tw_state_compare(&a, &a, false, NULL, 0), 0);
}

Test(state_compare, a_log_without_its_begin_is_only_contradicted)
{
	struct tw_counter log[] = {{TW_COUNT_FIRST, 20}, {TW_COUNT_LAST, 30}, {TW_COUNT_NAMED, 3}, {TW_COUNT_COUNTRIES(0), 6}};
	struct tw_counter more[] = {{TW_COUNT_FIRST, 10}, {TW_COUNT_LAST, 31}, {TW_COUNT_NAMED, 9}, {TW_COUNT_COUNTRIES(0), 7}};
	struct tw_state a = {log, 4, NULL, 0}, b = {more, 4, NULL, 0};
	cr_expect_eq(tw_state_compare(&a, &b, true, NULL, 0), 0);
	cr_expect_eq(tw_state_compare(&b, &a, true, NULL, 0), 4, "each of them contradicts");
	cr_expect_eq(tw_state_compare(&a, &b, false, NULL, 0), 4);
	struct tw_element old = {tw_slice_str("DC"), {0, 1, 1}, tw_slice_str("")}, new = {tw_slice_str("DC"), {0, 2, 1}, tw_slice_str("")};
	struct tw_state c = {NULL, 0, &old, 1}, d = {NULL, 0, &new, 1};
	cr_expect_eq(tw_state_compare(&c, &d, true, NULL, 0), 0);
	cr_expect_eq(tw_state_compare(&d, &c, true, NULL, 0), 1);
}

Test(state_compare, days_that_the_store_has_summed_up_contradict_nothing)
{
	struct tw_counter log = {tw_bucket_field(100, TW_BUCKET_SEEN), 1}, late = {tw_bucket_field(900, TW_BUCKET_SEEN), 1};
	struct tw_state a = {&log, 1, NULL, 0}, b = {&late, 1, NULL, 0};
	cr_expect_eq(tw_state_compare(&a, &b, true, NULL, 0), 0);
	late.field = tw_bucket_field(120, TW_BUCKET_SEEN);
	cr_expect_eq(tw_state_compare(&a, &b, true, NULL, 0), 1);
}

static struct tw_difference missing(const char *key, enum tw_entity_kind kind)
{
	return (struct tw_difference){.kind = TW_DIFFERENCE_MISSING, .entity = kind, .key = tw_slice_str(key)};
}

Test(state_compare, the_first_differences_are_kept_in_order_and_all_are_counted)
{
	static const char *const keys[] = {"d", "a", "c", "e", "b"};
	struct tw_differences differences;
	char *text = NULL;
	size_t size = 0;
	cr_assert(tw_differences_init(&differences, 3));
	for (uint32_t i = 0; i < 5; i++) {
		struct tw_difference one = missing(keys[i], TW_ENTITY_VESSEL);
		cr_assert(tw_differences_add(&differences, &one));
	}
	struct tw_difference shard = {.kind = TW_DIFFERENCE_BEHIND, .key = tw_slice_str("{tw:s0}"), .detail = "t/0 stands at 1, committed is 2"};
	cr_assert(tw_differences_add(&differences, &shard));
	struct tw_difference bad = missing("a\x1b[2J", TW_ENTITY_PARTY);
	bad.kind = TW_DIFFERENCE_DIFFERS;
	bad.parts = calloc(TW_DIFFERENCE_PARTS, sizeof(*bad.parts));
	bad.parts[0] = (struct tw_state_part){"last seen", "2026-03-02", ""};
	bad.part_count = 11;
	cr_assert(tw_differences_add(&differences, &bad));
	cr_expect(differences.count == 3 && differences.total == 7);
	cr_expect(differences.of_kind[TW_DIFFERENCE_MISSING] == 5 && differences.of_kind[TW_DIFFERENCE_BEHIND] == 1);
	FILE *out = open_memstream(&text, &size);
	tw_differences_print(&differences, out);
	fclose(out);
	cr_expect(strncmp(text, "behind     {tw:s0}: t/0 stands at 1, committed is 2\ndiffers    party a", 70) == 0, "%s", text);
	cr_expect(strstr(text, "           last seen: log 2026-03-02, not in the store\n") != NULL, "%s", text);
	cr_expect(strstr(text, "           and 3 more\n") != NULL, "%s", text);
	cr_expect(strstr(text, "missing    vessel a\n4 more are counted, not shown; --most N shows more\n") != NULL, "%s", text);
	cr_expect(strchr(text, '\x1b') == NULL, "a key moved the terminal's cursor");
	free(text);
	tw_differences_fini(&differences);
}

Test(state_compare, no_room_at_all_still_counts)
{
	struct tw_differences differences;
	struct tw_difference one = missing("a", TW_ENTITY_VESSEL);
	cr_assert(tw_differences_init(&differences, 0));
	cr_assert(tw_differences_add(&differences, &one));
	cr_expect(differences.count == 0 && differences.total == 1);
	tw_differences_fini(&differences);
	cr_expect_str_eq(tw_difference_word(TW_DIFFERENCE_DAMAGED), "damaged");
}
