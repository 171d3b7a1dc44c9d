/**
 * @file field.h
 * What the counters and elements of a record mean. Numbers are part of stored state: never reuse one; a new meaning is a new number.
 *
 *     field number = (id << 2) | merge kind        ids below TW_BUCKET_FIRST: one counter each
 *     day buckets  = TW_BUCKET_FIRST + (day + TW_BUCKET_DAY_BIAS) * 3 + {seen, gross kg, pieces}
 *
 * Buckets have the highest numbers and ascend by day, so a record's newest day is its last counter. Buckets more than TW_HISTORY_DAYS
 * before it are summed into the three "older" counters when a record is folded. The newest day only grows, so which buckets end there
 * does not depend on the order of arrival.
 *
 * Sketches of distinct values are linear counters of 256 bits, four `or` fields: a value sets the bit that its hash names.
 * Estimate from k bits set: the sum over i < k of 256 / (256 - i), the expected number of distinct values that sets k bits. Relative
 * standard error about 5% at 100 distinct values, 7% at 500, 11% at 1,000; at most 1,567 (all bits set) is ever answered.
 * Source: Whang, Vander-Zanden, Taylor, "A linear-time probabilistic counting algorithm", ACM TODS 15(2), 1990; the sum is the coupon
 * collector's.
 */
#ifndef TIDEWAITER_ENGINE_STATE_FIELD_H
#define TIDEWAITER_ENGINE_STATE_FIELD_H

#include "engine/state/packed.h"

#define TW_STATE_SCHEMA 11U /* goes up with any change of meaning here, in keys.h or in an operation: needs a rebuild */

#define TW_SKETCH_WORDS  4U
#define TW_SKETCH_BITS   256U
#define TW_COUNTRY_WORDS 11U /* 26 * 26 = 676 pairs of letters, one bit each: exact */

/* of whatever a consignment mentions */
#define TW_COUNT_OLDER_SEEN   TW_COUNT_FIELD(1, TW_MERGE_ADD)
#define TW_COUNT_OLDER_KG     TW_COUNT_FIELD(2, TW_MERGE_ADD)
#define TW_COUNT_OLDER_PIECES TW_COUNT_FIELD(3, TW_MERGE_ADD)
#define TW_COUNT_FIRST        TW_COUNT_FIELD(4, TW_MERGE_MIN) /* day */
#define TW_COUNT_LAST         TW_COUNT_FIELD(5, TW_MERGE_MAX) /* day */
#define TW_COUNT_NAMED        TW_COUNT_FIELD(6, TW_MERGE_ADD) /* events that name it without being a declaration */
#define TW_COUNT_OVERFLOW     TW_COUNT_FIELD(7, TW_MERGE_OR)  /* 1: more elements were put than are kept (fold.c): the lowest versions are gone */
#define TW_COUNT_LINKS_OVER   TW_COUNT_FIELD(8, TW_MERGE_OR)  /* bit 1 << enum tw_link: more than TW_LINKS_MAX were put; the earliest are gone */
/* of an operation, never of a fold: what one declaration adds, sample.h */
#define TW_SAMPLE_DAY       TW_COUNT_FIELD(9, TW_MERGE_MAX)
#define TW_SAMPLE_USUAL_DAY TW_COUNT_FIELD(10, TW_MERGE_MAX) /* in its place: of a party */
#define TW_SAMPLE_KG        TW_COUNT_FIELD(11, TW_MERGE_ADD)
#define TW_SAMPLE_PIECES    TW_COUNT_FIELD(12, TW_MERGE_ADD)
#define TW_SAMPLE_VALUE     TW_COUNT_FIELD(13, TW_MERGE_ADD)
#define TW_SAMPLE_CURRENCY  TW_COUNT_FIELD(14, TW_MERGE_MAX)

