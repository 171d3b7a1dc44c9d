/**
 * @file redis_turn.c
 * Transactions: who is in which, what is sent when, and what the answers mean; see redis_turn.h.
 */
#include "engine/state/redis_turn.h"

#include <hiredis/hiredis.h>

#include "engine/base/arena.h"

#define PAUSE_LEAST 8U /* rounds by function call after a transaction that was disturbed */
#define PAUSE_MOST  4096U

/* ---- who is in which ---- */

void tw_turns_begin(struct tw_redis *redis)
{
	redis->by_turns = !redis->route.cluster && redis->pause == 0;
	redis->pause -= redis->pause > 0;
	for (uint32_t i = 0; i < redis->route.server_count; i++) {
		redis->route.servers[i]->turns = 0;
		redis->route.servers[i]->turn_spoilt = false;
	}
}

bool tw_turns_may(const struct tw_redis *redis, const struct tw_shard *shard)
{
#ifdef TW_BREAK_MSET /* that control is the function's */
	return false;
#endif
	return redis->by_turns && !tw_route_server(&redis->route, shard->at)->link.no_turns;
}

static struct tw_server *server_of(const struct tw_redis *redis, const struct tw_call *call)
{
	return tw_route_server(&redis->route, call->shard->at);
}

static bool is_in(const struct tw_redis *redis, const struct tw_call *call, const struct tw_server *server, uint32_t turn)
{
	return call->turn == turn && turn && server_of(redis, call) == server;
}

static void pause_begin(struct tw_redis *redis)
{
	redis->pause_next = redis->pause_next < PAUSE_LEAST ? PAUSE_LEAST : redis->pause_next;
	redis->pause = redis->pause_next;
	redis->pause_next = redis->pause_next < PAUSE_MOST ? 2 * redis->pause_next : PAUSE_MOST;
}

/* ---- sending ---- */

static enum tw_code word_send(struct tw_redis *redis, const struct tw_server *server, const char *word, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_slice words = tw_slice_str(word);
	return tw_route_send(&redis->route, server->turn_shard, &words, 1, arena, err);
}

static enum tw_code look_send(struct tw_redis *redis, struct tw_call *call, struct tw_arena *arena, struct tw_error *err)
{
	uint32_t count = 0;
	struct tw_slice *words = tw_call_look_words(call, arena, &count);
	if (!words) {
		return tw_store_no_memory(err);
	}
#ifdef TW_BREAK_WATCH /* negative control: whoever comes in between is written over */
	const struct tw_slice watch[] = {tw_slice_str("GET"), words[1]};
#else
	const struct tw_slice watch[] = {tw_slice_str("WATCH"), words[1]};
#endif
	enum tw_code code = tw_route_send(&redis->route, call->shard->at, watch, 2, arena, err);
	return code ? code : tw_route_send(&redis->route, call->shard->at, words, count, arena, err);
}

enum tw_code tw_turns_add(struct tw_redis *redis, struct tw_call *call, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_server *server = server_of(redis, call);
	/* a shard's second call reads what its first has written */
	if (server->turns == 0 || server->turn_shard == call->shard->at || server->turn_keys + call->keys.count > TW_TURN_KEYS) {
		server->turns++;
		server->turn_keys = 0;
	}
	server->turn_shard = call->shard->at;
	server->turn_keys += call->keys.count;
	call->turn = server->turns;
	return call->turn == 1 ? look_send(redis, call, arena, err) : TW_OK;
}

static enum tw_code multi_send(struct tw_redis *redis, uint32_t turn, struct tw_arena *arena, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < redis->route.server_count && code == TW_OK; i++) {
		struct tw_server *server = redis->route.servers[i];
		if (server->turns >= turn) {
			server->turn_open = true;
			code = word_send(redis, server, "MULTI", arena, err);
		}
	}
	return code;
}

enum tw_code tw_turns_open(struct tw_redis *redis, struct tw_arena *arena, struct tw_error *err)
{
	return multi_send(redis, 1, arena, err);
}

