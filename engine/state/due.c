/**
 * @file due.c
 * See due.h: facts of deliveries, and what they leave in records.
 */
#include "engine/state/due.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/event/shape.h"
#include "engine/state/confirm.h"
#include "engine/state/delivery.h"
#include "engine/state/facts.h"
#include "engine/state/operations.h"
#include "engine/state/question.h"
#include "engine/state/roll.h"
#include "engine/state/undeclared.h"
#include "engine/state/words.h"

static const struct tw_slice none = {"", 0};

enum expected_flag { EXPECTED_AWAITED = 1, EXPECTED_SETTLED = 2 };

/* ---- certificate and consignment in one key: no key of a certificate has a line's end in it ---- */

static struct tw_slice pair_key(char class, struct tw_slice certificate, struct tw_slice consignment, struct tw_arena *arena)
{
	struct tw_slice pair = tw_arena_format(arena, "%.*s\n%.*s", (int)certificate.len, certificate.ptr, (int)consignment.len, consignment.ptr);
	return pair.ptr ? tw_element_key(class, pair, arena) : pair;
}

static bool pair_read(const struct tw_element *element, struct tw_slice *certificate, struct tw_slice *consignment)
{
	struct tw_slice pair = tw_element_tail(element);
	const char *end = pair.len ? memchr(pair.ptr, '\n', pair.len) : NULL;
	if (!end) {
		return false;
	}
	*certificate = (struct tw_slice){pair.ptr, (uint32_t)(end - pair.ptr)};
	*consignment = (struct tw_slice){end + 1, pair.len - certificate->len - 1};
	return true;
}

/* ---- records ---- */

static bool is_expecting(const struct tw_party *party)
{
	return party->role.value == TW_ROLE_END_USER || party->role.value == TW_ROLE_EXPORTER;
}

void tw_due_parties(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate)
{
	const struct tw_party *parties = event->certificate.parties.data;
	struct tw_version version = {tw_certificate_revision(event), event->time.ms, 0};
	struct tw_list keys = {NULL, 0, 0}; /* struct tw_slice */
	size_t bytes = TW_VARINT_BYTES;
	for (uint32_t i = 0; i < event->certificate.parties.count && !drafts->code; i++) {
		struct tw_slice key = is_expecting(&parties[i]) ? tw_key_party(&parties[i], drafts->arena) : none;
		struct tw_slice *kept = key.len ? tw_list_push(drafts->arena, &keys, sizeof(*kept)) : NULL;
		drafts->code = !key.ptr || (key.len && !kept) ? TW_E_MEMORY : TW_OK;
		bytes += key.len + (size_t)2 * TW_VARINT_BYTES;
		if (kept) {
			*kept = key;
		}
	}
	unsigned char *out = tw_arena_alloc_raw(drafts->arena, bytes);
	struct tw_element element = {tw_element_key(TW_ELEMENT_EXPECTED, none, drafts->arena), version, {(const char *)out, 0}};
	if (drafts->code || !out || !element.key.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return;
	}
	unsigned char *at = tw_varint_put(out, keys.count);
	for (uint32_t i = 0; i < keys.count; i++) {
		struct tw_slice key = ((struct tw_slice *)keys.data)[i];
		at = tw_varint_put(at, TW_ENTITY_PARTY);
		at = tw_varint_put(at, key.len);
		memcpy(at, key.ptr, key.len);
		at += key.len;
	}
	element.bytes.len = (uint32_t)(at - out);
	tw_drafts_put(drafts, certificate, element);
}

static void told_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice consignment, uint32_t certificate)
{
	struct tw_version version = {0, (int64_t)tw_instant_day(event->time.ms) * TW_DAY_MS, 0};
	struct tw_slice key = tw_element_key(TW_ELEMENT_TOLD, consignment, drafts->arena);
	drafts->code = key.ptr ? drafts->code : TW_E_MEMORY;
	tw_drafts_put(drafts, certificate, (struct tw_element){key, version, none});
}

void tw_due_told(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate)
{
	const struct tw_text *consignments = event->fact.consignments.data;
	struct tw_slice one = tw_key_consignment(tw_slice_of(event->certificate.consignment), drafts->arena);
	const bool itself = event->type == TW_CERTIFICATE_CONFIRMATION_DUE;
	if (!one.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return;
	}
	if (itself) {
		told_put(drafts, event, none, certificate);
		return;
	}
	if (one.len) {
		told_put(drafts, event, one, certificate);
	}
	for (uint32_t i = 0; i < event->fact.consignments.count && !drafts->code; i++) {
		told_put(drafts, event, tw_slice_of(consignments[i]), certificate);
	}
}

