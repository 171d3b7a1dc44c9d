/**
 * @file usual.c
 * See usual.h.
 */
#include "engine/state/usual.h"

#include <tidewaiter/limits.h>

#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/question.h"

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

/* ---- one consignment ---- */

static int64_t amount_add(int64_t sum, struct tw_amount amount)
{
	int64_t value = amount.e4 < 0 ? 0 : amount.e4;
	return sum > TW_AMOUNT_E4_MAX - value ? TW_AMOUNT_E4_MAX : sum + value;
}

/* "usd" as a number; 0 when it is not three letters. */
static int64_t currency_of(struct tw_text text)
{
	int64_t code = 0;
	uint32_t letters = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = (char)(text.ptr[i] | 32);
		if (c >= 'a' && c <= 'z') {
			code = code << 8 | (c - 32);
			letters++;
		} else if (text.ptr[i] != ' ') {
			return 0;
		}
	}
	return letters == 3 ? code : 0;
}

struct tw_measures tw_measures_of(const struct tw_consignment *consignment)
{
	struct tw_measures out = {.currency = 0};
	const struct tw_item *items = consignment->items.data;
	bool weighed = false, one_currency = true;
	for (uint32_t i = 0; i < consignment->items.count; i++) {
		if (tw_stated(items[i].gross_kg.span)) {
			out.e4[TW_USUAL_KG] = amount_add(out.e4[TW_USUAL_KG], items[i].gross_kg);
			weighed = true;
		}
		if (tw_unit_code(tw_slice_of(items[i].unit)) == TW_UNIT_PIECE) {
			out.e4[TW_USUAL_PIECES] = amount_add(out.e4[TW_USUAL_PIECES], items[i].quantity);
		}
		if (tw_stated(items[i].value.span)) {
			int64_t currency = currency_of(items[i].currency);
			one_currency = one_currency && currency && (!out.currency || out.currency == currency);
			out.currency = currency;
			out.e4[TW_USUAL_VALUE] = amount_add(out.e4[TW_USUAL_VALUE], items[i].value);
		}
	}
	if (!weighed) {
		out.e4[TW_USUAL_KG] = amount_add(0, consignment->totals.gross_kg);
	}
	if (!one_currency) {
		out.currency = out.e4[TW_USUAL_VALUE] = 0;
	}
	return out;
}

static int64_t hundredths(int64_t e4)
{
	int64_t e2 = e4 / 100;
	return e2 > TW_USUAL_E2_MAX ? TW_USUAL_E2_MAX : e2;
}

uint32_t tw_usual_counters(const struct tw_measures *measures, struct tw_counter *out)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < TW_USUAL_MEASURES; i++) {
		int64_t e2 = hundredths(measures->e4[i]);
		if (e2 == 0) {
			continue;
		}
		unsigned_wide square = (unsigned_wide)e2 * (unsigned_wide)e2;
		const int64_t parts[] = {1, e2, (int64_t)(square & UINT32_MAX), (int64_t)(square >> 32)};
		for (uint32_t k = 0; k < 4; k++) {
			if (parts[k]) {
				out[count++] = (struct tw_counter){TW_COUNT_USUAL(i, k), parts[k]};
			}
		}
	}
	if (hundredths(measures->e4[TW_USUAL_VALUE])) {
		out[count++] = (struct tw_counter){TW_COUNT_CURRENCY_MAX, measures->currency};
		out[count++] = (struct tw_counter){TW_COUNT_CURRENCY_MIN, measures->currency};
	}
	return count;
}

/* ---- answers ---- */

struct sums {
	int64_t count;
	wide sum;
	wide spread; /* n times the standard deviation */
};

/* The greatest number whose square is not above. */
static unsigned_wide root(unsigned_wide square)
{
	unsigned_wide low = 0, high = (unsigned_wide)1 << 64;
	while (high - low > 1) {
		unsigned_wide middle = low + (high - low) / 2;
		if (middle <= square / middle) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return low;
}

/* @return false below TW_USUAL_MIN, or where a counter is full */
static bool sums_of(const struct tw_state *state, enum tw_usual_measure measure, struct sums *out)
{
	int64_t part[4];
	bool full = false;
	for (uint32_t k = 0; k < 4; k++) {
		part[k] = tw_state_counter(state, TW_COUNT_USUAL(measure, k), 0);
		full = full || part[k] == INT64_MAX;
	}
	out->count = part[TW_USUAL_COUNT];
	out->sum = part[TW_USUAL_SUM];
	if (full || out->count < TW_USUAL_MIN || out->count > UINT32_MAX) {
		return false;
	}
	wide squares = ((wide)part[TW_USUAL_HIGH] << 32) + part[TW_USUAL_LOW], difference;
	if (__builtin_mul_overflow(squares, (wide)out->count, &squares) || __builtin_mul_overflow(out->sum, out->sum, &difference)) {
		return false;
	}
	difference = squares - difference;
	out->spread = difference > 0 ? (wide)root((unsigned_wide)difference) : 0;
	return true;
}

static bool one_currency(const struct tw_state *state, int64_t currency)
{
	int64_t greatest = tw_state_counter(state, TW_COUNT_CURRENCY_MAX, 0), least = tw_state_counter(state, TW_COUNT_CURRENCY_MIN, 0);
	return greatest == least && greatest != 0 && (currency == 0 || currency == greatest);
}

static void answer_wide(struct tw_history_answer *answer, wide value)
{
	tw_answer_value(answer, value > INT64_MAX ? INT64_MAX : value < INT64_MIN ? INT64_MIN : (int64_t)value);
}

static void answer_z(const struct sums *sums, int64_t e4, struct tw_history_answer *answer)
{
	wide least = sums->sum / 100 > sums->count ? sums->sum / 100 : sums->count;
	wide spread = sums->spread > least ? sums->spread : least;
	if (e4 > 0) {
		answer_wide(answer, ((wide)hundredths(e4) * sums->count - sums->sum) * 10000 / spread);
	}
}

void tw_answer_usual(const struct tw_question *question, struct tw_history_answer *answer)
{
	uint32_t row = (uint32_t)question->query->metric - TW_METRIC_KG_MEAN;
	enum tw_usual_measure measure = (enum tw_usual_measure)(row / 3);
	struct tw_measures now = {.currency = 0};
	struct sums sums;
	if (question->event->family == TW_FAMILY_MANIFEST) {
		now = tw_measures_of(&question->event->consignment);
	}
	if (!sums_of(question->state, measure, &sums) || (measure == TW_USUAL_VALUE && !one_currency(question->state, now.currency))) {
		return;
	}
	if (row % 3 == 0) {
		answer_wide(answer, sums.sum * 100 / sums.count);
	} else if (row % 3 == 1) {
		answer_wide(answer, sums.spread * 100 / sums.count);
	} else {
		answer_z(&sums, now.e4[measure], answer);
	}
}
