/**
 * @file facts.c
 * Which facts follow; see facts.h. The other half, what a fact does to the records it names, is mention_fact.c.
 */
#include "engine/state/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/shape.h"
#include "engine/state/delivery.h"
#include "engine/state/field.h"
#include "engine/state/operations.h"
#include "engine/state/roll.h"

#define HEX_BYTES 17 /* 16 digits and terminator */

/* One event's work. The first failure sticks. */
struct maker {
	const struct tw_event *event;
	struct tw_slice consignment;
	const struct tw_state *known; /* the consignment's record before */
	struct tw_arena *arena;
	struct tw_list facts; /* struct tw_event */
	bool full;
};

/* What one record says of revisions. */
struct revision {
	bool any;
	struct tw_version version;
	struct tw_slice drawn; /* roll of certificates, licences and series */
};

bool tw_facts_follow(enum tw_event_type type)
{
	return type == TW_CONSIGNMENT_DECLARED || type == TW_CONSIGNMENT_AMENDED || type == TW_CONSIGNMENT_CANCELLED ||
	       type == TW_CONSIGNMENT_ARRIVED || type == TW_CONSIGNMENT_DEPARTED || type == TW_INSPECTION_COMPLETED;
}

/* ---- one fact ---- */

static struct tw_slice hex_copy(uint64_t number, struct tw_arena *arena)
{
	char digits[HEX_BYTES];
	snprintf(digits, sizeof(digits), "%016llx", (unsigned long long)number);
	return tw_arena_copy(arena, (struct tw_slice){digits, HEX_BYTES - 1});
}

static struct tw_text hex_of(struct maker *maker, uint64_t number)
{
	struct tw_slice kept = hex_copy(number, maker->arena);
	maker->full = maker->full || !kept.ptr;
	return tw_fact_text(kept);
}

bool tw_fact_version_put(const struct tw_version *version, struct tw_arena *arena, struct tw_fact_version *out)
{
	*out = (struct tw_fact_version){
	    {version->revision, TW_FACT_STATED}, {version->time_ms, TW_FACT_STATED}, tw_fact_text(hex_copy(version->id, arena))};
	return out->event.ptr;
}

static struct tw_fact_version version_of(struct maker *maker, const struct tw_version *version)
{
	struct tw_fact_version out;
	maker->full = !tw_fact_version_put(version, maker->arena, &out) || maker->full;
	return out;
}

/* Not stated where it is not known. */
static struct tw_text country_of(struct maker *maker, uint16_t code)
{
	char letters[TW_COUNTRY_BYTES];
	if (!code) {
		return (struct tw_text){"", 0, {0, 0}};
	}
	struct tw_slice kept = tw_arena_copy(maker->arena, tw_country_letters(code, letters));
	maker->full = maker->full || !kept.ptr;
	return tw_fact_text(kept);
}

bool tw_fact_text_add(struct tw_arena *arena, struct tw_list *list, struct tw_slice text)
{
	struct tw_text *added = tw_list_push(arena, list, sizeof(*added));
	if (added) {
		*added = tw_fact_text(text);
	}
	return added != NULL;
}

struct tw_event *tw_fact_new(struct tw_arena *arena, struct tw_list *facts, enum tw_event_type type, int64_t time_ms)
{
	struct tw_event *fact = tw_list_push(arena, facts, sizeof(*fact));
	if (fact) {
		fact->type = type;
		fact->family = TW_FAMILY_FACT;
		fact->time = (struct tw_instant){time_ms, TW_FACT_STATED};
		fact->type_text = tw_fact_text(tw_slice_str(tw_event_type_name(type)));
		fact->source = tw_fact_text(tw_slice_str("tidewaiter"));
	}
	return fact;
}

/* Valid until the next one. */
static struct tw_fact_body *fact_begin(struct maker *maker, enum tw_event_type type)
{
	struct tw_event *fact = maker->full ? NULL : tw_fact_new(maker->arena, &maker->facts, type, maker->event->time.ms);
	if (!fact) {
		maker->full = true;
		return NULL;
	}
	fact->fact.consignment = tw_fact_text(maker->consignment);
	return &fact->fact;
}

static void *element_add(struct maker *maker, struct tw_list *list, size_t size)
{
	void *element = maker->full ? NULL : tw_list_push(maker->arena, list, size);
	maker->full = maker->full || !element;
	return element;
}

static void text_add(struct maker *maker, struct tw_list *list, struct tw_slice text)
{
	maker->full = maker->full || !tw_fact_text_add(maker->arena, list, text);
}

