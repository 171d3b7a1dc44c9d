/**
 * @file redis_scan.c
 * Looking at all that is stored, and removing it: SCAN over each server once, MGET of records together with their shard's watermarks.
 *
 *     {tw:s0}:epoch   {tw:s0}:topics   {tw:s0}:w:TOPIC:PART   {tw:s0}:r:KIND:KEY      as redis.c has it; whatever else begins so is foreign
 *
 * A look is one MGET a shard, so that record and watermark are of one moment: the record is then the fold of the log below that watermark, and
 * nothing else, whoever appends meanwhile. Nothing remembered is used or changed. All that knows how shards and servers are reached is the first
 * section. Source: Redis 7.0 documentation, SCAN (guarantees), UNLINK, MGET.
 */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/state/redis_store.h"

#define SCAN_COUNT    "1000"
#define SCRATCH_BYTES ((size_t)256 * 1024)
#define MARK_REMOVED  "tidewaiter is removing this state"

/* ---- servers ---- */

static enum tw_code servers_open(struct tw_redis *redis, struct tw_arena *arena, struct tw_error *err)
{
	return tw_redis_settle(redis, NULL, 0, arena, err);
}

/* One command to the server that has the shard, and its answer. */
static enum tw_code command(struct tw_redis *redis, const struct tw_shard *shard, const struct tw_slice *words, uint32_t count,
                            struct tw_arena *arena, redisReply **out, struct tw_error *err)
{
	*out = NULL;
	return tw_redis_command(redis, shard, words, count, arena, out, err);
}

static enum tw_code refused(struct tw_redis *redis, const struct tw_shard *shard, const redisReply *reply, struct tw_error *err)
{
	return tw_route_refusal(&redis->route, shard->at, reply, err);
}

/* @return whether a shard before this one is on the same server: a server is scanned once */
static bool scanned(const struct tw_redis *redis, uint32_t shard)
{
	for (uint32_t before = 0; before < shard; before++) {
		if (redis->route.shard[before].server == redis->route.shard[shard].server) {
			return true;
		}
	}
	return false;
}

/* ---- scanning ---- */

/* "{tw:s*}:*", what the prefix has of a pattern's signs made plain */
static struct tw_slice pattern_of(const struct tw_redis *redis, struct tw_arena *arena)
{
	const char *tag = redis->shards[0].tag;
	size_t length = strlen(tag) - 2; /* "{tw:s" */
	char *out = tw_arena_alloc_raw(arena, 2 * length + 8), *at = out;
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	for (size_t i = 0; i < length; i++) {
		if (strchr("*?[]^-\\", tag[i])) {
			*at++ = '\\';
		}
		*at++ = tag[i];
	}
	memcpy(at, "*}:*", 5);
	return (struct tw_slice){out, (uint32_t)(at - out) + 4};
}

/* What is done with the keys of one answer. */
struct scan {
	struct tw_redis *redis;
	enum tw_code (*take)(struct scan *scan, const struct tw_shard *at, struct tw_slice *keys, uint32_t count, struct tw_arena *arena,
	                     struct tw_error *err);
	bool (*visit)(void *context, const struct tw_store_name *name);
	void *context;
	bool ended;  /* by a visit */
	bool epochs; /* a removal's turn: of epochs, or of all else */
	uint64_t removed;
};

static enum tw_code keys_take(struct scan *scan, const struct tw_shard *shard, const redisReply *reply, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_slice *keys = tw_arena_alloc_raw(arena, reply->elements * sizeof(*keys));
	uint32_t count = 0;
	if (!keys) {
		return tw_store_no_memory(err);
	}
	for (size_t i = 0; i < reply->elements; i++) {
		const redisReply *key = reply->element[i];
		if (key->type == REDIS_REPLY_STRING) {
			keys[count++] = (struct tw_slice){key->str, (uint32_t)key->len};
		}
	}
	return scan->take(scan, shard, keys, count, arena, err);
}

static enum tw_code server_scan(struct scan *scan, const struct tw_shard *shard, struct tw_slice pattern, struct tw_arena *arena,
                                struct tw_error *err)
{
	char cursor[24] = "0";
	enum tw_code code = TW_OK;
	do {
		struct tw_arena_mark mark = tw_arena_mark(arena);
		const struct tw_slice words[] = {tw_slice_str("SCAN"),  tw_slice_str(cursor),    tw_slice_str("MATCH"), pattern,
		                                 tw_slice_str("COUNT"), tw_slice_str(SCAN_COUNT)};
		redisReply *reply = NULL;
		code = command(scan->redis, shard, words, 6, arena, &reply, err);
		if (code == TW_OK && (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 || reply->element[0]->type != REDIS_REPLY_STRING)) {
			code = refused(scan->redis, shard, reply, err);
		}
		if (code == TW_OK) {
			snprintf(cursor, sizeof(cursor), "%s", reply->element[0]->str);
			code = keys_take(scan, shard, reply->element[1], arena, err);
		}
		freeReplyObject(reply);
		tw_arena_rewind(arena, mark);
	} while (code == TW_OK && !scan->ended && strcmp(cursor, "0") != 0);
	return code;
}

