/**
 * @file redis_settle.c
 * What has to be known before a round: which id each topic has, where each partition stands.
 *
 * Read once a connection and epoch, so that an ordinary batch asks nothing. Each question is answered before the next is put.
 * Source: Redis 7.0 documentation, "Redis Functions".
 */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/state/redis_store.h"

/* ---- forgetting ---- */

static void pending_clear(struct tw_redis *redis)
{
	for (uint32_t i = 0; i < TW_PENDING_MAX; i++) {
		free(redis->pending[i]);
		redis->pending[i] = NULL;
	}
}

/* What was remembered may belong to another life of the state. */
void tw_redis_forget(struct tw_redis *redis)
{
	pending_clear(redis);
	redis->epoch_id = 0;
	for (uint32_t i = 0; redis->shards && i < redis->shard_count; i++) {
		redis->shards[i].topics_known = false;
		tw_places_forget(&redis->shards[i].places);
	}
}

/* ---- asking ---- */

enum tw_code tw_redis_command(struct tw_redis *redis, const struct tw_shard *shard, const struct tw_slice *words, uint32_t count,
                              struct tw_arena *arena, struct redisReply **out, struct tw_error *err)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!words[i].ptr) {
			(void)tw_store_no_memory(err);
			return TW_E_MEMORY;
		}
	}
	return tw_route_command(&redis->route, shard->at, words, count, arena, out, err);
}

static struct tw_slice shard_key(const struct tw_shard *shard, const char *name, struct tw_arena *arena)
{
	return tw_arena_format(arena, "%s:%s", shard->tag, name);
}

/* ---- topics ---- */

/* The server's list of names becomes ours; what we know of a topic moves with its name. */
static enum tw_code topics_take(struct tw_shard *shard, const char *names, struct tw_error *err)
{
	struct tw_places now = {.topic_count = 0};
	struct tw_places *before = &shard->places;
	while (*names) {
		const char *end = strchr(names, '\n');
		struct tw_slice name = {names, end ? (uint32_t)(end - names) : (uint32_t)strlen(names)};
		int id = tw_places_topic_add(&now, name);
		if (id < 0) {
			tw_places_fini(&now);
			return tw_fail(err, TW_E_LIMIT, TW_STOP, "too many input topics", shard->tag, "at most %u", TW_TOPICS_MAX);
		}
		int old = tw_places_topic(before, name);
		if (old >= 0) {
			now.row[id] = before->row[old];
			now.row_count[id] = before->row_count[old];
			before->row[old] = NULL;
			before->row_count[old] = 0;
		}
		names += name.len + (end != NULL);
	}
	now.wanting = before->wanting;
	tw_places_fini(before);
	shard->places = now;
	shard->topics_known = true;
	return TW_OK;
}

/* @param take the answer's names become ours */
static enum tw_code topic_learn(struct tw_redis *redis, struct tw_shard *shard, struct tw_slice topic, bool take, struct tw_arena *arena,
                                struct tw_error *err)
{
	const struct tw_slice words[] = {tw_slice_str("FCALL"), tw_slice_str("tw_topic"), tw_slice_str("1"), shard_key(shard, "topics", arena),
	                                 topic};
	redisReply *reply = NULL;
	enum tw_code code = tw_redis_command(redis, shard, words, 5, arena, &reply, err);
	if (code == TW_OK && reply->type != REDIS_REPLY_STRING) {
		code = tw_route_refusal(&redis->route, shard->at, reply, err);
	} else if (code == TW_OK && take) {
		code = topics_take(shard, reply->str, err);
	}
	freeReplyObject(reply);
	return code;
}

/* After a loss the server may know none of our topics, or give them other ids: name all that we know before the list is taken over. */
static enum tw_code topics_learn(struct tw_redis *redis, struct tw_shard *shard, struct tw_slice topic, struct tw_arena *arena, struct tw_error *err)
{
	if (shard->topics_known && !shard->places.topics_wanted && tw_places_topic(&shard->places, topic) >= 0) {
		return TW_OK;
	}
	struct tw_slice known[TW_TOPICS_MAX + 1];
	uint32_t count = 0;
	for (; count < shard->places.topic_count; count++) {
		known[count] = tw_arena_copy(arena, shard->places.topic[count]);
	}
	known[count++] = topic;
	/* the last answer names all; the earlier ones must not drop what comes later */
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < count && code == TW_OK; i++) {
		code = topic_learn(redis, shard, known[i], i + 1 == count, arena, err);
	}
	return code;
}

/* ---- watermarks ---- */

enum tw_code tw_redis_watermark_take(struct tw_redis *redis, const struct tw_shard *shard, struct tw_slice key, const struct redisReply *reply,
                                     struct tw_place *out, struct tw_error *err)
{
	if (reply->type == REDIS_REPLY_NIL) {
		out->present = false;
		out->next = 0;
		out->done = 0;
		return TW_OK;
	}
	if (reply->type != REDIS_REPLY_STRING) {
		return tw_route_refusal(&redis->route, shard->at, reply, err);
	}
	if (reply->len != TW_WATERMARK_STORED_BYTES) {
		char where[TW_ERROR_WHERE_BYTES];
		snprintf(where, sizeof(where), "%.*s", (int)key.len, key.ptr);
		return tw_fail(err, TW_E_CORRUPT, TW_STOP, "a stored watermark does not check", where,
		               "%zu bytes; the store was changed by somebody else: delete this key, and it is rebuilt from the log", reply->len);
	}
	int64_t committed = (int64_t)tw_watermark_number(reply->str + 12, 8);
	out->present = true;
	out->next = (int64_t)tw_watermark_number(reply->str, 8);
	out->done = (uint32_t)tw_watermark_number(reply->str + 8, 4);
	out->committed = committed > out->committed ? committed : out->committed;
	return TW_OK;
}

