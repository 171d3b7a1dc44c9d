/**
 * @file name_query.h
 * Inside the search of one index: a query read for it, and whether one listed form agrees with it.
 *
 * Gains are in ppm times weight. A hit of threshold T gains at least what its tokens without partner cost, all but one unit of slack:
 *     sum of (similarity - T) * p over pairs  >=  T * (extra weights of both sides) - T,     p = 2 * the lesser weight of a pair
 * A token of the query gains what its best partner gives, or costs what it costs alone.
 */
#ifndef TIDEWAITER_FEEDS_NAME_QUERY_H
#define TIDEWAITER_FEEDS_NAME_QUERY_H

#include "feeds/name_partners.h"
#include "feeds/name_similar.h"

/** A plain word of a query. */
struct tw_query_word {
	struct tw_similar *similar; /**< the memo's */
	uint32_t place;             /**< in `pattern` */
	uint32_t mask;
	int64_t best;                     /**< what it gains at most; the less, once it is known what it meets */
	int64_t least[2];                 /**< and at least: of forms without and with an initial */
	int64_t cost[TW_LACKING_MAX + 1]; /**< by how many of its letters a word lacks: what it gains less than `best`, at least, where they meet */
};

/** What searches did, counted: benchmarks print it, nothing else asks. */
struct tw_name_work {
	uint64_t searches;           /**< forms that were asked for */
	uint64_t entered;            /**< words by whose postings candidates came */
	uint64_t runs, postings;     /**< of these */
	uint64_t sieved, candidates; /**< postings that the sieve let through, forms that were left when they were thinned */
	uint64_t looked_at;          /**< forms */
	uint64_t compared, hits;     /**< of them */
};

struct tw_name_query {
	const struct tw_name_index *index;
	struct tw_name_work *work; /**< who looks at a form counts it */
	struct tw_name_listener listener;
	int64_t threshold;
	struct tw_name_pattern pattern[TW_NAME_TOKENS_MAX];
	uint32_t count;
	struct tw_query_word word[TW_NAME_TOKENS_MAX]; /**< the plain ones */
	uint32_t words;
	uint32_t paired;                         /**< tokens that may be paired with words and initials of the list: words and initials */
	int64_t weight;                          /**< of all tokens */
	int64_t least;                           /**< what the words gain at least, of forms without an initial */
	int64_t others[2];                       /**< what tokens that are not plain words gain at most, as `least` */
	bool initials;                           /**< one of them is an initial */
	const struct tw_name_partners *partners; /**< by term, what a word gains more than its `least[0]`; NULL: not all that words meet is known */
};

/**
 * Read a form that is asked for.
 * @param query index, listener, work and threshold are set, the others are written
 * @param memo  of the index; NULL: for comparing with every form, `word` and `others` are not written
 */
void tw_name_query_read(struct tw_name_query *query, struct tw_similar_memo *memo, const struct tw_name_form *form);

/**
 * Lower what a word gains at most to what the best of the terms gives that it meets, and its costs with it.
 * @param word of the query; nothing happens while it is not known what it meets
 * @return by how much
 */
int64_t tw_name_query_settle(const struct tw_name_query *query, const struct tw_similar_memo *memo, struct tw_query_word *word);

/** @return what no word and no initial of any name weighs less than */
int64_t tw_name_lightest(const struct tw_name_rules *rules);

/** @return what a token of the query costs that has no partner */
int64_t tw_name_cost_alone(const struct tw_name_query *query, int64_t weight);

/** @return what an initial of the query gains at most from a word that it begins */
int64_t tw_name_gain_beginning(const struct tw_name_query *query, int64_t weight);

/** A form of the index that may agree. */
struct tw_listed_form {
	uint32_t form;
	uint32_t count; /**< of its terms */
	const uint32_t *term;
};

/** Tell the listener of a form that agrees. */
void tw_name_query_visit(const struct tw_name_query *query, struct tw_listed_form form);

#endif
