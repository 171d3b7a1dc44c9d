/**
 * @file portion.c
 * See portion.h. A store is asked about all parts at once, or, in order, about one run after another.
 */
#include "engine/run/portion.h"

#include "engine/run/in_order.h"

#define ARENA_BLOCK_BYTES ((size_t)4 * 1024 * 1024)
/* A portion's events, operations, priors, findings and outputs: a hundredfold of its source bytes is more than real events take. */
#define ARENA_CEILING_BYTES ((size_t)512 * 1024 * 1024)

uint32_t tw_portion_length(const struct tw_message *messages, uint32_t count, uint32_t most, uint32_t bytes_most)
{
	uint64_t bytes = 0;
	uint32_t length = 0;
	while (length < count && length < most && (length == 0 || bytes + messages[length].value.len <= bytes_most)) {
		bytes += messages[length++].value.len;
	}
	return length;
}

void tw_portion_init(struct tw_portion *portion)
{
	*portion = (struct tw_portion){.count = 0};
	tw_arena_init(&portion->arena, ARENA_BLOCK_BYTES, ARENA_CEILING_BYTES);
}

void tw_portion_fini(struct tw_portion *portion)
{
	tw_arena_fini(&portion->arena);
}

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "a batch needs more memory than it may have", NULL, "%zu bytes", ARENA_CEILING_BYTES);
}

static bool same_place(const struct tw_message *a, const struct tw_message *b)
{
	return a->partition == b->partition && tw_slice_equal(a->topic, b->topic);
}

/* Which part each case belongs to; parts in order of first appearance. `first` of each part is its first case. */
static void parts_assign(const struct tw_case *cases, uint32_t count, bool in_order, bool rebuild, struct tw_parts *parts, uint32_t *first)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_message *message = cases[i].message;
		uint32_t at = i ? parts->owner[i - 1] : 0;
		if (i == 0 || !same_place(cases[first[at]].message, message)) {
			at = in_order ? parts->count : 0;
			while (at < parts->count && !same_place(cases[first[at]].message, message)) {
				at++;
			}
		}
		if (at == parts->count) {
			first[parts->count++] = i;
			parts->part[at] = (struct tw_store_part){
			    .topic = message->topic, .partition = message->partition, .committed = message->committed, .rebuild = rebuild};
		}
		parts->owner[i] = at;
		parts->place[i] = parts->part[at].event_count++;
		parts->part[at].next = message->offset + 1;
	}
}

static bool parts_fill(struct tw_arena *arena, const struct tw_case *cases, uint32_t count, struct tw_parts *parts)
{
	for (uint32_t i = 0; i < parts->count; i++) {
		parts->part[i].events = tw_arena_alloc(arena, parts->part[i].event_count * sizeof(*parts->part[i].events));
		if (!parts->part[i].events) {
			return false;
		}
	}
	for (uint32_t i = 0; i < count; i++) {
		parts->part[parts->owner[i]].events[parts->place[i]] =
		    (struct tw_store_event){.offset = cases[i].message->offset, .operations = cases[i].operations};
	}
	return true;
}

static enum tw_code parts_make(struct tw_portion *portion, bool in_order, bool rebuild, struct tw_error *err)
{
	struct tw_arena *arena = &portion->arena;
	struct tw_parts *parts = &portion->parts;
	uint32_t count = portion->count;
	uint32_t *first = tw_arena_alloc(arena, count * sizeof(*first));
	*parts = (struct tw_parts){.part = tw_arena_alloc(arena, count * sizeof(*parts->part)),
	                           .owner = tw_arena_alloc(arena, count * sizeof(*parts->owner)),
	                           .place = tw_arena_alloc(arena, count * sizeof(*parts->place))};
	if (!first || !parts->part || !parts->owner || !parts->place) {
		return memory_out(err);
	}
	parts_assign(portion->cases, count, in_order, rebuild, parts, first);
	return parts_fill(arena, portion->cases, count, parts) ? TW_OK : memory_out(err);
}

/* An event that was sent before is inert from here on; its offset still counts. */
static enum tw_code case_compare(struct tw_stages *stages, struct tw_case *about, struct tw_error *err)
{
	const struct tw_message *message = about->message;
	struct tw_seen_before before = {TW_SEEN_FIRST, -1};
	if (!stages->duplicates || !about->event || !tw_duplicates_covers(message->family)) {
		return TW_OK;
	}
	struct tw_sighting sighting = {.topic = message->topic,
	                               .partition = message->partition,
	                               .offset = message->offset,
	                               .source = tw_slice_of(about->event->source),
	                               .id = tw_slice_of(about->event->id),
	                               .raw = message->value,
	                               .type = about->event->type,
	                               .time_ms = about->event->time.ms};
	enum tw_code code = tw_duplicates_see(stages->duplicates, &sighting, &before, err);
	about->duplicate = before.seen == TW_SEEN_SAME;
	about->conflicting = before.seen == TW_SEEN_OTHER;
	about->event->id_reused = about->conflicting;
	about->event->id_reused_at = before.offset;
	about->operations = about->duplicate ? NULL : about->operations;
	return code;
}

/* What was committed has told its time. */
static void case_tick(struct tw_stages *stages, struct tw_case *about, bool rebuild)
{
	if (stages->ticks && !rebuild && about->operations) {
		about->ticks = tw_ticks_see(stages->ticks, about->event, &about->tick_before);
	}
}

void tw_portion_undo(struct tw_stages *stages, struct tw_portion *portion)
{
	for (uint32_t i = portion->cases ? portion->count : 0; i > 0; i--) {
		struct tw_case *about = &portion->cases[i - 1];
		if (about->ticks) {
			tw_ticks_undo(stages->ticks, about->event, about->tick_before);
			about->ticks = false;
		}
	}
}

