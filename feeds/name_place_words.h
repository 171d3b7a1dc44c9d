/**
 * @file name_place_words.h
 * Countries and towns in firms' names: papers add where a branch is, or leave it out, and another place is another firm.
 */
#ifndef TIDEWAITER_FEEDS_NAME_PLACE_WORDS_H
#define TIDEWAITER_FEEDS_NAME_PLACE_WORDS_H

#include <tidewaiter/slice.h>

/** @param word folded, no abbreviation @return whether it is the name of a country or a large town. Threads: any */
bool tw_name_is_place(struct tw_slice word);

#endif
