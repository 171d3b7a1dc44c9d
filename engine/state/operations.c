/**
 * @file operations.c
 * From an event's raw fields to the operations of every entity that it mentions.
 *
 *     declared               "seen" counters and day buckets of parties, their addresses, phones and e-mails, vessel, containers, certificates;
 *                            draws, sightings, links, wares
 *     amended                draws and sightings again, with a higher version; sets (countries, counterparties, offices, links) grow; no "seen"
 *     cancelled, arrived, departed    the consignment's record alone; what a cancellation gives back comes as a fact (facts.h)
 *     certificate events     status, terms, paper, what they say of deliveries; the marks that they name; the consignment that they name
 *     marking events         status of every mark of the item
 *     outcomes, decisions    the consignment; marks that an inspection found
 *     facts                  draws ended on the certificates that they name; inspections of the parties that they name; no counter;
 *                            of time: clocks and days (clock.h), deliveries expected of parties (due.h)
 *
 * An event that mentions an entity always leaves an entry in its record, empty if it adds nothing: a replay finds its place by it.
 * Quantities and weights below zero count as nothing: a counter that only grows commutes even where it saturates.
 */
#include "engine/state/operations.h"

#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/contact.h"
#include "engine/event/keys.h"
#include "engine/state/again.h"
#include "engine/state/delivery.h"
#include "engine/state/draw_said.h"
#include "engine/state/due.h"
#include "engine/state/facts.h"
#include "engine/state/leaving.h"
#include "engine/state/licence.h"
#include "engine/state/links.h"
#include "engine/state/mention_draw.h"
#include "engine/state/mention_mark.h"
#include "engine/state/number.h"
#include "engine/state/paper.h"
#include "engine/state/paper_links.h"
#include "engine/state/passage.h"
#include "engine/state/receipts.h"
#include "engine/state/roll.h"
#include "engine/state/sample.h"
#include "engine/state/series.h"
#include "engine/state/voyage.h"
#include "engine/state/wares.h"
#include "engine/state/words.h"

#define COUNTERS_MAX      64U /* 11 country words, 2 sketches of 4, a sample, and single counters */
#define DECLARED_REVISION 1   /* a declaration that states no revision comes first */
#define AMENDED_REVISION  2   /* an amendment that states none comes after it */

/* What an event adds to whatever it mentions, worked out once. */
struct shipment {
	bool counts;  /* declared: the only kind that adds to "seen" */
	bool spreads; /* declared or amended: sets grow */
	int32_t day;
	struct tw_measures measures;
	uint64_t countries[TW_COUNTRY_WORDS];
	uint64_t office[TW_SKETCH_WORDS];
	struct tw_version version;
	struct tw_version draws; /* of this revision's draws: roll.h */
	struct tw_way way;       /* declared or amended */
	struct tw_slice consignment;
};

struct counters {
	struct tw_counter at[COUNTERS_MAX];
	uint32_t count;
};

/* Callers add in ascending order of field. Nothing is written for nothing: equal states, equal bytes. */
static void count(struct counters *counters, uint32_t field, int64_t value)
{
	bool matters = value != 0 || TW_COUNT_MERGE(field) == TW_MERGE_MAX || TW_COUNT_MERGE(field) == TW_MERGE_MIN;
	if (matters && counters->count < COUNTERS_MAX) {
		counters->at[counters->count++] = (struct tw_counter){field, value};
	}
}

static void sketch_set(uint64_t sketch[TW_SKETCH_WORDS], uint64_t hash)
{
	uint64_t bit = hash % TW_SKETCH_BITS;
	sketch[bit / 64] |= UINT64_C(1) << (bit % 64);
}

/* ---- what an event adds ---- */

