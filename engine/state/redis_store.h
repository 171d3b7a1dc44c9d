/**
 * @file redis_store.h
 * The Redis store's insides, shared by redis.c (interface), redis_round.c (one round), redis_settle.c (what has to be known before a round),
 * redis_epoch.c (which life of the state this is) and redis_scan.c (looking at all of it).
 */
#ifndef TIDEWAITER_ENGINE_STATE_REDIS_STORE_H
#define TIDEWAITER_ENGINE_STATE_REDIS_STORE_H

#include "engine/state/redis_call.h"
#include "engine/state/redis_route.h"

struct tw_redis {
	struct tw_store store;
	struct tw_route route;
	uint32_t shard_count;
	struct tw_shard *shards;
	struct tw_pending *pending[TW_PENDING_MAX];
	struct tw_call_table table;
	struct tw_list ahead; /* struct tw_call: sent, replies not read; empty for none */
	struct tw_list late;  /* struct tw_call: of the round before, whose last turn is written but not answered for; empty for none */
	uint32_t late_turn;
	uint64_t epoch_id; /**< the same on every shard; 0: not known, no batch is applied */
	bool by_turns;     /**< the round that was begun may use transactions (redis_turn.h) */
	uint32_t pause;    /**< rounds without them, for they were disturbed */
	uint32_t pause_next;
};

/** What a round has met so far: replies are read to the end whatever happens, or the next call would read them. */
struct tw_round {
	enum tw_code code;
	struct tw_error error;
	bool again;
	bool other_life;
	bool no_library;
};

/** Plans and sends. @param calls those that were planned: their replies are owed @return TW_OK; TW_E_STALE retry, TW_E_IO retry, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_round_send(struct tw_redis *redis, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena,
                                       struct tw_list *calls, struct tw_error *err);
/**
 * What was sent ahead, or else is sent now, is answered; what was met is in `round`.
 * @param late in: the last answers may be left to tw_turns_late; out: whether they were
 * @return as tw_round_send
 */
TW_MUST_USE enum tw_code tw_round_trip(struct tw_redis *redis, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, bool *late,
                                       struct tw_round *round, struct tw_error *err);
/** What was met, in one word. @return TW_OK where `round->again` has the last one */
TW_MUST_USE enum tw_code tw_round_settle(struct tw_redis *redis, struct tw_round *round, struct tw_error *err);
/** What was sent ahead is not asked for. */
void tw_round_drop(struct tw_redis *redis);

/** The records of a call become priors. @param reply an array @param first of them in it */
void tw_round_records(struct tw_redis *redis, struct tw_call *call, const struct redisReply *reply, size_t first, struct tw_arena *arena,
                      struct tw_round *round);
/** Its append is on its way: its watermarks as they will be, and its compactions are spent. */
void tw_round_expect(struct tw_redis *redis, const struct tw_call *call);
/** And is in: so high its watermarks were. */
void tw_round_in(const struct tw_call *call);
/** Both. */
void tw_round_done(struct tw_redis *redis, struct tw_call *call);
/** It is not, for somebody else was there: to be planned anew. @param other_life under another epoch, that is */
void tw_round_moved(struct tw_call *call, bool other_life, struct tw_round *round);
/** The server said no. */
void tw_round_refused(struct tw_redis *redis, struct tw_call *call, const struct redisReply *reply, struct tw_round *round);

#define TW_EPOCH_ID_DIGITS 16U /**< hexadecimal */

/** Forget all that was learnt of the server, the epoch too: it may belong to another life of the state. */
void tw_redis_forget(struct tw_redis *redis);

/**
 * Connected, and everything known that a plan rests on: epoch, topic ids, watermarks of the parts (checked against the log).
 * @param parts NULL when part_count is 0: connected only
 * @return TW_OK; TW_E_STALE retry: the epoch is not known, or a watermark is behind; TW_E_IO retry, TW_E_AUTH, TW_E_CORRUPT, TW_E_LIMIT,
 * TW_E_MEMORY stop: the connection is closed then
 */
TW_MUST_USE enum tw_code tw_redis_settle(struct tw_redis *redis, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena,
                                         struct tw_error *err);

/** The same where it takes no question: nothing is asked, no link is touched. @return false where one would have to be asked */
bool tw_redis_settled(struct tw_redis *redis, const struct tw_store_part *parts, uint32_t part_count);

/** Read one partition's watermark; `out` keeps what it has but for present, next, done, and a lower committed. Links must be open. */
TW_MUST_USE enum tw_code tw_redis_watermark_read(struct tw_redis *redis, const struct tw_shard *shard, struct tw_slice topic, int32_t partition,
                                                 struct tw_place *out, struct tw_arena *arena, struct tw_error *err);

/** What a stored watermark says; `key` names it in errors. */
TW_MUST_USE enum tw_code tw_redis_watermark_take(struct tw_redis *redis, const struct tw_shard *shard, struct tw_slice key,
                                                 const struct redisReply *reply, struct tw_place *out, struct tw_error *err);

/** Reads the epochs, changes nothing: is this state ours to use? Links must be open. @return as tw_store_survey */
TW_MUST_USE enum tw_code tw_redis_look(struct tw_redis *redis, struct tw_arena *arena, struct tw_error *err);
/** tw_store_survey */
enum tw_code tw_redis_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open, struct tw_store_life *out,
                             struct tw_error *err);

/** tw_store_each, tw_store_peek, tw_store_remove */
enum tw_code tw_redis_each(struct tw_store *store, bool (*visit)(void *context, const struct tw_store_name *name), void *context,
                           struct tw_error *err);
enum tw_code tw_redis_peek(struct tw_store *store, const struct tw_store_place *places, uint32_t place_count, const struct tw_store_name *names,
                           uint32_t name_count, struct tw_arena *arena, struct tw_store_peek *out, struct tw_error *err);
enum tw_code tw_redis_remove(struct tw_store *store, uint64_t *removed, struct tw_error *err);

/** One command and its answer; a word without bytes is an arena that was full. @return as tw_route_command; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_redis_command(struct tw_redis *redis, const struct tw_shard *shard, const struct tw_slice *words, uint32_t count,
                                          struct tw_arena *arena, struct redisReply **out, struct tw_error *err);

#endif
