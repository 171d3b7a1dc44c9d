/**
 * @file memory.c
 * The store in memory: the embedded default, and the reference model that Redis is checked against.
 *
 *     slots  [hash|ptr][hash|ptr][      ]...   open addressing, at most 5/8 full
 *                   \-> record: key, then the very bytes that Redis would hold (record.h)
 *
 * An operation appends its entry; nothing is folded until a record's tail is long. A prior is a copy of the bytes in the batch's arena,
 * taken when a batch first touches the record and extended, not taken again, when it touches it once more: earlier priors are shorter
 * slices of the same copy. So an operation costs a look-up and two short copies, and questions that nobody asks cost nothing.
 *
 * Unlike everything else on the event path this store allocates: it grows with its entities, in blocks of its own (blocks.h).
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/state/blocks.h"
#include "engine/state/places.h"
#include "engine/state/record.h"
#include "engine/state/store_calls.h"

#define SLOTS_FIRST    4096U
#define PREFETCH_BYTES 256U /* of a record: its own fields, its key, and most of a usual record's bytes */

struct record {
	uint64_t call;            /* the apply that `copy` belongs to, and those that go on from it */
	char *copy;               /* in that call's arena */
	struct tw_folded *folded; /* in that call's arena, from the second touch on */
	uint32_t copy_len;
	uint32_t copy_room;
	uint32_t len; /* of the bytes after the key */
	uint32_t room;
	uint32_t tail;       /* entries after the snapshot */
	uint32_t tail_limit; /* compact beyond it */
	uint32_t key_len;
	enum tw_entity_kind kind;
	char data[]; /* key, then record bytes */
};

struct slot {
	uint64_t hash;
	struct record *record;
};

struct memory {
	struct tw_store store;
	struct tw_places places;
	struct tw_blocks blocks; /* records */
	struct slot *slots;
	size_t slot_count;
	size_t used;
	uint64_t call;
};

static struct memory *memory_of(struct tw_store *store)
{
	return (struct memory *)(void *)store;
}

/* ---- the table ---- */

static bool is_of(const struct record *record, enum tw_entity_kind kind, struct tw_slice key)
{
	return record->kind == kind && record->key_len == key.len && memcmp(record->data, key.ptr, key.len) == 0;
}

static struct slot *slot_of(const struct memory *memory, uint64_t hash, enum tw_entity_kind kind, struct tw_slice key)
{
	size_t mask = memory->slot_count - 1;
	for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
		struct slot *slot = &memory->slots[i];
		if (!slot->record || (slot->hash == hash && is_of(slot->record, kind, key))) {
			return slot;
		}
	}
}

static bool slots_grow(struct memory *memory)
{
	size_t count = memory->slot_count * 2;
	struct slot *slots = calloc(count, sizeof(*slots));
	if (!slots) {
		return false;
	}
	for (size_t i = 0; i < memory->slot_count; i++) {
		if (memory->slots[i].record) {
			size_t at = (size_t)memory->slots[i].hash & (count - 1);
			while (slots[at].record) {
				at = (at + 1) & (count - 1);
			}
			slots[at] = memory->slots[i];
		}
	}
	free(memory->slots);
	memory->slots = slots;
	memory->slot_count = count;
	return true;
}

static struct record *record_new(struct memory *memory, const struct tw_operation *operation, uint32_t entry_bytes)
{
	size_t bytes = sizeof(struct record) + operation->key.len, got;
	struct record *record = tw_blocks_take(&memory->blocks, bytes + TW_RECORD_EMPTY_BYTES + entry_bytes, &got);
	if (!record) {
		return NULL;
	}
	*record = (struct record){
	    .room = (uint32_t)(got - bytes), .tail_limit = TW_RECORD_TAIL_MAX, .key_len = operation->key.len, .kind = operation->kind};
	memcpy(record->data, operation->key.ptr, operation->key.len);
	return record;
}

static char *bytes_of(struct record *record)
{
	return record->data + record->key_len;
}

/* ---- one record ---- */

static bool record_grow(struct memory *memory, struct slot *slot, uint32_t more)
{
	struct record *record = slot->record;
	uint64_t need = (uint64_t)record->len + more;
	if (need <= record->room) {
		return true;
	}
	size_t fixed = sizeof(*record) + record->key_len, got;
	if (need + need / 2 > UINT32_MAX) {
		return false;
	}
	struct record *grown = tw_blocks_take(&memory->blocks, fixed + need + need / 2, &got);
	if (!grown) {
		return false;
	}
	memcpy(grown, record, fixed + record->len);
	grown->room = (uint32_t)(got - fixed);
	tw_blocks_give(&memory->blocks, record, fixed + record->room);
	slot->record = grown;
	return true;
}