static enum tw_code store_send(struct tw_redis *redis, const struct tw_server *server, const struct tw_list *calls, uint32_t turn,
                               struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_call *list = calls->data;
	uint32_t count = 1, at = 1;
	for (uint32_t i = 0; list && i < calls->count; i++) {
		count += is_in(redis, &list[i], server, turn) ? tw_call_store_count(&list[i]) : 0;
	}
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct tw_slice *words = tw_arena_alloc_raw(arena, count * sizeof(*words));
	bool whole = words != NULL;
	for (uint32_t i = 0; list && i < calls->count && whole; i++) {
		if (is_in(redis, &list[i], server, turn)) {
			whole = tw_call_store_words(&list[i], words + at, arena);
			at += tw_call_store_count(&list[i]);
		}
	}
	enum tw_code code = TW_OK;
	if (whole) {
		words[0] = tw_slice_str("MSET");
		code = tw_route_send(&redis->route, server->turn_shard, words, count, arena, err);
	} else {
		code = tw_store_no_memory(err);
	}
	tw_arena_rewind(arena, mark);
	return code;
}

/* Every turn that stands behind a MULTI is written, or given up by an EXEC of nothing. */
static enum tw_code exec_send(struct tw_redis *redis, const struct tw_list *calls, uint32_t turn, struct tw_arena *arena, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < redis->route.server_count && code == TW_OK; i++) {
		struct tw_server *server = redis->route.servers[i];
		server->turn_stores = server->turn_open && !server->turn_spoilt;
		server->turn_ends = server->turn_open;
		if (server->turn_stores) {
			code = store_send(redis, server, calls, turn, arena, err);
		}
		if (server->turn_ends && code == TW_OK) {
			code = word_send(redis, server, "EXEC", arena, err);
			server->turn_open = code != TW_OK;
		}
		server->turns = server->turn_spoilt ? 0 : server->turns;
	}
	return code;
}

static bool looks_next(const struct tw_redis *redis, const struct tw_call *call, uint32_t turn)
{
	return call->turn == turn + 1 && server_of(redis, call)->turns > turn;
}

/* Behind what ends: the next turn is asked for. */
static enum tw_code next_send(struct tw_redis *redis, struct tw_list *calls, uint32_t turn, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_call *list = calls->data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; list && i < calls->count && code == TW_OK; i++) {
		code = looks_next(redis, &list[i], turn) ? look_send(redis, &list[i], arena, err) : TW_OK;
	}
	return code ? code : multi_send(redis, turn + 1, arena, err);
}

/* ---- answers ---- */

/* Nothing of this turn is written. */
static void spoil(struct tw_server *server, struct tw_round *round)
{
	server->turn_spoilt = true;
	round->again = round->again || !round->code;
}

static void not_here(struct tw_server *server, struct tw_round *round)
{
	server->link.no_turns = true;
	spoil(server, round);
}

static bool watermark_fits(const struct tw_call_span *span, const redisReply *held)
{
	if (held->type != REDIS_REPLY_STRING) {
		return !span->from_present;
	}
	return span->from_present && held->len >= TW_WATERMARK_BYTES && tw_watermark_number(held->str, 8) == (uint64_t)span->from &&
	       tw_watermark_number(held->str + 8, 4) == span->from_done;
}

static bool epoch_fits(struct tw_call *call, const redisReply *held)
{
	const struct tw_shard *shard = call->shard;
#ifdef TW_BREAK_EPOCH /* negative control: events of any life */
	call->open = true;
	return true;
#endif
	if (held->type != REDIS_REPLY_STRING || held->len != shard->epoch_len + 1 || memcmp(held->str, shard->epoch, shard->epoch_len) != 0) {
		return false;
	}
	call->open = held->str[shard->epoch_len] == 'o';
	return call->open || call->rebuild;
}

static void look_take(struct tw_redis *redis, struct tw_call *call, const redisReply *reply, struct tw_arena *arena, struct tw_round *round)
{
	const struct tw_call_span *spans = call->spans.data;
	bool fits = reply->elements == 1 + (size_t)call->spans.count + call->keys.count && epoch_fits(call, reply->element[0]);
	bool same = fits;
	for (uint32_t i = 0; i < call->spans.count && same; i++) {
		same = watermark_fits(&spans[i], reply->element[1 + i]);
	}
	if (same) {
		tw_round_records(redis, call, reply, 1 + call->spans.count, arena, round);
	} else {
		tw_round_moved(call, !fits, round);
	}
	if (!same || round->code) {
		spoil(server_of(redis, call), round);
	}
}

