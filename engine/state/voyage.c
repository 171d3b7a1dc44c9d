/**
 * @file voyage.c
 * See voyage.h.
 */
#include "engine/state/voyage.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/state/delivery.h"
#include "engine/state/ledger.h"
#include "engine/state/links.h"
#include "engine/state/question.h"
#include "engine/state/receipts.h"

#define BOX_BYTES    ((3U + TW_VOYAGE_SEALS) * TW_VARINT_BYTES)
#define VOYAGE_BYTES ((5U + TW_VOYAGE_COUNTRIES) * TW_VARINT_BYTES + TW_VOYAGE_BOXES * BOX_BYTES)
#define LENT_BYTES   (3U * TW_VARINT_BYTES)

struct box {
	uint64_t hash, seal[TW_VOYAGE_SEALS];
	int64_t gross_e4;
	uint32_t seals;
};

struct voyage {
	bool late;
	int64_t gross_e4; /* 0: not stated */
	uint64_t craft;   /* 0: not stated */
	uint16_t country[TW_VOYAGE_COUNTRIES];
	uint32_t countries, boxes;
	struct box box[TW_VOYAGE_BOXES];
};

/* ---- what a revision states ---- */

/* Letters and digits of a text, 0 where it has none. */
static uint64_t text_hash(struct tw_text text, struct tw_drafts *drafts)
{
	struct tw_slice reduced = tw_text_alnum(tw_slice_of(text), drafts->arena);
	drafts->code = reduced.ptr ? drafts->code : TW_E_MEMORY;
	return reduced.len ? tw_hash64(reduced.ptr, reduced.len, 0) : 0;
}

/* What is stated of it, above nothing. */
static int64_t stated_of(struct tw_amount amount)
{
	return tw_stated(amount.span) && amount.e4 > 0 ? amount.e4 : 0;
}

static unsigned char *boxes_put(unsigned char *at, const struct tw_consignment *consignment, struct tw_drafts *drafts)
{
	const struct tw_container *boxes = consignment->containers.data;
	uint32_t count = consignment->containers.count < TW_VOYAGE_BOXES ? consignment->containers.count : TW_VOYAGE_BOXES;
	at = tw_varint_put(at, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_text *seals = boxes[i].seals.data;
		uint32_t sealed = boxes[i].seals.count < TW_VOYAGE_SEALS ? boxes[i].seals.count : TW_VOYAGE_SEALS;
		at = tw_varint_put(at, text_hash(boxes[i].number, drafts));
		at = tw_varint_put(at, (uint64_t)stated_of(boxes[i].gross_kg));
		at = tw_varint_put(at, sealed);
		for (uint32_t k = 0; k < sealed; k++) {
			at = tw_varint_put(at, text_hash(seals[k], drafts));
		}
	}
	return at;
}

static unsigned char *countries_put(unsigned char *at, const struct tw_consignment *consignment)
{
	const struct tw_leg *legs = consignment->route.data;
	uint32_t count = consignment->route.count < TW_VOYAGE_COUNTRIES ? consignment->route.count : TW_VOYAGE_COUNTRIES;
	at = tw_varint_put(at, count);
	for (uint32_t i = 0; i < count; i++) {
		at = tw_varint_put(at, tw_leg_country(&legs[i]));
	}
	return at;
}

/* The whole, else the sum of its lines. */
static int64_t gross_of(const struct tw_consignment *consignment)
{
	int64_t gross = stated_of(consignment->totals.gross_kg);
	const struct tw_item *items = consignment->items.data;
	for (uint32_t i = 0; i < consignment->items.count && !tw_stated(consignment->totals.gross_kg.span); i++) {
		int64_t line = stated_of(items[i].gross_kg);
		gross = line > INT64_MAX - gross ? INT64_MAX : gross + line;
	}
	return gross;
}