/* A long tail becomes a snapshot, as far as its entries are committed. Where none is, the limit doubles: no use to try every time. */
static bool record_compact(struct memory *memory, struct record *record, struct tw_arena *arena)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct tw_compaction compaction;
	char *bytes = bytes_of(record);
	struct tw_foldable foldable = {tw_places_below, &memory->places};
	enum tw_code code = tw_record_compact((struct tw_slice){bytes, record->len}, foldable, arena, &compaction);
	if (code == TW_OK && 4 + compaction.head.len <= compaction.upto) {
		uint32_t rest = record->len - compaction.upto;
		memcpy(bytes + 4, compaction.head.ptr, compaction.head.len);
		memmove(bytes + 4 + compaction.head.len, bytes + compaction.upto, rest);
		record->len = 4 + compaction.head.len + rest;
		record->tail -= compaction.entries;
		record->tail_limit = record->tail + TW_RECORD_TAIL_MAX;
	} else {
		record->tail_limit = record->tail * 2;
	}
	tw_arena_rewind(arena, mark);
	return code != TW_E_MEMORY;
}

/* The record as it is now, for a prior. */
static bool record_copy(struct memory *memory, struct record *record, struct tw_arena *arena, struct tw_prior *prior)
{
	if (record->call != memory->call) {
		if (record->tail > record->tail_limit && !record_compact(memory, record, arena)) {
			return false;
		}
		record->call = memory->call;
		record->copy = NULL;
		record->folded = NULL;
		record->copy_len = record->copy_room = 0;
	} else if (!record->folded) {
		record->folded = tw_arena_alloc(arena, sizeof(*record->folded));
		if (!record->folded) {
			return false;
		}
	}
	if (record->copy_room < record->len) {
		uint32_t room = record->copy ? record->len * 2 : record->len;
		char *copy = tw_arena_alloc_raw(arena, room);
		if (!copy) {
			return false;
		}
		record->copy = copy;
		record->copy_room = room;
		record->copy_len = 0;
	}
	if (record->copy_len < record->len) {
		memcpy(record->copy + record->copy_len, bytes_of(record) + record->copy_len, record->len - record->copy_len);
		record->copy_len = record->len;
	}
	prior->record = (struct tw_slice){record->copy, record->copy_len};
	prior->folded = record->folded;
	return true;
}

static bool record_append(struct memory *memory, struct slot *slot, uint64_t tag, struct tw_slice payload)
{
	uint32_t begin = slot->record->len ? 0 : TW_RECORD_EMPTY_BYTES;
	if (!record_grow(memory, slot, begin + tw_entry_bytes(payload))) {
		return false;
	}
	struct record *record = slot->record;
	if (begin) {
		tw_record_begin(bytes_of(record));
		record->len = begin;
	}
	record->len += tw_entry_write(bytes_of(record) + record->len, tag, payload);
	record->tail++;
	return true;
}

/* ---- apply ---- */

static struct slot *slot_for(struct memory *memory, const struct tw_operation *operation)
{
	struct slot *slot = slot_of(memory, operation->hash, operation->kind, operation->key);
	if (slot->record) {
		return slot;
	}
	if ((memory->used + 1) * 8 > memory->slot_count * 5) {
		if (!slots_grow(memory)) {
			return NULL;
		}
		slot = slot_of(memory, operation->hash, operation->kind, operation->key);
	}
	slot->record = record_new(memory, operation, tw_entry_bytes(operation->payload));
	slot->hash = operation->hash;
	memory->used += slot->record != NULL;
	return slot->record ? slot : NULL;
}

static enum tw_code operation_apply(struct memory *memory, const struct tw_operation *operation, uint64_t tag, struct tw_arena *arena,
                                    struct tw_prior *prior)
{
	struct slot *slot = slot_for(memory, operation);
	bool whole = slot && record_copy(memory, slot->record, arena, prior) && record_append(memory, slot, tag, operation->payload);
	return whole ? TW_OK : TW_E_MEMORY;
}

