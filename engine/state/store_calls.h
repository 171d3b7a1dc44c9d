/**
 * @file store_calls.h
 * What a store has to bring, and what tw_store_apply has checked before it asks. Inside engine/state only.
 */
#ifndef TIDEWAITER_ENGINE_STATE_STORE_CALLS_H
#define TIDEWAITER_ENGINE_STATE_STORE_CALLS_H

#include "engine/state/entity.h"
#include "engine/state/store.h"

struct tw_store_calls {
	/** NULL where there is nothing to win. Parts are as for `apply`; part_count 0: forget it. @return whether something is on its way */
	bool (*start)(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena);
	/**
	 * Parts are checked, priors allocated and empty. What was started is either exactly this, or was taken back.
	 * @param late in: the last of its writing may be left to `confirm`; out: whether it was
	 */
	enum tw_code (*apply)(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, bool *late,
	                      struct tw_error *err);
	/** After an apply that was late, and before anything but `start`. NULL: none ever is. @param held as of tw_store_confirm */
	enum tw_code (*confirm)(struct tw_store *store, bool *held, struct tw_error *err);
	enum tw_code (*watermark)(struct tw_store *store, struct tw_slice topic, int32_t partition, struct tw_store_standing *out,
	                          struct tw_error *err);
	enum tw_code (*survey)(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open, struct tw_store_life *out,
	                       struct tw_error *err);
	/** @param record out: bytes that live in `arena` or until the next call; empty for none */
	enum tw_code (*read)(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena, struct tw_slice *record,
	                     struct tw_error *err);
	void (*free)(struct tw_store *store);
	enum tw_code (*each)(struct tw_store *store, bool (*visit)(void *context, const struct tw_store_name *name), void *context,
	                     struct tw_error *err);
	enum tw_code (*peek)(struct tw_store *store, const struct tw_store_place *places, uint32_t place_count, const struct tw_store_name *names,
	                     uint32_t name_count, struct tw_arena *arena, struct tw_store_peek *out, struct tw_error *err);
	/** NULL: cannot */
	enum tw_code (*remove)(struct tw_store *store, uint64_t *removed, struct tw_error *err);
	/** NULL where asking costs as much as applying. @return false when there is no record */
	bool (*knows)(struct tw_store *store, const struct tw_operation *operation);
};

struct tw_store {
	const struct tw_store_calls *calls;
	const struct tw_store_part *started; /* NULL: nothing is on its way */
	bool asked;                          /* by tw_store_ask, and the last of it is on its way: before what was started */
	bool lost;                           /* what was asked was not waited for: nobody knows whether it is applied */
};

/** TW_E_CORRUPT naming the entity. */
enum tw_code tw_store_corrupt(enum tw_entity_kind kind, struct tw_slice key, struct tw_error *err);
/** TW_E_STALE: a replayed operation whose own entry is not in its record. */
enum tw_code tw_store_lost(const struct tw_store_part *part, int64_t offset, const struct tw_operation *operation, struct tw_error *err);
enum tw_code tw_store_no_memory(struct tw_error *err);

/** Room for a look at so many shards, places and names: every number as if nothing were there. @return false at the arena's ceiling */
bool tw_store_peek_room(uint32_t shards, uint32_t places, uint32_t names, struct tw_arena *arena, struct tw_store_peek *out);

#endif