/* ---- draws ---- */

static void ended_add(struct maker *maker, struct tw_fact_body **fact, const struct tw_version *version, enum tw_entity_kind kind,
                      struct tw_slice key)
{
	if (!*fact || (*fact)->certificates.count == TW_FACT_KEYS_MAX || (*fact)->series.count == TW_FACT_KEYS_MAX ||
	    (*fact)->licences.count == TW_FACT_KEYS_MAX) {
		*fact = fact_begin(maker, TW_FACT_DRAWS_ENDED);
		if (!*fact) {
			return;
		}
		(*fact)->version = version_of(maker, version);
	}
	struct tw_list *list = kind == TW_ENTITY_CERTIFICATE ? &(*fact)->certificates
	                       : kind == TW_ENTITY_PAPER     ? &(*fact)->licences
	                                                     : &(*fact)->series;
	text_add(maker, list, key);
}

static int roll_compare(enum tw_entity_kind a_kind, struct tw_slice a, enum tw_entity_kind b_kind, struct tw_slice b)
{
	return a_kind != b_kind ? (a_kind < b_kind ? -1 : 1) : tw_slice_compare(a, b);
}

/* Of `revision`, the draws on whatever is not in the roll `but`, and its marks in such series, have ended. Both rolls are sorted: one pass. */
static void ended(struct maker *maker, const struct revision *revision, struct tw_slice but)
{
	struct tw_roll_walk walk = tw_roll_read(revision->drawn), others = tw_roll_read(but);
	enum tw_entity_kind kind, other_kind = (enum tw_entity_kind)0;
	struct tw_slice key, other = {NULL, 0};
	struct tw_fact_body *fact = NULL;
	bool more = tw_roll_next(&others, &other_kind, &other);
	while (!maker->full && tw_roll_next(&walk, &kind, &key)) {
		while (more && roll_compare(other_kind, other, kind, key) < 0) {
			more = tw_roll_next(&others, &other_kind, &other);
		}
		if (!more || roll_compare(other_kind, other, kind, key) != 0) {
			ended_add(maker, &fact, &revision->version, kind, key);
		}
	}
}

static int version_compare(const struct tw_version *a, const struct tw_version *b)
{
	const struct tw_element left = {{"", 0}, *a, {"", 0}}, right = {{"", 0}, *b, {"", 0}};
	return tw_element_compare(&left, &right);
}

static const struct tw_element *element_of(const struct tw_state *state, char class)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], class)) {
			return &state->elements[i];
		}
	}
	return NULL;
}

static struct revision revision_of(const struct tw_state *state)
{
	const struct tw_element *element = element_of(state, TW_ELEMENT_REVISION);
	return element ? (struct revision){true, element->version, element->bytes} : (struct revision){.any = false};
}

static bool is_cancelled(const struct revision *revision, const struct tw_version *cancellation)
{
	return revision->any && cancellation->time_ms >= revision->version.time_ms;
}

/*
 * Of every revision but the latest known, which has been spoken of. One that was the latest when others came may have been lost with the state before
 * it was committed, and what it said of those before it as well: when it comes again, it meets another latest.
 */
static void ended_before(struct maker *maker, const struct revision *latest, struct tw_slice but)
{
	for (uint32_t i = 0; i < maker->known->element_count; i++) {
		const struct tw_element *element = &maker->known->elements[i];
		if (tw_element_is(element, TW_ELEMENT_ASSURED) && version_compare(&element->version, &latest->version) != 0) {
			ended(maker, &(struct revision){true, element->version, element->bytes}, but);
		}
	}
}

static void draws_of_revision(struct maker *maker, const struct tw_state *own)
{
	static const struct tw_slice none = {"", 0};
	struct revision now = revision_of(own), latest = revision_of(maker->known);
	const struct tw_element *cancelled = element_of(maker->known, TW_ELEMENT_CANCELLED);
	int order = latest.any ? version_compare(&now.version, &latest.version) : 1;
	if (order < 0) {
		ended(maker, &now, latest.drawn);
	} else if (order > 0 && latest.any) {
		ended(maker, &latest, now.drawn);
	}
	if (order >= 0 && latest.any) {
		ended_before(maker, &latest, now.drawn);
	}
	if (order >= 0 && cancelled && is_cancelled(&now, &cancelled->version)) {
		ended(maker, &now, none);
	}
}

