/**
 * @file name_index_build.h
 * Inside the index of names: what building it and reading it share.
 */
#ifndef TIDEWAITER_FEEDS_NAME_INDEX_BUILD_H
#define TIDEWAITER_FEEDS_NAME_INDEX_BUILD_H

#include "feeds/name_index.h"

#define TW_NAME_TERMS_MAX                                                                                                                            \
	0xFFFFFEU /* words of one index: a slot has 24 bits for the place, and 8 of the hash, which spare most looks at others' words */

/**
 * A term among `vocabulary` by the slots of its hash, of which there are `slots`, one empty at least.
 * @param at its slot; of a term that is not there the one that it would have
 * @return its place, or UINT32_MAX
 */
uint32_t tw_name_slot_find(const uint32_t *slot, uint32_t slots, const struct tw_name_term *vocabulary, const struct tw_name_term *term,
                           uint32_t *at);

/** Put a term that has no slot yet into one. @param place below TW_NAME_TERMS_MAX */
void tw_name_slot_set(uint32_t *slot, uint32_t slots, const struct tw_name_term *term, uint32_t place);

/** Put a term into the index's filter, without which it is not found. */
void tw_name_filter_set(struct tw_name_index *index, const struct tw_name_term *term);

#endif
