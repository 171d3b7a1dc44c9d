/**
 * @file redis.c
 * The store in Redis: records as compare-and-append.
 *
 *     {tw:s0}:epoch             which life of the state this is: schema, shard count, id, open or closed (redis_epoch.c)
 *     {tw:s0}:topics            names, one a line: the line is the topic id of tags
 *     {tw:s0}:w:TOPIC:PART      watermark of one partition: next u64, done u32, committed u64
 *     {tw:s0}:r:KIND:KEY        record
 *
 * A batch is one round: all reads of replays and all appends of all parts and shards go out in one pipeline (redis_call.c plans
 * them), and the replies become priors. An append is a transaction where that can be (redis_turn.h): the records are watched and read, epoch and
 * watermark compared here, and all written back at once. Else the server compares, appends, and hands back what was there (append.lua).
 *
 * The round may be sent ahead of its call (redis_start): plan and commands are the same, only the replies are read later. And the call may be over
 * before its last transactions are answered for (redis_confirm): the next round is sent behind them, on what they will leave.
 *
 *     call 1:  look 1 ->          <- records 1;  write 1, look 2 ->      priors 1 are good        <- written 1;
 *     call 2:                                                                                                  <- records 2;  write 2, look 3 -> ...
 *
 * What can go wrong, and what happens:
 *     transport error             TW_E_IO retry. The next connection may be to a server that has gone back: TW_E_STALE retry, until a survey
 *     EXEC says nil               somebody else wrote to the shard in between: nothing is written; once more, by the function
 *     MOVED: another watermark    somebody applied these events already (our own lost reply, or another process): read it again, the
 *                                 events below it are replays now
 *     EPOCH: another life         everything remembered is forgotten; TW_E_STALE retry: tw_store_survey learns the new one
 *     function missing            loaded again
 *
 * Every retry plans the whole batch anew, so there is no half-done batch to keep account of.
 * Invariant: nothing that was remembered before a connect or under another epoch is ever used after it.
 * Source: Redis 7.0 documentation, "Redis Functions", "Redis Cluster specification" (hash tags).
 */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/state/redis_turn.h"

#define ATTEMPTS_MAX  8U /* each needs somebody else's progress in between; more is a fault, not bad luck */
#define SHARDS_MAX    1024U
#define SCRATCH_BYTES 4096U

static struct tw_redis *redis_of(struct tw_store *store)
{
	return (struct tw_redis *)(void *)store;
}

static bool redis_start(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena)
{
	struct tw_redis *redis = redis_of(store);
	struct tw_list calls = {NULL, 0, 0};
	struct tw_error met_again;
	if (redis->ahead.count) {
		tw_round_drop(redis);
	}
	bool settled = part_count && (redis->late.count ? tw_redis_settled(redis, parts, part_count)
	                                                : tw_redis_settle(redis, parts, part_count, arena, &met_again) == TW_OK);
	if (!settled) {
		return false;
	}
	if (tw_round_send(redis, parts, part_count, arena, &calls, &met_again)) {
		tw_route_drop(&redis->route);
		return false;
	}
	redis->ahead = calls;
	return calls.count > 0;
}

/*
 * A replay is not in its record. While we slept another engine may have committed the event, and somebody folded it away: every watermark says
 * how far the group was when it was written, and nothing above that is ever folded. Then we are late, and nothing is lost.
 */
static enum tw_code overtaken_check(struct tw_redis *redis, const struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena,
                                    struct tw_error *err)
{
	for (uint32_t i = 0; i < part_count; i++) {
		for (uint32_t s = 0; s < redis->shard_count; s++) {
			struct tw_place place = {.known = false};
			struct tw_error unread;
			enum tw_code code =
			    tw_redis_watermark_read(redis, &redis->shards[s], parts[i].topic, parts[i].partition, &place, arena, &unread);
			if (code != TW_OK) {
				*err = unread;
				return code;
			}
			if (place.committed > 0 && place.committed > parts[i].committed) { /* never committed is -1 here, 0 there */
				tw_redis_forget(redis);
				return tw_fail(err, TW_E_STALE, TW_RETRY, "another engine has committed these events meanwhile", redis->shards[s].tag,
				               "%.*s/%d: up to %lld, we know of %lld", (int)parts[i].topic.len, parts[i].topic.ptr,
				               (int)parts[i].partition, (long long)place.committed, (long long)parts[i].committed);
			}
		}
	}
	return TW_E_STALE;
}

static enum tw_code redis_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, bool *late,
                                struct tw_error *err)
{
	struct tw_redis *redis = redis_of(store);
	const bool may_be_late = *late;
	for (uint32_t attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		struct tw_round round = {.code = TW_OK};
		enum tw_code code = redis->ahead.count ? TW_OK : tw_redis_settle(redis, parts, part_count, arena, err);
		*late = may_be_late && code == TW_OK;
		code = code ? code : tw_round_trip(redis, parts, part_count, arena, late, &round, err);
		code = code ? code : tw_round_settle(redis, &round, err);
		if (code == TW_E_STALE && round.code == TW_E_STALE) {
			return overtaken_check(redis, parts, part_count, arena, err);
		}
		if (code || !round.again) {
			return code;
		}
	}
	return tw_fail(err, TW_E_IO, TW_RETRY, "the watermark kept moving", redis->shards[0].tag,
	               "%u attempts: is another engine of this name running?", ATTEMPTS_MAX);
}