static bool is_key(struct tw_slice key)
{
	return key.len > 0 && key.len <= TW_KEY_BYTES_MAX;
}

static bool is_waited_for(const struct tw_fact_body *fact)
{
	return tw_stated(fact->day.span) && !tw_stated(fact->settled.span) && fact->day.day >= TW_TIME_DAY_MIN && fact->day.day <= TW_TIME_DAY_MAX;
}

static struct tw_slice expected_bytes(const struct tw_fact_body *fact, struct tw_arena *arena)
{
	unsigned char *out = tw_arena_alloc_raw(arena, (size_t)3 * TW_VARINT_BYTES);
	bool awaited = tw_stated(fact->day.span), settled = tw_stated(fact->settled.span);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	unsigned char *at = tw_varint_put(out, (awaited ? EXPECTED_AWAITED : 0U) | (settled ? EXPECTED_SETTLED : 0U));
	at = tw_zigzag_put(at, awaited ? fact->day.day : 0);
	at = tw_zigzag_put(at, settled ? fact->settled.ms : 0);
	return (struct tw_slice){(const char *)out, (uint32_t)(at - out)};
}

bool tw_expected_read(const struct tw_element *element, struct tw_expected *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	*out = (struct tw_expected){.awaited = false};
	if (!tw_element_is(element, TW_ELEMENT_EXPECTED) || !pair_read(element, &out->certificate, &out->consignment)) {
		return false;
	}
	uint64_t flags = tw_varint_take(&cursor);
	out->awaited = flags & EXPECTED_AWAITED;
	out->settled = flags & EXPECTED_SETTLED;
	out->late = (int32_t)tw_zigzag_take(&cursor);
	out->settled_ms = tw_zigzag_take(&cursor);
	return !cursor.bad;
}

void tw_due_wait(struct tw_drafts *drafts, const struct tw_fact_body *fact, struct tw_slice certificate, struct tw_slice consignment,
                 struct tw_slice says)
{
	struct tw_element due = {.bytes = says};
	uint32_t clock = tw_drafts_mention_own(drafts, TW_ENTITY_TIME, tw_key_clock(none, drafts->arena), fact);
	uint32_t part = (uint32_t)(tw_hash64(certificate.ptr, certificate.len, 0) % TW_DAY_PARTS);
	uint32_t day = tw_drafts_mention(drafts, TW_ENTITY_TIME, tw_key_day(fact->day.day, part, drafts->arena), NULL, NULL);
	tw_drafts_count(drafts, clock, (struct tw_counter){TW_COUNT_DUE_FIRST, fact->day.day});
	tw_drafts_count(drafts, clock, (struct tw_counter){TW_COUNT_DUE_LAST, fact->day.day});
	due.key = pair_key(TW_ELEMENT_DUE, certificate, consignment, drafts->arena);
	drafts->code = drafts->code || (due.key.ptr && says.ptr) ? drafts->code : TW_E_MEMORY;
	tw_drafts_put(drafts, day, due);
}

void tw_due_mention(struct tw_drafts *drafts, const struct tw_event *event)
{
	const struct tw_fact_body *fact = &event->fact;
	const struct tw_fact_party *parties = fact->parties.data;
	struct tw_slice certificate = fact->certificates.count == 1 ? tw_slice_of(*(const struct tw_text *)fact->certificates.data) : none;
	struct tw_element element;
	if (!is_key(certificate) || !tw_fact_version_get(&fact->version, &element.version)) {
		drafts->code = drafts->code ? drafts->code : TW_E_CORRUPT;
		return;
	}
	element.key = pair_key(TW_ELEMENT_EXPECTED, certificate, tw_slice_of(fact->consignment), drafts->arena);
	element.bytes = expected_bytes(fact, drafts->arena);
	drafts->code = drafts->code || (element.key.ptr && element.bytes.ptr) ? drafts->code : TW_E_MEMORY;
	if (is_waited_for(fact)) {
		tw_due_wait(drafts, fact, certificate, tw_slice_of(fact->consignment), none);
	}
	for (uint32_t i = 0; i < fact->parties.count && !drafts->code; i++) {
		drafts->code = is_key(tw_slice_of(parties[i].key)) ? TW_OK : TW_E_CORRUPT;
		tw_drafts_put(drafts, tw_drafts_mention(drafts, TW_ENTITY_PARTY, tw_slice_of(parties[i].key), NULL, NULL), element);
	}
}

