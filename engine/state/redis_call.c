/**
 * @file redis_call.c
 * Planning calls and reading their records; see redis_call.h. Nothing here talks to anybody.
 */
#include "engine/state/redis_call.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"

#define COMPACTION_HEAD_BYTES 14U

uint32_t tw_shard_of(uint64_t hash, uint32_t shards)
{
	return (uint32_t)((hash >> 32) % shards);
}

struct tw_slice tw_shard_key_watermark(const struct tw_shard *shard, struct tw_slice topic, int32_t partition, struct tw_arena *arena)
{
	return tw_arena_format(arena, "%s:w:%.*s:%d", shard->tag, (int)topic.len, topic.ptr, (int)partition);
}

struct tw_slice tw_shard_key_record(const struct tw_shard *shard, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena)
{
	size_t tag = strlen(shard->tag);
	char *out = tw_arena_alloc_raw(arena, tag + 5 + key.len);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	memcpy(out, shard->tag, tag);
	const char middle[] = {':', 'r', ':', (char)('0' + (int)kind), ':'};
	memcpy(out + tag, middle, sizeof(middle));
	memcpy(out + tag + sizeof(middle), key.ptr, key.len);
	return (struct tw_slice){out, (uint32_t)(tag + sizeof(middle)) + key.len};
}

/* ---- planning ---- */

/* What tw_calls_plan carries through its loops. */
struct plan {
	struct tw_store_part *part;
	struct tw_shard *shard;
	uint32_t topic;
	struct tw_pending **pending;
	struct tw_call_table *table;
	struct tw_arena *arena;
	struct tw_list *calls;
	int64_t committed;
	bool whole; /* false: the arena's ceiling */
};

static struct tw_call *call_at(const struct tw_list *calls, uint32_t at)
{
	return &((struct tw_call *)calls->data)[at];
}

static struct tw_call_key *keys_of(const struct tw_call *call)
{
	return call->keys.data;
}

static void call_begin(struct plan *plan, bool reads, bool present, int64_t from, uint32_t from_done)
{
	struct tw_call *call = tw_list_push(plan->arena, plan->calls, sizeof(*call));
	if (!call) {
		plan->whole = false;
		return;
	}
	call->part = plan->part;
	call->shard = plan->shard;
	call->topic = plan->topic;
	call->committed = plan->committed;
	call->reads = reads;
	call->from_present = present;
	call->from = from;
	call->from_done = from_done;
	if (++plan->table->stamp == 0) {
		memset(plan->table->stamps, 0, sizeof(plan->table->stamps));
		plan->table->stamp = 1;
	}
}

static const struct tw_pending *pending_of(struct tw_pending **pending, const struct tw_operation *operation)
{
	const struct tw_pending *held = pending[operation->hash % TW_PENDING_MAX];
	bool same = held && held->hash == operation->hash && held->kind == operation->kind && held->key_len == operation->key.len &&
	            memcmp(held->bytes, operation->key.ptr, held->key_len) == 0;
	return same ? held : NULL;
}

/* Number of the operation's key in the call, added when it is new. */
static uint32_t key_of(struct plan *plan, struct tw_call *call, const struct tw_operation *operation)
{
	struct tw_call_table *table = plan->table;
	uint32_t at = (uint32_t)operation->hash & (TW_CALL_SLOTS - 1);
	for (; table->stamps[at] == table->stamp; at = (at + 1) & (TW_CALL_SLOTS - 1)) {
		const struct tw_operation *held = keys_of(call)[table->keys[at]].operation;
		if (held->hash == operation->hash && held->kind == operation->kind && tw_slice_equal(held->key, operation->key)) {
			return table->keys[at];
		}
	}
	struct tw_call_key *key = tw_list_push(plan->arena, &call->keys, sizeof(*key));
	if (!key) {
		plan->whole = false;
		return 0;
	}
	key->operation = operation;
	key->pending = call->reads ? NULL : pending_of(plan->pending, operation);
	table->stamps[at] = table->stamp;
	table->keys[at] = call->keys.count - 1;
	return call->keys.count - 1;
}

static void use_add(struct plan *plan, const struct tw_operation *operation, struct tw_prior *prior, int64_t offset)
{
	struct tw_call *call = call_at(plan->calls, plan->calls->count - 1);
	uint32_t number = key_of(plan, call, operation);
	struct tw_call_use *use = plan->whole ? tw_list_push(plan->arena, &call->uses, sizeof(*use)) : NULL;
	if (!use) {
		plan->whole = false;
		return;
	}
	struct tw_call_key *key = &keys_of(call)[number];
	use->key = number;
	use->start = key->bytes;
	use->tag = tw_tag(plan->topic, (uint32_t)plan->part->partition, offset);
	use->operation = operation;
	use->prior = prior;
	key->bytes += call->reads ? 0 : tw_entry_bytes(operation->payload);
	key->uses++;
}