static void route(struct shipment *shipment, const struct tw_consignment *consignment)
{
	const struct tw_leg *legs = consignment->route.data;
	for (uint32_t i = 0; i < consignment->route.count; i++) {
		uint16_t code = tw_leg_country(&legs[i]);
		if (code && (legs[i].role.value == TW_LEG_LOAD || legs[i].role.value == TW_LEG_DISCHARGE)) {
			uint32_t bit = (uint32_t)((code >> 8) - 'A') * 26U + (uint32_t)((code & 0xFF) - 'A');
			shipment->countries[bit / 64] |= UINT64_C(1) << (bit % 64);
		}
	}
}

static enum tw_code shipment_of(const struct tw_event *event, struct tw_arena *arena, struct shipment *out)
{
	const struct tw_consignment *consignment = &event->consignment;
	*out = (struct shipment){.day = tw_instant_day(event->time.ms)};
	out->version = out->draws = (struct tw_version){0, event->time.ms, tw_hash64(event->id.ptr, event->id.len, 0)};
	if (event->family != TW_FAMILY_MANIFEST) {
		return TW_OK;
	}
	out->counts = event->type == TW_CONSIGNMENT_DECLARED;
	out->spreads = out->counts || event->type == TW_CONSIGNMENT_AMENDED;
	out->version.revision = tw_stated(consignment->revision.span) ? consignment->revision.value
	                        : out->counts                         ? DECLARED_REVISION
	                                                              : AMENDED_REVISION;
	out->draws = out->version;
	out->measures = tw_measures_of(consignment);
	route(out, consignment);
	tw_way_of(consignment, out->day, &out->way);
	struct tw_slice office = tw_text_alnum(tw_slice_of(consignment->office), arena);
	if (office.len) {
		sketch_set(out->office, tw_hash64(office.ptr, office.len, 0));
	}
	out->consignment = tw_key_consignment(tw_slice_of(consignment->id), arena);
	return out->consignment.ptr && office.ptr ? TW_OK : TW_E_MEMORY;
}

/* ---- mentions, family by family ---- */

/* How to reach a party: whoever else is reached that way is linked with it. */
static void mention_contacts(struct tw_drafts *drafts, const struct tw_party *party)
{
	struct tw_slice country = tw_slice_of(tw_stated(party->country.span) ? party->country : party->address.country);
	if (tw_stated(party->phone.span)) {
		tw_drafts_mention(drafts, TW_ENTITY_PHONE, tw_key_phone(tw_slice_of(party->phone), country, drafts->arena), &party->phone, NULL);
	}
	if (tw_stated(party->email.span)) {
		tw_drafts_mention(drafts, TW_ENTITY_EMAIL, tw_key_email(tw_slice_of(party->email), drafts->arena), &party->email, NULL);
	}
}

static void mention_parties(struct tw_drafts *drafts, const struct tw_list *list)
{
	const struct tw_party *parties = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		const struct tw_party *party = &parties[i];
		uint32_t who = tw_drafts_mention(drafts, TW_ENTITY_PARTY, tw_key_party(party, drafts->arena), party, NULL);
		mention_contacts(drafts, party);
		if (!tw_stated(party->address.text.span)) {
			continue;
		}
		uint32_t where = tw_drafts_mention(drafts, TW_ENTITY_ADDRESS, tw_key_address(&party->address, drafts->arena), &party->address, NULL);
		if (who != TW_NO_OPERATION && where != TW_NO_OPERATION) {
			sketch_set(tw_drafts_at(drafts, where)->sketch, tw_drafts_at(drafts, who)->operation.hash);
		}
	}
}

/* Every party's counterparties: all the others. Two parties may share a bit, then it stays set for both. */
static void counterparties(struct tw_drafts *drafts)
{
	uint64_t once[TW_SKETCH_WORDS] = {0}, twice[TW_SKETCH_WORDS] = {0};
	for (uint32_t i = 0; i < drafts->draft.count; i++) {
		const struct tw_operation *operation = &tw_drafts_at(drafts, i)->operation;
		uint64_t own[TW_SKETCH_WORDS] = {0};
		sketch_set(own, operation->hash);
		for (uint32_t w = 0; w < TW_SKETCH_WORDS && operation->kind == TW_ENTITY_PARTY; w++) {
			twice[w] |= once[w] & own[w];
			once[w] |= own[w];
		}
	}
	for (uint32_t i = 0; i < drafts->draft.count; i++) {
		struct tw_draft *draft = tw_drafts_at(drafts, i);
		uint64_t own[TW_SKETCH_WORDS] = {0};
		sketch_set(own, draft->operation.hash);
		for (uint32_t w = 0; w < TW_SKETCH_WORDS && draft->operation.kind == TW_ENTITY_PARTY; w++) {
			draft->sketch[w] = (once[w] & ~own[w]) | twice[w];
		}
	}
}