enum tw_code tw_redis_watermark_read(struct tw_redis *redis, const struct tw_shard *shard, struct tw_slice topic, int32_t partition,
                                     struct tw_place *out, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_slice words[] = {tw_slice_str("GET"), tw_shard_key_watermark(shard, topic, partition, arena)};
	redisReply *reply = NULL;
	enum tw_code code = tw_redis_command(redis, shard, words, 2, arena, &reply, err);
	code = code ? code : tw_redis_watermark_take(redis, shard, words[1], reply, out, err);
	freeReplyObject(reply);
	return code;
}

/* What this call needs to know of one part on one shard, read only where it is not known. */
static enum tw_code place_learn(struct tw_redis *redis, struct tw_shard *shard, const struct tw_store_part *part, struct tw_arena *arena,
                                struct tw_error *err)
{
	enum tw_code code = topics_learn(redis, shard, part->topic, arena, err);
	if (code) {
		return code;
	}
	uint32_t topic = (uint32_t)tw_places_topic(&shard->places, part->topic);
	struct tw_place *place = tw_places_at(&shard->places, topic, (uint32_t)part->partition);
	if (!place) {
		return tw_store_no_memory(err);
	}
	/* known, but behind: the partition was somebody else's meanwhile */
	if (!place->known || place->next < part->committed) {
		code = tw_redis_watermark_read(redis, shard, part->topic, part->partition, place, arena, err);
		place->known = code == TW_OK;
	}
	place->committed = part->committed > place->committed ? part->committed : place->committed;
	if (code == TW_OK && (code = tw_place_check(place, part, err)) != TW_OK) {
		tw_redis_forget(redis);
		if (err) {
			err->disposition = TW_RETRY; /* what was lost can be rebuilt */
		}
		return code;
	}
	if (code == TW_OK && place->next > place->highest) {
		place->highest = place->next;
	}
	place->known = place->known && code == TW_OK;
	return code;
}

/* How far other processes have committed, where that keeps our records long. */
static enum tw_code wanted_learn(struct tw_redis *redis, struct tw_shard *shard, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_places *places = &shard->places;
	enum tw_code code = TW_OK;
	for (uint32_t t = 0; places->wanting && t < places->topic_count; t++) {
		for (uint32_t p = 0; p < places->row_count[t] && code == TW_OK; p++) {
			struct tw_place *place = &places->row[t][p];
			if (place->wanted && !place->known) {
				struct tw_place read = *place;
				code = tw_redis_watermark_read(redis, shard, places->topic[t], (int32_t)p, &read, arena, err);
				place->committed = read.committed;
			}
			place->wanted = false;
		}
	}
	places->wanting = false;
	return code;
}

static enum tw_code epoch_unknown(struct tw_redis *redis, struct tw_error *err)
{
	return tw_fail(err, TW_E_STALE, TW_RETRY, "the state may have changed since it was last looked at", redis->shards[0].tag,
	               "a new connection, another server, or another epoch");
}

static bool place_settled(struct tw_shard *shard, const struct tw_store_part *part)
{
	struct tw_places *places = &shard->places;
	struct tw_error ignored;
	int id = shard->topics_known && !places->topics_wanted && !places->wanting ? tw_places_topic(places, part->topic) : -1;
	struct tw_place *place = id < 0 ? NULL : tw_places_at(places, (uint32_t)id, (uint32_t)part->partition);
	if (!place || !place->known || place->next < part->committed) {
		return false;
	}
	place->committed = part->committed > place->committed ? part->committed : place->committed;
	return tw_place_check(place, part, &ignored) == TW_OK;
}

bool tw_redis_settled(struct tw_redis *redis, const struct tw_store_part *parts, uint32_t part_count)
{
	bool settled = redis->epoch_id && tw_route_is_open(&redis->route);
	for (uint32_t s = 0; s < redis->shard_count && settled; s++) {
		for (uint32_t i = 0; i < part_count && settled; i++) {
			settled = place_settled(&redis->shards[s], &parts[i]);
		}
	}
	return settled;
}

/* Connected, and everything known that a plan rests on. */
enum tw_code tw_redis_settle(struct tw_redis *redis, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, struct tw_error *err)
{
	bool fresh = false;
	enum tw_code code = tw_route_open(&redis->route, &fresh, err);
	if (fresh) {
		tw_redis_forget(redis);
	}
	if (code == TW_OK && part_count && !redis->epoch_id) {
		return epoch_unknown(redis, err);
	}
	for (uint32_t s = 0; s < redis->shard_count && code == TW_OK; s++) {
		struct tw_shard *shard = &redis->shards[s];
		for (uint32_t i = 0; i < part_count && code == TW_OK; i++) {
			code = place_learn(redis, shard, &parts[i], arena, err);
		}
		code = code || !shard->places.wanting ? code : wanted_learn(redis, shard, arena, err);
	}
	tw_route_drop(&redis->route); /* some reply may be on its way still, where a question broke off */
	return code;
}
