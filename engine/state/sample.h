/**
 * @file sample.h
 * What one declared consignment adds to a record, said once: a day and what was weighed, in the place of all the counters that follow from them.
 *
 *     in an operation    day | gross kg | pieces | value | currency          each a counter, none for what is not stated
 *     when it is folded  first, last, the day's three buckets, and of a party the sums of usual.h
 *
 * So an operation on a party is less than half as long. Samples stand in operations alone: a fold is in
 * counters. An amount of whole units is twice the units; any other is twice its ten-thousandths, and one. The day counts from TW_SAMPLE_DAY_BASE.
 */
#ifndef TIDEWAITER_ENGINE_STATE_SAMPLE_H
#define TIDEWAITER_ENGINE_STATE_SAMPLE_H

#include "engine/state/field.h"
#include "engine/state/usual.h"

#define TW_SAMPLE_DAY_BASE 20454 /* 2026-01-01, as TW_TIME_BASE_MS */
#define TW_SAMPLE_WORDS    5U    /* at most, of one operation */
#define TW_SAMPLE_COUNTERS (2U + TW_USUAL_COUNTERS + TW_BUCKETS)

/** One declaration. */
struct tw_sample {
	bool any;   /**< else nothing of the rest counts */
	bool usual; /**< of a party: its sums grow too */
	int32_t day;
	struct tw_measures measures;
};

/** @param out room for TW_SAMPLE_WORDS, fields ascending, all below TW_COUNT_COUNTRIES(0) @return how many */
uint32_t tw_sample_words(const struct tw_sample *sample, struct tw_counter *out);
/** @param sample zeroes before the first @return false when the counter is no word of a sample: nothing was taken */
bool tw_sample_take(struct tw_sample *sample, const struct tw_counter *word);
/** The counters that it stands for. @param out room for TW_SAMPLE_COUNTERS, fields ascending @return how many; 0 without a day */
uint32_t tw_sample_counters(const struct tw_sample *sample, struct tw_counter *out);

#endif
