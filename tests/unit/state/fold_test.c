/**
 * @file fold_test.c
 * The bounds that keep a record small end the same whatever came first.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/record.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 1U << 20, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(fold, .init = start, .fini = stop);

/* A record of one entry a payload, in the order given. */
static struct tw_slice record_of(const struct tw_slice *payloads, uint32_t count)
{
	uint64_t room = TW_RECORD_EMPTY_BYTES;
	for (uint32_t i = 0; i < count; i++) {
		room += tw_entry_bytes(payloads[i]);
	}
	char *bytes = tw_arena_alloc_raw(&arena, room);
	tw_record_begin(bytes);
	uint32_t length = TW_RECORD_EMPTY_BYTES;
	for (uint32_t i = 0; i < count; i++) {
		length += tw_entry_write(bytes + length, tw_tag(0, 0, i), payloads[i]);
	}
	return (struct tw_slice){bytes, length};
}

static struct tw_slice seen_on(int32_t day)
{
	struct tw_counter counters[] = {{TW_COUNT_LAST, day}, {tw_bucket_field(day, TW_BUCKET_SEEN), 1}, {tw_bucket_field(day, TW_BUCKET_KG), 50}};
	struct tw_state state = {counters, 3, NULL, 0};
	return tw_packed_write(&state, &arena);
}

Test(fold, buckets_are_kept_for_the_days_of_history_and_summed_up_before)
{
	const int32_t newest = 20000;
	const struct tw_slice payloads[] = {seen_on(newest - TW_HISTORY_DAYS), seen_on(newest - TW_HISTORY_DAYS - 1), seen_on(newest), seen_on(-5)};
	struct tw_state state;
	cr_assert_eq(tw_record_fold(record_of(payloads, 4), &arena, &state), TW_OK);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_OLDER_SEEN, 0), 2);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_OLDER_KG, 0), 100);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_OLDER_PIECES, -1), -1, "what is nothing is not written");
	cr_expect_eq(tw_state_counter(&state, tw_bucket_field(newest - TW_HISTORY_DAYS, TW_BUCKET_SEEN), 0), 1);
	cr_expect_eq(tw_state_counter(&state, tw_bucket_field(newest, TW_BUCKET_KG), 0), 50);
}

Test(fold, a_bucket_field_names_its_day_whatever_the_day)
{
	const int32_t days[] = {-719162, -1, 0, 1, 20000, 2932896};
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		uint32_t field = tw_bucket_field(days[i], TW_BUCKET_PIECES);
		cr_expect(tw_field_is_bucket(field));
		cr_expect_eq(tw_bucket_day(field), days[i]);
		cr_expect_eq(tw_bucket_of(field), TW_BUCKET_PIECES);
	}
	cr_expect_eq(tw_bucket_day(tw_bucket_field(INT32_MIN, TW_BUCKET_SEEN)), -TW_BUCKET_DAY_BIAS);
	cr_expect_eq(tw_bucket_day(tw_bucket_field(INT32_MAX, TW_BUCKET_SEEN)), TW_BUCKET_DAY_MAX);
}

static struct tw_slice element_of(uint32_t number, int64_t revision)
{
	char key[16];
	snprintf(key, sizeof(key), "M%07u", number); /* of a class without a bound of its own */
	struct tw_element elements[] = {{tw_arena_copy(&arena, tw_slice_str(key)), {revision, number * 7919 % 5000, number}, tw_slice_str("x")}};
	struct tw_state state = {NULL, 0, elements, 1};
	return tw_packed_write(&state, &arena);
}

#define MANY (TW_ELEMENTS_MAX + 300)

/* Every element moves: a step that shares no factor with the count. */
static void shuffle(const struct tw_slice *from, struct tw_slice *to, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		to[i] = from[(uint64_t)i * 2654435761U % count];
	}
}

/* Fold the first part, start a new record from its snapshot, append the rest: as compaction does. */
static struct tw_slice folded_in_two(const struct tw_slice *payloads, uint32_t count, uint32_t first)
{
	struct tw_slice snapshot;
	cr_assert_eq(tw_record_canonical(record_of(payloads, first), &arena, &snapshot), TW_OK);
	struct tw_slice *rest = tw_arena_alloc(&arena, (count - first + 1) * sizeof(*rest));
	rest[0] = snapshot;
	memcpy(rest + 1, payloads + first, (count - first) * sizeof(*rest));
	struct tw_slice out;
	cr_assert_eq(tw_record_canonical(record_of(rest, count - first + 1), &arena, &out), TW_OK);
	return out;
}