/* The call goes up to (to, done): now its entries can be written where they will be sent from. */
static void call_end(struct plan *plan, int64_t to, uint32_t to_done)
{
	if (!plan->whole) {
		return;
	}
	struct tw_call *call = call_at(plan->calls, plan->calls->count - 1);
	call->to = to;
	call->to_done = to_done;
	uint64_t total = 0;
	for (uint32_t i = 0; i < call->keys.count; i++) {
		total += keys_of(call)[i].bytes;
	}
	char *entries = call->reads ? NULL : tw_arena_alloc_raw(plan->arena, total);
	plan->whole = call->reads || entries;
	for (uint32_t i = 0; entries && i < call->keys.count; i++) {
		keys_of(call)[i].entries = entries;
		entries += keys_of(call)[i].bytes;
	}
	const struct tw_call_use *uses = call->uses.data;
	for (uint32_t i = 0; entries && i < call->uses.count; i++) {
		struct tw_call_key *key = &keys_of(call)[uses[i].key];
		tw_entry_write(key->entries + uses[i].start, uses[i].tag, uses[i].operation->payload);
	}
}

static uint32_t share_of(const struct tw_store_event *event, uint32_t shard_at, uint32_t shard_count)
{
	uint32_t share = 0;
	for (uint32_t i = 0; event->operations && i < event->operations->count; i++) {
		share += tw_shard_of(event->operations->operation[i].hash, shard_count) == shard_at;
	}
	return share;
}

/* Replays: every operation that the watermark has already, in as many MGETs as it takes. */
static void plan_reads(struct plan *plan, const struct tw_place *place, uint32_t shard_at, uint32_t shard_count)
{
	bool open = false;
	for (uint32_t e = 0; e < plan->part->event_count && plan->whole; e++) {
		struct tw_store_event *event = &plan->part->events[e];
		uint32_t index = 0;
		for (uint32_t i = 0; event->operations && i < event->operations->count && plan->whole; i++) {
			const struct tw_operation *operation = &event->operations->operation[i];
			if (tw_shard_of(operation->hash, shard_count) != shard_at || !tw_place_has(place, event->offset, index++)) {
				continue;
			}
			if (open && call_at(plan->calls, plan->calls->count - 1)->keys.count == TW_CALL_KEYS) {
				call_end(plan, 0, 0);
				open = false;
			}
			if (!open) {
				call_begin(plan, true, true, 0, 0);
				open = plan->whole;
			}
			if (open) {
				use_add(plan, operation, &event->priors->prior[i], event->offset);
			}
		}
	}
	if (open) {
		call_end(plan, 0, 0);
	}
}

static void plan_cut(struct plan *plan, int64_t at, uint32_t done)
{
	call_end(plan, at, done);
	call_begin(plan, false, true, at, done);
}

static uint32_t open_keys(const struct plan *plan)
{
	return plan->whole ? call_at(plan->calls, plan->calls->count - 1)->keys.count : 0;
}

static void plan_event(struct plan *plan, struct tw_store_event *event, const struct tw_place *place, uint32_t shard_at, uint32_t shard_count)
{
	uint32_t index = 0, held = open_keys(plan);
	if (held && held + share_of(event, shard_at, shard_count) > TW_CALL_KEYS) {
		plan_cut(plan, event->offset, 0);
	}
	for (uint32_t i = 0; event->operations && i < event->operations->count && plan->whole; i++) {
		const struct tw_operation *operation = &event->operations->operation[i];
		if (tw_shard_of(operation->hash, shard_count) != shard_at) {
			continue;
		}
		if (!tw_place_has(place, event->offset, index)) {
			if (open_keys(plan) == TW_CALL_KEYS) {
				plan_cut(plan, event->offset, index);
			}
			if (plan->whole) {
				use_add(plan, operation, &event->priors->prior[i], event->offset);
			}
		}
		index++;
	}
}

