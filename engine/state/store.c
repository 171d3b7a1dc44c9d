/**
 * @file store.c
 * The store interface: checks what both stores would have to check, then asks the one at hand.
 */
#include "engine/state/store.h"

#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/event/metric.h"
#include "engine/state/record.h"
#include "engine/state/store_calls.h"

#define PEEK_NAMES_MAX 4096U

enum tw_code tw_store_corrupt(enum tw_entity_kind kind, struct tw_slice key, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%s %.*s", tw_entity_name(kind), (int)key.len, key.ptr);
	return tw_fail(err, TW_E_CORRUPT, TW_STOP, "a stored record does not check", where,
	               "the store was changed by somebody else: delete the keys of our prefix, and they are rebuilt from the log");
}

enum tw_code tw_store_lost(const struct tw_store_part *part, int64_t offset, const struct tw_operation *operation, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.*s/%d/%lld", (int)part->topic.len, part->topic.ptr, (int)part->partition, (long long)offset);
	return tw_fail(err, TW_E_STALE, TW_STOP, "a replayed event is not in the record that it changed", where,
	               "%s %.*s; somebody deleted it, or the event lies below the committed offset %lld: delete the keys of our prefix, and "
	               "they are rebuilt from the log",
	               tw_entity_name(operation->kind), (int)operation->key.len, operation->key.ptr, (long long)part->committed);
}

enum tw_code tw_store_no_memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a batch's state", NULL, NULL);
}

static enum tw_code part_check(const struct tw_store_part *part, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.*s/%d", (int)part->topic.len, part->topic.ptr, (int)part->partition);
	bool named = part->topic.len && !memchr(part->topic.ptr, '\n', part->topic.len);
	if (!named || part->partition < 0 || part->partition >= (int32_t)TW_PARTITIONS_MAX || part->next > TW_OFFSET_END) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "a partition or offset that records cannot name", where,
		               "partitions 0 to %u, offsets below 2^48, topic names of one line", TW_PARTITIONS_MAX - 1);
	}
	int64_t before = -1;
	for (uint32_t i = 0; i < part->event_count; i++) {
		int64_t offset = part->events[i].offset;
		if (offset <= before || offset >= part->next) {
			return tw_fail(err, TW_E_RANGE, TW_STOP, "offsets of a part must ascend and end below its next", where,
			               "offset %lld after %lld, next %lld", (long long)offset, (long long)before, (long long)part->next);
		}
		before = offset;
	}
	return TW_OK;
}

static bool priors_new(struct tw_store_event *event, struct tw_arena *arena)
{
	event->priors = NULL;
	if (!event->operations) {
		return true;
	}
	struct tw_priors *priors = tw_arena_alloc_raw(arena, sizeof(*priors));
	struct tw_prior *prior = tw_arena_alloc(arena, event->operations->count * sizeof(*prior));
	if (!priors || !prior) {
		return false;
	}
	*priors = (struct tw_priors){.prior = prior, .count = event->operations->count};
	event->priors = priors;
	return true;
}

static enum tw_code parts_prepare(struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, struct tw_error *err)
{
	for (uint32_t i = 0; i < part_count; i++) {
		enum tw_code code = part_check(&parts[i], err);
		if (code) {
			return code;
		}
		for (uint32_t k = 0; k < parts[i].event_count; k++) {
			if (!priors_new(&parts[i].events[k], arena)) {
				return tw_store_no_memory(err);
			}
		}
	}
	return TW_OK;
}

/* In the order in which they were sent. */
static void way_clear(struct tw_store *store)
{
	if (store->asked && store->calls->confirm) {
		struct tw_error unheard;
		bool held;
		store->asked = false;
		store->lost = true;
		(void)store->calls->confirm(store, &held, &unheard);
	}
	if (store->started) {
		store->started = NULL;
		(void)store->calls->start(store, NULL, 0, NULL);
	}
}

void tw_store_start(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena)
{
	struct tw_error met_again;
	if (part_count && store->started == parts) {
		return;
	}
	if (store->started || part_count == 0) {
		way_clear(store);
	}
	if (part_count && store->calls->start && parts_prepare(parts, part_count, arena, &met_again) == TW_OK &&
	    store->calls->start(store, parts, part_count, arena)) {
		store->started = parts;
	}
}