/* ---- facts ---- */

/* One event's work on one certificate. */
struct maker {
	const struct tw_time_policy *policy;
	const struct tw_event *event;
	struct tw_arena *arena;
	struct tw_list *facts;
	struct tw_slice certificate;
	const struct tw_state *before, *after;
	const struct tw_state *before_heard, *after_heard;
};

static struct tw_slice roll_of(const struct tw_state *state)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], TW_ELEMENT_EXPECTED)) {
			return state->elements[i].bytes;
		}
	}
	return none;
}

/* Those of a roll that are not in the roll `but`. */
static bool parties_add(struct tw_arena *arena, struct tw_list *list, struct tw_slice roll, struct tw_slice but)
{
	struct tw_roll_walk walk = tw_roll_read(roll);
	enum tw_entity_kind kind;
	struct tw_slice key;
	while (tw_roll_next(&walk, &kind, &key)) {
		struct tw_fact_party *party = tw_roll_has(but, kind, key) ? NULL : tw_list_push(arena, list, sizeof(*party));
		if (party) {
			*party = (struct tw_fact_party){{TW_FACT_PARTY, TW_FACT_STATED}, tw_fact_text(key)};
		} else if (!tw_roll_has(but, kind, key)) {
			return false;
		}
		if (list->count == TW_FACT_KEYS_MAX) {
			break;
		}
	}
	return true;
}

/* @param parties struct tw_fact_party @return false at the arena's ceiling */
static bool expected_tell(struct maker *maker, struct tw_slice consignment, const struct tw_delivery *delivery, struct tw_list parties)
{
	int64_t late = (int64_t)delivery->late + maker->policy->grace_days;
	bool awaited = delivery->awaited && late >= TW_TIME_DAY_MIN && late <= TW_TIME_DAY_MAX;
	if (parties.count == 0 && (!awaited || delivery->verified)) {
		return true; /* nobody has to know */
	}
	struct tw_event *fact = tw_fact_new(maker->arena, maker->facts, TW_FACT_DELIVERY_EXPECTED, maker->event->time.ms);
	if (!fact || !tw_fact_version_put(&delivery->version, maker->arena, &fact->fact.version) ||
	    !tw_fact_text_add(maker->arena, &fact->fact.certificates, maker->certificate)) {
		return false;
	}
	fact->fact.consignment = tw_fact_text(consignment);
	fact->fact.parties = parties;
	if (awaited) {
		fact->fact.day = (struct tw_date){(int32_t)late, TW_FACT_STATED};
	}
	if (awaited && delivery->verified) {
		fact->fact.settled = (struct tw_instant){delivery->verified_ms, TW_FACT_STATED};
	}
	return true;
}

static bool is_same(const struct tw_delivery *a, const struct tw_delivery *b)
{
	return a->awaited == b->awaited &&
	       (!a->awaited || (a->late == b->late && a->verified == b->verified && (!a->verified || a->verified_ms == b->verified_ms)));
}

static bool one_changed(struct maker *maker, struct tw_slice consignment)
{
	struct tw_delivery before = {.awaited = false}, after, gone;
	struct tw_list parties = {NULL, 0, 0}, others = {NULL, 0, 0};
	struct tw_slice was = maker->before ? roll_of(maker->before) : none, is = roll_of(maker->after);
	if (maker->before) {
		tw_delivery_read(maker->before, maker->before_heard, consignment, &before);
	}
	tw_delivery_read(maker->after, maker->after_heard, consignment, &after);
	if ((!before.awaited && !after.awaited) || (is_same(&before, &after) && tw_slice_equal(was, is))) {
		return true;
	}
	gone = (struct tw_delivery){.awaited = false, .version = after.version};
	bool whole = parties_add(maker->arena, &parties, is, none) && parties_add(maker->arena, &others, was, is);
	return whole && expected_tell(maker, consignment, &after, parties) && expected_tell(maker, consignment, &gone, others);
}

static bool all_changed(struct maker *maker)
{
	bool whole = true;
	for (uint32_t i = 0; i < maker->after->element_count && whole; i++) {
		if (tw_element_is(&maker->after->elements[i], TW_ELEMENT_DRAW)) {
			whole = one_changed(maker, tw_element_tail(&maker->after->elements[i]));
		}
	}
	return whole;
}