/* Whether the event is history and nothing else. */
static bool is_folded(const struct tw_stages *stages, const struct tw_case *about, bool rebuild)
{
	return about->message->replayed || rebuild || (stages->period && about->event && !tw_period_has(stages->period, about->event->time.ms));
}

/* What needs no state. */
enum tw_code tw_portion_read(struct tw_stages *stages, struct tw_portion *portion, const struct tw_message *messages, uint32_t count, bool rebuild,
                             struct tw_error *err)
{
	tw_arena_reset(&portion->arena);
	portion->read = false;
	portion->count = count;
	portion->cases = tw_arena_alloc(&portion->arena, count * sizeof(*portion->cases));
	if (!portion->cases) {
		return memory_out(err);
	}
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		portion->cases[i].message = &messages[i];
		code = tw_judge_decode(stages->judge, &portion->arena, &portion->cases[i], err);
	}
	tw_meter_lap(&stages->meter, TW_STAGE_DECODE);
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		struct tw_case *about = &portion->cases[i];
		code = is_folded(stages, about, rebuild) ? tw_judge_fold(stages->judge, &portion->arena, about, err)
		                                         : tw_judge_read(stages->judge, &portion->arena, about, err);
		code = code == TW_OK ? case_compare(stages, about, err) : code;
		if (code == TW_OK) {
			case_tick(stages, about, rebuild);
		}
	}
	code = code == TW_OK ? parts_make(portion, stages->in_order, rebuild, err) : code;
	portion->read = code == TW_OK;
	if (code != TW_OK) {
		tw_portion_undo(stages, portion);
	}
	tw_meter_lap(&stages->meter, TW_STAGE_LISTS);
	return code;
}

/* All of the decoder and of the operations: an event that either refuses was never seen, and an answer must not depend on who saw it. */
enum tw_code tw_portion_reread(struct tw_stages *stages, struct tw_portion *portion, struct tw_message *messages, uint32_t *count,
                               struct tw_error *err)
{
	enum tw_code code = TW_OK;
	uint32_t kept = 0;
	for (uint32_t i = 0; code == TW_OK && i < *count; i++) {
		if (!messages[i].reread) {
			messages[kept] = messages[i];
			kept++;
			continue;
		}
		struct tw_case about = {.message = &messages[i]};
		tw_arena_reset(&portion->arena);
		code = stages->duplicates ? tw_judge_fold(stages->judge, &portion->arena, &about, err) : TW_OK;
		code = code == TW_OK ? case_compare(stages, &about, err) : code;
	}
	*count = kept;
	return code;
}

typedef enum tw_code store_call(struct tw_store *store, struct tw_store_part *parts, uint32_t count, struct tw_arena *arena, struct tw_error *err);

/* The store may be away: the same call again is right. @return TW_E_IO when a stop ended the wait */
static enum tw_code call(struct tw_stages *stages, store_call *what, struct tw_portion *portion, struct tw_store_part *parts, uint32_t count,
                         struct tw_error *err)
{
	enum tw_code code;
	do {
		code = what(stages->store, parts, count, &portion->arena, err);
	} while (code == TW_E_IO && err->disposition == TW_RETRY && tw_outage_wait(&stages->store_outage, err));
	if (code == TW_OK) {
		tw_outage_over(&stages->store_outage);
	}
	return code;
}

enum tw_code tw_portion_apply(struct tw_stages *stages, struct tw_portion *portion, struct tw_store_part *parts, uint32_t count, struct tw_error *err)
{
	return call(stages, tw_store_apply, portion, parts, count, err);
}

enum tw_code tw_portion_confirm(struct tw_stages *stages, bool *held, struct tw_error *err)
{
	enum tw_code code = tw_store_confirm(stages->store, held, err);
	if (code == TW_E_IO && err->disposition == TW_RETRY && tw_outage_wait(&stages->store_outage, err)) {
		code = TW_OK; /* not held: asked again it meets what there is to meet */
	}
	tw_meter_lap(&stages->meter, TW_STAGE_STATE);
	return code;
}

enum tw_code tw_portion_ask(struct tw_stages *stages, struct tw_portion *portion, struct tw_error *err)
{
	const struct tw_parts *parts = &portion->parts;
	enum tw_code code =
	    stages->in_order ? tw_in_order_ask(stages, portion, err) : call(stages, tw_store_ask, portion, parts->part, parts->count, err);
	for (uint32_t i = 0; code == TW_OK && i < portion->count && !stages->in_order; i++) {
		portion->cases[i].priors = parts->part[parts->owner[i]].events[parts->place[i]].priors;
	}
	tw_meter_lap(&stages->meter, TW_STAGE_STATE);
	return code;
}

void tw_portion_start(struct tw_stages *stages, struct tw_portion *portion)
{
	tw_store_start(stages->store, portion->parts.part, portion->parts.count, &portion->arena);
	tw_meter_lap(&stages->meter, TW_STAGE_STATE);
}

enum tw_code tw_portion_rule(struct tw_stages *stages, struct tw_portion *portion, struct tw_error *err)
{
	struct tw_arena *arena = &portion->arena;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < portion->count; i++) {
		struct tw_case *about = &portion->cases[i];
		code = tw_judge_rule(stages->judge, arena, about, err);
		for (uint32_t j = 0; code == TW_OK && j < about->follow_count; j++) {
			code = tw_judge_rule(stages->judge, arena, &about->follow[j], err);
		}
		code = code == TW_OK && !stages->in_order ? tw_judge_facts(stages->time, arena, about, err) : code;
	}
	tw_meter_lap(&stages->meter, TW_STAGE_RULES);
	return code;
}
