/**
 * @file facts_suite.c
 * See facts_suite.h. What the end must be is worked out here from all events at once, by nothing that the engine works it out with:
 * the latest revision draws unless a cancellation is not earlier; every outcome counts for everybody whom any revision names.
 */
#include "tests/unit/state/facts_suite.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/emit/emit.h"
#include "engine/state/entity.h"
#include "engine/state/facts.h"
#include "engine/state/field.h"
#include "engine/state/operations.h"
#include "engine/state/roll.h"
#include "tests/unit/state/events.h"

#define ARENA_BLOCK  (256U * 1024U)
#define EVENTS       90
#define PARTITIONS   4
#define FACTS_PLACE  PARTITIONS /* its number among the places */
#define FACTS_MAX    8192
#define CONSIGNMENTS 5
#define CERTIFICATES 4
#define PARTIES      4
#define SERIES       3

static uint32_t below(uint64_t *seed, uint32_t bound)
{
	return (uint32_t)(random_next(seed) % bound);
}

/* ---- the log ---- */

struct logged {
	const struct tw_event *event;
	struct tw_operations *operations;
};

struct log {
	struct logged at[PARTITIONS][EVENTS];
	uint32_t length[PARTITIONS];
};

static struct tw_event *revision_event(struct tw_arena *arena, const char *id, const char *consignment, uint64_t *seed)
{
	static const char *const names[PARTIES] = {"Quill & Sons", "Ostrava Traders", "Marble Bay Co", "Qadir Exports"};
	bool declared = below(seed, 2);
	struct tw_event *event =
	    manifest_new(arena, declared ? TW_CONSIGNMENT_DECLARED : TW_CONSIGNMENT_AMENDED, id, "2026-01-01T00:00:00Z", consignment);
	if (below(seed, 4)) {
		event->consignment.revision = number(1 + below(seed, 4));
	}
	party_add(arena, &event->consignment.parties, names[below(seed, PARTIES)], "XA");
	if (below(seed, 3) == 0) {
		event->consignment.means.imo = text(below(seed, 2) ? "9074729" : "9000003");
	}
	for (uint32_t i = below(seed, 3); i > 0; i--) {
		struct tw_item *item = item_add(arena, event, i, 1 + below(seed, 50), "C62");
		ref_add(arena, item, "QZ", tw_arena_format(arena, "C-%u", below(seed, CERTIFICATES)).ptr, 1);
		marking_add(arena, &item->markings, "Quillworks",
		            tw_arena_format(arena, "%c%u", 'C' + (char)below(seed, SERIES), below(seed, 9)).ptr);
	}
	return event;
}

static struct tw_event *random_event(struct tw_arena *arena, int at, uint64_t *seed)
{
	uint32_t what = below(seed, 12);
	/* now and then somebody uses an id twice: same id, same moment, other content */
	const char *id = tw_arena_format(arena, "evt-%d", below(seed, 6) ? at : at / 8).ptr;
	const char *consignment = tw_arena_format(arena, "CONS-%u", below(seed, CONSIGNMENTS)).ptr;
	struct tw_event *event;
	if (what < 6) {
		event = revision_event(arena, id, consignment, seed);
	} else if (what < 8) {
		event = manifest_new(arena, TW_CONSIGNMENT_CANCELLED, id, "2026-01-01T00:00:00Z", consignment);
	} else if (what < 10) {
		event = event_new(arena, TW_INSPECTION_COMPLETED, id, "2026-01-01T00:00:00Z");
		event->outcome.consignment = text(consignment);
		event->outcome.inspection.result.value = below(seed, 5);
	} else if (what == 10) {
		event = manifest_new(arena, TW_CONSIGNMENT_ARRIVED, id, "2026-01-01T00:00:00Z", consignment);
	} else {
		event = certificate_new(arena, TW_CERTIFICATE_ISSUED, id, "2026-01-01T00:00:00Z", "QZ",
		                        tw_arena_format(arena, "C-%u", below(seed, CERTIFICATES)).ptr);
		certificate_item_add(arena, event, 1, 100, "C62");
	}
	event->time.ms += (int64_t)below(seed, 40) * 3600000 + 7; /* moments coincide often */
	event->origin = (struct tw_origin){tw_slice_str("tw.manifests"), 0, at};
	return event;
}

static struct tw_operations *operations_of(const struct tw_event *event, struct tw_arena *arena)
{
	struct tw_operations *operations = NULL;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_operations_of(event, arena, &operations, &err), TW_OK, "%s %s", err.what, err.detail);
	return operations;
}

