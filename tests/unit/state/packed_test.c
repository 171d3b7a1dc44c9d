/**
 * @file packed_test.c
 * Counters and elements survive their bytes; merges commute; bytes of any other kind are refused.
 */
#include "engine/state/packed.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

#define ADD TW_COUNT_FIELD(1, TW_MERGE_ADD)
#define MAX TW_COUNT_FIELD(1, TW_MERGE_MAX)
#define MIN TW_COUNT_FIELD(2, TW_MERGE_MIN)
#define OR  TW_COUNT_FIELD(90000, TW_MERGE_OR)

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(packed, .init = start, .fini = stop);

static struct tw_counter counters[] = {{ADD, INT64_MAX}, {MAX, -3}, {MIN, INT64_MIN}, {OR, (int64_t)0x8000000000000001}};
static struct tw_element elements[] = {
    {{"D1", 2}, {-1, -62135596800000, UINT64_MAX}, {"", 0}},
    {{"D10", 3}, {7, 253402300799999, 0}, {"\0\xFF", 2}},
};
static const struct tw_state sample = {counters, 4, elements, 2};

Test(packed, what_is_written_is_read)
{
	struct tw_slice bytes = tw_packed_write(&sample, &arena);
	struct tw_state read;
	cr_assert_eq(tw_packed_read(bytes, &arena, &read), TW_OK);
	cr_assert(tw_packed_sound(bytes));
	cr_assert_eq(read.counter_count, 4);
	for (uint32_t i = 0; i < 4; i++) {
		cr_expect_eq(read.counters[i].field, counters[i].field);
		cr_expect_eq(read.counters[i].value, counters[i].value);
	}
	cr_assert_eq(read.element_count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		cr_expect(tw_slice_equal(read.elements[i].key, elements[i].key));
		cr_expect(tw_slice_equal(read.elements[i].bytes, elements[i].bytes));
		cr_expect_eq(tw_element_compare(&read.elements[i], &elements[i]), 0);
	}
}

Test(packed, nothing_is_read_as_nothing)
{
	struct tw_state read;
	cr_assert_eq(tw_packed_read((struct tw_slice){NULL, 0}, &arena, &read), TW_OK);
	cr_expect_eq(read.counter_count + read.element_count, 0);
	cr_expect_eq(tw_state_counter(&read, ADD, -5), -5);
}

Test(packed, every_shorter_prefix_is_refused)
{
	struct tw_slice bytes = tw_packed_write(&sample, &arena);
	struct tw_state read;
	for (uint32_t length = 1; length < bytes.len; length++) {
		struct tw_slice cut = {bytes.ptr, length};
		cr_expect_eq(tw_packed_read(cut, &arena, &read), TW_E_CORRUPT, "%u bytes", length);
		cr_expect_not(tw_packed_sound(cut), "%u bytes", length);
	}
}