static void mention_item(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_item *item, struct tw_element sighting,
                         const struct tw_particulars *passage)
{
	const struct tw_text *containers = item->containers.data;
	for (uint32_t i = 0; i < item->containers.count; i++) {
		tw_drafts_mention(drafts, TW_ENTITY_CONTAINER, tw_key_container(tw_slice_of(containers[i]), drafts->arena), &containers[i], item);
	}
	tw_mention_certificates(drafts, item);
	tw_mention_licences(drafts, item);
	tw_mention_item_marks(drafts, item, event, sighting, passage);
}

static bool has_marks(const struct tw_consignment *consignment)
{
	const struct tw_item *items = consignment->items.data;
	for (uint32_t i = 0; i < consignment->items.count; i++) {
		if (items[i].markings.count) {
			return true;
		}
	}
	return false;
}

static void mention_manifest(struct tw_drafts *drafts, const struct tw_event *event, const struct shipment *shipment)
{
	const struct tw_consignment *consignment = &event->consignment;
	tw_drafts_mention_own(drafts, TW_ENTITY_CONSIGNMENT, shipment->consignment, consignment);
	if (!shipment->spreads) {
		return;
	}
	mention_parties(drafts, &consignment->parties);
	tw_drafts_mention_own(drafts, TW_ENTITY_VESSEL, tw_key_vessel(&consignment->means, drafts->arena), &consignment->means);
	const struct tw_container *containers = consignment->containers.data;
	for (uint32_t i = 0; i < consignment->containers.count; i++) {
		struct tw_slice key = tw_key_container(tw_slice_of(containers[i].number), drafts->arena);
		tw_drafts_mention(drafts, TW_ENTITY_CONTAINER, key, &containers[i], NULL);
	}
	struct tw_element sighting = tw_mark_pointing(drafts, TW_ELEMENT_SIGHTING, shipment->consignment, shipment->version);
	const struct tw_item *items = consignment->items.data;
	struct tw_particulars passage = {.of = {{NULL, 0}}};
	if (has_marks(consignment) && !drafts->code && !tw_passage_say(consignment, &shipment->way, drafts->arena, &passage)) {
		drafts->code = TW_E_MEMORY;
	}
	for (uint32_t i = 0; i < consignment->items.count && !drafts->code; i++) {
		mention_item(drafts, event, &items[i], sighting, &passage);
	}
	tw_again_find(drafts);
	counterparties(drafts);
	tw_links_put(drafts, consignment, event->time.ms, shipment->consignment);
	tw_wares_put(drafts, consignment, shipment->version, shipment->consignment);
}

/* When a status counts from: its effective day where one is stated, else when it was said. */
static int64_t effective_ms(const struct tw_event *event)
{
	const struct tw_date *effective = &event->certificate.effective;
	return tw_stated(effective->span) ? (int64_t)effective->day * TW_DAY_MS : event->time.ms;
}

