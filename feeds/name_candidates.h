/**
 * @file name_candidates.h
 * The forms behind one word of a query that may be hits: its postings sieved (name_sieve.h), thinned by the forms that hold the other words as long
 * as that is cheaper than looking at each, and looked at (name_query.h).
 *
 * Invariant: every form that agrees and holds the word, or a word that it meets, is looked at. Initials are in too many forms to come by them: of
 * forms that have one, a word of the query gains what it gives at least, and each word where they have several (name_search.c).
 */
#ifndef TIDEWAITER_FEEDS_NAME_CANDIDATES_H
#define TIDEWAITER_FEEDS_NAME_CANDIDATES_H

#include "feeds/name_holders.h"
#include "feeds/name_query.h"
#include "feeds/name_united.h"

/* What steps cost, in what it takes to mark a posting. Source: measured by bench_names. */
#define TW_NAME_LOOK_UP 6000U /* finding the terms that a word meets */
#define TW_NAME_VISIT   60U   /* looking at a form */

/** What one thread remembers of one index. */
struct tw_name_memo {
	const struct tw_name_index *index;
	struct tw_similar_memo similar;
	struct tw_name_partners partners;
	struct tw_name_work work;
	uint8_t *seen; /**< by form: the query that looked at it last */
	uint8_t query;
	struct tw_name_holders holders;
	struct tw_name_united united;
	struct tw_name_candidate *candidate; /**< those under way */
	uint32_t *due;                       /**< forms that will be looked at */
	uint32_t due_count;
};

/** Forms. */
struct tw_name_range {
	uint32_t from, to;
};

/** @param memo all zero but for its index @return false without memory; fini all the same */
TW_MUST_USE bool tw_name_candidates_init(struct tw_name_memo *memo);
void tw_name_candidates_fini(struct tw_name_memo *memo);

/**
 * Find the forms that hold a word of the query, or a word that it meets, where they can be hits: some are looked at, the others when the query's
 * words are all entered.
 * @param query   its `partners` are set as soon as they are known
 * @param ranges  by kind, of forms that have as many words as a hit
 * @param entered the word, whose terms are known
 * @param kinds   of forms, a bit each
 * @return false without memory
 */
TW_MUST_USE bool tw_name_candidates_visit(struct tw_name_query *query, struct tw_name_memo *memo, const struct tw_name_range *ranges,
                                          uint32_t entered, uint32_t kinds);

/** Look at the forms that are left. */
void tw_name_candidates_finish(struct tw_name_query *query, struct tw_name_memo *memo);

#endif
