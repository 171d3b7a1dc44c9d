/**
 * @file state_compare.h
 * Two statements of one entity, the log's and the store's, and what is different between them. Pure. Private to engine/command. Threads: one owner.
 *
 *     record (as stored)  --cut: entries at or above an offset are left out--> fold --> counters and elements
 *
 * A store whose engines run holds events that were not committed yet, and another moment holds others. A record and its shard's watermarks of one
 * moment are the fold of the log below those watermarks: that is where both sides are cut.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_STATE_COMPARE_H
#define TIDEWAITER_ENGINE_COMMAND_STATE_COMPARE_H

#include "engine/run/state_words.h"
#include "engine/state/store.h"

/** Where a side is cut, by place. */
struct tw_state_cut {
	const struct tw_store_place *places;
	const uint32_t *topics; /**< of the side: id of each place's topic in tags, UINT32_MAX none */
	const int64_t *below;   /**< entries at or above it are left out */
	uint32_t count;
};
/**
 * The fold of a record without what lies beyond the cut. Entries of a partition that is no place are kept.
 * @return TW_OK, an empty record too; TW_E_CORRUPT; TW_E_MEMORY: the caller, who knows the key, fills the error
 */
TW_MUST_USE enum tw_code tw_state_cut(struct tw_slice record, const struct tw_state_cut *cut, struct tw_arena *arena, struct tw_state *out);

/** One counter or element in words. */
struct tw_state_part {
	char what[TW_STATE_WORDS_BYTES];
	char log[TW_STATE_WORDS_BYTES];   /**< "" : nothing */
	char store[TW_STATE_WORDS_BYTES]; /**< "" : nothing */
};
/**
 * Counters, then elements, each in its order.
 * @param partial the log lacks its begin: only what the log has and the store contradicts is a difference
 * @param out NULL with room 0 @return how many parts differ, of which the first `room` are written
 */
uint32_t tw_state_compare(const struct tw_state *log, const struct tw_state *store, bool partial, struct tw_state_part *out, uint32_t room);

enum tw_difference_kind {
	TW_DIFFERENCE_EPOCH = 1, /**< a shard without one, or with another than the first shard's */
	TW_DIFFERENCE_BEHIND,    /**< a watermark below the committed offset */
	TW_DIFFERENCE_AHEAD,     /**< a watermark beyond the log's end */
	TW_DIFFERENCE_MISSING,   /**< in the log, not in the store */
	TW_DIFFERENCE_FOREIGN,   /**< in the store, not in the log */
	TW_DIFFERENCE_DIFFERS,
	TW_DIFFERENCE_DAMAGED, /**< the stored bytes do not check */
	TW_DIFFERENCE_UNKNOWN, /**< a key among ours that no engine writes */
};
#define TW_DIFFERENCE_KINDS 8U
/** "epoch", "behind", ... */
const char *tw_difference_word(enum tw_difference_kind kind);

#define TW_DIFFERENCE_PARTS 8U
struct tw_difference {
	enum tw_difference_kind kind;
	enum tw_entity_kind entity; /**< 0: not of an entity */
	struct tw_slice key;        /**< owned; of the entity, or the shard's or key's name */
	char detail[TW_STATE_WORDS_BYTES];
	struct tw_state_part *parts; /**< owned */
	uint32_t part_count;         /**< in all; at most TW_DIFFERENCE_PARTS are there */
};

/** The first `most` differences by kind of entity, key and kind; all of them counted. */
struct tw_differences {
	uint32_t most;
	struct tw_difference *rows; /* owned; room for one more than most */
	uint32_t count;
	uint64_t total;
	uint64_t of_kind[TW_DIFFERENCE_KINDS + 1];
};
/** @return false without memory */
bool tw_differences_init(struct tw_differences *differences, uint32_t most);
void tw_differences_fini(struct tw_differences *differences);
/** @param difference key is copied, parts are taken over on every return @return false without memory */
bool tw_differences_add(struct tw_differences *differences, const struct tw_difference *difference);
/** A table for a person. */
void tw_differences_print(const struct tw_differences *differences, FILE *out);

#endif
