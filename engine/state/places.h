/**
 * @file places.h
 * Where each input partition stands: topic names and their 4-bit ids, watermarks, committed offsets. One set a memory store or a shard.
 *
 * A *watermark* is (next, done): every offset below `next` is applied, and the first `done` operations of the event at `next`. `done` is
 * 0 but where one event has more entities than one call may carry.
 */
#ifndef TIDEWAITER_ENGINE_STATE_PLACES_H
#define TIDEWAITER_ENGINE_STATE_PLACES_H

#include "engine/state/record.h"
#include "engine/state/store.h"

struct tw_place {
	bool known;   /**< what follows was read since the last connect */
	bool present; /**< a watermark is stored */
	int64_t next;
	uint32_t done;
	int64_t committed; /**< highest told by anybody: entries below may be folded */
	int64_t highest;   /**< `next` never was above this since the last tw_places_forget */
	bool wanted;       /**< somebody else's partition whose committed offset keeps a record long */
};

struct tw_places {
	struct tw_slice topic[TW_TOPICS_MAX]; /**< owned */
	uint32_t topic_count;
	struct tw_place *row[TW_TOPICS_MAX];
	uint32_t row_count[TW_TOPICS_MAX];
	bool wanting;       /**< some place is wanted */
	bool topics_wanted; /**< a tag names a topic that came after our list was read */
};

void tw_places_fini(struct tw_places *places);
/** @return the topic's id, -1 when it has none */
int tw_places_topic(const struct tw_places *places, struct tw_slice topic);
/** @return the new id; -1 past TW_TOPICS_MAX, or without memory */
int tw_places_topic_add(struct tw_places *places, struct tw_slice topic);
/** @param partition below TW_PARTITIONS_MAX @return valid until the next call; NULL without memory */
struct tw_place *tw_places_at(struct tw_places *places, uint32_t topic, uint32_t partition);
/** What was read may be of another life: ids and watermarks must be read again, partitions placed anew. */
void tw_places_forget(struct tw_places *places);

/** As struct tw_foldable asks; the context is a struct tw_places. Marks places that it knows nothing of as wanted. */
bool tw_places_below(void *places, uint64_t tag);

/** @return whether (offset, index within the event) lies below the watermark */
bool tw_place_has(const struct tw_place *place, int64_t offset, uint32_t index);
/**
 * State must not be behind the log, but where it is being rebuilt, nor behind itself.
 * @return TW_OK; TW_E_STALE stop naming topic, partition and both numbers
 */
TW_MUST_USE enum tw_code tw_place_check(const struct tw_place *place, const struct tw_store_part *part, struct tw_error *err);

#endif