enum tw_code tw_turns_look(struct tw_redis *redis, struct tw_call *call, struct tw_arena *arena, struct tw_round *round, struct tw_error *err)
{
	struct tw_server *server = server_of(redis, call);
	redisReply *watched = NULL, *held = NULL;
	enum tw_code code = tw_route_receive(&redis->route, call->shard->at, &watched, err);
	code = code ? code : tw_route_receive(&redis->route, call->shard->at, &held, err);
	if (code == TW_OK && watched->type == REDIS_REPLY_ERROR) {
		not_here(server, round);
	} else if (code == TW_OK && held->type != REDIS_REPLY_ARRAY) {
		tw_round_refused(redis, call, held, round);
		spoil(server, round);
	} else if (code == TW_OK && !server->turn_spoilt) {
		look_take(redis, call, held, arena, round);
	}
	freeReplyObject(watched);
	freeReplyObject(held);
	return code;
}

static enum tw_code multi_take(struct tw_redis *redis, struct tw_round *round, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < redis->route.server_count && code == TW_OK; i++) {
		struct tw_server *server = redis->route.servers[i];
		redisReply *reply = NULL;
		if (!server->turn_open) {
			continue;
		}
		code = tw_route_receive(&redis->route, server->turn_shard, &reply, err);
		if (code == TW_OK && reply->type == REDIS_REPLY_ERROR) {
			server->turn_open = false;
			not_here(server, round);
		}
		freeReplyObject(reply);
	}
	return code;
}

/* @param call one of the turn */
static void exec_said(struct tw_redis *redis, struct tw_call *call, const redisReply *stored, const redisReply *done, struct tw_round *round)
{
	struct tw_server *server = server_of(redis, call);
	const redisReply *first = done->type == REDIS_REPLY_ARRAY && done->elements == 1 ? done->element[0] : done;
	if (stored->type == REDIS_REPLY_ERROR) { /* EXEC only says that something was refused */
		tw_round_refused(redis, call, stored, round);
		spoil(server, round);
	} else if (done->type == REDIS_REPLY_ERROR && strncmp(tw_link_cause(done), "NOPERM", 6) == 0) {
		not_here(server, round);
	} else if (done->type == REDIS_REPLY_NIL) {
		pause_begin(redis);
		spoil(server, round);
	} else if (first->type != REDIS_REPLY_STATUS) {
		tw_round_refused(redis, call, first, round);
		spoil(server, round);
	} else {
		redis->pause_next /= 2;
	}
}

/* What a server said to its turn: the calls are done, or are planned anew. */
static enum tw_code turn_take(struct tw_redis *redis, struct tw_server *server, struct tw_list *calls, uint32_t turn, struct tw_round *round,
                              struct tw_error *err)
{
	struct tw_call *list = calls->data, *of_it = NULL;
	redisReply *stored = NULL, *done = NULL;
	enum tw_code code = server->turn_stores ? tw_route_receive(&redis->route, server->turn_shard, &stored, err) : TW_OK;
	code = code ? code : tw_route_receive(&redis->route, server->turn_shard, &done, err);
	for (uint32_t i = 0; list && i < calls->count && stored && done && !of_it; i++) {
		of_it = is_in(redis, &list[i], server, turn) ? &list[i] : NULL;
	}
	if (of_it) {
		exec_said(redis, of_it, stored, done, round);
	}
	for (uint32_t i = 0; list && i < calls->count && of_it; i++) {
		if (is_in(redis, &list[i], server, turn) && server->turn_spoilt) {
			tw_round_moved(&list[i], false, round);
		} else if (is_in(redis, &list[i], server, turn)) {
			tw_round_done(redis, &list[i]);
		}
	}
	freeReplyObject(stored);
	freeReplyObject(done);
	return code;
}

static enum tw_code turns_receive(struct tw_redis *redis, struct tw_list *calls, uint32_t turn, struct tw_arena *arena, struct tw_round *round,
                                  struct tw_error *err)
{
	struct tw_call *list = calls->data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < redis->route.server_count && code == TW_OK; i++) {
		struct tw_server *server = redis->route.servers[i];
		code = server->turn_ends ? turn_take(redis, server, calls, turn, round, err) : TW_OK;
	}
	for (uint32_t i = 0; list && i < calls->count && code == TW_OK; i++) {
		code = looks_next(redis, &list[i], turn) ? tw_turns_look(redis, &list[i], arena, round, err) : TW_OK;
	}
	return code ? code : multi_take(redis, round, err);
}

static bool any_open(const struct tw_redis *redis)
{
	bool any = false;
	for (uint32_t i = 0; i < redis->route.server_count && !any; i++) {
		any = redis->route.servers[i]->turn_open;
	}
	return any;
}