Test(packed, bytes_that_writing_never_makes_are_refused)
{
	static const struct {
		const char *why;
		const char *bytes;
		uint32_t length;
	} refused[] = {
	    {"something after the end", "\x00\x00\x00", 3},
	    {"a field that does not ascend", "\x01\x00\x05\x00", 4},
	    {"a longer spelling of a number", "\x81\x00\x04\x01\x00", 5},
	    {"a count that cannot fit", "\xFF\xFF\xFF\xFF\x0F\x04\x01\x00", 8},
	    {"a number of more than 64 bits", "\x01\x04\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x00", 13},
	    {"a sum below zero", "\x01\x04\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00", 13},
	    {"a key longer than the bytes", "\x00\x01\x00\x7F\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 14},
	    {"bits that do not ascend", "\x01\x07\x45\x05\x00", 5},
	    {"a bit of another byte's flag", "\x01\x07\xC5\x00", 4},
	    {"nine bits, each a byte", "\x01\x07\x40\x41\x42\x43\x44\x45\x46\x47\x08\x00", 12},
	    {"one bit as a word", "\x01\x07\x80\x01\x00\x00\x00\x00\x00\x00\x00\x00", 12},
	    {"bytes as before, where none were", "\x00\x01\x01\x01k", 5},
	    {"a revision of nothing written out", "\x00\x01\x08\x01k\x00", 6},
	    {"whole seconds as thousandths", "\x00\x01\x20\x01k\xD0\x0F", 7},
	    {"seconds beyond 64 bits", "\x00\x01\x30\x01k\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 15},
	    {"an id in seconds", "\x00\x01\xC0\x01k", 5},
	};
	struct tw_state read;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct tw_slice bytes = {refused[i].bytes, refused[i].length};
		cr_expect_eq(tw_packed_read(bytes, &arena, &read), TW_E_CORRUPT, "%s", refused[i].why);
		cr_expect_not(tw_packed_sound(bytes), "%s", refused[i].why);
	}
}

/* What an event's elements have in common is written once; 2026-01-01 plus 5 s is 10 as zigzag, a set bit a byte. */
Test(packed, what_elements_share_is_written_once)
{
	const struct tw_version version = {0, TW_TIME_BASE_MS + 5000, 0};
	struct tw_element shared[] = {{{"a", 1}, version, {"C1", 2}}, {{"b", 1}, version, {"C1", 2}}, {{"c", 1}, {0, 0, 0}, {"", 0}}};
	struct tw_counter bit = {TW_COUNT_FIELD(1, TW_MERGE_OR), INT64_MIN};
	struct tw_state state = {&bit, 1, shared, 3}, read;
	struct tw_slice bytes = tw_packed_write(&state, &arena);
	const char written[] = "\x01\x07\x3F"
	                       "\x03"
	                       "\x32\x01"
	                       "a"
	                       "\x0A\x02"
	                       "C1"
	                       "\x11\x01"
	                       "b"
	                       "\x00\x01"
	                       "c";
	cr_assert_eq(bytes.len, sizeof(written) - 1);
	cr_expect_eq(memcmp(bytes.ptr, written, bytes.len), 0);
	cr_assert_eq(tw_packed_read(bytes, &arena, &read), TW_OK);
	for (uint32_t i = 0; i < 3; i++) {
		cr_expect_eq(tw_element_compare(&read.elements[i], &shared[i]), 0, "%u", i);
	}
	cr_expect_eq(read.counters[0].value, INT64_MIN);
}

Test(packed, many_bits_are_a_word)
{
	for (uint32_t bits = 1; bits <= 12; bits++) {
		struct tw_counter word = {TW_COUNT_FIELD(1, TW_MERGE_OR), (int64_t)((UINT64_C(1) << bits) - 1)};
		struct tw_state state = {&word, 1, NULL, 0}, read;
		struct tw_slice bytes = tw_packed_write(&state, &arena);
		cr_expect_eq(bytes.len, 3 + (bits <= TW_BITS_MAX ? bits : 9), "%u bits", bits);
		cr_assert_eq(tw_packed_read(bytes, &arena, &read), TW_OK);
		cr_expect_eq(read.counters[0].value, word.value);
	}
}

Test(packed, elements_out_of_order_are_refused)
{
	struct tw_element swapped[] = {elements[1], elements[0]};
	struct tw_state state = {NULL, 0, swapped, 2}, read;
	cr_expect_eq(tw_packed_read(tw_packed_write(&state, &arena), &arena, &read), TW_E_CORRUPT);
	struct tw_element twice[] = {elements[0], elements[0]};
	state.elements = twice;
	cr_expect_eq(tw_packed_read(tw_packed_write(&state, &arena), &arena, &read), TW_E_CORRUPT);
}

Test(packed, counters_merge_by_their_field)
{
	cr_expect_eq(tw_counter_merge(ADD, 2, 3), 5);
	cr_expect_eq(tw_counter_merge(ADD, INT64_MAX - 1, 3), INT64_MAX);
	cr_expect_eq(tw_counter_merge(MAX, -2, -3), -2);
	cr_expect_eq(tw_counter_merge(MIN, -2, -3), -3);
	cr_expect_eq(tw_counter_merge(OR, 5, 2), 7);
}

Test(packed, revision_beats_time_and_time_beats_id)
{
	struct tw_element low = {{"k", 1}, {1, 900, 9}, {"z", 1}}, high = {{"k", 1}, {2, 100, 1}, {"a", 1}};
	cr_expect_lt(tw_element_compare(&low, &high), 0);
	high.version = (struct tw_version){1, 901, 1};
	cr_expect_lt(tw_element_compare(&low, &high), 0);
	high.version = (struct tw_version){1, 900, 10};
	cr_expect_lt(tw_element_compare(&low, &high), 0);
	high.version = low.version;
	cr_expect_gt(tw_element_compare(&low, &high), 0, "of equal versions the bytes decide");
}

Test(packed, keys_sort_as_their_bytes_do)
{
	static const char *const keys[] = {
	    "",
	    "L",
	    "L\x01",
	    "L\x7F\xFF\xFF\xFF\xFF\xFF\xFF",
	    "L\x80\x01\x01\x01\x01\x01\x01",
	    "L\x80\x01\x01\x01\x01\x01\x01\x01",
	    "L\x80\x01\x01\x01\x01\x01\x01\xFF",
	    "L\x80\x01\x01\x01\x01\x01\x02",
	    "\xFF\x01\x01\x01\x01\x01\x01\x01",
	};
	const int count = sizeof(keys) / sizeof(keys[0]);
	for (int i = 0; i < count; i++) {
		for (int k = 0; k < count; k++) {
			int order = tw_key_compare(tw_slice_str(keys[i]), tw_slice_str(keys[k]));
			cr_expect_eq((order > 0) - (order < 0), (i > k) - (i < k), "%d, %d", i, k);
		}
	}
}

Test(packed, a_full_arena_refuses)
{
	struct tw_arena tiny;
	tw_arena_init(&tiny, 32, 32);
	struct tw_slice bytes = tw_packed_write(&sample, &arena);
	struct tw_state read;
	cr_expect_null(tw_packed_write(&sample, &tiny).ptr);
	cr_expect_eq(tw_packed_read(bytes, &tiny, &read), TW_E_MEMORY);
	tw_arena_fini(&tiny);
}