static void mention_certificate(struct tw_drafts *drafts, const struct tw_event *event, const struct shipment *shipment)
{
	const struct tw_certificate *certificate = &event->certificate;
	bool told = event->fact.certificates.count; /* by us, with the key itself */
	struct tw_slice key = told ? tw_slice_of(*(const struct tw_text *)event->fact.certificates.data)
	                           : tw_key_certificate(tw_slice_of(certificate->issuer.country), tw_slice_of(certificate->number), drafts->arena);
	uint32_t own = tw_drafts_mention_own(drafts, TW_ENTITY_CERTIFICATE, key, certificate);
	if (event->type == TW_CERTIFICATE_PAPER_SHARED) {
		tw_paper_shared_put(drafts, event, own);
		return;
	}
	if (event->type == TW_CERTIFICATE_GOODS_DEPARTED) {
		tw_leaving_put(drafts, event, own);
		return;
	}
	if (tw_due_reminds(event->type)) {
		tw_due_told(drafts, event, own); /* nothing happened but time */
		return;
	}
	struct tw_slice consignment = tw_key_consignment(tw_slice_of(certificate->consignment), drafts->arena);
	tw_drafts_mention_own(drafts, TW_ENTITY_CONSIGNMENT, consignment, &certificate->consignment);
	struct tw_element element;
	if (drafts->code || !tw_certificate_status_write(event, effective_ms(event), shipment->version.id, consignment, drafts->arena, &element)) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return;
	}
	tw_drafts_put(drafts, own, element);
	if (event->type == TW_CERTIFICATE_AUTHENTICATED) {
		tw_words_put(drafts, event, own, &element);
	}
	if (event->type == TW_CERTIFICATE_ISSUED || event->type == TW_CERTIFICATE_AMENDED) {
		drafts->code = tw_terms_write(event, drafts->arena, &element) ? TW_OK : TW_E_MEMORY;
		tw_drafts_put(drafts, own, element);
		drafts->code = !drafts->code && !tw_paper_write(event, drafts->arena, &element) ? TW_E_MEMORY : drafts->code;
		tw_drafts_put(drafts, own, element);
		tw_due_parties(drafts, event, own);
	}
	tw_delivery_mention(drafts, event, own, consignment, shipment->version.id);
	mention_parties(drafts, &certificate->parties);
	if (event->type == TW_CERTIFICATE_ISSUED || event->type == TW_CERTIFICATE_AMENDED) {
		tw_paper_links_put(drafts, certificate, key,
		                   (struct tw_version){tw_certificate_revision(event), event->time.ms, shipment->version.id});
	}
	tw_mention_certified_marks(drafts, event, key, &shipment->version);
}

static void mention_outcome(struct tw_drafts *drafts, const struct tw_event *event, const struct shipment *shipment)
{
	struct tw_slice consignment = tw_key_consignment(tw_slice_of(event->outcome.consignment), drafts->arena);
	tw_drafts_mention_own(drafts, TW_ENTITY_CONSIGNMENT, consignment, &event->outcome);
	tw_mention_found_marks(drafts, event, consignment, &shipment->version);
}

static void mention_all(struct tw_drafts *drafts, const struct tw_event *event, const struct shipment *shipment)
{
	switch (event->family) {
	case TW_FAMILY_MANIFEST:
		mention_manifest(drafts, event, shipment);
		break;
	case TW_FAMILY_CERTIFICATE:
		mention_certificate(drafts, event, shipment);
		break;
	case TW_FAMILY_MARKING:
		tw_mention_marking(drafts, event, &shipment->version);
		break;
	case TW_FAMILY_OUTCOME:
		mention_outcome(drafts, event, shipment);
		break;
	case TW_FAMILY_DECISION:
		tw_drafts_mention_own(drafts, TW_ENTITY_CONSIGNMENT, tw_key_consignment(tw_slice_of(event->decision.consignment), drafts->arena),
		                      &event->decision);
		break;
	case TW_FAMILY_FACT:
		tw_mention_fact(drafts, event);
		break;
	}
}

/* ---- drafts to operations ---- */

static void count_words(struct counters *counters, uint32_t first_field, const uint64_t *words, uint32_t word_count)
{
	for (uint32_t i = 0; i < word_count; i++) {
		count(counters, first_field + (i << 2), (int64_t)words[i]);
	}
}

