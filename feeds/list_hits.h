/**
 * @file list_hits.h
 * The best hits of one search, of each entry its best name, in their strict order: by similarity, then by entry.
 *
 * Invariant: the order in which hits come does not show.
 * Threads: one each.
 */
#ifndef TIDEWAITER_FEEDS_LIST_HITS_H
#define TIDEWAITER_FEEDS_LIST_HITS_H

#include <tidewaiter/limits.h>

#include "feeds/list_index.h"

struct tw_list_hit {
	uint32_t entry, name;
	uint32_t similarity;
	uint32_t part_count;
	struct tw_match_part part[TW_MATCH_PARTS_MAX];
};

struct tw_list_hits {
	const struct tw_list_index *index;
	struct tw_list_hit hit[TW_HITS_MAX];
	uint32_t count;
};

/**
 * One place an entry, in order; past TW_HITS_MAX the last falls off. What fell off comes back only with a better name, so the order of calls
 * does not show.
 */
void tw_list_hits_keep(struct tw_list_hits *hits, const struct tw_list_hit *hit);

/** @param out in `arena`; written on TW_OK alone, otherwise TW_E_MEMORY (tw_list_no_memory) */
enum tw_code tw_list_hits_answer(const struct tw_list_hits *hits, struct tw_arena *arena, struct tw_matches *out, struct tw_error *err);

/** @return TW_E_MEMORY: there was none for a search's hits */
enum tw_code tw_list_no_memory(struct tw_error *err);

#endif