static void log_make(struct log *log, struct tw_arena *arena, uint64_t seed)
{
	*log = (struct log){.length = {0}};
	for (int i = 0; i < EVENTS; i++) {
		struct tw_event *event = random_event(arena, i, &seed);
		uint32_t p = below(&seed, PARTITIONS);
		log->at[p][log->length[p]++] = (struct logged){event, operations_of(event, arena)};
	}
}

/* ---- reading it ---- */

/* One reader's way through the log, and the facts that it has written. */
struct reader {
	struct tw_store *store;
	const struct log *log;
	uint64_t seed;
	struct tw_arena *arena; /* of the batch */
	struct tw_arena *keep;
	struct tw_decoder *decoder;
	uint32_t at[PARTITIONS + 1];
	struct tw_slice *facts; /* JSON, in `keep` */
	uint32_t fact_count;
};

static void fact_write(struct reader *reader, const struct tw_event *fact, const struct tw_event *cause)
{
	struct tw_output output;
	struct tw_error err;
	uint32_t times = below(&reader->seed, 5) ? 1 : 2; /* a batch judged again after a loss says it again */
	cr_assert_eq(tw_emit_fact(fact, &cause->origin, reader->arena, &output, &err), TW_OK);
	for (uint32_t i = 0; i < times; i++) {
		cr_assert_lt(reader->fact_count, FACTS_MAX);
		reader->facts[reader->fact_count++] = tw_arena_copy(reader->keep, output.value);
	}
}

static struct logged fact_read(struct reader *reader, uint32_t at)
{
	struct tw_event *event = tw_arena_alloc(reader->keep, sizeof(*event));
	struct tw_reject reject = {.detail = {"", 0}};
	struct tw_error err = {.detail = ""};
	event->raw = reader->facts[at];
	enum tw_code code = tw_decode(reader->decoder, TW_FAMILY_FACT, event->raw, NULL, reader->keep, event, &reject, &err);
	cr_assert_eq(code, TW_OK, "%.*s: %.*s", (int)reject.detail.len, reject.detail.ptr, (int)event->raw.len, event->raw.ptr);
	cr_assert_eq(event->warnings.count + event->unknown_fields, 0, "%.*s", (int)event->raw.len, event->raw.ptr);
	return (struct logged){event, operations_of(event, reader->keep)};
}

static uint32_t length_of(const struct reader *reader, uint32_t place)
{
	return place == FACTS_PLACE ? reader->fact_count : reader->log->length[place];
}

static struct logged logged_at(struct reader *reader, uint32_t place, uint32_t at)
{
	return place == FACTS_PLACE ? fact_read(reader, at) : reader->log->at[place][at];
}

/* Up to five events of one place as a part of a batch. */
static struct tw_store_part part_take(struct reader *reader, uint32_t place, struct logged *logged)
{
	uint32_t rest = length_of(reader, place) - reader->at[place], take = 1 + below(&reader->seed, 5);
	take = take < rest ? take : rest;
	struct tw_store_part part = {.topic = tw_slice_str(place == FACTS_PLACE ? "tw.facts" : "tw.manifests"),
	                             .partition = place == FACTS_PLACE ? 0 : (int32_t)place,
	                             .event_count = take};
	part.events = tw_arena_alloc(reader->arena, take * sizeof(*part.events));
	for (uint32_t i = 0; i < take; i++) {
		uint32_t at = reader->at[place]++;
		logged[i] = logged_at(reader, place, at);
		part.events[i] = (struct tw_store_event){.offset = at, .operations = logged[i].operations};
	}
	int64_t first = part.events[0].offset;
	part.committed = first < 2 ? 0 : first - below(&reader->seed, 3);
	part.next = first + take;
	return part;
}

static void facts_follow(struct reader *reader, const struct tw_store_part *part, const struct logged *logged)
{
	for (uint32_t i = 0; i < part->event_count; i++) {
		struct tw_event *facts = NULL;
		uint32_t count = 0;
		struct tw_error err;
		cr_assert_eq(tw_facts_of(logged[i].event, logged[i].operations, part->events[i].priors, reader->arena, &facts, &count, &err), TW_OK);
		for (uint32_t k = 0; k < count; k++) {
			fact_write(reader, &facts[k], logged[i].event);
		}
	}
}

