/**
 * @file record_test.c
 * Records as bytes: appending, looking back, compacting, and surviving whatever a disk or a stranger makes of them.
 */
#include "engine/state/record.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/state/field.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(record, .init = start, .fini = stop);

#define ROOM 65536

/* A record that grows in the test's hands. */
struct growing {
	char bytes[ROOM];
	uint32_t length;
};

static struct tw_slice bytes_of(const struct growing *record)
{
	return (struct tw_slice){record->bytes, record->length};
}

static struct tw_slice payload_of(int64_t count, const char *key)
{
	struct tw_counter counters[] = {{TW_COUNT_NAMED, count}};
	struct tw_element elements[] = {{tw_slice_str(key), {count, count, 1}, tw_slice_str("bytes")}};
	struct tw_state state = {counters, 1, elements, 1};
	return tw_packed_write(&state, &arena);
}

static void append(struct growing *record, uint64_t tag, struct tw_slice payload)
{
	if (record->length == 0) {
		tw_record_begin(record->bytes);
		record->length = TW_RECORD_EMPTY_BYTES;
	}
	uint32_t written = tw_entry_write(record->bytes + record->length, tag, payload);
	cr_assert_eq(written, tw_entry_bytes(payload));
	record->length += written;
}

/* Offsets 0 to 19 of partition 3. */
static void fill(struct growing *record)
{
	static const char *const keys[] = {"Da", "Db", "Dc"};
	record->length = 0;
	for (int64_t i = 0; i < 20; i++) {
		append(record, tw_tag(2, 3, i), payload_of(i + 1, keys[i % 3]));
	}
}

static int64_t named(struct tw_slice record)
{
	struct tw_state state;
	cr_assert_eq(tw_record_fold(record, &arena, &state), TW_OK);
	return tw_state_counter(&state, TW_COUNT_NAMED, 0);
}

Test(record, a_tag_keeps_its_three_parts)
{
	uint64_t tag = tw_tag(15, 4095, TW_OFFSET_END - 1);
	cr_expect_eq(tw_tag_topic(tag), 15);
	cr_expect_eq(tw_tag_partition(tag), 4095);
	cr_expect_eq(tw_tag_offset(tag), TW_OFFSET_END - 1);
	cr_expect_eq(tw_tag(1, 2, 3), (UINT64_C(1) << 60) | (UINT64_C(2) << 48) | 3);
}

Test(record, entries_add_up_and_the_tail_is_counted)
{
	static struct growing record;
	fill(&record);
	uint32_t tail = 0;
	cr_assert(tw_record_sound(bytes_of(&record), &tail));
	cr_expect_eq(tail, 20);
	cr_expect_eq(named(bytes_of(&record)), 20 * 21 / 2);
	cr_assert(tw_record_sound((struct tw_slice){NULL, 0}, &tail));
	cr_expect_eq(tail, 0);
}

Test(record, before_an_entry_is_a_shorter_slice)
{
	static struct growing record;
	fill(&record);
	struct tw_slice before;
	cr_assert(tw_record_before(bytes_of(&record), tw_tag(2, 3, 5), &before));
	cr_expect_eq(before.ptr, record.bytes);
	cr_expect_eq(named(before), 15);
	cr_assert(tw_record_before(bytes_of(&record), tw_tag(2, 3, 0), &before));
	cr_expect_eq(before.len, TW_RECORD_EMPTY_BYTES);
	before = (struct tw_slice){"untouched", 9};
	cr_expect_not(tw_record_before(bytes_of(&record), tw_tag(2, 3, 20), &before));
	cr_expect_not(tw_record_before(bytes_of(&record), tw_tag(1, 3, 5), &before), "another topic's offset");
	cr_expect_eq(before.len, 9);
}

/* Entries below an offset may go. */
static bool below(void *context, uint64_t tag)
{
	return tw_tag_offset(tag) < *(int64_t *)context;
}

static void compact(struct growing *record, int64_t committed)
{
	struct tw_compaction compaction;
	struct tw_foldable foldable = {below, &committed};
	cr_assert_eq(tw_record_compact(bytes_of(record), foldable, &arena, &compaction), TW_OK);
	static struct growing out;
	memcpy(out.bytes, record->bytes, 4);
	memcpy(out.bytes + 4, compaction.head.ptr, compaction.head.len);
	memcpy(out.bytes + 4 + compaction.head.len, record->bytes + compaction.upto, record->length - compaction.upto);
	out.length = 4 + compaction.head.len + record->length - compaction.upto;
	*record = out;
}

