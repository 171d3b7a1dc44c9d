/**
 * @file record.h
 * One entity's record as bytes: what is stored, appended to, compacted, and folded into an answer.
 *
 *     generation u32 | length varint | check u32 | snapshot (packed) | entry | entry | ...
 *     '------------ head ------------------------------------------'
 *     entry:  tag u64 | length varint | check u16 | payload (packed)
 *     tag:    topic id 4 bits | partition 12 bits | offset 48 bits
 *
 * Fixed-width numbers are little-endian. A head of an empty snapshot is generation and a length of 0, without check. An entry is one
 * event's operation. The store only ever appends entries and replaces [4, n) by a new snapshot of the same meaning, adding 1 to the
 * generation; so a record *before* some entry is a prefix of its bytes, and a prior is nothing but a shorter slice.
 *
 * Invariant: fold(snapshot + entries) does not depend on the order of entries or on what has been compacted. Entries at or above their
 * partition's committed offset are never folded away: a replay finds its own and knows its prior.
 * The checks are parts of XXH3 over the bytes they guard (an entry's over tag and payload): a flipped bit is TW_E_CORRUPT, not a score.
 */
#ifndef TIDEWAITER_ENGINE_STATE_RECORD_H
#define TIDEWAITER_ENGINE_STATE_RECORD_H

#include "engine/state/packed.h"

#define TW_RECORD_EMPTY_BYTES   5U  /* generation 0, length 0 */
#define TW_ENTRY_HEAD_BYTES_MAX 16U /* tag 8, length at most 5, check 2 */
#define TW_TOPICS_MAX           16U
#define TW_PARTITIONS_MAX       4096U
#define TW_OFFSET_END           (INT64_C(1) << 48)
#define TW_RECORD_TAIL_MAX      8U /* longer tails are compacted: of 8 a call carries a tenth less than of 16, and folds cost no more */

static inline uint64_t tw_tag(uint32_t topic, uint32_t partition, int64_t offset)
{
	return (uint64_t)topic << 60 | (uint64_t)partition << 48 | (uint64_t)offset;
}
static inline uint32_t tw_tag_topic(uint64_t tag)
{
	return (uint32_t)(tag >> 60);
}
static inline uint32_t tw_tag_partition(uint64_t tag)
{
	return (uint32_t)(tag >> 48) & (TW_PARTITIONS_MAX - 1);
}
static inline int64_t tw_tag_offset(uint64_t tag)
{
	return (int64_t)(tag & ((UINT64_C(1) << 48) - 1));
}

/** Writes the head of an empty record. @param to room for TW_RECORD_EMPTY_BYTES */
void tw_record_begin(char *to);
/** @return bytes that an entry of that payload takes */
uint32_t tw_entry_bytes(struct tw_slice payload);
/** Writes one entry. @param to room for TW_ENTRY_HEAD_BYTES_MAX + payload.len @return bytes written */
uint32_t tw_entry_write(char *to, uint64_t tag, struct tw_slice payload);

/** Reading step by step, for fold.c: the head, then each entry. @return the snapshot; the cursor is bad when it does not check */
struct tw_slice tw_record_head(struct tw_cursor *cursor);
/** @return false at the end, or when the cursor went bad */
bool tw_record_entry(struct tw_cursor *cursor, uint64_t *tag, struct tw_slice *payload);

/**
 * Every check and every length fits. An empty slice (no record) is sound.
 * @param tail out, may be NULL: entries after the snapshot
 */
bool tw_record_sound(struct tw_slice record, uint32_t *tail);
/** The record before the entry of that tag. @return false when there is no such entry: `before` untouched */
bool tw_record_before(struct tw_slice record, uint64_t tag, struct tw_slice *before);

/**
 * All operations of a record as one state: buckets too old summed up, elements beyond TW_ELEMENTS_MAX dropped, lowest (version, key) first.
 * @param out  arrays in `arena`, keys and bytes pointing into `record`
 * @return TW_OK; TW_E_CORRUPT; TW_E_MEMORY. The caller, who knows the key, fills the error.
 */
TW_MUST_USE enum tw_code tw_record_fold(struct tw_slice record, struct tw_arena *arena, struct tw_state *out);
/** The same of a record that is sound: it is not checked again. */
TW_MUST_USE enum tw_code tw_record_fold_known(struct tw_slice record, struct tw_arena *arena, struct tw_state *out);
/** Go on from the fold of a prefix. @param entries what follows that prefix, sound @param base  not changed; `out` may share its arrays */
TW_MUST_USE enum tw_code tw_record_fold_on(const struct tw_state *base, struct tw_slice entries, struct tw_arena *arena, struct tw_state *out);
/** The same with an operation that is in no record. @param payload of our own making */
TW_MUST_USE enum tw_code tw_payload_fold_on(const struct tw_state *base, struct tw_slice payload, struct tw_arena *arena, struct tw_state *out);
/**
 * One counter of the fold of a sound record, for who asks of nothing else: no element is read.
 * @param field none that the fold itself works out: of samples, buckets, "older" sums and overflows @return its value, or `absent`
 */
int64_t tw_record_counter(struct tw_slice record, uint32_t field, int64_t absent);
/** The fold, packed: equal states give equal bytes. Same returns. */
TW_MUST_USE enum tw_code tw_record_canonical(struct tw_slice record, struct tw_arena *arena, struct tw_slice *out);

/** Whether an entry may be folded away. */
struct tw_foldable {
	bool (*below)(void *context, uint64_t tag);
	void *context;
};
/** What the store needs to replace a record's head: nothing is replaced when another compaction came first. */
struct tw_compaction {
	uint32_t generation;  /**< only a record of this generation */
	uint32_t upto;        /**< bytes [4, upto) give way to */
	uint32_t entries;     /**< that were folded */
	struct tw_slice head; /**< length, check and snapshot */
};
/**
 * Fold the longest prefix of foldable entries into the snapshot.
 * @return TW_OK; TW_E_MISSING: the first entry may not be folded; TW_E_CORRUPT; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_record_compact(struct tw_slice record, struct tw_foldable foldable, struct tw_arena *arena, struct tw_compaction *out);

#endif