static enum tw_code scan_all(struct scan *scan, struct tw_error *err)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SCRATCH_BYTES, 0);
	struct tw_slice pattern = pattern_of(scan->redis, &arena);
	enum tw_code code = pattern.ptr ? servers_open(scan->redis, &arena, err) : tw_store_no_memory(err);
	for (uint32_t s = 0; s < scan->redis->shard_count && code == TW_OK && !scan->ended; s++) {
		code = scanned(scan->redis, s) ? TW_OK : server_scan(scan, &scan->redis->shards[s], pattern, &arena, err);
	}
	tw_arena_fini(&arena);
	return code;
}

/* ---- names ---- */

static bool begins(struct tw_slice text, const char *with)
{
	size_t length = strlen(with);
	return text.len >= length && memcmp(text.ptr, with, length) == 0;
}

/* @return the shard whose tag the key begins with, `rest` behind it and its colon; NULL: a shard that we do not have */
static const struct tw_shard *shard_of_key(const struct tw_redis *redis, struct tw_slice key, struct tw_slice *rest)
{
	size_t head = strlen(redis->shards[0].tag) - 2;
	uint32_t number = 0, at = (uint32_t)head;
	while (at < key.len && key.ptr[at] >= '0' && key.ptr[at] <= '9' && number < redis->shard_count) {
		number = number * 10 + (uint32_t)(key.ptr[at++] - '0');
	}
	const struct tw_shard *shard = number < redis->shard_count ? &redis->shards[number] : NULL;
	if (!shard || !begins(key, shard->tag) || at + 2 > key.len) {
		return NULL;
	}
	*rest = (struct tw_slice){key.ptr + at + 2, key.len - at - 2};
	return shard;
}

/* @return false: one of ours that is no record */
static bool name_of(const struct tw_redis *redis, struct tw_slice key, struct tw_store_name *out)
{
	struct tw_slice rest = {NULL, 0};
	const struct tw_shard *shard = shard_of_key(redis, key, &rest);
	*out = (struct tw_store_name){(enum tw_entity_kind)0, key};
	if (shard && (tw_slice_is(rest, "epoch") || tw_slice_is(rest, "topics") || begins(rest, "w:"))) {
		return false;
	}
	if (shard && begins(rest, "r:") && rest.len > 4 && rest.ptr[3] == ':' && rest.ptr[2] > '0' && rest.ptr[2] <= '0' + TW_ENTITY_KINDS) {
		enum tw_entity_kind kind = (enum tw_entity_kind)(rest.ptr[2] - '0');
		struct tw_slice entity = {rest.ptr + 4, rest.len - 4};
		if (shard == &redis->shards[tw_shard_of(tw_entity_hash(kind, entity), redis->shard_count)]) {
			*out = (struct tw_store_name){kind, entity};
		}
	}
	return true;
}

static enum tw_code keys_visit(struct scan *scan, const struct tw_shard *at, struct tw_slice *keys, uint32_t count, struct tw_arena *arena,
                               struct tw_error *err)
{
	struct tw_store_name name;
	(void)at;
	(void)arena;
	(void)err;
	for (uint32_t i = 0; i < count && !scan->ended; i++) {
		scan->ended = name_of(scan->redis, keys[i], &name) && !scan->visit(scan->context, &name);
	}
	return TW_OK;
}

enum tw_code tw_redis_each(struct tw_store *store, bool (*visit)(void *context, const struct tw_store_name *name), void *context,
                           struct tw_error *err)
{
	struct scan scan = {.redis = (struct tw_redis *)(void *)store, .take = keys_visit, .visit = visit, .context = context};
	return scan_all(&scan, err);
}

/* ---- a look ---- */

struct look {
	struct tw_redis *redis;
	const struct tw_store_place *places;
	uint32_t place_count;
	const struct tw_store_name *names;
	uint32_t name_count;
	struct tw_store_peek *out;
};

static struct tw_slice kept(const redisReply *reply, struct tw_arena *arena, bool *whole)
{
	if (reply->type != REDIS_REPLY_STRING) {
		return (struct tw_slice){"", 0};
	}
	struct tw_slice copy = tw_arena_copy(arena, (struct tw_slice){reply->str, (uint32_t)reply->len});
	*whole = *whole && copy.ptr;
	return copy;
}