/* A replay: the record before its own entry. @return TW_E_STALE when there is no such entry */
static enum tw_code operation_recall(struct memory *memory, const struct tw_operation *operation, uint64_t tag, struct tw_arena *arena,
                                     struct tw_prior *prior)
{
	struct slot *slot = slot_of(memory, operation->hash, operation->kind, operation->key);
	if (!slot->record) {
		return TW_E_STALE;
	}
	if (!record_copy(memory, slot->record, arena, prior)) {
		return TW_E_MEMORY;
	}
	if (!tw_record_before(prior->record, tag, &prior->record)) {
		return TW_E_STALE;
	}
	if (prior->record.len == TW_RECORD_EMPTY_BYTES) {
		prior->record.len = 0; /* our entry made the record */
	}
	return TW_OK;
}

static const struct tw_operations *operations_at(const struct tw_store_part *part, uint32_t event)
{
	static const struct tw_operations none = {.count = 0};
	return event < part->event_count && part->events[event].operations ? part->events[event].operations : &none;
}

/* Two misses a look-up, slot and record: while this event's are worked on, the next one's records and the slots of the one after it arrive. */
static void prefetch(const struct memory *memory, const struct tw_store_part *part, uint32_t now)
{
	size_t mask = memory->slot_count - 1;
	const struct tw_operations *later = operations_at(part, now + 2), *next = operations_at(part, now + 1);
	for (uint32_t i = 0; i < later->count; i++) {
		__builtin_prefetch(&memory->slots[(size_t)later->operation[i].hash & mask]);
	}
	for (uint32_t i = 0; i < next->count; i++) {
		const struct slot *slot = &memory->slots[(size_t)next->operation[i].hash & mask];
		if (slot->record) {
			for (uint32_t line = 0; line < PREFETCH_BYTES; line += 64) {
				__builtin_prefetch((const char *)slot->record + line, 1);
			}
		}
	}
}

static enum tw_code event_apply(struct memory *memory, struct tw_place *place, uint32_t topic, const struct tw_store_part *part,
                                struct tw_store_event *event, struct tw_arena *arena, struct tw_error *err)
{
	uint64_t tag = tw_tag(topic, (uint32_t)part->partition, event->offset);
	uint32_t count = event->operations ? event->operations->count : 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_operation *operation = &event->operations->operation[i];
		struct tw_prior *prior = &event->priors->prior[i];
		bool replay = tw_place_has(place, event->offset, i);
		enum tw_code code =
		    replay ? operation_recall(memory, operation, tag, arena, prior) : operation_apply(memory, operation, tag, arena, prior);
		if (code) {
			return code == TW_E_STALE ? tw_store_lost(part, event->offset, operation, err) : tw_store_no_memory(err);
		}
		if (!replay) {
			/* step by step, so that a batch that ran out of memory may come again */
			place->present = true;
			place->next = event->offset;
			place->done = i + 1;
		}
	}
	return TW_OK;
}

static enum tw_code part_apply(struct memory *memory, struct tw_store_part *part, struct tw_arena *arena, struct tw_error *err)
{
	int topic = tw_places_topic(&memory->places, part->topic);
	topic = topic < 0 ? tw_places_topic_add(&memory->places, part->topic) : topic;
	if (topic < 0) {
		return tw_fail(err, TW_E_LIMIT, TW_STOP, "too many input topics", NULL, "at most %u", TW_TOPICS_MAX);
	}
	struct tw_place *place = tw_places_at(&memory->places, (uint32_t)topic, (uint32_t)part->partition);
	enum tw_code code = place ? tw_place_check(place, part, err) : tw_store_no_memory(err);
	if (code || !place) {
		return code;
	}
	place->known = true;
	place->committed = part->committed > place->committed ? part->committed : place->committed;
	for (uint32_t i = 0; i < part->event_count; i++) {
		prefetch(memory, part, i);
		code = event_apply(memory, place, (uint32_t)topic, part, &part->events[i], arena, err);
		if (code) {
			return code;
		}
	}
	if (!place->present || place->next < part->next) {
		place->present = true;
		place->next = part->next;
		place->done = 0;
	}
	place->highest = place->next;
	return TW_OK;
}

static enum tw_code memory_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, bool *late,
                                 struct tw_error *err)
{
	struct memory *memory = memory_of(store);
	*late = false;
	memory->call += part_count == 0 || !parts[0].goes_on;
	for (uint32_t i = 0; i < part_count; i++) {
		enum tw_code code = part_apply(memory, &parts[i], arena, err);
		if (code) {
			return code;
		}
	}
	return TW_OK;
}

