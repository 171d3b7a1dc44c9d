/**
 * @file sample_test.c
 * A declaration's words say what its counters say, in fewer bytes.
 */
#include "engine/state/sample.h"

#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/state/record.h"

static struct tw_sample taken(const struct tw_sample *sample)
{
	struct tw_counter words[TW_SAMPLE_WORDS];
	struct tw_sample out = {.any = false};
	uint32_t count = tw_sample_words(sample, words);
	for (uint32_t i = 0; i < count; i++) {
		cr_expect(i == 0 || words[i - 1].field < words[i].field);
		cr_expect_lt(words[i].field, TW_COUNT_COUNTRIES(0));
		cr_expect(tw_sample_take(&out, &words[i]));
	}
	return out;
}

Test(sample, what_is_said_is_taken)
{
	static const struct tw_measures measures[] = {
	    {{0, 0, 0}, 0},
	    {{5405000, 120000, 1}, 5591876},
	    {{TW_AMOUNT_E4_MAX, TW_AMOUNT_E4_MAX - 1, 9999}, 1},
	};
	static const int32_t days[] = {TW_SAMPLE_DAY_BASE, 0, -719162, 2932896};
	for (uint32_t m = 0; m < sizeof(measures) / sizeof(measures[0]); m++) {
		for (uint32_t d = 0; d < sizeof(days) / sizeof(days[0]); d++) {
			struct tw_sample sample = {true, true, days[d], measures[m]}, back = taken(&sample);
			cr_expect(back.any && back.usual);
			cr_expect_eq(back.day, days[d]);
			cr_expect_eq(back.measures.currency, measures[m].currency);
			for (uint32_t i = 0; i < TW_USUAL_MEASURES; i++) {
				cr_expect_eq(back.measures.e4[i], measures[m].e4[i]);
			}
		}
	}
}

Test(sample, nothing_is_said_of_what_is_no_declaration)
{
	struct tw_sample none = {.any = false};
	struct tw_counter counters[TW_SAMPLE_COUNTERS];
	cr_expect_eq(tw_sample_words(&none, counters), 0);
	cr_expect_eq(tw_sample_counters(&none, counters), 0);
	cr_expect_not(tw_sample_take(&none, &(struct tw_counter){TW_COUNT_FIRST, 1}));
	cr_expect_not(none.any);
}

Test(sample, amounts_of_foreign_bytes_saturate)
{
	struct tw_sample sample = {.any = false};
	cr_expect(tw_sample_take(&sample, &(struct tw_counter){TW_SAMPLE_KG, INT64_MAX - 1}));
	cr_expect_eq(sample.measures.e4[TW_USUAL_KG], INT64_MAX);
	cr_expect(tw_sample_take(&sample, &(struct tw_counter){TW_SAMPLE_DAY, INT64_MAX}));
	cr_expect_eq(sample.day, INT32_MAX);
	cr_expect(tw_sample_take(&sample, &(struct tw_counter){TW_SAMPLE_DAY, INT64_MIN}));
	cr_expect_eq(sample.day, INT32_MIN);
}

/* A record of two operations: as if each had added its counters. */
Test(sample, a_fold_is_in_counters)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 1U << 14, 0);
	char record[256];
	uint32_t length = TW_RECORD_EMPTY_BYTES;
	tw_record_begin(record);
	for (int32_t i = 0; i < 2; i++) {
		struct tw_sample sample = {true, true, 20500 + i, {{30000, 0, 0}, 0}};
		struct tw_counter words[TW_SAMPLE_WORDS];
		struct tw_state said = {words, tw_sample_words(&sample, words), NULL, 0};
		length += tw_entry_write(record + length, tw_tag(0, 0, i), tw_packed_write(&said, &arena));
	}
	struct tw_state state;
	cr_assert_eq(tw_record_fold((struct tw_slice){record, length}, &arena, &state), TW_OK);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_FIRST, 0), 20500);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_LAST, 0), 20501);
	cr_expect_eq(tw_state_counter(&state, tw_bucket_field(20501, TW_BUCKET_KG), 0), 30000);
	cr_expect_eq(tw_state_counter(&state, tw_bucket_field(20500, TW_BUCKET_SEEN), 0), 1);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_USUAL(TW_USUAL_KG, TW_USUAL_COUNT), 0), 2);
	cr_expect_eq(tw_state_counter(&state, TW_COUNT_USUAL(TW_USUAL_KG, TW_USUAL_SUM), 0), 600);
	cr_expect_eq(tw_state_counter(&state, TW_SAMPLE_USUAL_DAY, -1), -1);
	tw_arena_fini(&arena);
}