static void draws_of_cancellation(struct maker *maker, const struct tw_state *own)
{
	static const struct tw_slice none = {"", 0};
	struct revision latest = revision_of(maker->known);
	const struct tw_element *cancelled = element_of(own, TW_ELEMENT_CANCELLED);
	if (cancelled && is_cancelled(&latest, &cancelled->version)) {
		ended(maker, &latest, none);
	}
}

/* ---- inspections ---- */

/* Keys of all rolls of parties, one after the other. */
static void parties_collect(struct maker *maker, const struct tw_state *state, struct tw_list *out)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (!tw_element_is(&state->elements[i], TW_ELEMENT_PARTIES)) {
			continue;
		}
		struct tw_roll_walk walk = tw_roll_read(state->elements[i].bytes);
		enum tw_entity_kind kind;
		struct tw_slice key;
		while (tw_roll_next(&walk, &kind, &key)) {
			struct tw_fact_party *party = element_add(maker, out, sizeof(*party));
			if (!party) {
				return;
			}
			party->kind = (struct tw_choice){kind == TW_ENTITY_VESSEL ? TW_FACT_VESSEL : TW_FACT_PARTY, TW_FACT_STATED};
			party->key = tw_fact_text(key);
		}
	}
}

static int by_kind_then_key(const void *left, const void *right)
{
	const struct tw_fact_party *a = left, *b = right;
	if (a->kind.value != b->kind.value) {
		return a->kind.value < b->kind.value ? -1 : 1;
	}
	return tw_slice_compare(tw_slice_of(a->key), tw_slice_of(b->key));
}

/* Rolls of several revisions mostly name the same. */
static void parties_settle(struct tw_list *list)
{
	struct tw_fact_party *parties = list->data;
	uint32_t kept = 0;
	if (list->count > 1) {
		qsort(parties, list->count, sizeof(*parties), by_kind_then_key);
	}
	for (uint32_t i = 0; i < list->count; i++) {
		if (kept == 0 || by_kind_then_key(&parties[kept - 1], &parties[i]) != 0) {
			parties[kept++] = parties[i];
		}
	}
	list->count = kept;
}

static void outcomes_collect(struct maker *maker, const struct tw_state *state, struct tw_list *out)
{
	struct tw_inspected inspected;
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (!tw_inspected_read(TW_ELEMENT_OUTCOME, &state->elements[i], &inspected)) {
			continue;
		}
		struct tw_fact_outcome *outcome = element_add(maker, out, sizeof(*outcome));
		if (!outcome) {
			return;
		}
		outcome->time = (struct tw_instant){inspected.version.time_ms, TW_FACT_STATED};
		outcome->event = hex_of(maker, inspected.version.id);
		outcome->result = (struct tw_choice){inspected.result, inspected.result ? TW_FACT_STATED : (struct tw_span){0, 0}};
	}
}

/* [from, from + TW_FACT_KEYS_MAX) of a list, as a list. */
static struct tw_list slice_of(const struct tw_list *list, uint32_t from, size_t size)
{
	uint32_t count = list->count - from < TW_FACT_KEYS_MAX ? list->count - from : TW_FACT_KEYS_MAX;
	return (struct tw_list){(char *)list->data + from * size, count, count};
}

static void inspected(struct maker *maker, const struct tw_state *outcomes_known, const struct tw_state *parties_known)
{
	struct tw_list outcomes = {NULL, 0, 0}, parties = {NULL, 0, 0};
	outcomes_collect(maker, outcomes_known, &outcomes);
	if (outcomes.count) {
		parties_collect(maker, parties_known, &parties);
		parties_settle(&parties);
	}
	for (uint32_t i = 0; i < outcomes.count; i += TW_FACT_KEYS_MAX) {
		for (uint32_t j = 0; j < parties.count; j += TW_FACT_KEYS_MAX) {
			struct tw_fact_body *fact = fact_begin(maker, TW_FACT_INSPECTED);
			if (!fact) {
				return;
			}
			fact->outcomes = slice_of(&outcomes, i, sizeof(struct tw_fact_outcome));
			fact->parties = slice_of(&parties, j, sizeof(struct tw_fact_party));
		}
	}
}

/* ---- arrivals and departures ---- */

/* Certificates that any revision on a consignment's record draws on, one after the other; those of several revisions are mostly the same. */
struct drawn_on {
	const struct tw_state *state;
	struct tw_roll_walk walk;
	uint32_t at;
	bool open;
};