static void voyage_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_version version)
{
	unsigned char bytes[VOYAGE_BYTES];
	const struct tw_consignment *consignment = &event->consignment;
	bool flies = consignment->means.mode.value == TW_MODE_AIR;
	unsigned char *at = tw_varint_put(bytes, tw_told_after_departure(consignment, tw_instant_day(event->time.ms)));
	at = tw_varint_put(at, (uint64_t)gross_of(consignment));
	at = tw_varint_put(at, flies ? text_hash(consignment->means.registration, drafts) : 0);
	at = countries_put(at, consignment);
	at = boxes_put(at, consignment, drafts);
	tw_drafts_put_copy(drafts, drafts->own[TW_ENTITY_CONSIGNMENT],
	                   tw_element_key_numbers(TW_ELEMENT_VOYAGE, version.revision, version.id, drafts->arena), version, bytes, at);
}

/* Cartridges that go along are used up: nobody brings them back. Source: WCO, Harmonized System 2022, heading 9306; UN, Model Regulations, entries
 * 0012 and 0014. */
static bool is_used_up(const struct tw_item *item)
{
	struct tw_slice hs = tw_slice_of(item->hs), un = tw_slice_of(item->un_number);
	return (hs.len >= 4 && memcmp(hs.ptr, "9306", 4) == 0) || tw_slice_is(un, "0012") || tw_slice_is(un, "0014");
}

/* Pieces of the lines that go for repair or for a time; 0: none does, or a unit counts no pieces. */
static int64_t lent_pieces(const struct tw_consignment *consignment)
{
	const struct tw_item *items = consignment->items.data;
	int64_t pieces = 0;
	for (uint32_t i = 0; i < consignment->items.count; i++) {
		uint32_t condition = items[i].condition.value;
		bool lent = condition == TW_CONDITION_REPAIR || condition == TW_CONDITION_TEMPORARY;
		int64_t line = lent && !is_used_up(&items[i]) ? stated_of(items[i].pieces) : 0;
		pieces = line > INT64_MAX - pieces ? INT64_MAX : pieces + line;
	}
	return pieces;
}

/* Of the first consignor, or consignee; 0: there is none. @param full set at the arena's ceiling */
static uint64_t party_hash(const struct tw_list *list, uint32_t role, struct tw_arena *arena, bool *full)
{
	const struct tw_slice key = tw_key_of_role(list, role, arena, full);
	return key.len ? tw_hash64(key.ptr, key.len, 0) : 0;
}

static void lent_put(struct tw_drafts *drafts, const struct tw_consignment *consignment, struct tw_slice consignment_key, struct tw_version version)
{
	int64_t pieces = lent_pieces(consignment);
	if (!pieces) {
		return;
	}
	bool full = false;
	struct tw_slice key = tw_element_key(TW_ELEMENT_LENT, consignment_key, drafts->arena);
	for (uint32_t i = 0; i < drafts->mention.count && !drafts->code; i++) {
		const struct tw_mention *mention = &((const struct tw_mention *)drafts->mention.data)[i];
		const struct tw_party *party = mention->kind == TW_ENTITY_PARTY ? mention->subject : NULL;
		bool sends = party && party->role.value == TW_ROLE_CONSIGNOR;
		if (sends || (party && party->role.value == TW_ROLE_CONSIGNEE)) {
			unsigned char bytes[LENT_BYTES];
			uint64_t other = party_hash(&consignment->parties, sends ? TW_ROLE_CONSIGNEE : TW_ROLE_CONSIGNOR, drafts->arena, &full);
			unsigned char *at = tw_varint_put(tw_varint_put(bytes, sends), other);
			at = tw_varint_put(at, (uint64_t)pieces);
			tw_drafts_put_copy(drafts, mention->operation, key, version, bytes, at);
		}
	}
	drafts->code = full && !drafts->code ? TW_E_MEMORY : drafts->code;
}

void tw_voyage_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice key, struct tw_version version)
{
	if (!drafts->code && drafts->own[TW_ENTITY_CONSIGNMENT] != TW_NO_OPERATION && tw_is_controlled_trade(&event->consignment)) {
		voyage_put(drafts, event, version);
		lent_put(drafts, &event->consignment, key, version);
	}
}

/* ---- answers ---- */

