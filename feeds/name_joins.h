/**
 * @file name_joins.h
 * Words that one hand writes as one and another as two: "SEASTAR" and "SEA STAR", "ALSALAM" and "AL SALAM".
 *
 *     query form -> two neighbours as one word, where the list has that word       "sea star lines" -> "seastar lines"
 *                -> one word as two, where the list has them side by side           "seastar lines"  -> "sea star lines"
 *
 * Only the query is rewritten, and only to what is listed: the index does not grow, and an ordinary name costs some look-ups. What a
 * name's search finds is then what comparing its forms and these with every listed form finds.
 */
#ifndef TIDEWAITER_FEEDS_NAME_JOINS_H
#define TIDEWAITER_FEEDS_NAME_JOINS_H

#include "feeds/name_index.h"

#define TW_NAME_JOINS_MAX 6

/** What one thread remembers of one index: words that no listed pair spells. Changes speed alone. */
struct tw_joins_memo;
struct tw_joins_memo *tw_joins_memo_new(void); /**< @return NULL without memory */
void tw_joins_memo_free(struct tw_joins_memo *memo);
void tw_joins_memo_forget(struct tw_joins_memo *memo);

/**
 * The forms that come of `form` by one such change.
 * @param arena owns joined words until its reset
 * @param out   TW_NAME_JOINS_MAX forms; their words borrow from `form` and `arena`
 * @param count how many, in the order of the words; joined before parted
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_joins(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_form *form, struct tw_arena *arena,
                               struct tw_name_form *out, uint32_t *count);

#endif
