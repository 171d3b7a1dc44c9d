/**
 * @file redis_round.c
 * One round: calls planned, sent, and what comes back taken for priors. What a round is, and what can go wrong with it: redis.c.
 */
#include <hiredis/hiredis.h>

#include "engine/base/arena.h"
#include "engine/state/redis_turn.h"

#define SCRATCH_BYTES 4096U

static void round_fail(struct tw_round *round, enum tw_code code, const struct tw_error *error)
{
	if (code && !round->code) {
		round->code = code;
		round->error = *error;
	}
}

void tw_round_records(struct tw_redis *redis, struct tw_call *call, const redisReply *reply, size_t first, struct tw_arena *arena,
                      struct tw_round *round)
{
	struct tw_error error;
	if (reply->elements != first + call->keys.count) {
		round_fail(round, tw_fail(&error, TW_E_IO, TW_STOP, "the state store answered another number of records", call->shard->tag, NULL),
		           &error);
		return;
	}
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < call->keys.count && code == TW_OK; i++) {
		const redisReply *element = reply->element[first + i];
		struct tw_slice record = {element->str, (uint32_t)element->len};
		record = element->type == REDIS_REPLY_STRING ? record : (struct tw_slice){NULL, 0};
		code = tw_call_record(call, i, record, redis->pending, arena, &error);
	}
	code = code ? code : tw_call_priors(call, &error);
	round_fail(round, code, &error);
}

static struct tw_place *place_of(const struct tw_call *call, const struct tw_call_span *span)
{
	return tw_places_at(&call->shard->places, span->topic, (uint32_t)span->part->partition);
}

void tw_round_expect(struct tw_redis *redis, const struct tw_call *call)
{
	const struct tw_call_span *spans = call->spans.data;
	for (uint32_t i = 0; i < call->spans.count; i++) {
		struct tw_place *place = place_of(call, &spans[i]);
		if (place) {
			place->present = true;
			place->next = spans[i].to;
			place->done = spans[i].to_done;
		}
	}
	const struct tw_call_key *keys = call->keys.data;
	for (uint32_t i = 0; i < call->keys.count; i++) {
		struct tw_pending **slot = &redis->pending[keys[i].operation->hash % TW_PENDING_MAX];
		if (keys[i].pending && *slot == keys[i].pending) {
			free(*slot);
			*slot = NULL;
		}
	}
}

void tw_round_in(const struct tw_call *call)
{
	const struct tw_call_span *spans = call->spans.data;
	for (uint32_t i = 0; i < call->spans.count; i++) {
		struct tw_place *place = place_of(call, &spans[i]);
		if (place) {
			place->highest = spans[i].to > place->highest ? spans[i].to : place->highest;
		}
	}
}

void tw_round_done(struct tw_redis *redis, struct tw_call *call)
{
	tw_round_expect(redis, call);
	tw_round_in(call);
}

void tw_round_moved(struct tw_call *call, bool other_life, struct tw_round *round)
{
	const struct tw_call_span *spans = call->spans.data;
	for (uint32_t i = 0; i < call->spans.count; i++) {
		struct tw_place *place = place_of(call, &spans[i]);
		if (place) {
			place->known = false;
		}
	}
	round->again = true;
	round->other_life = round->other_life || other_life;
}

void tw_round_refused(struct tw_redis *redis, struct tw_call *call, const redisReply *reply, struct tw_round *round)
{
	struct tw_error error;
	enum tw_code code = tw_route_refusal(&redis->route, call->shard->at, reply, &error);
	if (redis->route.changed) {
		round->other_life = true; /* the shard has another server now: whether its state is the same has to be looked at */
	} else {
		round_fail(round, code, &error);
	}
}