static void count_consignment(struct counters *counters, const struct tw_event *event)
{
	count(counters, TW_COUNT_REVISIONS, event->type == TW_CONSIGNMENT_DECLARED || event->type == TW_CONSIGNMENT_AMENDED);
	count(counters, TW_COUNT_CANCELLED, event->type == TW_CONSIGNMENT_CANCELLED);
	count(counters, TW_COUNT_ARRIVED, event->type == TW_CONSIGNMENT_ARRIVED);
	count(counters, TW_COUNT_DEPARTED, event->type == TW_CONSIGNMENT_DEPARTED);
	count(counters, TW_COUNT_DECISIONS, event->family == TW_FAMILY_DECISION);
	count(counters, TW_COUNT_VERIFIED, event->type == TW_CERTIFICATE_DELIVERY_VERIFIED);
	count(counters, TW_COUNT_DIVERTED, event->type == TW_CERTIFICATE_DIVERSION_REPORTED);
	if (event->type == TW_CONSIGNMENT_DEPARTED) {
		count(counters, TW_COUNT_DEPARTED_FIRST, event->time.ms);
	}
}

/* Where goods go is told of whoever trades and of what carries, not of an address or a number. */
static bool is_place(enum tw_entity_kind kind)
{
	return kind == TW_ENTITY_ADDRESS || kind == TW_ENTITY_PHONE || kind == TW_ENTITY_EMAIL;
}

static void count_mentioned(struct counters *counters, const struct tw_draft *draft, const struct shipment *shipment)
{
	enum tw_entity_kind kind = draft->operation.kind;
	const struct tw_sample sample = {shipment->counts, kind == TW_ENTITY_PARTY, shipment->day, shipment->measures};
	count(counters, TW_COUNT_NAMED, !shipment->counts);
	counters->count += tw_sample_words(&sample, &counters->at[counters->count]);
	if (shipment->spreads && !is_place(kind) && kind != TW_ENTITY_CERTIFICATE) {
		count_words(counters, TW_COUNT_COUNTRIES(0), shipment->countries, TW_COUNTRY_WORDS);
	}
	if (shipment->spreads) {
		count_words(counters, TW_COUNT_COUNTERPARTIES(0), draft->sketch, TW_SKETCH_WORDS);
	}
	if (shipment->spreads && (kind == TW_ENTITY_PARTY || kind == TW_ENTITY_CERTIFICATE)) {
		count_words(counters, TW_COUNT_OFFICES(0), shipment->office, TW_SKETCH_WORDS);
	}
}

static enum tw_code draft_finish(struct tw_drafts *drafts, uint32_t number, const struct tw_event *event, const struct shipment *shipment)
{
	struct tw_draft *draft = tw_drafts_at(drafts, number);
	struct counters counters;
	counters.count = 0;
	if (draft->lines.count) {
		struct tw_element element = tw_mark_pointing(drafts, TW_ELEMENT_DRAW, shipment->consignment, shipment->draws);
		element.bytes = tw_draws_write(draft->lines.data, draft->lines.count, &shipment->way, drafts->arena);
		drafts->code = element.bytes.ptr ? drafts->code : TW_E_MEMORY;
		tw_drafts_put(drafts, number, element);
		tw_draw_said_put(drafts, number, &event->consignment, shipment->consignment, shipment->draws);
	}
	const struct tw_counter *own = draft->counters.data;
	for (uint32_t i = 0; i < draft->counters.count; i++) {
		count(&counters, own[i].field, own[i].value);
	}
	if (draft->operation.kind == TW_ENTITY_CONSIGNMENT) {
		count_consignment(&counters, event);
	} else if (draft->operation.kind != TW_ENTITY_MARKING && event->family != TW_FAMILY_FACT) {
		count_mentioned(&counters, draft, shipment);
	}
	struct tw_state state = {counters.at, counters.count, draft->elements.data, draft->elements.count};
	draft->operation.payload = tw_packed_write(&state, drafts->arena);
	return draft->operation.payload.ptr ? drafts->code : TW_E_MEMORY;
}