#define TW_COUNT_COUNTRIES(word)      TW_COUNT_FIELD(16 + (word), TW_MERGE_OR)
#define TW_COUNT_COUNTERPARTIES(word) TW_COUNT_FIELD(32 + (word), TW_MERGE_OR)
#define TW_COUNT_OFFICES(word)        TW_COUNT_FIELD(40 + (word), TW_MERGE_OR)
/* of a party: sums over its declared consignments, usual.h */
#define TW_COUNT_USUAL(measure, part) TW_COUNT_FIELD(48 + (uint32_t)(measure)*4 + (uint32_t)(part), TW_MERGE_ADD)
#define TW_COUNT_CURRENCY_MAX         TW_COUNT_FIELD(60, TW_MERGE_MAX) /* of the values among them, as a number: */
#define TW_COUNT_CURRENCY_MIN         TW_COUNT_FIELD(61, TW_MERGE_MIN) /* the same where all are in one */
/* of a consignment */
#define TW_COUNT_REVISIONS      TW_COUNT_FIELD(64, TW_MERGE_ADD)
#define TW_COUNT_CANCELLED      TW_COUNT_FIELD(65, TW_MERGE_ADD)
#define TW_COUNT_ARRIVED        TW_COUNT_FIELD(66, TW_MERGE_ADD)
#define TW_COUNT_DEPARTED       TW_COUNT_FIELD(67, TW_MERGE_ADD)
#define TW_COUNT_DECISIONS      TW_COUNT_FIELD(70, TW_MERGE_ADD) /* 68, 69 were inspections: now elements */
#define TW_COUNT_VERIFIED       TW_COUNT_FIELD(71, TW_MERGE_ADD) /* delivery verifications that name it */
#define TW_COUNT_DIVERTED       TW_COUNT_FIELD(72, TW_MERGE_ADD) /* diversion reports that name it */
#define TW_COUNT_DEPARTED_FIRST TW_COUNT_FIELD(73, TW_MERGE_MIN) /* ms: when the first event said that it had left */
/* of the index of a series: bit 0: reports without a maker are in it, bit 1: with one (number.h) */
#define TW_COUNT_NUMBERS TW_COUNT_FIELD(74, TW_MERGE_OR)
/* of time: clock.h */
#define TW_COUNT_PASSED    TW_COUNT_FIELD(80, TW_MERGE_MAX) /* day: the latest that has passed and was told */
#define TW_COUNT_DUE_FIRST TW_COUNT_FIELD(81, TW_MERGE_MIN) /* day: the first on which something is due; ... */
#define TW_COUNT_DUE_LAST  TW_COUNT_FIELD(82, TW_MERGE_MAX) /* ... and the last */

#define TW_BUCKET_FIRST    1024U
#define TW_BUCKET_DAY_BIAS 800000  /* the year 1 is day -719162 */
#define TW_BUCKET_DAY_MAX  3000000 /* the year 9999 ends on day 2932896 */
enum tw_bucket { TW_BUCKET_SEEN = 0, TW_BUCKET_KG, TW_BUCKET_PIECES };
#define TW_BUCKETS 3U