static void append_take(struct tw_redis *redis, struct tw_call *call, const redisReply *reply, struct tw_arena *arena, struct tw_round *round)
{
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 1 || reply->element[0]->type != REDIS_REPLY_STRING) {
		round->no_library = round->no_library || tw_link_lost_library(reply);
		round->again = round->again || round->no_library;
		if (!tw_link_lost_library(reply)) {
			tw_round_refused(redis, call, reply, round);
		}
		return;
	}
	const char *status = reply->element[0]->str;
	if (strcmp(status, "OK") == 0) {
		tw_round_records(redis, call, reply, 1 + call->spans.count, arena, round);
		tw_round_done(redis, call);
		return;
	}
	tw_round_moved(call, strcmp(status, "EPOCH") == 0, round);
}

/* Replays: of an open epoch, ours, or what was read says nothing. */
static void reads_take(struct tw_redis *redis, struct tw_call *call, const redisReply *reply, struct tw_arena *arena, struct tw_round *round)
{
	const redisReply *epoch = reply->elements ? reply->element[0] : reply;
	const struct tw_shard *shard = call->shard;
	if (epoch->type != REDIS_REPLY_STRING || epoch->len != shard->epoch_len + 1 || epoch->str[shard->epoch_len] != 'o' ||
	    memcmp(epoch->str, shard->epoch, shard->epoch_len) != 0) {
		round->other_life = true;
		return;
	}
	tw_round_records(redis, call, reply, 1, arena, round);
}

/* @return false: what it asks for is at another server for this once */
static bool call_take(struct tw_redis *redis, struct tw_call *call, const redisReply *reply, struct tw_arena *arena, struct tw_round *round)
{
	uint32_t slot;
	struct tw_cluster_server server;
	if (redis->route.cluster && tw_cluster_redirect(reply, &slot, &server) == TW_REDIRECT_ASK) {
		return false;
	}
	if (!call->reads) {
		append_take(redis, call, reply, arena, round);
	} else if (reply->type == REDIS_REPLY_ARRAY) {
		reads_take(redis, call, reply, arena, round);
	} else {
		tw_round_refused(redis, call, reply, round);
	}
	return true;
}

/* The other server may owe replies of the round: hence after it. @param code of the round: where it failed, nothing is asked any more */
static enum tw_code asked_follow(struct tw_redis *redis, struct tw_list *calls, enum tw_code code, struct tw_arena *arena, struct tw_round *round,
                                 struct tw_error *err)
{
	struct tw_call *list = calls->data;
	for (uint32_t i = 0; i < calls->count; i++) {
		struct tw_call *call = &list[i];
		redisReply *reply = NULL;
		uint32_t count = 0;
		struct tw_slice *words = call->asked && code == TW_OK ? tw_call_words(call, arena, &count) : NULL;
		if (words) {
			code = tw_route_ask(&redis->route, call->asked, call->shard->at, words, count, arena, &reply, err);
		} else if (call->asked && code == TW_OK) {
			code = tw_store_no_memory(err);
		}
		if (reply) {
			if (!call_take(redis, call, reply, arena, round)) {
				round->again = true;
			}
			freeReplyObject(reply);
		}
		freeReplyObject(call->asked);
		call->asked = NULL;
	}
	return code;
}

/* Where calls go, and what their words need for a moment. */
struct sending {
	struct tw_redis *redis;
	struct tw_arena *arena;
};

static enum tw_code call_send(void *context, struct tw_call *call, struct tw_error *err)
{
	struct sending *sending = context;
	if (!call->reads && tw_turns_may(sending->redis, call->shard)) {
		return tw_turns_add(sending->redis, call, sending->arena, err);
	}
	struct tw_arena_mark mark = tw_arena_mark(sending->arena);
	uint32_t count = 0;
	struct tw_slice *words = tw_call_words(call, sending->arena, &count);
	enum tw_code code =
	    words ? tw_route_send(&sending->redis->route, call->shard->at, words, count, sending->arena, err) : tw_store_no_memory(err);
	tw_arena_rewind(sending->arena, mark);
	return code;
}