static bool voyage_read(const struct tw_element *element, struct voyage *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	*out = (struct voyage){.late = tw_varint_take(&cursor) != 0};
	out->gross_e4 = (int64_t)tw_varint_take(&cursor);
	out->craft = tw_varint_take(&cursor);
	uint64_t countries = tw_varint_take(&cursor);
	for (; out->countries < countries && out->countries < TW_VOYAGE_COUNTRIES && !cursor.bad; out->countries++) {
		out->country[out->countries] = (uint16_t)tw_varint_take(&cursor);
	}
	uint64_t boxes = tw_varint_take(&cursor);
	for (; out->boxes < boxes && out->boxes < TW_VOYAGE_BOXES && !cursor.bad; out->boxes++) {
		struct box *box = &out->box[out->boxes];
		box->hash = tw_varint_take(&cursor);
		box->gross_e4 = (int64_t)tw_varint_take(&cursor);
		uint64_t seals = tw_varint_take(&cursor);
		for (box->seals = 0; box->seals < seals && box->seals < TW_VOYAGE_SEALS && !cursor.bad; box->seals++) {
			box->seal[box->seals] = tw_varint_take(&cursor);
		}
	}
	return !cursor.bad;
}

/* The latest revision, and what it is held against. @return how many of the two there are */
static uint32_t voyages_find(const struct tw_question *question, struct voyage *now, struct voyage *then)
{
	int64_t departed_ms = tw_state_counter(question->state, TW_COUNT_DEPARTED_FIRST, INT64_MAX);
	const struct tw_element *latest = NULL, *first = NULL, *before = NULL;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct voyage voyage;
		if (!tw_element_is(element, TW_ELEMENT_VOYAGE) || !voyage_read(element, &voyage)) {
			continue;
		}
		bool late = departed_ms == INT64_MAX ? voyage.late : element->version.time_ms > departed_ms;
		latest = !latest || tw_element_compare(latest, element) < 0 ? element : latest;
		first = !first || tw_element_compare(first, element) > 0 ? element : first;
		before = !late && (!before || tw_element_compare(before, element) < 0) ? element : before;
	}
	const struct tw_element *held = before ? before : first;
	if (!latest || !voyage_read(latest, now)) {
		return 0;
	}
	return held != latest && voyage_read(held, then) ? 2 : 1;
}

static const struct box *box_find(const struct voyage *voyage, uint64_t hash)
{
	for (uint32_t i = 0; i < voyage->boxes; i++) {
		if (hash && voyage->box[i].hash == hash) {
			return &voyage->box[i];
		}
	}
	return NULL;
}

/* Both state seals, and none of them is the same. */
static bool sealed_anew(const struct box *now, const struct box *then)
{
	for (uint32_t i = 0; i < now->seals; i++) {
		for (uint32_t k = 0; k < then->seals; k++) {
			if (now->seal[i] == then->seal[k]) {
				return false;
			}
		}
	}
	return now->seals && then->seals;
}

static int64_t lost_of(int64_t now_e4, int64_t then_e4)
{
	return now_e4 > 0 && then_e4 > now_e4 ? then_e4 - now_e4 : 0;
}

static void answer_boxes(const struct voyage *now, const struct voyage *then, bool seals, struct tw_history_answer *answer)
{
	int64_t changed = 0, lost = lost_of(now->gross_e4, then->gross_e4);
	for (uint32_t i = 0; i < now->boxes; i++) {
		const struct box *box = box_find(then, now->box[i].hash);
		int64_t less = box ? lost_of(now->box[i].gross_e4, box->gross_e4) : 0;
		changed += box && sealed_anew(&now->box[i], box);
		lost = less > lost ? less : lost;
	}
	tw_answer_value(answer, seals ? changed : lost);
}

/* @return the country of the office that said that it arrived; 0: none did, or in no country */
static uint16_t arrived_in(const struct tw_question *question)
{
	struct tw_side side = {question->state, 0, TW_ELEMENT_ARRIVED};
	const struct tw_element *element = tw_side_find(&side, (struct tw_slice){"", 0});
	struct tw_arrival arrival;
	return element && tw_arrival_read(element, &arrival) ? arrival.country : 0;
}

