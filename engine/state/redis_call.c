/**
 * @file redis_call.c
 * Planning calls and taking their records; their words are redis_words.c's, see redis_call.h. Nothing here talks to anybody.
 */
#include "engine/state/redis_call.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"

uint32_t tw_shard_of(uint64_t hash, uint32_t shards)
{
	return (uint32_t)((hash >> 32) % shards);
}

struct tw_slice tw_shard_key_watermark(const struct tw_shard *shard, struct tw_slice topic, int32_t partition, struct tw_arena *arena)
{
	return tw_arena_format(arena, "%s:w:%.*s:%d", shard->tag, (int)topic.len, topic.ptr, (int)partition);
}

struct tw_slice tw_shard_key_epoch(const struct tw_shard *shard, struct tw_arena *arena)
{
	return tw_arena_format(arena, "%s:epoch", shard->tag);
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
	const struct tw_store_part *parts;
	uint32_t part_count;
	struct tw_shard *shard;
	uint32_t shards;
	struct tw_pending **pending;
	struct tw_call_table *table;
	struct tw_call_sink sink;
	struct tw_arena *arena;
	struct tw_list *calls;
	bool open;         /* the last call is not whole yet */
	uint32_t uses;     /* of that call, when its last span began */
	enum tw_code code; /* TW_OK until something goes wrong */
	struct tw_error *err;
};

static void *plan_push(struct plan *plan, struct tw_list *list, size_t size)
{
	void *item = plan->code == TW_OK ? tw_list_push(plan->arena, list, size) : NULL;
	if (!item && plan->code == TW_OK) {
		plan->code = tw_store_no_memory(plan->err);
	}
	return item;
}

static struct tw_call *call_last(const struct plan *plan)
{
	return &((struct tw_call *)plan->calls->data)[plan->calls->count - 1];
}

static struct tw_call_key *keys_of(const struct tw_call *call)
{
	return call->keys.data;
}

static const struct tw_call_span *spans_of(const struct tw_call *call)
{
	return call->spans.data;
}

static void call_begin(struct plan *plan, bool reads, bool rebuild)
{
	struct tw_call *call = plan_push(plan, plan->calls, sizeof(*call));
	if (!call) {
		return;
	}
	call->shard = plan->shard;
	call->reads = reads;
	call->rebuild = rebuild;
	plan->open = true;
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
	struct tw_call_key *key = plan_push(plan, &call->keys, sizeof(*key));
	if (!key) {
		return 0;
	}
	key->operation = operation;
	key->pending = call->reads ? NULL : pending_of(plan->pending, operation);
	table->stamps[at] = table->stamp;
	table->keys[at] = call->keys.count - 1;
	return call->keys.count - 1;
}

static void use_add(struct plan *plan, const struct tw_store_part *part, uint32_t topic, const struct tw_store_event *event, uint32_t at)
{
	struct tw_call *call = call_last(plan);
	const struct tw_operation *operation = &event->operations->operation[at];
	uint32_t number = key_of(plan, call, operation);
	struct tw_call_use *use = plan_push(plan, &call->uses, sizeof(*use));
	if (!use) {
		return;
	}
	struct tw_call_key *key = &keys_of(call)[number];
	use->key = number;
	use->start = key->bytes;
	use->tag = tw_tag(topic, (uint32_t)part->partition, event->offset);
	use->part = part;
	use->operation = operation;
	use->prior = &event->priors->prior[at];
	key->bytes += call->reads ? 0 : tw_entry_bytes(operation->payload);
	key->uses++;
}

/* Entries are written where they will be sent from. */
static bool entries_write(struct plan *plan, const struct tw_call *call)
{
	uint64_t total = 0;
	for (uint32_t i = 0; i < call->keys.count; i++) {
		total += keys_of(call)[i].bytes;
	}
	char *entries = tw_arena_alloc_raw(plan->arena, total);
	for (uint32_t i = 0; entries && i < call->keys.count; i++) {
		keys_of(call)[i].entries = entries;
		entries += keys_of(call)[i].bytes;
	}
	const struct tw_call_use *uses = call->uses.data;
	for (uint32_t i = 0; entries && i < call->uses.count; i++) {
		struct tw_call_key *key = &keys_of(call)[uses[i].key];
		tw_entry_write(key->entries + uses[i].start, uses[i].tag, uses[i].operation->payload);
	}
	return entries != NULL;
}

