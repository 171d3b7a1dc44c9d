/**
 * @file name_detail.h
 * What is left to tell apart hits whose words agree alike: how long the names are, and how closely they agree as written.
 *
 * Invariant: integers alone, a function of the two texts. Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_NAME_DETAIL_H
#define TIDEWAITER_FEEDS_NAME_DETAIL_H

#include <tidewaiter/slice.h>

#define TW_NAME_DETAIL_BYTES_MAX 192 /* of a text that are looked at */

/** @return how much the letters and digits of a text say, in 1024ths of a bit: a q more than an e; signs and case say nothing */
uint32_t tw_name_information(struct tw_slice text);

/**
 * Pairs of neighbouring characters that two texts share, of all that they have, each by what its two characters say: order of words, signs
 * between them and accents show, a z more than an e; case does not.
 * @return in ppm; 1,000,000 for texts that differ in case alone
 * Source: Dice, Ecology 26 (1945); of letter pairs after Adamson and Boreham, Information Storage and Retrieval 10 (1974).
 */
uint32_t tw_name_written_alike(struct tw_slice a, struct tw_slice b);

#endif