/* The route's own countries; not stated where it names none or more than are kept, or the office no country. */
static void answer_arrived(const struct tw_question *question, const struct voyage *now, struct tw_history_answer *answer)
{
	const uint16_t country = arrived_in(question);
	if (!country || !now->countries || now->countries == TW_VOYAGE_COUNTRIES) {
		return;
	}
	if (question->query->metric == TW_METRIC_ARRIVED_AT_END) {
		tw_answer_value(answer, now->country[now->countries - 1] == country);
		return;
	}
	for (uint32_t i = 0; i < now->countries; i++) {
		if (now->country[i] == country || !now->country[i]) {
			return;
		}
	}
	tw_answer_value(answer, country);
}

struct lent {
	bool sends;
	uint64_t other;
	int64_t pieces;
};

static bool lent_read(const struct tw_element *element, struct lent *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	out->sends = tw_varint_take(&cursor) != 0;
	out->other = tw_varint_take(&cursor);
	out->pieces = (int64_t)tw_varint_take(&cursor);
	return !cursor.bad && out->pieces > 0;
}

/* What went to the other party less what came back from it, this consignment's own not counted. */
static int64_t lent_to(const struct tw_question *question, uint64_t other)
{
	int64_t pieces = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct lent lent;
		if (tw_is_others(question, element, TW_ELEMENT_LENT) && lent_read(element, &lent) && lent.other == other && lent.pieces <= INT64_MAX / 2 &&
		    pieces > -INT64_MAX / 2 && pieces < INT64_MAX / 2) {
			pieces += lent.sends ? lent.pieces : -lent.pieces;
		}
	}
	return pieces;
}

/* @return false at the arena's ceiling */
static bool answer_lent(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	bool full = false;
	const struct tw_consignment *consignment = &question->event->consignment;
	const struct tw_party *party = question->query->subject;
	int64_t returned = lent_pieces(consignment);
	uint64_t other = party && party->role.value == TW_ROLE_CONSIGNEE ? party_hash(&consignment->parties, TW_ROLE_CONSIGNOR, arena, &full) : 0;
	int64_t lent = other && returned ? lent_to(question, other) : 0;
	if (lent > 0) {
		tw_answer_value(answer, question->query->metric == TW_METRIC_LENT ? lent : lent > returned ? lent - returned : 0);
	}
	return !full;
}

/* As long as less came back than went. @return false at the arena's ceiling */
static bool answer_open(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	bool full = false;
	const struct tw_consignment *consignment = &question->event->consignment;
	const struct tw_party *party = question->query->subject;
	struct tw_recent recent = {.answer = answer};
	uint64_t other = party && party->role.value == TW_ROLE_CONSIGNOR && lent_pieces(consignment)
	                     ? party_hash(&consignment->parties, TW_ROLE_CONSIGNEE, arena, &full)
	                     : 0;
	int64_t left = other ? lent_to(question, other) : 0, count = 0;
	for (uint32_t i = 0; left > 0 && i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct lent lent;
		if (tw_is_others(question, element, TW_ELEMENT_LENT) && lent_read(element, &lent) && lent.sends && lent.other == other &&
		    tw_is_recent(question, element->version.time_ms)) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	if (left > 0) {
		tw_answer_value(answer, count);
	}
	return !full;
}

bool tw_answer_voyage(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct voyage now, then;
	enum tw_metric metric = question->query->metric;
	if (metric == TW_METRIC_LENT_OPEN) {
		return answer_open(question, arena, answer);
	}
	if (metric == TW_METRIC_LENT || metric == TW_METRIC_LENT_LEFT) {
		return answer_lent(question, arena, answer);
	}
	uint32_t count = voyages_find(question, &now, &then);
	if ((metric == TW_METRIC_ARRIVED_ELSEWHERE || metric == TW_METRIC_ARRIVED_AT_END) && count) {
		answer_arrived(question, &now, answer);
	} else if (metric == TW_METRIC_CRAFT_CHANGED && count == 2) {
		tw_answer_value(answer, now.craft && then.craft && now.craft != then.craft);
	} else if (count == 2) {
		answer_boxes(&now, &then, metric == TW_METRIC_SEALS_CHANGED, answer);
	}
	return true;
}