static void call_end(struct plan *plan)
{
	if (!plan->open) {
		return;
	}
	plan->open = false;
	struct tw_call *call = call_last(plan);
	if (plan->code == TW_OK && !call->reads && !entries_write(plan, call)) {
		plan->code = tw_store_no_memory(plan->err);
	}
	if (plan->code == TW_OK) {
		plan->code = plan->sink.take(plan->sink.context, call, plan->err);
	}
}

static bool is_ours(const struct plan *plan, const struct tw_operation *operation)
{
	return tw_shard_of(operation->hash, plan->shards) == plan->shard->at;
}

static uint32_t share_of(const struct plan *plan, const struct tw_store_event *event)
{
	uint32_t share = 0;
	for (uint32_t i = 0; event->operations && i < event->operations->count; i++) {
		share += is_ours(plan, &event->operations->operation[i]);
	}
	return share;
}

static void read_add(struct plan *plan, const struct tw_store_part *part, uint32_t topic, const struct tw_store_event *event, uint32_t at)
{
	if (plan->open && call_last(plan)->keys.count == TW_CALL_KEYS) {
		call_end(plan);
	}
	if (!plan->open) {
		call_begin(plan, true, false);
	}
	if (plan->code == TW_OK) {
		use_add(plan, part, topic, event, at);
	}
}

/* Replays: every operation that the watermark has already, in as many MGETs as it takes. */
static void plan_reads(struct plan *plan, const struct tw_store_part *part, uint32_t topic, const struct tw_place *place)
{
	for (uint32_t e = 0; e < part->event_count && part->events[e].offset <= place->next; e++) {
		const struct tw_store_event *event = &part->events[e];
		uint32_t index = 0;
		for (uint32_t i = 0; event->operations && i < event->operations->count && plan->code == TW_OK; i++) {
			if (is_ours(plan, &event->operations->operation[i]) && tw_place_has(place, event->offset, index++)) {
				read_add(plan, part, topic, event, i);
			}
		}
	}
}

static void span_begin(struct plan *plan, const struct tw_call_span *from)
{
	struct tw_call_span *span = plan->open ? plan_push(plan, &call_last(plan)->spans, sizeof(*span)) : NULL;
	if (span) {
		*span = *from;
		plan->uses = call_last(plan)->uses.count;
	}
}

static void span_end(struct plan *plan, int64_t to, uint32_t done)
{
	if (plan->code == TW_OK) {
		struct tw_list *spans = &call_last(plan)->spans;
		struct tw_call_span *span = &((struct tw_call_span *)spans->data)[spans->count - 1];
		span->to = to;
		span->to_done = done;
	}
}

/* The part goes on in a call of its own, from (at, done); where it has brought nothing into this one, all of it does. */
static void plan_cut(struct plan *plan, int64_t at, uint32_t done)
{
	struct tw_call *call = call_last(plan);
	struct tw_call_span span = spans_of(call)[call->spans.count - 1];
	if (call->spans.count > 1 && call->uses.count == plan->uses) {
		call->spans.count--;
	} else {
		span_end(plan, at, done);
		span.from_present = true;
		span.from = at;
		span.from_done = done;
	}
	call_end(plan);
	call_begin(plan, false, span.part->rebuild);
	span_begin(plan, &span);
}

static void plan_event(struct plan *plan, const struct tw_store_part *part, uint32_t topic, const struct tw_store_event *event,
                       const struct tw_place *place)
{
	uint32_t index = 0, held = call_last(plan)->keys.count;
	if (held && held + share_of(plan, event) > TW_CALL_KEYS) {
		plan_cut(plan, event->offset, 0);
	}
	for (uint32_t i = 0; event->operations && i < event->operations->count && plan->code == TW_OK; i++) {
		if (!is_ours(plan, &event->operations->operation[i]) || tw_place_has(place, event->offset, index++)) {
			continue;
		}
		if (call_last(plan)->keys.count == TW_CALL_KEYS) {
			plan_cut(plan, event->offset, index - 1);
		}
		if (plan->code == TW_OK) {
			use_add(plan, part, topic, event, i);
		}
	}
}