static int by_subject(const void *left, const void *right)
{
	const struct tw_mention *a = left, *b = right;
	uintptr_t x = (uintptr_t)a->subject, y = (uintptr_t)b->subject;
	if (x != y) {
		return x < y ? -1 : 1;
	}
	return (a->kind > b->kind) - (a->kind < b->kind);
}

#define MOVED_MAX 64U /* of so few, most in their order already: what a sort of all would cost more than */

/* An event's structs stand in its arena mostly in the order in which they are mentioned. */
static void mentions_sort(struct tw_mention *mentions, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		struct tw_mention mention = mentions[i];
		uint32_t at = i;
		if (by_subject(&mentions[i - 1], &mention) <= 0) {
			continue;
		}
		if (count > MOVED_MAX) {
			qsort(mentions, count, sizeof(*mentions), by_subject);
			return;
		}
		for (; at && by_subject(&mentions[at - 1], &mention) > 0; at--) {
			mentions[at] = mentions[at - 1];
		}
		mentions[at] = mention;
	}
}

static enum tw_code finish(struct tw_drafts *drafts, const struct tw_event *event, struct shipment *shipment, struct tw_operations **out)
{
	tw_roll_put(drafts, event, &shipment->draws);
	tw_delivery_put(drafts, event, &shipment->draws);
	if (shipment->spreads) {
		tw_number_settle(drafts, &shipment->draws);
		tw_series_put(drafts, TW_ELEMENT_SHIPPED, shipment->consignment, shipment->draws, event->type);
		tw_receipts_put(drafts, event, shipment->consignment, shipment->draws);
		tw_voyage_put(drafts, event, shipment->consignment, shipment->draws);
	}
	struct tw_operations *operations = tw_arena_alloc(drafts->arena, sizeof(*operations));
	uint32_t total = drafts->draft.count;
	struct tw_operation *list = operations ? tw_arena_alloc_raw(drafts->arena, total * sizeof(*list)) : NULL;
	if (!list || drafts->code) {
		return drafts->code ? drafts->code : TW_E_MEMORY;
	}
	for (uint32_t i = 0; i < total; i++) {
		enum tw_code code = draft_finish(drafts, i, event, shipment);
		if (code) {
			return code;
		}
		list[i] = tw_drafts_at(drafts, i)->operation;
	}
	operations->operation = list;
	operations->count = total;
	operations->tells = tw_facts_follow(event->type);
	for (uint32_t i = 0; i < total && !operations->expects && tw_due_follows(event->type); i++) {
		operations->expects = list[i].kind == TW_ENTITY_CERTIFICATE || list[i].kind == TW_ENTITY_TIME;
	}
	operations->mention = drafts->mention.data;
	operations->mention_count = drafts->mention.count;
	mentions_sort(operations->mention, operations->mention_count);
	memcpy(operations->own, drafts->own, sizeof(operations->own));
	*out = operations;
	return TW_OK;
}

enum tw_code tw_operations_of(const struct tw_event *event, struct tw_arena *arena, struct tw_operations **out, struct tw_error *err)
{
	struct shipment shipment;
	struct tw_drafts drafts;
	enum tw_code code = shipment_of(event, arena, &shipment);
	if (code == TW_OK && !tw_drafts_init(&drafts, arena)) {
		code = TW_E_MEMORY;
	}
	if (code == TW_OK) {
		mention_all(&drafts, event, &shipment);
		code = drafts.code ? drafts.code : finish(&drafts, event, &shipment, out);
	}
	if (code == TW_E_LIMIT) {
		return tw_fail(err, code, TW_REJECT, "the event mentions too many entities", NULL, "at most %u", TW_OPERATIONS_MAX);
	}
	if (code == TW_E_CORRUPT) {
		return tw_fail(err, code, TW_REJECT, "the fact is none that this engine makes", NULL, NULL);
	}
	return code ? tw_fail(err, code, TW_STOP, "no memory for an event's operations", NULL, NULL) : TW_OK;
}