static enum tw_code memory_watermark(struct tw_store *store, struct tw_slice topic, int32_t partition, struct tw_store_standing *out,
                                     struct tw_error *err)
{
	(void)err;
	struct tw_places *places = &memory_of(store)->places;
	int id = tw_places_topic(places, topic);
	*out = (struct tw_store_standing){-1, -1, 0};
	if (id >= 0 && partition >= 0 && (uint32_t)partition < places->row_count[id] && places->row[id][partition].present) {
		const struct tw_place *place = &places->row[id][partition];
		*out = (struct tw_store_standing){place->next, place->next, place->committed > 0 ? place->committed : 0};
	}
	return TW_OK;
}

/* One life, as long as the process's, and nobody to share it with. */
static enum tw_code memory_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open,
                                  struct tw_store_life *out, struct tw_error *err)
{
	(void)store;
	(void)places;
	(void)count;
	(void)may_open;
	(void)err;
	*out = (struct tw_store_life){.open = true};
	return TW_OK;
}

static enum tw_code memory_read(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena,
                                struct tw_slice *record, struct tw_error *err)
{
	(void)arena;
	(void)err;
	struct slot *slot = slot_of(memory_of(store), tw_entity_hash(kind, key), kind, key);
	*record = slot->record ? (struct tw_slice){bytes_of(slot->record), slot->record->len} : (struct tw_slice){NULL, 0};
	return TW_OK;
}

static bool memory_knows(struct tw_store *store, const struct tw_operation *operation)
{
	return slot_of(memory_of(store), operation->hash, operation->kind, operation->key)->record != NULL;
}

static enum tw_code memory_each(struct tw_store *store, bool (*visit)(void *context, const struct tw_store_name *name), void *context,
                                struct tw_error *err)
{
	const struct memory *memory = memory_of(store);
	(void)err;
	for (size_t i = 0; i < memory->slot_count; i++) {
		const struct record *record = memory->slots[i].record;
		if (record && !visit(context, &(struct tw_store_name){record->kind, {record->data, record->key_len}})) {
			break;
		}
	}
	return TW_OK;
}

static enum tw_code memory_peek(struct tw_store *store, const struct tw_store_place *places, uint32_t place_count, const struct tw_store_name *names,
                                uint32_t name_count, struct tw_arena *arena, struct tw_store_peek *out, struct tw_error *err)
{
	struct memory *memory = memory_of(store);
	int64_t *next = tw_arena_alloc_raw(arena, place_count * sizeof(*next));
	uint32_t *topics = tw_arena_alloc_raw(arena, place_count * sizeof(*topics));
	if (!next || !topics || !tw_store_peek_room(1, 0, name_count, arena, out)) {
		return tw_store_no_memory(err);
	}
	for (uint32_t i = 0; i < place_count; i++) {
		struct tw_store_standing standing;
		int id = tw_places_topic(&memory->places, places[i].topic);
		(void)memory_watermark(store, places[i].topic, places[i].partition, &standing, NULL);
		next[i] = standing.most;
		topics[i] = id < 0 ? UINT32_MAX : (uint32_t)id;
	}
	out->shards[0] = (struct tw_store_shard){.name = tw_slice_str("memory"), .next = next, .topics = topics};
	for (uint32_t i = 0; i < name_count; i++) {
		(void)memory_read(store, names[i].kind, names[i].key, arena, &out->records[i], NULL);
	}
	return TW_OK;
}

static void memory_free(struct tw_store *store)
{
	struct memory *memory = memory_of(store);
	tw_blocks_fini(&memory->blocks);
	free(memory->slots);
	tw_places_fini(&memory->places);
	free(memory);
}

enum tw_code tw_store_memory_new(struct tw_store **out, struct tw_error *err)
{
	static const struct tw_store_calls calls = {.apply = memory_apply,
	                                            .watermark = memory_watermark,
	                                            .survey = memory_survey,
	                                            .read = memory_read,
	                                            .free = memory_free,
	                                            .each = memory_each,
	                                            .peek = memory_peek,
	                                            .knows = memory_knows};
	struct memory *memory = calloc(1, sizeof(*memory));
	struct slot *slots = calloc(SLOTS_FIRST, sizeof(*slots));
	if (!memory || !slots) {
		free(memory);
		free(slots);
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the store", NULL, NULL);
	}
	memory->store.calls = &calls;
	memory->slots = slots;
	memory->slot_count = SLOTS_FIRST;
	*out = &memory->store;
	return TW_OK;
}
