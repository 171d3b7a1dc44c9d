/**
 * @file delta.h
 * Which hits an edition of the lists brings that the edition before could not: by an entry that is new, or by a name or number that an old one has
 * gained. What an entry has gained else (a birth, a country) moves a similarity, and makes no hit.
 */
#ifndef TIDEWAITER_ENGINE_SCREEN_DELTA_H
#define TIDEWAITER_ENGINE_SCREEN_DELTA_H

#include <tidewaiter/match.h>

struct tw_list_index;

/**
 * Mark the hits that are news.
 * @param before  the edition before; borrowed for the call
 * @param matches found in the edition now: `is_new` of each is written
 * @return how many are. Threads: any
 */
uint32_t tw_delta_mark(const struct tw_list_index *before, struct tw_matches *matches);

#endif