/* Line number of a name in the list of topics. */
static uint32_t topic_id(struct tw_slice names, struct tw_slice topic)
{
	uint32_t id = 0, from = 0;
	for (uint32_t i = 0; i < names.len; i++) {
		if (names.ptr[i] == '\n') {
			if (tw_slice_equal((struct tw_slice){names.ptr + from, i - from}, topic)) {
				return id;
			}
			id++;
			from = i + 1;
		}
	}
	return UINT32_MAX;
}

/* epoch, topics, a watermark a place, then the records of this shard. @return their number; 0 at the arena's ceiling */
static uint32_t look_words(const struct look *look, uint32_t s, struct tw_slice *words, struct tw_arena *arena)
{
	const struct tw_shard *shard = &look->redis->shards[s];
	uint32_t count = 0;
	words[count++] = tw_slice_str("MGET");
	words[count++] = tw_arena_format(arena, "%s:epoch", shard->tag);
	words[count++] = tw_arena_format(arena, "%s:topics", shard->tag);
	for (uint32_t i = 0; i < look->place_count; i++) {
		words[count++] = tw_shard_key_watermark(shard, look->places[i].topic, look->places[i].partition, arena);
	}
	for (uint32_t i = 0; i < look->name_count; i++) {
		if (look->out->shard_of[i] == s) {
			words[count++] = tw_shard_key_record(shard, look->names[i].kind, look->names[i].key, arena);
		}
	}
	for (uint32_t i = 0; i < count; i++) {
		if (!words[i].ptr) {
			return 0;
		}
	}
	return count;
}

static enum tw_code watermarks_take(const struct look *look, const struct tw_shard *shard, const struct tw_slice *words, const redisReply *reply,
                                    struct tw_slice topics, int64_t *next, uint32_t *ids, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < look->place_count && code == TW_OK; i++) {
		struct tw_place place = {.known = false};
		code = tw_redis_watermark_take(look->redis, shard, words[3 + i], reply->element[2 + i], &place, err);
		next[i] = place.present ? place.next : -1;
		ids[i] = topic_id(topics, look->places[i].topic);
	}
	return code;
}

static enum tw_code look_take(const struct look *look, uint32_t s, const struct tw_slice *words, uint32_t count, const redisReply *reply,
                              struct tw_arena *arena, struct tw_error *err)
{
	int64_t *next = tw_arena_alloc_raw(arena, look->place_count * sizeof(*next));
	uint32_t *ids = tw_arena_alloc_raw(arena, look->place_count * sizeof(*ids));
	bool whole = next && ids;
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != count - 1) {
		return refused(look->redis, &look->redis->shards[s], reply, err);
	}
	if (!whole) {
		return tw_store_no_memory(err);
	}
	struct tw_slice epoch = kept(reply->element[0], arena, &whole), topics = kept(reply->element[1], arena, &whole);
	enum tw_code code = watermarks_take(look, &look->redis->shards[s], words, reply, topics, next, ids, err);
	look->out->shards[s] = (struct tw_store_shard){.name = tw_slice_str(look->redis->shards[s].tag), .epoch = epoch, .next = next, .topics = ids};
	size_t at = 2 + look->place_count;
	for (uint32_t i = 0; i < look->name_count; i++) {
		if (look->out->shard_of[i] == s) {
			look->out->records[i] = kept(reply->element[at++], arena, &whole);
		}
	}
	return code || whole ? code : tw_store_no_memory(err);
}

static enum tw_code shard_look(const struct look *look, uint32_t s, struct tw_slice *words, struct tw_arena *arena, struct tw_error *err)
{
	redisReply *reply = NULL;
	uint32_t count = look_words(look, s, words, arena);
	if (count == 0) {
		return tw_store_no_memory(err);
	}
	enum tw_code code = command(look->redis, &look->redis->shards[s], words, count, arena, &reply, err);
	code = code ? code : look_take(look, s, words, count, reply, arena, err);
	freeReplyObject(reply);
	return code;
}

enum tw_code tw_redis_peek(struct tw_store *store, const struct tw_store_place *places, uint32_t place_count, const struct tw_store_name *names,
                           uint32_t name_count, struct tw_arena *arena, struct tw_store_peek *out, struct tw_error *err)
{
	struct tw_redis *redis = (struct tw_redis *)(void *)store;
	struct look look = {redis, places, place_count, names, name_count, out};
	struct tw_slice *words = tw_arena_alloc_raw(arena, ((size_t)place_count + name_count + 3) * sizeof(*words));
	if (!words || !tw_store_peek_room(redis->shard_count, 0, name_count, arena, out)) {
		return tw_store_no_memory(err);
	}
	for (uint32_t i = 0; i < name_count; i++) {
		out->shard_of[i] = tw_shard_of(tw_entity_hash(names[i].kind, names[i].key), redis->shard_count);
	}
	enum tw_code code = servers_open(redis, arena, err);
	for (uint32_t s = 0; s < redis->shard_count && code == TW_OK; s++) {
		code = shard_look(&look, s, words, arena, err);
	}
	return code;
}