static bool drawn_on_next(struct drawn_on *drawn, struct tw_slice *certificate)
{
	for (; drawn->at < drawn->state->element_count; drawn->at++, drawn->open = false) {
		const struct tw_element *element = &drawn->state->elements[drawn->at];
		enum tw_entity_kind kind;
		if (!tw_element_is(element, TW_ELEMENT_ASSURED)) {
			continue;
		}
		drawn->walk = drawn->open ? drawn->walk : tw_roll_read(element->bytes);
		drawn->open = true;
		while (tw_roll_next(&drawn->walk, &kind, certificate)) {
			if (kind == TW_ENTITY_CERTIFICATE) {
				return true;
			}
		}
	}
	return false;
}

static void arrived_add(struct maker *maker, struct tw_fact_body **fact, const struct tw_arrival *arrival, struct tw_slice certificate)
{
	if (!*fact || (*fact)->certificates.count == TW_FACT_KEYS_MAX) {
		*fact = fact_begin(maker, TW_FACT_ARRIVED);
		if (!*fact) {
			return;
		}
		(*fact)->version = version_of(maker, &arrival->version);
		(*fact)->country = country_of(maker, arrival->country);
	}
	text_add(maker, &(*fact)->certificates, certificate);
}

static void arrived(struct maker *maker, const struct tw_state *arrivals, const struct tw_state *certificates)
{
	const struct tw_element *element = element_of(arrivals, TW_ELEMENT_ARRIVED);
	struct drawn_on drawn = {.state = certificates};
	struct tw_fact_body *fact = NULL;
	struct tw_arrival arrival;
	struct tw_slice certificate;
	if (!element || !tw_arrival_read(element, &arrival)) {
		return;
	}
	while (!maker->full && drawn_on_next(&drawn, &certificate)) {
		arrived_add(maker, &fact, &arrival, certificate);
	}
}

/* To each certificate by itself, for each is judged; of the first departure that is known. */
static void departed(struct maker *maker, const struct tw_state *departures, const struct tw_state *certificates)
{
	int64_t first_ms = tw_state_counter(departures, TW_COUNT_DEPARTED_FIRST, INT64_MAX);
	struct drawn_on drawn = {.state = certificates};
	struct tw_slice certificate;
	while (first_ms != INT64_MAX && !maker->full && drawn_on_next(&drawn, &certificate)) {
		struct tw_fact_body *fact = fact_begin(maker, TW_FACT_DEPARTED);
		if (fact) {
			text_add(maker, &fact->certificates, certificate);
			((struct tw_event *)maker->facts.data)[maker->facts.count - 1].time.ms = first_ms;
		}
	}
}

/* ---- an event ---- */

static void facts_make(struct maker *maker, const struct tw_state *own)
{
	switch ((int)maker->event->type) {
	case TW_CONSIGNMENT_DECLARED:
	case TW_CONSIGNMENT_AMENDED:
		draws_of_revision(maker, own);
		/* also where another revision has brought the same parties: it may be one of a life that was lost, and never have said so */
		inspected(maker, maker->known, own);
		arrived(maker, maker->known, own);
		departed(maker, maker->known, own);
		break;
	case TW_CONSIGNMENT_DEPARTED:
		departed(maker, own, maker->known);
		break;
	case TW_CONSIGNMENT_CANCELLED:
		draws_of_cancellation(maker, own);
		break;
	case TW_CONSIGNMENT_ARRIVED:
		arrived(maker, own, maker->known);
		break;
	case TW_INSPECTION_COMPLETED:
		inspected(maker, own, maker->known);
		break;
	default:
		break;
	}
}

enum tw_code tw_facts_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors, struct tw_arena *arena,
                         struct tw_event **out, uint32_t *count, struct tw_error *err)
{
	struct maker maker = {.event = event, .arena = arena};
	uint32_t own = tw_facts_follow(event->type) ? operations->own[TW_ENTITY_CONSIGNMENT] : TW_NO_OPERATION;
	*out = NULL;
	*count = 0;
	if (own == TW_NO_OPERATION || !priors) {
		return TW_OK;
	}
	struct tw_state state;
	maker.consignment = operations->operation[own].key;
	maker.known = tw_prior_state(priors, own, arena);
	maker.full = !tw_priors_whole(priors);
	if (maker.known && !maker.full) {
		maker.full = tw_packed_read(operations->operation[own].payload, arena, &state) != TW_OK; /* we wrote it: only memory fails */
	}
	if (maker.known && !maker.full) {
		facts_make(&maker, &state);
	}
	if (maker.full) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an event's facts", NULL, NULL);
	}
	*out = maker.facts.data;
	*count = maker.facts.count;
	return TW_OK;
}