Test(record, compaction_changes_bytes_and_not_meaning)
{
	static struct growing record;
	fill(&record);
	struct tw_slice whole, folded;
	cr_assert_eq(tw_record_canonical(bytes_of(&record), &arena, &whole), TW_OK);
	uint32_t long_length = record.length, tail = 0;
	for (int64_t committed = 1; committed <= 20; committed += 6) {
		compact(&record, committed);
		cr_assert(tw_record_sound(bytes_of(&record), &tail));
		cr_expect_eq(tail, 20 - committed);
		cr_assert_eq(tw_record_canonical(bytes_of(&record), &arena, &folded), TW_OK);
		cr_expect(tw_slice_equal(whole, folded), "committed %lld", (long long)committed);
	}
	cr_expect_lt(record.length * 3, long_length);
}

Test(record, entries_at_or_above_the_committed_offset_stay)
{
	static struct growing record;
	fill(&record);
	compact(&record, 7);
	struct tw_slice before;
	cr_expect_not(tw_record_before(bytes_of(&record), tw_tag(2, 3, 6), &before));
	cr_assert(tw_record_before(bytes_of(&record), tw_tag(2, 3, 7), &before));
	cr_expect_eq(named(before), 28);
}

Test(record, nothing_to_fold_is_said_so)
{
	static struct growing record;
	fill(&record);
	int64_t committed = 0;
	struct tw_foldable foldable = {below, &committed};
	struct tw_compaction compaction;
	cr_expect_eq(tw_record_compact(bytes_of(&record), foldable, &arena, &compaction), TW_E_MISSING);
	cr_expect_eq(tw_record_compact((struct tw_slice){NULL, 0}, foldable, &arena, &compaction), TW_E_MISSING);
}

Test(record, an_empty_payload_still_marks_its_place)
{
	static struct growing record;
	append(&record, tw_tag(0, 0, 1), (struct tw_slice){NULL, 0});
	append(&record, tw_tag(0, 0, 2), (struct tw_slice){NULL, 0});
	struct tw_slice before;
	cr_expect(tw_record_before(bytes_of(&record), tw_tag(0, 0, 2), &before));
	cr_expect_eq(named(bytes_of(&record)), 0);
}

/* ---- bytes that we did not write ---- */

static uint64_t random_next(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9e3779b97f4a7c15ULL);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* Nobody may crash on it, and what is called sound must fold. */
static bool survives(struct tw_slice bytes)
{
	struct tw_arena_mark mark = tw_arena_mark(&arena);
	struct tw_state state;
	struct tw_slice before;
	int64_t committed = 1000;
	struct tw_foldable foldable = {below, &committed};
	struct tw_compaction compaction;
	bool sound = tw_record_sound(bytes, NULL);
	enum tw_code folded = tw_record_fold(bytes, &arena, &state);
	enum tw_code compacted = tw_record_compact(bytes, foldable, &arena, &compaction);
	tw_record_before(bytes, tw_tag(2, 3, 19), &before);
	cr_assert(folded == TW_OK || folded == TW_E_CORRUPT);
	cr_assert(compacted == TW_OK || compacted == TW_E_CORRUPT || compacted == TW_E_MISSING);
	cr_assert(!sound || folded == TW_OK);
	tw_arena_rewind(&arena, mark);
	return sound;
}

Test(record, a_changed_byte_is_found)
{
	static struct growing record;
	fill(&record);
	compact(&record, 8);
	uint64_t seed = 17;
	uint32_t missed = 0;
	for (uint32_t at = 4; at < record.length; at++) { /* the first four are the generation: any will do */
		for (int i = 0; i < 8; i++) {
			char kept = record.bytes[at];
			record.bytes[at] = (char)(kept ^ (char)(1 + random_next(&seed) % 255));
			missed += survives(bytes_of(&record));
			record.bytes[at] = kept;
		}
	}
	cr_expect_leq(missed, 1, "%u of %u changes went unseen; 16-bit checks miss one in 65,536", missed, 8 * (record.length - 4));
	cr_assert(survives(bytes_of(&record)));
}

Test(record, a_cut_inside_an_entry_is_found)
{
	static struct growing record;
	fill(&record);
	compact(&record, 8);
	uint32_t sound = 0;
	for (uint32_t length = 1; length < record.length; length++) {
		sound += survives((struct tw_slice){record.bytes, length});
	}
	cr_expect_eq(sound, 12, "after the head and after each entry but the last a record is whole: %u", sound);
}

Test(record, random_bytes_never_crash)
{
	uint64_t seed = 23;
	char bytes[256];
	uint32_t sound = 0;
	for (int i = 0; i < 20000; i++) {
		uint32_t length = (uint32_t)(random_next(&seed) % sizeof(bytes));
		for (uint32_t k = 0; k < length; k++) {
			/* small numbers reach deeper */
			bytes[k] = (char)(random_next(&seed) % (i % 2 ? 256 : 6));
		}
		sound += length > TW_RECORD_EMPTY_BYTES && survives((struct tw_slice){bytes, length});
	}
	cr_expect_eq(sound, 0);
}
