/**
 * @file mention_fact.c
 * What a fact adds to the records that it names: an end in the place of draws, inspections, an arrival. Elements alone, no counter (facts.h).
 *
 * Only we write facts, but what is read is checked: a fact with a key that no record can have, or a version that is none, names nothing.
 */
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/state/clock.h"
#include "engine/state/confirm.h"
#include "engine/state/delivery.h"
#include "engine/state/due.h"
#include "engine/state/facts.h"
#include "engine/state/number.h"
#include "engine/state/roll.h"

#define HEX_DIGITS 16U

static bool hex_read(struct tw_text text, uint64_t *out)
{
	uint64_t value = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
		if (!digit && !letter) {
			return false;
		}
		value = value << 4 | (uint64_t)(digit ? c - '0' : c - 'a' + 10);
	}
	*out = value;
	return text.len == HEX_DIGITS;
}

static bool is_key(struct tw_text text)
{
	return text.len > 0 && text.len <= TW_KEY_BYTES_MAX;
}

static void refuse(struct tw_drafts *drafts)
{
	drafts->code = drafts->code ? drafts->code : TW_E_CORRUPT;
}

static void put_all(struct tw_drafts *drafts, const struct tw_list *list, enum tw_entity_kind kind, struct tw_element element)
{
	const struct tw_text *keys = list->data;
	drafts->code = element.key.ptr || drafts->code ? drafts->code : TW_E_MEMORY;
	for (uint32_t i = 0; i < list->count && !drafts->code; i++) {
		if (!is_key(keys[i])) {
			refuse(drafts);
			return;
		}
		uint32_t number = tw_drafts_mention(drafts, kind, tw_slice_of(keys[i]), NULL, NULL);
		tw_drafts_put(drafts, number, element);
	}
}

bool tw_fact_version_get(const struct tw_fact_version *version, struct tw_version *out)
{
	*out = (struct tw_version){version->revision.value, version->time.ms, 0};
	return tw_stated(version->time.span) && hex_read(version->event, &out->id);
}

static struct tw_element ending(struct tw_drafts *drafts, char class, const struct tw_fact_body *fact, struct tw_version version)
{
	return (struct tw_element){tw_element_key(class, tw_slice_of(fact->consignment), drafts->arena), version, tw_draws_ended()};
}

/* A series has runs in the place of sightings; a number whoever made it has none (number.h). */
static void put_marks(struct tw_drafts *drafts, const struct tw_list *list, const struct tw_fact_body *fact, struct tw_version version)
{
	const struct tw_text *keys = list->data;
	const struct tw_element series = ending(drafts, TW_ELEMENT_SHIPPED, fact, version), number = ending(drafts, TW_ELEMENT_SIGHTING, fact, version);
	for (uint32_t i = 0; i < list->count; i++) {
		const struct tw_list one = {(void *)(uintptr_t)&keys[i], 1, 1};
		put_all(drafts, &one, TW_ENTITY_MARKING, tw_key_is_number(tw_slice_of(keys[i])) ? number : series);
	}
}

static void mention_ended(struct tw_drafts *drafts, const struct tw_fact_body *fact)
{
	struct tw_version version;
	if (fact->certificates.count + fact->series.count + fact->licences.count == 0 || !tw_fact_version_get(&fact->version, &version)) {
		refuse(drafts);
		return;
	}
	put_all(drafts, &fact->certificates, TW_ENTITY_CERTIFICATE, ending(drafts, TW_ELEMENT_DRAW, fact, version));
	put_all(drafts, &fact->licences, TW_ENTITY_PAPER, ending(drafts, TW_ELEMENT_DRAW, fact, version));
	put_marks(drafts, &fact->series, fact, version);
}

static void mention_arrived(struct tw_drafts *drafts, const struct tw_fact_body *fact)
{
	struct tw_arrival arrival = {.country = tw_country_code(tw_slice_of(fact->country))};
	struct tw_element element;
	if (fact->certificates.count == 0 || !tw_fact_version_get(&fact->version, &arrival.version)) {
		refuse(drafts);
	} else if (!tw_arrival_write(&arrival, tw_slice_of(fact->consignment), drafts->arena, &element)) {
		drafts->code = TW_E_MEMORY;
	} else {
		put_all(drafts, &fact->certificates, TW_ENTITY_CERTIFICATE, element);
	}
}

/* One element an outcome, the same for every party. */
static struct tw_element *inspections(struct tw_drafts *drafts, const struct tw_fact_body *fact)
{
	const struct tw_fact_outcome *outcomes = fact->outcomes.data;
	struct tw_element *elements = tw_arena_alloc_raw(drafts->arena, fact->outcomes.count * sizeof(*elements) + 1);
	drafts->code = elements ? drafts->code : TW_E_MEMORY;
	for (uint32_t i = 0; i < fact->outcomes.count && !drafts->code; i++) {
		struct tw_inspected one = {{0, outcomes[i].time.ms, 0}, outcomes[i].result.value, tw_slice_of(fact->consignment)};
		if (!hex_read(outcomes[i].event, &one.version.id)) {
			refuse(drafts);
		} else if (!tw_inspected_write(TW_ELEMENT_INSPECTED, &one, drafts->arena, &elements[i])) {
			drafts->code = TW_E_MEMORY;
		}
	}
	return elements;
}

static void mention_inspected(struct tw_drafts *drafts, const struct tw_fact_body *fact)
{
	const struct tw_fact_party *parties = fact->parties.data;
	if (fact->outcomes.count == 0 || fact->parties.count == 0) {
		refuse(drafts);
		return;
	}
	const struct tw_element *elements = inspections(drafts, fact);
	for (uint32_t i = 0; i < fact->parties.count && !drafts->code; i++) {
		enum tw_entity_kind kind = parties[i].kind.value == TW_FACT_VESSEL ? TW_ENTITY_VESSEL : TW_ENTITY_PARTY;
		if (!is_key(parties[i].key) || !parties[i].kind.value) {
			refuse(drafts);
			return;
		}
		uint32_t number = tw_drafts_mention(drafts, kind, tw_slice_of(parties[i].key), NULL, NULL);
		for (uint32_t j = 0; j < fact->outcomes.count && !drafts->code; j++) {
			tw_drafts_put(drafts, number, elements[j]);
		}
	}
}

void tw_mention_fact(struct tw_drafts *drafts, const struct tw_event *event)
{
	if (event->type == TW_FACT_TIME_PASSED || event->type == TW_FACT_DAYS_PASSED) {
		tw_clock_mention(drafts, event);
	} else if (event->type == TW_FACT_CONFIRMATION_EXPECTED) {
		tw_confirm_mention(drafts, event);
	} else if (!is_key(event->fact.consignment)) {
		refuse(drafts);
	} else if (event->type == TW_FACT_DELIVERY_EXPECTED) {
		tw_due_mention(drafts, event);
	} else if (event->type == TW_FACT_DRAWS_ENDED) {
		mention_ended(drafts, &event->fact);
	} else if (event->type == TW_FACT_ARRIVED) {
		mention_arrived(drafts, &event->fact);
	} else {
		mention_inspected(drafts, &event->fact);
	}
}
