/**
 * @file name_jaro.h
 * Words of letters packed in 64 bits, and Jaro's match of one word, and its slips, with sixteen of one length at a time.
 *
 *     | 2: 0 | 30: letters 1 to 6, the first one highest | 2: 0 | 30: letters 7 to 12 |      a is 1, z is 26, behind the end 0
 *
 * Packed words are in the order of their texts. Every way of the processor's wide registers gives the same answer.
 * Source: Jaro, JASA 84 (1989). The layout and the sixteen lanes are this project's.
 */
#ifndef TIDEWAITER_FEEDS_NAME_JARO_H
#define TIDEWAITER_FEEDS_NAME_JARO_H

#include "feeds/name_compare.h"
#include "feeds/name_scan.h"

#define TW_JARO_LETTERS 12 /* of a word that are packed */
#define TW_JARO_LANES   16
#define TW_JARO_CODES   32 /* of a letter */

/** @param term of letters alone, else what is packed means nothing */
uint64_t tw_jaro_pack(const struct tw_name_term *term);

/** @return how many of their first letters, of four, are the same */
uint32_t tw_jaro_prefix(uint64_t a, uint64_t b);

/** A word ready to be matched: by a letter's code, the places where it stands. */
struct tw_jaro_word {
	uint32_t at[TW_JARO_CODES];
	uint32_t len;
};
void tw_jaro_word_make(struct tw_jaro_word *word, const struct tw_name_pattern *pattern);

/** Words of one length. */
struct tw_jaro_lanes {
	uint32_t high[TW_JARO_LANES], low[TW_JARO_LANES]; /**< the halves of packed words; of unused lanes anything */
	uint32_t len;                                     /**< at most TW_JARO_LETTERS */
	uint32_t matched[TW_JARO_LANES];                  /**< out: letters that match */
	uint32_t halves[TW_JARO_LANES];                   /**< out: of them, those out of order: two are one transposition */
	uint32_t slips[TW_JARO_LANES];                    /**< out, of tw_jaro_slips alone */
};
void tw_jaro_match(enum tw_name_scan scan, const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes);

/** Slips between the word and each of the others (name_slips.h). */
void tw_jaro_slips(enum tw_name_scan scan, const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes);

#endif
