/**
 * @file redis_epoch.c
 * The epoch: one life of the state, the same on every shard; see tw_store_survey in store.h.
 *
 *     {tw:s0}:epoch = "tidewaiter SCHEMA shards COUNT id 000644a1f2b3c4d5 at 5d9a0cf2716be348" 'o' or 'c'
 *                      |------------------------ what appends compare -----------------------|  open or closed
 *
 * Behind "at" stands which run of which server it was written to (tw_route_life). Where that is not the server that holds it now, the server
 * was killed and has come back, a replica has taken its place, a slot has moved: entries that it had confirmed may be gone, and an engine that
 * never noticed may still commit what it judged by them. That is another life, however well the epoch and every watermark look.
 * "of" in its place was written by an engine whose appends did not write the epoch back (redis_turn.h): another life too, so that no such engine
 * appends beside this one. It cannot read "at", and stops.
 *
 * An id is never used twice, not even after a flush that forgot the ones before: an engine that slept through the flush would take the new
 * life for its own. Hence the clock in it, and the one after the highest that is known should the clock have gone back. It reaches no output.
 * Every write compares with what was read: of two engines that change the epoch at once, one is late, and looks again.
 *
 * Invariant: an epoch is opened only after it was read closed on every shard and no watermark was behind, and never by who has not adopted it.
 * An epoch of another life is never adopted, only replaced.
 * Source: Redis 7.0 documentation, "Redis Functions", MGET.
 */
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "engine/base/arena.h"
#include "engine/state/field.h"
#include "engine/state/redis_store.h"

#define ROUNDS_MAX    8U /* each after the first needs somebody else's write in between */
#define SCRATCH_BYTES 16384U

static const char life_word[] = " at ";
static const char life_word_before[] = " of "; /* until library version 3 */
#define LIFE_WORD_BYTES  (sizeof(life_word) - 1)
#define EPOCH_TAIL_BYTES (TW_EPOCH_ID_DIGITS + LIFE_WORD_BYTES + TW_EPOCH_ID_DIGITS + 1) /* behind the head: id, life, state */

/* A shard's epoch as it was read. */
struct found {
	char text[TW_EPOCH_BYTES];
	uint32_t len; /* 0: none */
	uint64_t id;
	uint64_t life;
	bool stated; /* a life is */
	bool alive;  /* its life is the server's */
	bool open;
};

/* All that one look tells. */
struct survey {
	struct found *shard;
	uint64_t highest;
	bool same; /* every shard has one of the life that it is in, and the same id */
	bool open; /* on every shard */
	int64_t missing;
};

static int epoch_head(const struct tw_redis *redis, char *out, size_t size)
{
	return snprintf(out, size, "tidewaiter %u shards %u id ", TW_STATE_SCHEMA, redis->shard_count);
}

static struct tw_slice epoch_key(const struct tw_shard *shard, struct tw_arena *arena)
{
	return tw_arena_format(arena, "%s:epoch", shard->tag);
}

static bool hex_read(const char *digits, uint64_t *id)
{
	*id = 0;
	for (uint32_t i = 0; i < TW_EPOCH_ID_DIGITS; i++) {
		const char *all = "0123456789abcdef", *at = digits[i] ? strchr(all, digits[i]) : NULL;
		if (!at) {
			return false;
		}
		*id = *id << 4 | (uint64_t)(at - all);
	}
	return true;
}

/* What stands behind the head. One without a life was written by an engine that knew of none: of no life that there is. */
static bool tail_read(const char *tail, size_t length, struct found *out)
{
	const char *of = tail + TW_EPOCH_ID_DIGITS;
	bool whole = length == EPOCH_TAIL_BYTES;
	if ((!whole && length != TW_EPOCH_ID_DIGITS + 1) || !hex_read(tail, &out->id)) {
		return false;
	}
	out->stated = whole && memcmp(of, life_word, LIFE_WORD_BYTES) == 0;
	out->open = tail[length - 1] == 'o';
	bool named = out->stated || (whole && memcmp(of, life_word_before, LIFE_WORD_BYTES) == 0);
	return (out->open || tail[length - 1] == 'c') && (!whole || (named && hex_read(of + LIFE_WORD_BYTES, &out->life)));
}