Test(fold, too_many_elements_end_the_same_in_any_order_and_say_so)
{
	static struct tw_slice payloads[2 * MANY];
	for (uint32_t i = 0; i < MANY; i++) {
		payloads[i] = element_of(i, 1);
		payloads[MANY + i] = element_of(i, i % 3); /* some again, with lower and higher versions */
	}
	struct tw_slice straight, shuffled;
	cr_assert_eq(tw_record_canonical(record_of(payloads, 2 * MANY), &arena, &straight), TW_OK);
	struct tw_slice halved = folded_in_two(payloads, 2 * MANY, MANY);
	cr_expect(tw_slice_equal(straight, halved));
	static struct tw_slice other[2 * MANY];
	shuffle(payloads, other, 2 * MANY);
	shuffled = folded_in_two(other, 2 * MANY, MANY + 77);
	cr_expect(tw_slice_equal(straight, shuffled));
	struct tw_state state;
	cr_assert_eq(tw_packed_read(straight, &arena, &state), TW_OK);
	cr_expect_eq(state.element_count, TW_ELEMENTS_MAX);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_OVERFLOW, 0), 1);
}

Test(fold, of_papers_the_latest_stay_in_any_order)
{
	struct tw_slice payloads[3 * TW_PAPERS_MAX], shuffled[3 * TW_PAPERS_MAX];
	for (uint32_t i = 0; i < 3 * TW_PAPERS_MAX; i++) {
		struct tw_element element = {tw_element_key_numbers(TW_ELEMENT_PAPER, i, 7, &arena), {i, 1000 - i, i}, tw_slice_str("x")};
		struct tw_state state = {NULL, 0, &element, 1};
		payloads[i] = tw_packed_write(&state, &arena);
	}
	shuffle(payloads, shuffled, 3 * TW_PAPERS_MAX);
	struct tw_slice one = folded_in_two(payloads, 3 * TW_PAPERS_MAX, TW_PAPERS_MAX + 3);
	cr_expect(tw_slice_equal(one, folded_in_two(shuffled, 3 * TW_PAPERS_MAX, 2)));
	struct tw_state kept;
	cr_assert_eq(tw_packed_read(one, &arena, &kept), TW_OK);
	cr_assert_eq(kept.element_count, TW_PAPERS_MAX);
	cr_expect_eq(kept.elements[0].version.revision, 2 * TW_PAPERS_MAX, "the highest revisions");
}

Test(fold, as_many_elements_as_are_allowed_are_no_overflow)
{
	static struct tw_slice payloads[TW_ELEMENTS_MAX];
	for (uint32_t i = 0; i < TW_ELEMENTS_MAX; i++) {
		payloads[i] = element_of(i, 1);
	}
	struct tw_state state;
	cr_assert_eq(tw_record_fold(record_of(payloads, TW_ELEMENTS_MAX), &arena, &state), TW_OK);
	cr_expect_eq(state.element_count, TW_ELEMENTS_MAX);
	cr_expect_eq(state.counter_count, 0);
}

Test(fold, a_full_arena_refuses)
{
	const struct tw_slice payloads[] = {seen_on(1), seen_on(2)};
	struct tw_slice record = record_of(payloads, 2);
	struct tw_arena tiny;
	tw_arena_init(&tiny, 64, 64);
	struct tw_state state;
	cr_expect_eq(tw_record_fold(record, &tiny, &state), TW_E_MEMORY);
	struct tw_slice out;
	cr_expect_eq(tw_record_canonical(record, &tiny, &out), TW_E_MEMORY);
	tw_arena_fini(&tiny);
}

/* One counter alone, and a record that is known to be sound: as the whole fold says. */
Test(fold, what_is_read_in_part_or_unchecked_is_the_same)
{
	struct tw_slice payloads[12], old;
	struct tw_state state, known, with, last;
	for (int32_t i = 0; i < 12; i++) {
		payloads[i] = seen_on(20000 + (i * 7) % 12);
	}
	struct tw_slice record = record_of(payloads, 12), before = record_of(payloads, 11);
	cr_assert_eq(tw_record_fold(record, &arena, &state), TW_OK);
	cr_assert_eq(tw_record_fold_known(record, &arena, &known), TW_OK);
	cr_assert_eq(tw_record_fold(before, &arena, &last), TW_OK);
	cr_assert_eq(tw_payload_fold_on(&last, payloads[11], &arena, &with), TW_OK);
	struct tw_slice expected = tw_packed_write(&state, &arena);
	cr_expect(tw_slice_equal(tw_packed_write(&known, &arena), expected));
	cr_expect(tw_slice_equal(tw_packed_write(&with, &arena), expected));
	cr_expect_eq(tw_record_counter(record, TW_COUNT_LAST, -1), 20011);
	cr_expect_eq(tw_record_counter(record, TW_COUNT_FIRST, -1), -1, "in none of them");
	cr_expect_eq(tw_record_counter((struct tw_slice){NULL, 0}, TW_COUNT_LAST, -1), -1);
	cr_assert_eq(tw_record_canonical(record, &arena, &old), TW_OK);
	cr_expect(tw_slice_equal(old, expected));
}