/* An element's key starts with one of these. */
#define TW_ELEMENT_TERMS       'T' /* certificate: 'T' revision, content hash -> terms. Two with one revision: a conflict */
#define TW_ELEMENT_PAPER       'A' /* certificate: 'A' as the terms' -> all else that it states: paper.h */
#define TW_ELEMENT_DOCUMENT    'B' /* paper: paper_links.h */
#define TW_ELEMENT_SHARED      'b' /* certificate: 'b' document or paper that another certificate has too -> nothing: paper_links.h */
#define TW_ELEMENT_UNDERTAKING 'E' /* party: paper_links.h */
#define TW_ELEMENT_STATUS      'S' /* certificate: 'S' time, id hash -> event type, consignment; marking: event type, particulars.h */
#define TW_ELEMENT_DRAW        'D' /* certificate, licence: 'D' consignment -> all its lines' draws, as the latest revision that names it states them, or ended */
#define TW_ELEMENT_DRAW_SAID   'd' /* certificate, licence: 'd' consignment -> makers, models, parties, serials of that draw: draw_said.h */
#define TW_ELEMENT_SIGHTING    'G' /* marking: 'G' consignment that states it; this and the next two -> particulars.h */
#define TW_ELEMENT_FOUND       'F' /* marking: 'F' consignment in which an inspection found it */
#define TW_ELEMENT_COVER       'C' /* marking: 'C' key of a certificate that names it */
#define TW_ELEMENT_REVISION    'R' /* consignment; this and the next: roll.h */
#define TW_ELEMENT_PARTIES     'P' /* consignment */
#define TW_ELEMENT_CANCELLED   'X' /* consignment */
#define TW_ELEMENT_OUTCOME     'O' /* consignment */
#define TW_ELEMENT_INSPECTED   'I' /* party, vessel */
#define TW_ELEMENT_SHIPPED     'g' /* series of markings; this and the next two: series.h */
#define TW_ELEMENT_COVERED     'c'
#define TW_ELEMENT_REPORTED    's' /* and of their index: number.h */
#define TW_ELEMENT_MET         'N' /* series: numbers that an inspection found, or that another event of a certificate names: series.h */
#define TW_ELEMENT_MAKER       'M' /* index of all makers: 'M' key of a mark or series -> nothing: mention_mark.h */
#define TW_ELEMENT_LINK        'L' /* party, address, phone, e-mail, vessel, container, consignment: links.h */
#define TW_ELEMENT_WARES       'W' /* party, address, phone, e-mail: wares.h */
#define TW_ELEMENT_ASSURED     'U' /* certificate: what was promised; consignment: what each roll draws on. This and the next two: delivery.h */
#define TW_ELEMENT_VERIFIED    'V' /* certificate: 'V' consignment -> what its delivery was verified to be */
#define TW_ELEMENT_ARRIVED     'Y' /* certificate: 'Y' consignment -> where it arrived; consignment: 'Y', the same of itself */
#define TW_ELEMENT_LEFT        'y' /* certificate: 'y' consignment -> nothing; version: when it first left: leaving.h */
#define TW_ELEMENT_TOLD        'H' /* certificate: 'H' consignment -> nothing; version: the day up to which its delivery was told as due. And two: due.h */
#define TW_ELEMENT_DUE         'J' /* time, a day: 'J' certificate, consignment -> nothing */
#define TW_ELEMENT_EXPECTED    'Q' /* party: 'Q' certificate, consignment -> when its delivery is late; certificate: end-users and exporters */
#define TW_ELEMENT_RECEIVED    'q' /* party: 'q' consignment -> controlled goods that it received in it. This and the next: receipts.h */
#define TW_ELEMENT_RECEIVERS   'r' /* consignment: 'r' revision, id -> who was to receive it */
#define TW_ELEMENT_VOYAGE      'v' /* consignment: 'v' revision, id -> how it travels. This and the next: voyage.h */
#define TW_ELEMENT_LENT        'z' /* party: 'z' consignment -> pieces that it sent out to come back, or that came back */
#define TW_ELEMENT_WORD        'w' /* certificate: 'w' key of a confirmation or verification -> whose word it is: words.h */
#define TW_ELEMENT_CLOCK       'K' /* time, a clock: 'K' member -> nothing; version: its latest day */

static inline bool tw_element_is(const struct tw_element *element, char class)
{
	return element->key.len && element->key.ptr[0] == class;
}

/** What stands behind the class in the key: for many a consignment or certificate. Empty of an empty key. */
static inline struct tw_slice tw_element_tail(const struct tw_element *element)
{
	return element->key.len ? (struct tw_slice){element->key.ptr + 1, element->key.len - 1} : (struct tw_slice){"", 0};
}

static inline uint32_t tw_bucket_field(int32_t day, enum tw_bucket bucket)
{
	int32_t held = day < -TW_BUCKET_DAY_BIAS ? -TW_BUCKET_DAY_BIAS : day > TW_BUCKET_DAY_MAX ? TW_BUCKET_DAY_MAX : day;
	return TW_COUNT_FIELD(TW_BUCKET_FIRST + (uint32_t)(held + TW_BUCKET_DAY_BIAS) * TW_BUCKETS + (uint32_t)bucket, TW_MERGE_ADD);
}

/** How many distinct values set the bits of a sketch. @param first_field its word 0 */
int64_t tw_sketch_estimate(const struct tw_state *state, uint32_t first_field);

static inline bool tw_field_is_bucket(uint32_t field)
{
	return field >= TW_COUNT_FIELD(TW_BUCKET_FIRST, 0);
}

static inline int32_t tw_bucket_day(uint32_t field)
{
	return (int32_t)(((field >> 2) - TW_BUCKET_FIRST) / TW_BUCKETS) - TW_BUCKET_DAY_BIAS;
}

static inline enum tw_bucket tw_bucket_of(uint32_t field)
{
	return (enum tw_bucket)(((field >> 2) - TW_BUCKET_FIRST) % TW_BUCKETS);
}

#endif