enum tw_code tw_calls_plan(struct tw_store_part *part, struct tw_shard *shard, uint32_t topic, uint32_t shard_at, uint32_t shard_count,
                           struct tw_pending **pending, struct tw_call_table *table, struct tw_arena *arena, struct tw_list *calls,
                           struct tw_error *err)
{
	const struct tw_place *held = tw_places_at(&shard->places, topic, (uint32_t)part->partition);
	if (!held) {
		return tw_store_no_memory(err);
	}
	const struct tw_place place = *held;
	/* what others have told is not taken back by one who comes late */
	int64_t committed = place.committed > part->committed ? place.committed : part->committed;
	struct plan plan = {part, shard, topic, pending, table, arena, calls, committed, true};
	if (!part->rebuild) {
		plan_reads(&plan, &place, shard_at, shard_count);
	}
	if (plan.whole && (!place.present || place.next < part->next)) {
		call_begin(&plan, false, place.present, place.next, place.done);
		for (uint32_t e = 0; e < part->event_count && plan.whole; e++) {
			if (!place.present || part->events[e].offset >= place.next) {
				plan_event(&plan, &part->events[e], &place, shard_at, shard_count);
			}
		}
		call_end(&plan, part->next, 0);
	}
	return plan.whole ? TW_OK : tw_store_no_memory(err);
}

/* ---- words ---- */

static char *number_put(char *to, uint64_t value, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		to[i] = (char)(unsigned char)(value >> (8 * i));
	}
	return to + bytes;
}

static struct tw_slice watermark_word(int64_t next, uint32_t done, int64_t committed, uint32_t bytes, struct tw_arena *arena)
{
	char *out = tw_arena_alloc_raw(arena, TW_WATERMARK_STORED_BYTES);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	number_put(number_put(number_put(out, (uint64_t)next, 8), done, 4), (uint64_t)(committed < 0 ? 0 : committed), 8);
	return (struct tw_slice){out, bytes};
}

static struct tw_slice compactions_word(const struct tw_call *call, struct tw_arena *arena)
{
	size_t room = 0;
	for (uint32_t i = 0; i < call->keys.count; i++) {
		const struct tw_pending *pending = keys_of(call)[i].pending;
		room += pending ? COMPACTION_HEAD_BYTES + (size_t)pending->head_len : 0;
	}
	if (room == 0) {
		return (struct tw_slice){"", 0};
	}
	char *out = tw_arena_alloc_raw(arena, room);
	char *at = out;
	for (uint32_t i = 0; out && i < call->keys.count; i++) {
		const struct tw_pending *pending = keys_of(call)[i].pending;
		if (pending) {
			at = number_put(at, i + 3, 2);
			at = number_put(at, pending->generation, 4);
			at = number_put(at, pending->upto, 4);
			at = number_put(at, pending->head_len, 4);
			memcpy(at, pending->bytes + pending->key_len, pending->head_len);
			at += pending->head_len;
		}
	}
	return (struct tw_slice){out, out ? (uint32_t)room : 0};
}

/* The epoch of the same moment: what a record says counts only with it. */
static struct tw_slice *reads_words(const struct tw_call *call, struct tw_arena *arena, uint32_t *count)
{
	struct tw_slice *words = tw_arena_alloc_raw(arena, (2 + (size_t)call->keys.count) * sizeof(*words));
	if (!words) {
		return NULL;
	}
	words[0] = tw_slice_str("MGET");
	words[1] = tw_arena_format(arena, "%s:epoch", call->shard->tag);
	bool whole = words[1].ptr != NULL;
	for (uint32_t i = 0; whole && i < call->keys.count; i++) {
		const struct tw_operation *operation = keys_of(call)[i].operation;
		words[2 + i] = tw_shard_key_record(call->shard, operation->kind, operation->key, arena);
		whole = words[2 + i].ptr != NULL;
	}
	*count = 2 + call->keys.count;
	return whole ? words : NULL;
}

