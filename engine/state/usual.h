/**
 * @file usual.h
 * What is usual of a party: weight, pieces and value of its declared consignments as streaming sums, and how far one lies from their mean.
 *
 *     each measure: how many n, their sum, the sum of their squares, in hundredths; squares in two counters:
 *     square = high * 2^32 + low, so that neither comes near 63 bits before 4 million consignments of the greatest size
 *
 *     mean = sum / n     deviation = sqrt(n * squares - sum * sum) / n     z = (x - mean) / deviation
 *
 * Integers alone: every machine gives the same answer. A deviation below a hundredth of the mean counts as that hundredth, so that one more
 * kilogram is no outlier beside ten equal consignments. What is not stated, or is none, is not counted; a measure above TW_USUAL_E2_MAX counts
 * as that. Values are counted where all lines that state one are in one currency, and the sums have a meaning while all are in the same.
 */
#ifndef TIDEWAITER_ENGINE_STATE_USUAL_H
#define TIDEWAITER_ENGINE_STATE_USUAL_H

#include <tidewaiter/event.h>

#include "engine/state/packed.h"

struct tw_history_answer;
struct tw_question;

#define TW_USUAL_E2_MAX 10000000000000LL /* 10^11 units: a hundred of the largest ships' cargo in kilograms */

enum tw_usual_measure { TW_USUAL_KG = 0, TW_USUAL_PIECES, TW_USUAL_VALUE };
#define TW_USUAL_MEASURES 3U
enum tw_usual_part { TW_USUAL_COUNT = 0, TW_USUAL_SUM, TW_USUAL_LOW, TW_USUAL_HIGH };
#define TW_USUAL_COUNTERS (TW_USUAL_MEASURES * 4U + 2U)

/** What one consignment weighs and is worth, all lines together. */
struct tw_measures {
	int64_t e4[TW_USUAL_MEASURES]; /**< 0: not stated, or none */
	int64_t currency;              /**< three letters as a number; 0: no value, or not one currency */
};

/** Lines beat the header: its weight counts only where no line states one. Amounts below zero count as nothing. Sums stop at TW_AMOUNT_E4_MAX. */
struct tw_measures tw_measures_of(const struct tw_consignment *consignment);
/** @param out room for TW_USUAL_COUNTERS, fields ascending @return how many */
uint32_t tw_usual_counters(const struct tw_measures *measures, struct tw_counter *out);
/** Metrics TW_METRIC_KG_MEAN to TW_METRIC_VALUE_Z. */
void tw_answer_usual(const struct tw_question *question, struct tw_history_answer *answer);

#endif
