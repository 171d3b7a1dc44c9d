/**
 * @file redis_store.h
 * The Redis store's insides, shared by redis.c (rounds, interface) and redis_settle.c (what has to be known before a round).
 */
#ifndef TIDEWAITER_ENGINE_STATE_REDIS_STORE_H
#define TIDEWAITER_ENGINE_STATE_REDIS_STORE_H

#include "engine/state/redis_call.h"
#include "engine/state/redis_link.h"

struct tw_redis {
	struct tw_store store;
	struct tw_link link;
	uint32_t shard_count;
	struct tw_shard *shards;
	struct tw_pending *pending[TW_PENDING_MAX];
	struct tw_call_table table;
	struct tw_list ahead; /* struct tw_call: sent, replies not read; empty for none */
};

/** Forget all that was learnt of the server: it may belong to another life of the state. */
void tw_redis_forget(struct tw_redis *redis);

/**
 * Connected, and everything known that a plan rests on: epoch, topic ids, watermarks of the parts (checked against the log).
 * @param parts NULL when part_count is 0
 * @return TW_OK; TW_E_IO retry, TW_E_AUTH, TW_E_STALE, TW_E_CORRUPT, TW_E_LIMIT, TW_E_MEMORY stop: the connection is closed then
 */
TW_MUST_USE enum tw_code tw_redis_settle(struct tw_redis *redis, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena,
                                         struct tw_error *err);

/** Read one partition's watermark; `out` keeps what it has but for present, next, done, and a lower committed. Link must be open. */
TW_MUST_USE enum tw_code tw_redis_watermark_read(struct tw_redis *redis, const struct tw_shard *shard, struct tw_slice topic, int32_t partition,
                                                 struct tw_place *out, struct tw_arena *arena, struct tw_error *err);

/** Queue a command; a word without bytes is an arena that was full. @return TW_OK; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_redis_send(struct tw_redis *redis, struct tw_arena *arena, struct tw_error *err, uint32_t count,
                                       const struct tw_slice *words);

#endif
