/**
 * @file list_references.h
 * What one part of a list's file states and another refers to by number: places, documents, kinds of things. (set, id) -> facts, in the
 * order in which they were added.
 *
 *     bucket[hash & mask] -> fact -> fact -> ...    chains of places in `fact`, grown by doubling
 *
 * Asked by key, never walked, so the order of buckets reaches nothing.
 * Threads: one; for a load.
 */
#ifndef TIDEWAITER_FEEDS_LIST_REFERENCES_H
#define TIDEWAITER_FEEDS_LIST_REFERENCES_H

#include <tidewaiter/error.h>

#include "engine/base/arena.h"

#define TW_LIST_FACT_TEXTS 4U

struct tw_list_fact {
	struct tw_slice id;
	struct tw_slice text[TW_LIST_FACT_TEXTS]; /**< what they are is the set's; blank ones are {"", 0} */
	uint32_t value;
	uint32_t set;
	uint32_t next; /**< place in `fact` plus one, 0: the last */
};

/** Zeroed but for the arena is empty. */
struct tw_list_references {
	struct tw_arena *arena; /**< borrowed; texts are copied into it */
	struct tw_list_fact *fact;
	uint32_t *first, *last; /**< by bucket: place in `fact` plus one */
	uint32_t count, room;   /**< `room` facts and buckets: a power of two */
};

/** @param fact copied, its texts too; several of one (set, id) stay in their order @return false without memory */
TW_MUST_USE bool tw_list_references_add(struct tw_list_references *references, const struct tw_list_fact *fact);

/** @return the first fact of (set, id), until the next call of tw_list_references_add; NULL: there is none */
const struct tw_list_fact *tw_list_references_find(const struct tw_list_references *references, uint32_t set, struct tw_slice id);

/** @return the next fact of the same (set, id), or NULL */
const struct tw_list_fact *tw_list_references_next(const struct tw_list_references *references, const struct tw_list_fact *fact);

/** @return the first text of (set, id); {"", 0}: there is none */
struct tw_slice tw_list_references_text(const struct tw_list_references *references, uint32_t set, struct tw_slice id);

#endif