/* The arena is that of what was asked, and nothing of it is needed here but the calls. */
static enum tw_code redis_confirm(struct tw_store *store, bool *held, struct tw_error *err)
{
	struct tw_redis *redis = redis_of(store);
	struct tw_round round = {.code = TW_OK};
	enum tw_code code = tw_turns_late(redis, &round, err);
	code = code ? code : tw_round_settle(redis, &round, err);
	*held = code == TW_OK && !round.again;
	return code;
}

/* ---- the rest of the interface ---- */

static enum tw_code redis_watermark(struct tw_store *store, struct tw_slice topic, int32_t partition, struct tw_store_standing *out,
                                    struct tw_error *err)
{
	struct tw_redis *redis = redis_of(store);
	struct tw_arena scratch;
	tw_arena_init(&scratch, SCRATCH_BYTES, 0);
	enum tw_code code = tw_redis_settle(redis, NULL, 0, &scratch, err);
	int64_t low = INT64_MAX, high = -1, committed = 0;
	for (uint32_t s = 0; s < redis->shard_count && code == TW_OK; s++) {
		struct tw_place place = {.known = false};
		code = tw_redis_watermark_read(redis, &redis->shards[s], topic, partition, &place, &scratch, err);
		low = place.next < low ? place.next : low;
		high = place.present && place.next > high ? place.next : high;
		committed = place.committed > committed ? place.committed : committed;
	}
	if (code == TW_OK) {
		*out = (struct tw_store_standing){high < 0 ? -1 : low, high, committed};
	}
	tw_arena_fini(&scratch);
	return code;
}

static enum tw_code redis_read(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena, struct tw_slice *record,
                               struct tw_error *err)
{
	struct tw_redis *redis = redis_of(store);
	enum tw_code code = tw_redis_settle(redis, NULL, 0, arena, err);
	if (code) {
		return code;
	}
	const struct tw_shard *shard = &redis->shards[tw_shard_of(tw_entity_hash(kind, key), redis->shard_count)];
	const struct tw_slice words[] = {tw_slice_str("GET"), tw_shard_key_record(shard, kind, key, arena)};
	redisReply *reply = NULL;
	code = tw_redis_command(redis, shard, words, 2, arena, &reply, err);
	if (code == TW_OK && reply->type == REDIS_REPLY_STRING) {
		*record = tw_arena_copy(arena, (struct tw_slice){reply->str, (uint32_t)reply->len});
		code = record->ptr ? TW_OK : tw_store_no_memory(err);
	} else if (code == TW_OK && reply->type != REDIS_REPLY_NIL) {
		code = tw_route_refusal(&redis->route, shard->at, reply, err);
	}
	freeReplyObject(reply);
	return code;
}

static void redis_free(struct tw_store *store)
{
	struct tw_redis *redis = redis_of(store);
	tw_redis_forget(redis);
	for (uint32_t i = 0; redis->shards && i < redis->shard_count; i++) {
		tw_places_fini(&redis->shards[i].places);
		free(redis->shards[i].tag);
	}
	free(redis->shards);
	tw_route_fini(&redis->route);
	free(redis);
}

static bool shards_new(struct tw_redis *redis, const char *prefix)
{
	redis->shards = calloc(redis->shard_count, sizeof(*redis->shards));
	size_t room = strlen(prefix) + 16;
	for (uint32_t i = 0; redis->shards && i < redis->shard_count; i++) {
		redis->shards[i].tag = malloc(room);
		if (!redis->shards[i].tag) {
			return false;
		}
		snprintf(redis->shards[i].tag, room, "{%s:s%u}", prefix, i);
		redis->shards[i].at = i;
	}
	return redis->shards != NULL;
}

enum tw_code tw_store_redis_new(const struct tw_redis_options *options, struct tw_store **out, struct tw_error *err)
{
	static const struct tw_store_calls calls = {.start = redis_start,
	                                            .apply = redis_apply,
	                                            .confirm = redis_confirm,
	                                            .watermark = redis_watermark,
	                                            .survey = tw_redis_survey,
	                                            .read = redis_read,
	                                            .free = redis_free,
	                                            .each = tw_redis_each,
	                                            .peek = tw_redis_peek,
	                                            .remove = tw_redis_remove};
	const char *prefix = options->prefix && *options->prefix ? options->prefix : "tw";
	if (options->shards < 1 || options->shards > SHARDS_MAX || strpbrk(prefix, "{}")) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "shards or prefix that keys cannot have", prefix,
		               "%u shards; 1 to %u, and no braces in the prefix", options->shards, SHARDS_MAX);
	}
	struct tw_redis *redis = calloc(1, sizeof(*redis));
	if (!redis) {
		return tw_store_no_memory(err);
	}
	redis->store.calls = &calls;
	redis->shard_count = options->shards;
	enum tw_code code = tw_route_init(&redis->route, options, prefix, err);
	if (code == TW_OK && !shards_new(redis, prefix)) {
		code = tw_store_no_memory(err);
	}
	struct tw_arena scratch;
	tw_arena_init(&scratch, SCRATCH_BYTES, 0);
	code = code ? code : tw_redis_settle(redis, NULL, 0, &scratch, err);
	code = code || options->unseen ? code : tw_redis_look(redis, &scratch, err);
	tw_arena_fini(&scratch);
	if (code) {
		redis_free(&redis->store);
		return code;
	}
	*out = &redis->store;
	return TW_OK;
}
