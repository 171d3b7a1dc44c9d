/**
 * @file entity.h
 * The insides of tw_operations and tw_priors, shared by this folder's files alone.
 *
 *     event -> mentions (subject pointer -> operation)        many mentions of one key fold into one operation
 *                     \-> operations [0 .. count)  ----store---->  priors [0 .. count), parallel
 *
 * A prior is the record's bytes before the event; it is folded when the first question is asked of it.
 */
#ifndef TIDEWAITER_ENGINE_STATE_ENTITY_H
#define TIDEWAITER_ENGINE_STATE_ENTITY_H

#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

#include "engine/state/packed.h"

struct tw_arena;
struct tw_mark_parts;

struct tw_operation {
	enum tw_entity_kind kind;
	uint64_t hash; /**< of kind and key: table slot and shard */
	struct tw_slice key;
	struct tw_slice payload; /**< packed; may be empty: the mention alone */
};

struct tw_mention {
	const void *subject;
	enum tw_entity_kind kind;
	uint32_t operation;
	const struct tw_item *item;        /**< the line that a certificate reference or marking stands on, or NULL */
	const struct tw_mark_parts *parts; /**< of a mark in a series: series_part.h; or NULL */
	const struct tw_item *again;       /**< line of the same event that states the same serial before this mark does: again.h; or NULL */
	uint32_t number;                   /**< operation of the mark's number, whoever made it: number.h; or TW_NO_OPERATION */
};

#define TW_NO_OPERATION UINT32_MAX

struct tw_operations {
	struct tw_operation *operation; /**< in order of first mention */
	uint32_t count;
	struct tw_mention *mention; /**< by subject, then kind */
	uint32_t mention_count;
	uint32_t own[TW_ENTITY_KINDS + 1]; /**< by kind: the event's own entity, or TW_NO_OPERATION */
	bool tells;                        /**< facts may follow from it (facts.h) */
	bool expects;                      /**< likewise (due.h), if a certificate that it names is on record */
};

/**
 * Priors of one record in one batch are prefixes of the same bytes, asked about in ascending order: each fold goes on where the last one
 * ended. Without this a record that every event of a batch mentions would cost the square of the batch.
 */
struct tw_folded {
	struct tw_state state;
	uint32_t length; /**< of the prefix that `state` is the fold of; 0: none yet */
};

struct tw_prior {
	struct tw_slice record;       /**< sound; empty: no record before */
	struct tw_folded *folded;     /**< shared by all priors of these bytes; NULL: nobody to share with */
	const struct tw_state *state; /**< folded, or NULL: not asked yet */
	const struct tw_state *with;  /**< and the operation itself; NULL: not asked yet */
	const struct tw_state *view;  /**< of a part of a series, joined with its long runs; NULL: not asked yet */
	bool incomplete;              /**< an answer was lost to the arena's ceiling */
};

struct tw_priors {
	struct tw_prior *prior;
	uint32_t count;
	enum { TW_MARKS_NOT_ASKED = 0, TW_MARKS_NEW, TW_MARKS_MET } marks; /**< whether a mark, or one that may be near it, is on record */
};

/** Seed of every key hash. */
uint64_t tw_entity_hash(enum tw_entity_kind kind, struct tw_slice key);
/** @return the folded prior of an operation; NULL when there is no record, or at the arena's ceiling (then it is marked incomplete) */
const struct tw_state *tw_prior_state(const struct tw_priors *priors, uint32_t operation, struct tw_arena *arena);
/** One counter of it, which does not follow from samples or others, without the fold: for who asks nothing else. @return its value, or `absent` */
int64_t tw_prior_counter(const struct tw_priors *priors, uint32_t operation, uint32_t field, int64_t absent);

#endif