/* The consignment whose deliveries the event can change; empty: any. */
static struct tw_slice changed_of(const struct tw_event *event, const struct tw_operations *operations)
{
	uint32_t own = operations->own[TW_ENTITY_CONSIGNMENT];
	if (event->family == TW_FAMILY_FACT) {
		return tw_slice_of(event->fact.consignment);
	}
	bool of_terms = event->type == TW_CERTIFICATE_ISSUED || event->type == TW_CERTIFICATE_AMENDED;
	return own == TW_NO_OPERATION || of_terms ? none : operations->operation[own].key;
}

static bool deliveries_change(struct maker *maker, const struct tw_operations *operations, const struct tw_priors *priors)
{
	struct tw_slice consignment = changed_of(maker->event, operations);
	bool whole = true;
	for (uint32_t i = 0; i < operations->count && whole; i++) {
		const struct tw_operation *operation = &operations->operation[i];
		if (operation->kind != TW_ENTITY_CERTIFICATE) {
			continue;
		}
		struct tw_prior *prior = &priors->prior[i];
		maker->before = tw_prior_state(priors, i, maker->arena);
		if (prior->incomplete) {
			return false;
		}
		if (!maker->before && maker->event->family != TW_FAMILY_CERTIFICATE) {
			continue; /* nothing is promised yet */
		}
		prior->with = prior->with ? prior->with : tw_state_with(maker->before, operation, maker->arena);
		maker->after = prior->with;
		maker->certificate = operation->key;
		maker->before_heard = tw_words_heard(maker->before, maker->arena);
		maker->after_heard = tw_words_heard(maker->after, maker->arena);
		whole =
		    maker->after_heard && (!maker->before || maker->before_heard) &&
		    (consignment.len ? one_changed(maker, consignment) : all_changed(maker)) &&
		    tw_confirm_expect(maker->policy, maker->before_heard, maker->after_heard, operation->key, maker->event, maker->arena,
		                      maker->facts) &&
		    tw_undeclared_expect(maker->policy, maker->after_heard, operation->key, consignment, maker->event, maker->arena, maker->facts);
	}
	return whole;
}

/* ---- days ---- */

static bool due_tell(struct maker *maker, struct tw_slice certificate, struct tw_slice consignment, int32_t day)
{
	struct tw_event *facts = maker->facts->data;
	struct tw_event *last = maker->facts->count ? &facts[maker->facts->count - 1] : NULL;
	bool same = last && last->type == TW_FACT_DELIVERY_DUE && last->fact.day.day == day && last->fact.consignments.count < TW_FACT_KEYS_MAX &&
	            tw_slice_equal(tw_slice_of(*(const struct tw_text *)last->fact.certificates.data), certificate);
	if (!same) {
		last = tw_fact_new(maker->arena, maker->facts, TW_FACT_DELIVERY_DUE, (int64_t)day * TW_DAY_MS);
		if (!last || !tw_fact_text_add(maker->arena, &last->fact.certificates, certificate)) {
			return false;
		}
		last->fact.day = (struct tw_date){day, TW_FACT_STATED};
	}
	return tw_fact_text_add(maker->arena, &last->fact.consignments, consignment);
}

/*
 * What waits on the days that have passed. Of one certificate, what waits on one day is told together, as of that day: how far time leapt beyond
 * it depends on which source was the last to come.
 */
static bool days_look(struct maker *maker, const struct tw_operations *operations, const struct tw_priors *priors)
{
	bool whole = true;
	for (uint32_t i = 0; i < operations->count && whole; i++) {
		const struct tw_state *day = i == operations->own[TW_ENTITY_TIME] ? NULL : tw_prior_state(priors, i, maker->arena);
		for (uint32_t k = 0; day && k < day->element_count && whole; k++) {
			struct tw_slice certificate, consignment;
			const struct tw_element *due = &day->elements[k];
			int32_t on = maker->event->fact.from.day + (int32_t)((i - 1) / TW_DAY_PARTS); /* as clock.c mentions them */
			if (tw_element_is(due, TW_ELEMENT_DUE) && pair_read(due, &certificate, &consignment)) {
				whole = consignment.len ? due_tell(maker, certificate, consignment, on)
				                        : tw_confirm_due_tell(certificate, on, due->bytes, maker->arena, maker->facts);
			}
		}
	}
	return whole && tw_priors_whole(priors);
}

