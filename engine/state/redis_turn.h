/**
 * @file redis_turn.h
 * Appends without the function: a *turn* is one transaction of one server, of calls to different shards of it, at most TW_TURN_KEYS keys
 * together.
 *
 *     sent ahead     (WATCH epoch, MGET epoch watermarks records) of each call, MULTI          the server reads, and copies nothing through Lua
 *     at the apply   compare; MSET epochs watermarks records+entries; EXEC                     then the next turn's WATCH, MGET, MULTI
 *
 * The function costs Redis two and a half times what MGET and MSET do: Lua hashes every byte of every string it makes, twice for a record.
 *
 * Why this is as safe as the function (append.lua):
 * - Atomic. Whatever writes a record, a watermark or an epoch of a shard writes the shard's epoch too: the function and the MSET here write it
 *   back as it was, tw_epoch and a removal change it, a flush takes it away, a slot that moves takes it along. The epoch is watched from before
 *   the MGET; so where EXEC answers, nothing of the shard was written between the MGET and the MSET, and the two are one step. EXEC says nil
 *   otherwise, and nothing has changed. Reads of several shards are several MGETs; each is watched by itself.
 * - Fenced. The epoch, and whether it is open, is compared before the MSET is sent, and cannot have changed when it runs. An engine that slept
 *   between the two finds its transaction void.
 * - Replays, other engines' progress. Watermarks are compared in the same way: another value is the function's MOVED.
 * - One write. All that a turn writes is one MSET, which in the append-only file stands alone, without MULTI: it is there or it is not.
 * - Refusals. MSET is sent when MULTI has said OK, never before: a user that may not MULTI would write without any of this. A refused MSET (rights,
 *   memory, a replica) makes EXEC give up; a refused EXEC gives up by itself. A connection that breaks takes its transaction along; whether an EXEC
 *   without an answer happened, the watermarks tell, as for a function call.
 * - Failover, restart. A promoted server was reached by a new connection, and WATCH does not survive one; the survey does the rest, as ever.
 * - Engines of before (library 3) append without writing the epoch. They cannot be there: an epoch of theirs is another life (redis_epoch.c), and
 *   the function here has another name than theirs, so that their library is never called by this engine.
 *
 * Late answers. The last EXEC of a round may be answered for behind the look of the next one: the caller has its priors from the MGET, and uses them
 * for nothing that leaves the process before the answer is there. The next look is planned on the watermarks that the EXEC leaves. Where it says nil,
 * those are not there: the caller is told that nothing holds, the next look is read past, and its MULTI given up; had its MSET been sent, the
 * comparison of watermarks would have stood before it.
 *
 * Engines that share shards disturb each other's turns: after a nil the function is called for a while, twice as long each time, half as long after
 * every turn that went through. The function is called as well in a Redis Cluster (one transaction has one slot; a slot on its way answers ASK), and
 * where the server refuses WATCH, MULTI or EXEC until the next connection.
 *
 * Invariant: between rounds no server stands behind a MULTI, but of a round that was sent ahead. Answers are read in the order of their commands:
 * late ones, then those of the round that was sent ahead. Inside engine/state only. Threads: one owner.
 * Source: Redis 7.0 documentation, "Transactions", WATCH, EXEC; multi.c (execCommand, touchWatchedKey) and server.c (processCommand) of 7.0.15.
 */
#ifndef TIDEWAITER_ENGINE_STATE_REDIS_TURN_H
#define TIDEWAITER_ENGINE_STATE_REDIS_TURN_H

#include "engine/state/redis_store.h"

/** Before a round is planned. */
void tw_turns_begin(struct tw_redis *redis);
/** Does an append to this shard go by a transaction, in the round that was begun? */
bool tw_turns_may(const struct tw_redis *redis, const struct tw_shard *shard);
/** Gives the call its turn; a first turn's call is sent. @return TW_OK; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_turns_add(struct tw_redis *redis, struct tw_call *call, struct tw_arena *arena, struct tw_error *err);
/** When all calls were added. @return TW_OK; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_turns_open(struct tw_redis *redis, struct tw_arena *arena, struct tw_error *err);

/** The answers of a call of the first turn: its records become priors. @return TW_OK, whatever was said; TW_E_IO retry */
TW_MUST_USE enum tw_code tw_turns_look(struct tw_redis *redis, struct tw_call *call, struct tw_arena *arena, struct tw_round *round,
                                       struct tw_error *err);
/**
 * After these: writes every turn, reads the later ones.
 * @param late in: the answers to the last turn may be left to tw_turns_late; out: whether they were. The round has met nothing then
 * @return as tw_turns_look; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_turns_take(struct tw_redis *redis, struct tw_list *calls, struct tw_arena *arena, bool *late, struct tw_round *round,
                                       struct tw_error *err);
/** They are read: before anything else of these servers is. @return as tw_turns_look */
TW_MUST_USE enum tw_code tw_turns_late(struct tw_redis *redis, struct tw_round *round, struct tw_error *err);
/** Instead of them: nothing is written. What was asked is read past; a server that does not follow is closed by tw_route_drop. */
void tw_turns_drop(struct tw_redis *redis, struct tw_arena *arena);

#endif