static bool batch_read(struct reader *reader)
{
	struct tw_store_part parts[PARTITIONS + 1];
	struct logged logged[PARTITIONS + 1][5];
	struct tw_error err = {.detail = ""};
	uint32_t count = 0, left = 0;
	for (uint32_t place = 0; place <= FACTS_PLACE; place++) {
		uint32_t rest = length_of(reader, place) - reader->at[place];
		if (rest && below(&reader->seed, 3) == 0) {
			parts[count] = part_take(reader, place, logged[count]);
			count++;
		}
		left += rest;
	}
	enum tw_code code = count ? tw_store_apply(reader->store, parts, count, reader->arena, &err) : TW_OK;
	cr_assert_eq(code, TW_OK, "%s: %s", err.what, err.detail);
	for (uint32_t i = 0; i < count; i++) {
		facts_follow(reader, &parts[i], logged[i]);
	}
	tw_arena_reset(reader->arena);
	return left > 0;
}

static void log_read(struct reader *reader, struct tw_store *store, const struct log *log, struct tw_arena *keep, uint64_t seed)
{
	struct tw_arena arena;
	struct tw_error err;
	tw_arena_init(&arena, ARENA_BLOCK, 0);
	*reader = (struct reader){.store = store, .log = log, .seed = seed, .arena = &arena, .keep = keep};
	reader->facts = tw_arena_alloc(keep, FACTS_MAX * sizeof(*reader->facts));
	cr_assert_eq(tw_decoder_new((struct tw_decode_limits){1024}, &reader->decoder, &err), TW_OK);
	while (batch_read(reader)) {
	}
	tw_decoder_free(reader->decoder);
	tw_arena_fini(&arena);
}

/* ---- the end ---- */

static void expect_equal(const struct reader *left, const struct reader *right, const struct tw_operations *operations, struct tw_arena *arena)
{
	for (uint32_t i = 0; i < operations->count; i++) {
		const struct tw_operation *operation = &operations->operation[i];
		struct tw_slice a = {NULL, 0}, b = {NULL, 0};
		cr_assert_eq(tw_store_read(left->store, operation->kind, operation->key, arena, &a, NULL), TW_OK);
		cr_assert_eq(tw_store_read(right->store, operation->kind, operation->key, arena, &b, NULL), TW_OK);
		cr_assert(a.len && tw_slice_equal(a, b), "kind %d, %.*s", (int)operation->kind, (int)operation->key.len, operation->key.ptr);
	}
}

/* An element of the event's own record, by its class. */
static bool own_element(const struct logged *logged, char class, struct tw_arena *arena, struct tw_element *out)
{
	uint32_t own = logged->operations->own[TW_ENTITY_CONSIGNMENT];
	struct tw_state state;
	if (own == TW_NO_OPERATION || tw_packed_read(logged->operations->operation[own].payload, arena, &state) != TW_OK) {
		return false;
	}
	for (uint32_t i = 0; i < state.element_count; i++) {
		if (state.elements[i].key.ptr[0] == class) {
			*out = state.elements[i];
			return true;
		}
	}
	return false;
}

/* What all events of one consignment say together. */
struct truth {
	bool revised, cancelled;
	struct tw_element latest;
	int64_t cancelled_ms;
	struct logged events[EVENTS];
	uint32_t count;
};

static void truth_of(const struct log *log, struct tw_slice consignment, struct tw_arena *arena, struct truth *truth)
{
	*truth = (struct truth){.count = 0};
	for (uint32_t p = 0; p < PARTITIONS; p++) {
		for (uint32_t i = 0; i < log->length[p]; i++) {
			const struct logged *logged = &log->at[p][i];
			uint32_t own = logged->operations->own[TW_ENTITY_CONSIGNMENT];
			struct tw_element element;
			if (own == TW_NO_OPERATION || !tw_slice_equal(logged->operations->operation[own].key, consignment)) {
				continue;
			}
			truth->events[truth->count++] = *logged;
			if (own_element(logged, TW_ELEMENT_REVISION, arena, &element) &&
			    (!truth->revised || tw_element_compare(&truth->latest, &element) < 0)) {
				truth->revised = true;
				truth->latest = element;
			}
			if (logged->event->type == TW_CONSIGNMENT_CANCELLED) {
				truth->cancelled_ms =
				    truth->cancelled && truth->cancelled_ms > logged->event->time.ms ? truth->cancelled_ms : logged->event->time.ms;
				truth->cancelled = true;
			}
		}
	}
}

static struct tw_state record_of(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena)
{
	struct tw_slice bytes = {NULL, 0};
	struct tw_state state = {NULL, 0, NULL, 0};
	cr_assert_eq(tw_store_read(store, kind, key, arena, &bytes, NULL), TW_OK);
	cr_assert_eq(tw_packed_read(bytes, arena, &state), TW_OK);
	return state;
}