/* A day that had passed before anybody waited on it. */
static bool day_look(struct maker *maker, const struct tw_operations *operations, const struct tw_priors *priors)
{
	const struct tw_fact_body *fact = &maker->event->fact;
	uint32_t clock = operations->own[TW_ENTITY_TIME];
	int32_t passed;
	bool is_past =
	    is_waited_for(fact) && tw_clock_passed(tw_prior_state(priors, clock, maker->arena), maker->policy, &passed) && passed >= fact->day.day;
	for (uint32_t i = 0; i < operations->count && is_waited_for(fact); i++) {
		bool is_day = operations->operation[i].kind == TW_ENTITY_TIME && i != clock;
		is_past = is_past || (is_day && tw_prior_counter(priors, i, TW_COUNT_PASSED, -1) >= fact->day.day);
	}
	if (!tw_priors_whole(priors)) {
		return false;
	}
	struct tw_slice certificate = tw_slice_of(*(const struct tw_text *)fact->certificates.data);
	if (is_past && maker->event->type == TW_FACT_CONFIRMATION_EXPECTED) {
		return tw_confirm_due_again(maker->event, maker->arena, maker->facts);
	}
	return !is_past || due_tell(maker, certificate, tw_slice_of(fact->consignment), fact->day.day);
}

bool tw_due_follows(enum tw_event_type type)
{
	static const enum tw_event_type types[] = {
	    TW_CONSIGNMENT_DECLARED,      TW_CONSIGNMENT_AMENDED, TW_CERTIFICATE_ISSUED, TW_CERTIFICATE_AMENDED, TW_CERTIFICATE_DELIVERY_VERIFIED,
	    TW_FACT_DRAWS_ENDED,          TW_FACT_ARRIVED,        TW_FACT_TIME_PASSED,   TW_FACT_DAYS_PASSED,    TW_FACT_DELIVERY_EXPECTED,
	    TW_FACT_CONFIRMATION_EXPECTED};
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i] == type) {
			return true;
		}
	}
	return false;
}

bool tw_due_facts(const struct tw_time_policy *policy, const struct tw_event *event, const struct tw_operations *operations,
                  const struct tw_priors *priors, struct tw_arena *arena, struct tw_list *facts)
{
	struct maker maker = {.policy = policy, .event = event, .arena = arena, .facts = facts};
	if (!operations->expects || !priors) {
		return true;
	}
	switch ((int)event->type) {
	case TW_FACT_TIME_PASSED:
		return tw_clock_facts(policy, event, operations, priors, arena, facts);
	case TW_FACT_DAYS_PASSED:
		return days_look(&maker, operations, priors);
	case TW_FACT_DELIVERY_EXPECTED:
	case TW_FACT_CONFIRMATION_EXPECTED:
		return day_look(&maker, operations, priors);
	default:
		return deliveries_change(&maker, operations, priors);
	}
}

bool tw_due_reminds(enum tw_event_type type)
{
	return type == TW_CERTIFICATE_DELIVERY_DUE || type == TW_CERTIFICATE_CONFIRMATION_DUE || type == TW_CERTIFICATE_PAPER_SHARED ||
	       type == TW_CERTIFICATE_GOODS_DEPARTED;
}

/* @return 0: none */
static enum tw_event_type turned(enum tw_event_type type)
{
	return type == TW_FACT_DELIVERY_DUE       ? TW_CERTIFICATE_DELIVERY_DUE
	       : type == TW_FACT_CONFIRMATION_DUE ? TW_CERTIFICATE_CONFIRMATION_DUE
	       : type == TW_FACT_PAPER_SHARED     ? TW_CERTIFICATE_PAPER_SHARED
	       : type == TW_FACT_DEPARTED         ? TW_CERTIFICATE_GOODS_DEPARTED
	                                          : (enum tw_event_type)0;
}

bool tw_due_turns(enum tw_event_type type)
{
	return turned(type) != 0;
}

void tw_due_turn(struct tw_event *event)
{
	if (!tw_due_turns(event->type) || event->fact.certificates.count == 0) {
		return;
	}
	struct tw_text key = *(const struct tw_text *)event->fact.certificates.data;
	const char *bar = key.len ? memchr(key.ptr, '|', key.len) : NULL;
	uint32_t country = bar ? (uint32_t)(bar - key.ptr) : 0;
	uint32_t number = bar ? country + 1 : 0;
	event->family = TW_FAMILY_CERTIFICATE;
	event->type = turned(event->type);
	event->type_text.ptr = tw_event_type_name(event->type);
	event->type_text.len = (uint32_t)strlen(event->type_text.ptr);
	event->certificate.issuer.country = (struct tw_text){key.ptr, country, key.span};
	event->certificate.number = (struct tw_text){key.ptr + number, key.len - number, key.span};
}