static enum tw_code found_take(struct tw_redis *redis, const struct tw_shard *shard, const redisReply *reply, struct found *out, struct tw_error *err)
{
	char head[64];
	size_t length = (size_t)epoch_head(redis, head, sizeof(head));
	*out = (struct found){.len = 0};
	if (reply->type == REDIS_REPLY_NIL) {
		return TW_OK;
	}
	if (reply->type != REDIS_REPLY_STRING) {
		return tw_route_refusal(&redis->route, shard->at, reply, err);
	}
	if (strncmp(reply->str, head, length) != 0) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "the state has another shape than this engine's", shard->tag,
		               "it says \"%.48s\", this engine \"%s...\": use a new key prefix, and it is rebuilt from the log", reply->str, head);
	}
	if (!tail_read(reply->str + length, reply->len - length, out)) {
		char where[TW_ERROR_WHERE_BYTES];
		snprintf(where, sizeof(where), "%s:epoch", shard->tag);
		return tw_fail(err, TW_E_CORRUPT, TW_STOP, "a stored epoch does not check", where,
		               "the store was changed by somebody else: delete this key, and what is missing is rebuilt from the log");
	}
	memcpy(out->text, reply->str, reply->len + 1);
	out->len = (uint32_t)reply->len;
	return TW_OK;
}

/* ---- looking ---- */

/* Epoch and every watermark of one shard, at one moment. */
static void shard_words(const struct tw_shard *shard, const struct tw_store_place *places, uint32_t count, struct tw_slice *words,
                        struct tw_arena *arena)
{
	words[0] = tw_slice_str("MGET");
	words[1] = epoch_key(shard, arena);
	for (uint32_t i = 0; i < count; i++) {
		words[2 + i] = tw_shard_key_watermark(shard, places[i].topic, places[i].partition, arena);
	}
}

/* @param words as shard_words gives them; @param least of every place so far */
static enum tw_code shard_look(struct tw_redis *redis, const struct tw_shard *shard, uint32_t count, const struct tw_slice *words, int64_t *least,
                               struct found *found, struct tw_arena *arena, struct tw_error *err)
{
	redisReply *reply = NULL;
	enum tw_code code = tw_redis_command(redis, shard, words, 2 + count, arena, &reply, err);
	if (code) {
		return code;
	}
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1 + (size_t)count) {
		code = tw_route_refusal(&redis->route, shard->at, reply, err);
	}
	code = code ? code : found_take(redis, shard, reply->element[0], found, err);
	for (uint32_t i = 0; i < count && code == TW_OK; i++) {
		struct tw_place place = {.known = false};
		code = tw_redis_watermark_take(redis, shard, words[2 + i], reply->element[1 + i], &place, err);
		least[i] = place.next < least[i] ? place.next : least[i];
	}
	freeReplyObject(reply);
	return code;
}

static void survey_sum(const struct tw_redis *redis, const struct tw_store_place *places, uint32_t count, const int64_t *least, struct survey *survey)
{
	const struct found *first = &survey->shard[0];
	survey->same = survey->open = true;
	survey->highest = 0;
	survey->missing = 0;
	for (uint32_t s = 0; s < redis->shard_count; s++) {
		struct found *found = &survey->shard[s];
		found->alive = found->stated && found->life == tw_route_life(&redis->route, s);
		survey->same = survey->same && found->alive && found->id == first->id;
		survey->open = survey->open && found->open;
		survey->highest = found->id > survey->highest ? found->id : survey->highest;
	}
	for (uint32_t i = 0; i < count; i++) {
		survey->missing += least[i] < places[i].committed ? places[i].committed - least[i] : 0;
	}
}

static enum tw_code survey_take(struct tw_redis *redis, const struct tw_store_place *places, uint32_t count, struct tw_arena *arena,
                                struct survey *survey, struct tw_error *err)
{
	struct tw_slice *words = tw_arena_alloc(arena, (2 + (size_t)count) * sizeof(*words));
	int64_t *least = tw_arena_alloc(arena, (1 + (size_t)count) * sizeof(*least));
	survey->shard = tw_arena_alloc(arena, redis->shard_count * sizeof(*survey->shard));
	if (!words || !least || !survey->shard) {
		return tw_store_no_memory(err);
	}
	for (uint32_t i = 0; i < count; i++) {
		least[i] = INT64_MAX;
	}
	for (uint32_t s = 0; s < redis->shard_count; s++) {
		shard_words(&redis->shards[s], places, count, words, arena);
		enum tw_code code = shard_look(redis, &redis->shards[s], count, words, least, &survey->shard[s], arena, err);
		if (code) {
			return code;
		}
	}
	/* after what they hold: a server that changes in between is then taken for another life, never for the same */
	enum tw_code code = tw_route_lives(&redis->route, arena, err);
	if (code) {
		return code;
	}
	survey_sum(redis, places, count, least, survey);
	return TW_OK;
}

/* ---- writing ---- */