/* What a consignment states in one record stands as long as its latest revision does, and names the record. */
static void expect_stands(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice key, struct tw_slice element, const struct truth *truth,
                          struct tw_arena *arena)
{
	bool alive = truth->revised && !(truth->cancelled && truth->cancelled_ms >= truth->latest.version.time_ms);
	struct tw_state state = record_of(store, kind, key, arena);
	bool stands = false;
	for (uint32_t i = 0; i < state.element_count; i++) {
		if (tw_slice_equal(state.elements[i].key, element) && tw_draws_stand(state.elements[i].bytes)) {
			stands = true;
			cr_expect_eq(state.elements[i].version.id, truth->latest.version.id, "the lines are the latest revision's");
		}
	}
	bool named = truth->revised && tw_roll_has(truth->latest.bytes, kind, key);
	cr_assert_eq(stands, alive && named, "%.*s on %.*s: %s", (int)element.len, element.ptr, (int)key.len, key.ptr, stands ? "stands" : "ended");
}

static void expect_draws(struct tw_store *store, struct tw_slice consignment, const struct truth *truth, struct tw_arena *arena)
{
	struct tw_slice draw = tw_element_key(TW_ELEMENT_DRAW, consignment, arena), shipped = tw_element_key(TW_ELEMENT_SHIPPED, consignment, arena);
	for (uint32_t c = 0; c < CERTIFICATES; c++) {
		expect_stands(store, TW_ENTITY_CERTIFICATE, tw_arena_format(arena, "QZ|C%u", c), draw, truth, arena);
	}
	for (int s = 0; s < SERIES; s++) {
		expect_stands(store, TW_ENTITY_MARKING, tw_arena_format(arena, "QUILLWORKS|~%c", 'C' + s), shipped, truth, arena);
	}
}

/* @return whether the record has that outcome of that consignment */
static bool is_inspected(const struct tw_state *state, const struct tw_event *outcome, struct tw_slice consignment)
{
	struct tw_inspected inspected;
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (tw_inspected_read(TW_ELEMENT_INSPECTED, &state->elements[i], &inspected) && inspected.version.time_ms == outcome->time.ms &&
		    tw_slice_equal(inspected.consignment, consignment)) {
			return true;
		}
	}
	return false;
}

static void expect_inspections(struct tw_store *store, struct tw_slice consignment, const struct truth *truth, struct tw_arena *arena)
{
	for (uint32_t r = 0; r < truth->count; r++) {
		const struct tw_operations *named = truth->events[r].operations;
		for (uint32_t k = 0; k < named->count; k++) {
			bool counts = named->operation[k].kind == TW_ENTITY_PARTY || named->operation[k].kind == TW_ENTITY_VESSEL;
			struct tw_state state =
			    counts ? record_of(store, named->operation[k].kind, named->operation[k].key, arena) : (struct tw_state){NULL, 0, NULL, 0};
			for (uint32_t o = 0; counts && o < truth->count; o++) {
				const struct tw_event *outcome = truth->events[o].event;
				cr_assert(outcome->type != TW_INSPECTION_COMPLETED || is_inspected(&state, outcome, consignment), "%.*s lacks one",
				          (int)named->operation[k].key.len, named->operation[k].key.ptr);
			}
		}
	}
}

void suite_facts_end_equal_in_any_order(struct tw_store *store, struct tw_store *model, uint64_t seed)
{
	static struct log log;
	static struct truth truth;
	struct tw_arena arena;
	struct reader left, right;
	tw_arena_init(&arena, ARENA_BLOCK, 0);
	log_make(&log, &arena, seed);
	log_read(&left, store, &log, &arena, seed + 1);
	log_read(&right, model, &log, &arena, seed + 2);
	cr_assert_gt(left.fact_count, 0);
	for (uint32_t p = 0; p < PARTITIONS; p++) {
		for (uint32_t i = 0; i < log.length[p]; i++) {
			expect_equal(&left, &right, log.at[p][i].operations, &arena);
		}
	}
	for (uint32_t c = 0; c < CONSIGNMENTS; c++) {
		struct tw_slice consignment = tw_arena_format(&arena, "CONS-%u", c);
		truth_of(&log, consignment, &arena, &truth);
		expect_draws(store, consignment, &truth, &arena);
		expect_inspections(store, consignment, &truth, &arena);
	}
	tw_arena_fini(&arena);
}