/* The round's last turn is written, and nothing speaks against it: its answers can wait. */
static bool late_begin(struct tw_redis *redis, const struct tw_list *calls, uint32_t turn, const struct tw_round *round)
{
	const struct tw_call *list = calls->data;
	bool sound = !any_open(redis) && !round->code && !round->again && !round->other_life && !round->no_library;
	for (uint32_t i = 0; list && i < calls->count && sound; i++) {
		sound = !list[i].asked;
	}
	for (uint32_t i = 0; i < redis->route.server_count && sound; i++) {
		struct tw_server *server = redis->route.servers[i];
		server->late = server->turn_ends;
		server->late_shard = server->turn_shard;
	}
	for (uint32_t i = 0; list && i < calls->count && sound; i++) {
		if (list[i].turn == turn) {
			tw_round_expect(redis, &list[i]);
		}
	}
	redis->late = sound ? *calls : redis->late;
	redis->late_turn = turn;
	return sound;
}

enum tw_code tw_turns_take(struct tw_redis *redis, struct tw_list *calls, struct tw_arena *arena, bool *late, struct tw_round *round,
                           struct tw_error *err)
{
	enum tw_code code = multi_take(redis, round, err);
	bool may_be_late = *late;
	*late = false;
	for (uint32_t turn = 1; code == TW_OK && any_open(redis) && !*late; turn++) {
		code = exec_send(redis, calls, turn, arena, err);
		code = code ? code : next_send(redis, calls, turn, arena, err);
		code = code ? code : tw_route_flush(&redis->route, err);
		*late = code == TW_OK && may_be_late && late_begin(redis, calls, turn, round);
		code = code || *late ? code : turns_receive(redis, calls, turn, arena, round, err);
	}
	return code;
}

/* The calls of the turn on one server are in, or are planned anew. What that server's next round is, goes on or not by itself. */
static enum tw_code late_take(struct tw_redis *redis, struct tw_server *server, const struct tw_list *calls, struct tw_round *round,
                              struct tw_error *err)
{
	struct tw_call *list = calls->data;
	bool spoilt = server->turn_spoilt;
	redisReply *stored = NULL, *done = NULL;
	enum tw_code code = tw_route_receive(&redis->route, server->late_shard, &stored, err);
	code = code ? code : tw_route_receive(&redis->route, server->late_shard, &done, err);
	server->late = false;
	server->turn_spoilt = code != TW_OK;
	for (uint32_t i = 0; i < calls->count && code == TW_OK; i++) {
		if (is_in(redis, &list[i], server, redis->late_turn)) {
			exec_said(redis, &list[i], stored, done, round);
			break;
		}
	}
	for (uint32_t i = 0; i < calls->count; i++) {
		if (is_in(redis, &list[i], server, redis->late_turn) && server->turn_spoilt) {
			tw_round_moved(&list[i], false, round);
		} else if (is_in(redis, &list[i], server, redis->late_turn)) {
			tw_round_in(&list[i]);
		}
	}
	server->turn_spoilt = server->turn_spoilt || spoilt;
	freeReplyObject(stored);
	freeReplyObject(done);
	return code;
}

enum tw_code tw_turns_late(struct tw_redis *redis, struct tw_round *round, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < redis->route.server_count; i++) {
		struct tw_server *server = redis->route.servers[i];
		struct tw_error one;
		enum tw_code said = server->late ? late_take(redis, server, &redis->late, round, &one) : TW_OK;
		if (said && !code && err) {
			*err = one;
		}
		code = code ? code : said;
	}
	redis->late = (struct tw_list){NULL, 0, 0};
	return code;
}

void tw_turns_drop(struct tw_redis *redis, struct tw_arena *arena)
{
	struct tw_round ignored = {.code = TW_OK};
	struct tw_error unheard;
	struct tw_list none = {NULL, 0, 0};
	enum tw_code code = multi_take(redis, &ignored, &unheard);
	for (uint32_t i = 0; i < redis->route.server_count; i++) {
		redis->route.servers[i]->turn_spoilt = true;
	}
	code = code ? code : exec_send(redis, &none, 1, arena, &unheard);
	code = code ? code : tw_route_flush(&redis->route, &unheard);
	(void)(code ? code : turns_receive(redis, &none, 1, arena, &ignored, &unheard));
}