struct tw_slice *tw_call_words(const struct tw_call *call, struct tw_arena *arena, uint32_t *count)
{
	if (call->reads) {
		return reads_words(call, arena, count);
	}
	uint32_t keys = call->keys.count, at = 0;
	struct tw_slice *words = tw_arena_alloc_raw(arena, (10 + 2 * (size_t)keys) * sizeof(*words));
	if (!words) {
		return NULL;
	}
	words[at++] = tw_slice_str("FCALL");
	words[at++] = tw_slice_str("tw_append");
	words[at++] = tw_arena_format(arena, "%u", keys + 2);
	words[at++] = tw_arena_format(arena, "%s:epoch", call->shard->tag);
	words[at++] = tw_shard_key_watermark(call->shard, call->part->topic, call->part->partition, arena);
	for (uint32_t i = 0; i < keys; i++) {
		const struct tw_operation *operation = keys_of(call)[i].operation;
		words[at++] = tw_shard_key_record(call->shard, operation->kind, operation->key, arena);
	}
	words[at++] = (struct tw_slice){call->shard->epoch, call->shard->epoch_len};
	words[at++] = watermark_word(call->from, call->from_done, 0, call->from_present ? TW_WATERMARK_BYTES : 0, arena);
	words[at++] = watermark_word(call->to, call->to_done, call->committed, TW_WATERMARK_STORED_BYTES, arena);
	words[at++] = compactions_word(call, arena);
	words[at++] = tw_slice_str(call->part->rebuild ? "0" : "1");
	for (uint32_t i = 0; i < keys; i++) {
		words[at++] = (struct tw_slice){keys_of(call)[i].entries, keys_of(call)[i].bytes};
	}
	for (uint32_t i = 0; i < at; i++) {
		if (!words[i].ptr) {
			return NULL;
		}
	}
	*count = at;
	return words;
}

/* ---- replies ---- */

/* A long tail, folded as far as it may be: sent along the next time this key is written. A failure only means that it waits longer. */
static void remember(struct tw_call *call, const struct tw_operation *operation, struct tw_slice record, struct tw_pending **pending,
                     struct tw_arena *arena)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct tw_compaction compaction;
	struct tw_foldable foldable = {tw_places_below, &call->shard->places};
	if (tw_record_compact(record, foldable, arena, &compaction) == TW_OK) {
		struct tw_pending *kept = malloc(sizeof(*kept) + operation->key.len + compaction.head.len);
		if (kept) {
			*kept = (struct tw_pending){operation->hash,       operation->kind, operation->key.len,
			                            compaction.generation, compaction.upto, compaction.head.len};
			memcpy(kept->bytes, operation->key.ptr, operation->key.len);
			memcpy(kept->bytes + operation->key.len, compaction.head.ptr, compaction.head.len);
			struct tw_pending **slot = &pending[operation->hash % TW_PENDING_MAX];
			free(*slot);
			*slot = kept;
		}
	}
	tw_arena_rewind(arena, mark);
}

enum tw_code tw_call_record(struct tw_call *call, uint32_t number, struct tw_slice record, struct tw_pending **pending, struct tw_arena *arena,
                            struct tw_error *err)
{
	struct tw_call_key *key = &keys_of(call)[number];
	uint32_t tail = 0;
	if (!tw_record_sound(record, &tail)) {
		return tw_store_corrupt(key->operation->kind, key->operation->key, err);
	}
	uint32_t base = record.len ? record.len : TW_RECORD_EMPTY_BYTES;
	uint32_t more = key->uses > 1 ? key->bytes : 0; /* a single operation's prior is the record alone */
	key->joined = tw_arena_alloc_raw(arena, (size_t)base + more);
	key->joined_base = base;
	key->folded = key->uses > 1 ? tw_arena_alloc(arena, sizeof(*key->folded)) : NULL;
	if (!key->joined || (key->uses > 1 && !key->folded)) {
		return tw_store_no_memory(err);
	}
	if (record.len) {
		memcpy(key->joined, record.ptr, record.len);
	} else {
		tw_record_begin(key->joined);
	}
	if (more && key->entries) {
		memcpy(key->joined + base, key->entries, more);
	}
	if (tail > TW_RECORD_TAIL_MAX && !key->pending && !call->reads) {
		remember(call, key->operation, record, pending, arena);
	}
	return TW_OK;
}

enum tw_code tw_call_priors(const struct tw_call *call, struct tw_error *err)
{
	const struct tw_call_use *uses = call->uses.data;
	for (uint32_t i = 0; i < call->uses.count; i++) {
		const struct tw_call_key *key = &keys_of(call)[uses[i].key];
		struct tw_slice record = {key->joined, key->joined_base + uses[i].start};
#ifdef TW_BREAK_REPLAY /* negative control: a replay sees its own entry and what came after it */
		if (call->reads) {
			record.len = key->joined_base;
		} else
#endif
		if (call->reads && !tw_record_before(record, uses[i].tag, &record)) {
			return tw_store_lost(call->part, tw_tag_offset(uses[i].tag), uses[i].operation, err);
		}
		/* an empty head with no entry behind it is a record that did not exist */
		uses[i].prior->record = record.len > TW_RECORD_EMPTY_BYTES ? record : (struct tw_slice){NULL, 0};
		uses[i].prior->folded = key->folded;
		uses[i].prior->state = NULL;
	}
	return TW_OK;
}