/* @param won false: somebody else was faster on this shard */
static enum tw_code epoch_put(struct tw_redis *redis, const struct tw_shard *shard, const struct found *found, struct tw_slice value, bool *won,
                              struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_slice words[] = {tw_slice_str("FCALL"),   tw_slice_str("tw_epoch"),  tw_slice_str("1"),
	                                 epoch_key(shard, arena), {found->text, found->len}, value};
	redisReply *reply = NULL;
	enum tw_code code = tw_redis_command(redis, shard, words, 6, arena, &reply, err);
	if (code == TW_OK && reply->type != REDIS_REPLY_STRING) {
		code = tw_route_refusal(&redis->route, shard->at, reply, err);
	} else if (code == TW_OK) {
		*won = *won && reply->len == found->len && memcmp(reply->str, found->text, found->len) == 0;
	}
	freeReplyObject(reply);
	return code;
}

/* On every shard, in the state that is asked for; shards that have it already are passed over. @param won out: none was changed meanwhile */
static enum tw_code epoch_write(struct tw_redis *redis, const struct survey *survey, uint64_t id, char state, bool *won, struct tw_arena *arena,
                                struct tw_error *err)
{
	char head[64];
	epoch_head(redis, head, sizeof(head));
	enum tw_code code = TW_OK;
	*won = true;
	for (uint32_t s = 0; s < redis->shard_count && code == TW_OK && *won; s++) {
		const struct found *found = &survey->shard[s];
		uint64_t life = tw_route_life(&redis->route, s);
		struct tw_slice value = tw_arena_format(arena, "%s%016" PRIx64 "%s%016" PRIx64 "%c", head, id, life_word, life, state);
		if (!tw_slice_equal((struct tw_slice){found->text, found->len}, value)) {
			code = epoch_put(redis, &redis->shards[s], found, value, won, arena, err);
		}
	}
	return code;
}

static uint64_t id_new(uint64_t highest)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	uint64_t id = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	return id > highest ? id : highest + 1;
}

/* ---- the survey ---- */

/* Whatever is remembered goes with the epoch under which it was learnt. */
static void epoch_adopt(struct tw_redis *redis, const struct survey *survey, struct tw_store_life *life)
{
	life->adopted = true;
	tw_redis_forget(redis);
	redis->epoch_id = survey->shard[0].id;
	for (uint32_t s = 0; s < redis->shard_count; s++) {
		struct tw_shard *shard = &redis->shards[s];
		shard->epoch_len = survey->shard[s].len - 1;
		memcpy(shard->epoch, survey->shard[s].text, shard->epoch_len);
	}
}

/* @param again out: something was written, or somebody else was faster: look again */
static enum tw_code survey_once(struct tw_redis *redis, const struct tw_store_place *places, uint32_t count, bool may_open, struct tw_arena *arena,
                                struct tw_store_life *life, bool *again, struct tw_error *err)
{
	struct survey survey = {.missing = 0};
	bool won;
	enum tw_code code = survey_take(redis, places, count, arena, &survey, err);
	*again = false;
	if (code) {
		return code;
	}
	life->missing = survey.missing;
	if (!survey.same || (survey.open && survey.missing)) {
		*again = true;
		return epoch_write(redis, &survey, id_new(survey.highest), 'c', &won, arena, err);
	}
	/* a new life has a new id: the same id is the same life on every shard */
	if (redis->epoch_id != survey.shard[0].id) {
		epoch_adopt(redis, &survey, life);
	}
	life->open = survey.open;
	if (!survey.open && !survey.missing && may_open && !life->adopted) {
		*again = true;
		return epoch_write(redis, &survey, survey.highest, 'o', &won, arena, err);
	}
	return TW_OK;
}

enum tw_code tw_redis_look(struct tw_redis *redis, struct tw_arena *arena, struct tw_error *err)
{
	struct survey survey;
	return survey_take(redis, NULL, 0, arena, &survey, err);
}

enum tw_code tw_redis_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open, struct tw_store_life *out,
                             struct tw_error *err)
{
	struct tw_redis *redis = (struct tw_redis *)(void *)store;
	struct tw_arena scratch;
	tw_arena_init(&scratch, SCRATCH_BYTES, 0);
	*out = (struct tw_store_life){.adopted = false};
	enum tw_code code = tw_redis_settle(redis, NULL, 0, &scratch, err);
	bool again = code == TW_OK;
	for (uint32_t round = 0; again && round < ROUNDS_MAX; round++) {
		code = survey_once(redis, places, count, may_open, &scratch, out, &again, err);
		again = again && code == TW_OK;
		tw_arena_reset(&scratch);
	}
	if (code == TW_OK && again) {
		code = tw_fail(err, TW_E_IO, TW_RETRY, "the epoch kept changing", redis->shards[0].tag, "%u attempts", ROUNDS_MAX);
	}
	tw_route_drop(&redis->route); /* some reply may be on its way still, where a question broke off */
	tw_arena_fini(&scratch);
	return code;
}