static enum tw_code apply(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, bool *late,
                          struct tw_error *err)
{
	enum tw_code code = TW_OK;
	if (part_count && store->started == parts && !store->asked) {
		store->started = NULL;
	} else {
		way_clear(store);
		code = parts_prepare(parts, part_count, arena, err);
	}
	store->lost = false;
	return code ? code : store->calls->apply(store, parts, part_count, arena, late, err);
}

enum tw_code tw_store_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, struct tw_error *err)
{
	bool late = false;
	return apply(store, parts, part_count, arena, &late, err);
}

enum tw_code tw_store_ask(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, struct tw_error *err)
{
	bool late = store->calls->confirm != NULL;
	enum tw_code code = apply(store, parts, part_count, arena, &late, err);
	store->asked = code == TW_OK && late;
	return code;
}

enum tw_code tw_store_confirm(struct tw_store *store, bool *held, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	*held = !store->lost;
	store->lost = false;
	if (store->asked && store->calls->confirm) {
		store->asked = false;
		code = store->calls->confirm(store, held, err);
		*held = *held && code == TW_OK;
	}
	if (!*held) {
		way_clear(store);
	}
	return code;
}

enum tw_code tw_store_watermark(struct tw_store *store, struct tw_slice topic, int32_t partition, struct tw_store_standing *out, struct tw_error *err)
{
	way_clear(store);
	return store->calls->watermark(store, topic, partition, out, err);
}

enum tw_code tw_store_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open, struct tw_store_life *out,
                             struct tw_error *err)
{
	way_clear(store);
	return store->calls->survey(store, places, count, may_open, out, err);
}

enum tw_code tw_store_read(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena, struct tw_slice *canonical,
                           struct tw_error *err)
{
	struct tw_slice record = {NULL, 0};
	way_clear(store);
	enum tw_code code = store->calls->read(store, kind, key, arena, &record, err);
	if (code) {
		return code;
	}
	if (record.len == 0) {
		*canonical = (struct tw_slice){"", 0};
		return TW_OK;
	}
	code = tw_record_canonical(record, arena, canonical);
	if (code == TW_E_MEMORY) {
		return tw_store_no_memory(err);
	}
	return code ? tw_store_corrupt(kind, key, err) : TW_OK;
}

bool tw_store_peek_room(uint32_t shards, uint32_t places, uint32_t names, struct tw_arena *arena, struct tw_store_peek *out)
{
	*out = (struct tw_store_peek){.shards = tw_arena_alloc(arena, shards * sizeof(*out->shards)),
	                              .shard_count = shards,
	                              .records = tw_arena_alloc(arena, names * sizeof(*out->records)),
	                              .shard_of = tw_arena_alloc(arena, names * sizeof(*out->shard_of))};
	if (!out->shards || !out->records || !out->shard_of) {
		return false;
	}
	for (uint32_t s = 0; s < shards; s++) {
		int64_t *next = tw_arena_alloc_raw(arena, places * sizeof(*next));
		uint32_t *topics = tw_arena_alloc_raw(arena, places * sizeof(*topics));
		if (!next || !topics) {
			return false;
		}
		memset(next, 0xFF, places * sizeof(*next));
		memset(topics, 0xFF, places * sizeof(*topics));
		out->shards[s] = (struct tw_store_shard){.next = next, .topics = topics};
	}
	return true;
}

enum tw_code tw_store_each(struct tw_store *store, bool (*visit)(void *context, const struct tw_store_name *name), void *context,
                           struct tw_error *err)
{
	way_clear(store);
	return store->calls->each(store, visit, context, err);
}

enum tw_code tw_store_peek(struct tw_store *store, const struct tw_store_place *places, uint32_t place_count, const struct tw_store_name *names,
                           uint32_t name_count, struct tw_arena *arena, struct tw_store_peek *out, struct tw_error *err)
{
	way_clear(store);
	if (name_count > PEEK_NAMES_MAX) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "a look at too many records at once", NULL, "%u, at most %u", name_count, PEEK_NAMES_MAX);
	}
	return store->calls->peek(store, places, place_count, names, name_count, arena, out, err);
}

enum tw_code tw_store_remove(struct tw_store *store, uint64_t *removed, struct tw_error *err)
{
	*removed = 0;
	way_clear(store);
	if (!store->calls->remove) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "a store in memory ends with its process: there is nothing to remove", NULL, NULL);
	}
	return store->calls->remove(store, removed, err);
}

void tw_store_free(struct tw_store *store)
{
	if (store) {
		store->calls->free(store);
	}
}
