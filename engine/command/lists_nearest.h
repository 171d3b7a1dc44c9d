/**
 * @file lists_nearest.h
 * For a name that misses: the listed names that share most words with it, so that a person sees how far off it is. A walk over every name: for one
 * question of a person, never for screening.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_LISTS_NEAREST_H
#define TIDEWAITER_ENGINE_COMMAND_LISTS_NEAREST_H

#include "engine/command/lists_ask.h"

#define TW_LISTS_NEAR_MAX 5

struct tw_lists_near {
	struct tw_list_entry entry;
	struct tw_slice name; /**< the listed one */
	uint32_t shared;      /**< words in common, a slip of the pen allowed in words of four characters and more */
	uint32_t words;       /**< of the longer of the two names */
	uint32_t edits;       /**< slips in the shared words */
};

/** @param out by shared words of all, slips, list, entry @return how many; 0 too when the arena is at its ceiling */
uint32_t tw_lists_nearest(const struct tw_list_index *index, const struct tw_lists_query *query, struct tw_arena *arena,
                          struct tw_lists_near out[TW_LISTS_NEAR_MAX]);

#endif
