/**
 * @file list_answers.h
 * Which listed names a queried name met, remembered by one thread: the parties of a port's week come again, and those near a listed name cost the
 * most to search for. What is remembered is what the two names alone decide, so that evidence, filters and limits have their say each time.
 *
 * Invariant: a function of the searches that were noted; bounded; a name that is not remembered is searched for again, with the same answer.
 * Threads: one each.
 */
#ifndef TIDEWAITER_FEEDS_LIST_ANSWERS_H
#define TIDEWAITER_FEEDS_LIST_ANSWERS_H

#include "engine/base/hash.h"
#include "feeds/name_compare.h"

#define TW_LIST_ANSWERS_MAX 1024 /* of one name: 28 KiB; a name that meets more is searched for each time */

/** One listed name that agreed. */
struct tw_list_answer {
	uint32_t name;
	struct tw_name_agreement agreement;
	uint32_t met;                     /**< how, in the caller's own numbers */
	int32_t rarity_ppm, spelling_ppm; /**< parts of its similarity: what the query's text and reading decide too */
};

/** What one search met; `count` past TW_LIST_ANSWERS_MAX says that it was too much. */
struct tw_list_met {
	struct tw_list_answer answer[TW_LIST_ANSWERS_MAX];
	uint32_t count;
	uint16_t place[2 * TW_LIST_ANSWERS_MAX]; /* by hash: an answer's number from 1 */
};

/** Begin a search: nothing is met. */
void tw_list_met_clear(struct tw_list_met *met);

struct tw_list_answers;
struct tw_list_answers *tw_list_answers_new(void); /**< @return NULL without memory */
void tw_list_answers_free(struct tw_list_answers *answers);

/** Add to what a search met; what is there already is not added again. */
void tw_list_met_add(struct tw_list_met *met, struct tw_list_answer answer);

/**
 * @param query hash of all that decides which names agree
 * @return its answers in the order in which they were met, until the next tw_list_answers_note; none (`count` 0) for one that met nothing; NULL: not
 *         remembered
 */
const struct tw_list_answer *tw_list_answers_find(const struct tw_list_answers *answers, struct tw_hash128 query, uint32_t *count);

/** Remember them, or that there are none; nothing happens where there are too many, or the hash is {0, 0}. */
void tw_list_answers_note(struct tw_list_answers *answers, struct tw_hash128 query, const struct tw_list_met *met);

#endif