static void plan_appends(struct plan *plan, const struct tw_store_part *part, uint32_t topic, const struct tw_place *place)
{
	const struct tw_call *call = plan->open ? call_last(plan) : NULL;
	if (call && (call->rebuild != part->rebuild || call->spans.count == TW_CALL_SPANS)) {
		call_end(plan);
	}
	if (!plan->open) {
		call_begin(plan, false, part->rebuild);
	}
	int64_t committed = place->committed > part->committed ? place->committed : part->committed;
	const struct tw_call_span span = {part, topic, committed, place->present, place->next, place->done, 0, 0};
	span_begin(plan, &span);
	for (uint32_t e = 0; e < part->event_count && plan->code == TW_OK; e++) {
		if (!place->present || part->events[e].offset >= place->next) {
			plan_event(plan, part, topic, &part->events[e], place);
		}
	}
	span_end(plan, part->next, 0);
}

static void plan_parts(struct plan *plan, bool reads)
{
	struct tw_places *places = &plan->shard->places;
	for (uint32_t i = 0; i < plan->part_count && plan->code == TW_OK; i++) {
		const struct tw_store_part *part = &plan->parts[i];
		int id = tw_places_topic(places, part->topic);
		if (id < 0) { /* learnt, and gone from the list that was read for the part behind it */
			plan->code =
			    tw_fail(plan->err, TW_E_STALE, TW_RETRY, "the state's list of topics was lost while it was read", plan->shard->tag, NULL);
			break;
		}
		uint32_t topic = (uint32_t)id;
		const struct tw_place *held = tw_places_at(places, topic, (uint32_t)part->partition);
		if (!held) {
			plan->code = tw_store_no_memory(plan->err);
			break;
		}
		const struct tw_place place = *held;
		if (reads && place.present && !part->rebuild) {
			plan_reads(plan, part, topic, &place);
		} else if (!reads && (!place.present || place.next < part->next)) {
			plan_appends(plan, part, topic, &place);
		}
	}
	call_end(plan);
}

enum tw_code tw_calls_plan(const struct tw_store_part *parts, uint32_t part_count, struct tw_shard *shard, uint32_t shards,
                           struct tw_pending **pending, struct tw_call_table *table, struct tw_call_sink sink, struct tw_arena *arena,
                           struct tw_list *calls, struct tw_error *err)
{
	struct plan plan = {.parts = parts,
	                    .part_count = part_count,
	                    .shard = shard,
	                    .shards = shards,
	                    .pending = pending,
	                    .table = table,
	                    .sink = sink,
	                    .arena = arena,
	                    .calls = calls,
	                    .err = err};
	plan_parts(&plan, true);
	plan_parts(&plan, false);
	return plan.code;
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

/* The same of a record that goes back whole: now. */
static void compact(const struct tw_call *call, struct tw_call_key *key, struct tw_slice record, struct tw_arena *arena)
{
	struct tw_compaction *compaction = tw_arena_alloc_raw(arena, sizeof(*compaction));
	struct tw_foldable foldable = {tw_places_below, &call->shard->places};
	if (compaction && tw_record_compact(record, foldable, arena, compaction) == TW_OK) {
		key->compaction = compaction;
	}
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
	/* a single operation's prior is the record alone; what is written is both */
	uint32_t more = key->uses > 1 || call->turn ? key->bytes : 0;
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
	if (tail > TW_RECORD_TAIL_MAX && call->turn) {
		compact(call, key, record, arena);
	} else if (tail > TW_RECORD_TAIL_MAX && !key->pending && !call->reads) {
		remember(call, key->operation, record, pending, arena);
	}
	return TW_OK;
}

enum tw_code tw_call_priors(struct tw_call *call, struct tw_error *err)
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
			return tw_store_lost(uses[i].part, tw_tag_offset(uses[i].tag), uses[i].operation, err);
		}
		/* an empty head with no entry behind it is a record that did not exist */
		uses[i].prior->record = record.len > TW_RECORD_EMPTY_BYTES ? record : (struct tw_slice){NULL, 0};
		uses[i].prior->folded = key->folded;
		uses[i].prior->state = NULL;
	}
	return TW_OK;
}
