/**
 * @file list_memo.h
 * One thread's share of the list index: what its searches remember, laid open to them (list_search.c, list_screen.c). How it is made, passed on and
 * freed stands in lists.h; what addresses ask of it, in list_index.h.
 *
 * Invariant: what is remembered is a function of the index alone; forgetting it changes no answer.
 * Threads: one each.
 */
#ifndef TIDEWAITER_FEEDS_LIST_MEMO_H
#define TIDEWAITER_FEEDS_LIST_MEMO_H

#include "engine/base/hash.h"
#include "feeds/address_sieve.h"
#include "feeds/list_answers.h"
#include "feeds/list_index.h"
#include "feeds/name_joins.h"

struct tw_list_memo {
	struct tw_name_memo *domain[TW_LIST_DOMAINS];
	struct tw_joins_memo *joins[TW_LIST_DOMAINS];
	struct tw_script_memo *script[TW_LIST_DOMAINS];
	struct tw_list_answers *answers;
	uint32_t generation; /* in those hashes: with another all are forgotten */
	struct tw_address_sieve places;
	struct tw_hash128 *bare; /* addresses at which nothing is listed, in the same way */
	uint64_t *hidden;        /* a bit an entry: the filter hid it from the search under way; none between searches */
};

/** Words of `hidden`. */
static inline size_t tw_list_memo_hidden_words(const struct tw_list_index *index)
{
	return (size_t)index->entry_count / 64 + 1;
}

#endif
