/**
 * @file sample.c
 * See sample.h.
 */
#include "engine/state/sample.h"

#define UNIT_E4 10000

static int64_t amount_pack(int64_t e4)
{
	return e4 % UNIT_E4 ? e4 * 2 + 1 : e4 / UNIT_E4 * 2;
}

/* Saturates: bytes may be anybody's. */
static int64_t amount_unpack(int64_t packed)
{
	int64_t half = packed / 2;
	return packed % 2 ? half : half > INT64_MAX / UNIT_E4 ? INT64_MAX : half * UNIT_E4;
}

uint32_t tw_sample_words(const struct tw_sample *sample, struct tw_counter *out)
{
	const int64_t *e4 = sample->measures.e4;
	const struct tw_counter words[] = {
	    {TW_SAMPLE_KG, amount_pack(e4[TW_USUAL_KG])},
	    {TW_SAMPLE_PIECES, amount_pack(e4[TW_USUAL_PIECES])},
	    {TW_SAMPLE_VALUE, sample->usual ? amount_pack(e4[TW_USUAL_VALUE]) : 0},
	    {TW_SAMPLE_CURRENCY, sample->usual ? sample->measures.currency : 0},
	};
	uint32_t count = 0;
	if (!sample->any) {
		return 0;
	}
	out[count++] = (struct tw_counter){sample->usual ? TW_SAMPLE_USUAL_DAY : TW_SAMPLE_DAY, (int64_t)sample->day - TW_SAMPLE_DAY_BASE};
	for (uint32_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].value) {
			out[count++] = words[i];
		}
	}
	return count;
}

static int32_t day_of(int64_t word)
{
	return word < INT32_MIN ? INT32_MIN : word > INT32_MAX - TW_SAMPLE_DAY_BASE ? INT32_MAX : (int32_t)(word + TW_SAMPLE_DAY_BASE);
}

bool tw_sample_take(struct tw_sample *sample, const struct tw_counter *word)
{
	int64_t *e4 = sample->measures.e4;
	switch (word->field) {
	case TW_SAMPLE_DAY:
	case TW_SAMPLE_USUAL_DAY:
		sample->any = true;
		sample->usual = word->field == TW_SAMPLE_USUAL_DAY;
		sample->day = day_of(word->value);
		return true;
	case TW_SAMPLE_KG:
		e4[TW_USUAL_KG] = amount_unpack(word->value);
		return true;
	case TW_SAMPLE_PIECES:
		e4[TW_USUAL_PIECES] = amount_unpack(word->value);
		return true;
	case TW_SAMPLE_VALUE:
		e4[TW_USUAL_VALUE] = amount_unpack(word->value);
		return true;
	case TW_SAMPLE_CURRENCY:
		sample->measures.currency = word->value;
		return true;
	default:
		return false;
	}
}

uint32_t tw_sample_counters(const struct tw_sample *sample, struct tw_counter *out)
{
	uint32_t count = 0;
	if (!sample->any) {
		return 0;
	}
	out[count++] = (struct tw_counter){TW_COUNT_FIRST, sample->day};
	out[count++] = (struct tw_counter){TW_COUNT_LAST, sample->day};
	if (sample->usual) {
		count += tw_usual_counters(&sample->measures, &out[count]);
	}
	const int64_t buckets[TW_BUCKETS] = {1, sample->measures.e4[TW_USUAL_KG], sample->measures.e4[TW_USUAL_PIECES]};
	for (uint32_t i = 0; i < TW_BUCKETS; i++) {
		if (buckets[i]) {
			out[count++] = (struct tw_counter){tw_bucket_field(sample->day, (enum tw_bucket)i), buckets[i]};
		}
	}
	return count;
}