/* ---- removing ---- */

static bool is_epoch(struct tw_slice key)
{
	static const char end[] = "}:epoch";
	return key.len >= sizeof(end) - 1 && memcmp(key.ptr + key.len - (sizeof(end) - 1), end, sizeof(end) - 1) == 0;
}

static enum tw_code epoch_mark(struct tw_redis *redis, const struct tw_shard *at, struct tw_slice key, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_slice words[] = {tw_slice_str("SET"), key, tw_slice_str(MARK_REMOVED)};
	redisReply *reply = NULL;
	enum tw_code code = command(redis, at, words, 3, arena, &reply, err);
	code = code == TW_OK && reply->type != REDIS_REPLY_STATUS ? refused(redis, at, reply, err) : code;
	freeReplyObject(reply);
	return code;
}

static enum tw_code epochs_mark(struct scan *scan, const struct tw_shard *at, struct tw_slice *keys, uint32_t count, struct tw_arena *arena,
                                struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < count && code == TW_OK; i++) {
		code = is_epoch(keys[i]) ? epoch_mark(scan->redis, at, keys[i], arena, err) : TW_OK;
	}
	return code;
}

static int by_name(const void *left, const void *right)
{
	const struct tw_slice *a = left, *b = right;
	return tw_slice_compare(*a, *b);
}

/* What stands in braces: keys that have it in common may go in one command, in a cluster too. */
static uint32_t tag_length(struct tw_slice key)
{
	const char *end = memchr(key.ptr, '}', key.len);
	return end ? (uint32_t)(end - key.ptr) : key.len;
}

static bool same_tag(struct tw_slice a, struct tw_slice b)
{
	uint32_t length = tag_length(a);
	return length == tag_length(b) && memcmp(a.ptr, b.ptr, length) == 0;
}

/* @param words one before the keys is free */
static enum tw_code keys_unlink(struct scan *scan, const struct tw_shard *at, struct tw_slice *words, uint32_t count, struct tw_arena *arena,
                                struct tw_error *err)
{
	struct tw_slice kept = words[0];
	redisReply *reply = NULL;
	words[0] = tw_slice_str("UNLINK");
	enum tw_code code = command(scan->redis, at, words, count + 1, arena, &reply, err);
	words[0] = kept;
	code = code == TW_OK && reply->type != REDIS_REPLY_INTEGER ? refused(scan->redis, at, reply, err) : code;
	scan->removed += code == TW_OK ? (uint64_t)reply->integer : 0;
	freeReplyObject(reply);
	return code;
}

static enum tw_code keys_remove(struct scan *scan, const struct tw_shard *at, struct tw_slice *keys, uint32_t count, struct tw_arena *arena,
                                struct tw_error *err)
{
	struct tw_slice *list = tw_arena_alloc(arena, ((size_t)count + 1) * sizeof(*list));
	uint32_t kept = 0;
	enum tw_code code = list ? TW_OK : tw_store_no_memory(err);
	for (uint32_t i = 0; list && i < count; i++) {
		if (is_epoch(keys[i]) == scan->epochs) {
			list[++kept] = keys[i];
		}
	}
	if (list && kept > 1) {
		qsort(list + 1, kept, sizeof(*list), by_name);
	}
	for (uint32_t from = 1, to = 1; from <= kept && code == TW_OK; from = to) {
		while (to <= kept && same_tag(list[from], list[to])) {
			to++;
		}
		code = keys_unlink(scan, at, list + from - 1, to - from, arena, err);
	}
	return code;
}

/* An epoch that is not there yet could be made by an engine that starts now. */
static enum tw_code shards_mark(struct tw_redis *redis, struct tw_error *err)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SCRATCH_BYTES, 0);
	enum tw_code code = servers_open(redis, &arena, err);
	for (uint32_t s = 0; s < redis->shard_count && code == TW_OK; s++) {
		struct tw_slice key = tw_arena_format(&arena, "%s:epoch", redis->shards[s].tag);
		code = key.ptr ? epoch_mark(redis, &redis->shards[s], key, &arena, err) : tw_store_no_memory(err);
	}
	tw_arena_fini(&arena);
	return code;
}

/* Epochs last: they are what keeps engines away. */
enum tw_code tw_redis_remove(struct tw_store *store, uint64_t *removed, struct tw_error *err)
{
	struct scan scan = {.redis = (struct tw_redis *)(void *)store, .take = epochs_mark};
	enum tw_code code = shards_mark(scan.redis, err);
	code = code ? code : scan_all(&scan, err);
	scan.take = keys_remove;
	code = code ? code : scan_all(&scan, err);
	scan.epochs = true;
	code = code ? code : scan_all(&scan, err);
	tw_redis_forget(scan.redis);
	*removed = scan.removed;
	return code;
}