/* Plans and sends: servers work on the first calls while the last are planned. */
enum tw_code tw_round_send(struct tw_redis *redis, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, struct tw_list *calls,
                           struct tw_error *err)
{
	struct sending sending = {redis, arena};
	struct tw_call_sink sink = {call_send, &sending};
	enum tw_code code = TW_OK;
	tw_turns_begin(redis);
	for (uint32_t s = 0; s < redis->shard_count && code == TW_OK; s++) {
		code =
		    tw_calls_plan(parts, part_count, &redis->shards[s], redis->shard_count, redis->pending, &redis->table, sink, arena, calls, err);
	}
	if (code == TW_E_STALE) {
		tw_redis_forget(redis);
	}
	code = code ? code : tw_turns_open(redis, arena, err);
	return code ? code : tw_route_flush(&redis->route, err);
}

static enum tw_code call_receive(struct tw_redis *redis, struct tw_call *call, struct tw_arena *arena, struct tw_round *round, struct tw_error *err)
{
	redisReply *reply = NULL;
	enum tw_code code = tw_route_receive(&redis->route, call->shard->at, &reply, err);
	if (code == TW_OK) {
		call->asked = call_take(redis, call, reply, arena, round) ? NULL : reply;
	}
	if (!call->asked) {
		freeReplyObject(reply);
	}
	return code;
}

/* @param late in: the last answers may be left to redis_confirm; out: whether they were */
enum tw_code tw_round_trip(struct tw_redis *redis, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, bool *late,
                           struct tw_round *round, struct tw_error *err)
{
	struct tw_list calls = redis->ahead;
	enum tw_code code = TW_OK;
	redis->ahead = (struct tw_list){NULL, 0, 0};
	if (calls.count == 0) {
		code = tw_round_send(redis, parts, part_count, arena, &calls, err);
	}
	struct tw_call *list = calls.data;
	for (uint32_t i = 0; i < calls.count && code == TW_OK; i++) {
		if (list[i].turn == 0) {
			code = call_receive(redis, &list[i], arena, round, err);
		} else if (list[i].turn == 1) {
			code = tw_turns_look(redis, &list[i], arena, round, err);
		}
	}
	code = code ? code : tw_turns_take(redis, &calls, arena, late, round, err);
	*late = code == TW_OK && *late;
	if (*late) {
		return code; /* nothing else is owed: every call of such a round was answered */
	}
	code = asked_follow(redis, &calls, code, arena, round, err);
	tw_route_drop(&redis->route);
	return code;
}

/* Order of importance: another life makes every other finding meaningless. */
enum tw_code tw_round_settle(struct tw_redis *redis, struct tw_round *round, struct tw_error *err)
{
	if (round->other_life) {
		tw_redis_forget(redis);
		return tw_fail(err, TW_E_STALE, TW_RETRY, "the state has another epoch than ours, or a closed one", redis->shards[0].tag, NULL);
	}
	if (round->code) {
		if (err) {
			*err = round->error;
		}
		return round->code;
	}
	return round->no_library ? tw_route_library(&redis->route, err) : TW_OK;
}

/* Replies that nobody asks for any more: read past, for a new connection would cost more than they do. Watermarks may have moved unseen. */
void tw_round_drop(struct tw_redis *redis)
{
	struct tw_error ignored;
	struct tw_arena scratch;
	const struct tw_call *calls = redis->ahead.data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < redis->ahead.count && code == TW_OK; i++) {
		uint32_t owed = calls[i].turn == 0 ? 1 : calls[i].turn == 1 ? 2 : 0;
		for (; owed && code == TW_OK; owed--) {
			redisReply *reply = NULL;
			code = tw_route_receive(&redis->route, calls[i].shard->at, &reply, &ignored);
			freeReplyObject(reply);
		}
	}
	tw_arena_init(&scratch, SCRATCH_BYTES, 0);
	if (code == TW_OK) {
		tw_turns_drop(redis, &scratch);
	}
	tw_arena_fini(&scratch);
	tw_route_drop(&redis->route);
	redis->ahead = (struct tw_list){NULL, 0, 0};
	for (uint32_t s = 0; s < redis->shard_count; s++) {
		tw_places_forget(&redis->shards[s].places);
	}
}
