/**
 * @file receipts.c
 * See receipts.h.
 */
#include "engine/state/receipts.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/event/unit.h"
#include "engine/state/ledger.h"
#include "engine/state/question.h"

#define LINE_BYTES  (2U * TW_VARINT_BYTES + 2U * (TW_DRAW_WORD_MAX + 2U))
#define LATE        1U /* of a revision: it was told after the day of departure that it states */
#define PARTY_BYTES (3U * TW_VARINT_BYTES + 2U * (TW_PAPER_TEXT_MAX + 2U))

/* ---- writing ---- */

static bool is_controlled(const struct tw_item *item)
{
	bool chapter = item->hs.len >= 2 && item->hs.ptr[0] == '9' && item->hs.ptr[1] == '3';
	return chapter || item->control_code.len || item->certificates.count || item->licences.count;
}

bool tw_is_controlled_trade(const struct tw_consignment *consignment)
{
	const struct tw_item *items = consignment->items.data;
	for (uint32_t i = 0; i < consignment->items.count; i++) {
		if (is_controlled(&items[i])) {
			return true;
		}
	}
	return false;
}

static unsigned char *lines_put(unsigned char *at, const struct tw_consignment *consignment)
{
	const struct tw_item *items = consignment->items.data;
	uint32_t left = TW_RECEIVED_LINES;
	for (uint32_t i = 0; i < consignment->items.count && left; i++) {
		if (is_controlled(&items[i]) && tw_stated(items[i].quantity.span) && items[i].quantity.e4 > 0) {
			at = tw_head_put(at, tw_slice_of(items[i].hs), TW_DRAW_WORD_MAX);
			at = tw_head_put(at, tw_slice_of(items[i].control_code), TW_DRAW_WORD_MAX);
			at = tw_varint_put(at, tw_unit_code(tw_slice_of(items[i].unit)));
			at = tw_varint_put(at, (uint64_t)items[i].quantity.e4);
			left--;
		}
	}
	return at;
}

/* It left before it was said so, by its own plan. */
bool tw_told_after_departure(const struct tw_consignment *consignment, int32_t day)
{
	const struct tw_leg *legs = consignment->route.data;
	for (uint32_t i = 0; i < consignment->route.count; i++) {
		bool leaves = legs[i].role.value == TW_LEG_LOAD || legs[i].role.value == TW_LEG_ORIGIN;
		if (leaves && tw_stated(legs[i].departure.span) && legs[i].departure.day < day) {
			return true;
		}
	}
	return false;
}

static bool is_receiver(const struct tw_party *party)
{
	return (party->role.value == TW_ROLE_END_USER || party->role.value == TW_ROLE_CONSIGNEE || party->role.value == TW_ROLE_NOTIFY) &&
	       tw_stated(party->name.span);
}

/* @return NULL at the arena's ceiling */
static unsigned char *receivers_put(unsigned char *at, const struct tw_list *list, struct tw_arena *arena)
{
	const struct tw_party *parties = list->data;
	uint32_t left = TW_RECEIVERS;
	for (uint32_t i = 0; i < list->count && left && at; i++) {
		if (!is_receiver(&parties[i])) {
			continue;
		}
		struct tw_slice key = tw_key_party(&parties[i], arena);
		struct tw_text country = tw_stated(parties[i].country.span) ? parties[i].country : parties[i].address.country;
		at = tw_varint_put(at, parties[i].role.value);
		at = tw_varint_put(at, tw_country_code(tw_slice_of(country)));
		at = tw_varint_put(at, key.len ? tw_hash64(key.ptr, key.len, 0) : 0);
		at = tw_head_put(at, tw_slice_of(parties[i].name), TW_PAPER_TEXT_MAX);
		at = tw_head_put(at, tw_slice_of(parties[i].original_name), TW_PAPER_TEXT_MAX);
		at = key.ptr ? at : NULL;
		left--;
	}
	return at;
}

void tw_receipts_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice key, struct tw_version version)
{
	unsigned char lines[TW_RECEIVED_LINES * LINE_BYTES], parties[TW_VARINT_BYTES + TW_RECEIVERS * PARTY_BYTES];
	const struct tw_consignment *consignment = &event->consignment;
	uint32_t own = drafts->own[TW_ENTITY_CONSIGNMENT];
	if (drafts->code || own == TW_NO_OPERATION || !tw_is_controlled_trade(consignment)) {
		return;
	}
	unsigned char *end = tw_varint_put(parties, tw_told_after_departure(consignment, tw_instant_day(event->time.ms)) ? LATE : 0);
	end = receivers_put(end, &consignment->parties, drafts->arena);
	if (!end) {
		drafts->code = TW_E_MEMORY;
		return;
	}
	tw_drafts_put_copy(drafts, own, tw_element_key_numbers(TW_ELEMENT_RECEIVERS, version.revision, version.id, drafts->arena), version, parties,
	                   end);
	end = lines_put(lines, consignment);
	struct tw_slice received = tw_element_key(TW_ELEMENT_RECEIVED, key, drafts->arena);
	for (uint32_t i = 0; i < drafts->mention.count && !drafts->code && end > lines; i++) {
		const struct tw_mention *mention = &((const struct tw_mention *)drafts->mention.data)[i];
		const struct tw_party *party = mention->kind == TW_ENTITY_PARTY ? mention->subject : NULL;
		if (party && (party->role.value == TW_ROLE_END_USER || party->role.value == TW_ROLE_CONSIGNEE)) {
			tw_drafts_put_copy(drafts, mention->operation, received, version, lines, end);
		}
	}
}

/* ---- what a party received ---- */

/* @return false at the arena's ceiling */
static bool received_of(const struct tw_element *element, struct tw_arena *arena, struct tw_list *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	while (!cursor.bad && cursor.at < cursor.end) {
		struct tw_received line = {.hs = tw_bytes_take(&cursor)};
		line.control_code = tw_bytes_take(&cursor);
		line.unit = (uint32_t)tw_varint_take(&cursor);
		line.quantity_e4 = (int64_t)tw_varint_take(&cursor);
		if (cursor.bad || line.quantity_e4 < 0) {
			break;
		}
		struct tw_received *kept = tw_list_push(arena, out, sizeof(*kept));
		if (!kept) {
			return false;
		}
		*kept = line;
	}
	return true;
}

static bool answer_received(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const int32_t day = tw_instant_day(question->event->time.ms);
	const uint32_t window = question->query->window_days;
	struct tw_recent recent = {.answer = answer};
	struct tw_list lines = {NULL, 0, 0};
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		int64_t back = (int64_t)day - tw_instant_day(element->version.time_ms);
		bool inside = window == 0 || (back >= 0 && back <= (int64_t)window);
		if (!inside || !tw_is_others(question, element, TW_ELEMENT_RECEIVED)) {
			continue;
		}
		if (!received_of(element, arena, &lines)) {
			return false;
		}
		tw_recent_add(&recent, &element->version, tw_element_tail(element));
		count++;
	}
	answer->received = lines.data;
	answer->received_count = lines.count;
	tw_answer_value(answer, count);
	return true;
}

/* ---- who receives a consignment ---- */

/* By what an event said, else by the day that the revision states itself. */
static bool is_after_departure(const struct tw_question *question, const struct tw_element *revision)
{
	struct tw_cursor cursor = tw_cursor_of(revision->bytes);
	int64_t departed_ms = tw_state_counter(question->state, TW_COUNT_DEPARTED_FIRST, INT64_MAX);
	return departed_ms == INT64_MAX ? tw_varint_take(&cursor) == LATE : revision->version.time_ms > departed_ms;
}

/* The latest revision, and the latest that was told before departure. */
static void revisions_find(const struct tw_question *question, const struct tw_element **latest, const struct tw_element **before)
{
	*latest = *before = NULL;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (!tw_element_is(element, TW_ELEMENT_RECEIVERS)) {
			continue;
		}
		*latest = !*latest || tw_element_compare(*latest, element) < 0 ? element : *latest;
		if (!is_after_departure(question, element)) {
			*before = !*before || tw_element_compare(*before, element) < 0 ? element : *before;
		}
	}
}

struct receiver {
	uint32_t role;
	uint16_t country;
	uint64_t key;
	struct tw_slice name, original_name;
};

static uint32_t receivers_read(const struct tw_element *element, struct receiver out[TW_RECEIVERS])
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	uint32_t count = 0;
	(void)tw_varint_take(&cursor);
	while (!cursor.bad && cursor.at < cursor.end && count < TW_RECEIVERS) {
		out[count].role = (uint32_t)tw_varint_take(&cursor);
		out[count].country = (uint16_t)tw_varint_take(&cursor);
		out[count].key = tw_varint_take(&cursor);
		out[count].name = tw_bytes_take(&cursor);
		out[count].original_name = tw_bytes_take(&cursor);
		count += !cursor.bad;
	}
	return count;
}

/* "To order": whoever holds the bill. It names nobody, and whoever is named in its place was no other. */
static bool is_to_order(const struct receiver *receiver)
{
	static const char words[] = "TO ORDER", order[] = "TO THE ORDER";
	struct tw_slice name = receiver->name;
	bool is = name.len >= sizeof(words) - 1, of = name.len >= sizeof(order) - 1;
	for (uint32_t i = 0; i < sizeof(order) - 1 && (is || of); i++) {
		char c = i < name.len ? name.ptr[i] : ' ';
		c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		is = is && (i >= sizeof(words) - 1 || c == words[i]);
		of = of && c == order[i];
	}
	return is || of;
}

/* Of one role: who stands in it now and did not before. Nothing where somebody stays, or where either names nobody. */
static void role_changed(uint32_t role, const struct receiver *was, uint32_t was_count, const struct receiver *is, uint32_t is_count,
                         struct tw_named *named, uint32_t *named_count, struct tw_drawn_party *drawn, uint32_t *drawn_count)
{
	bool stays = false, opened = false;
	uint32_t first_named = *named_count, first_drawn = *drawn_count;
	for (uint32_t i = 0; i < was_count; i++) {
		if (was[i].role == role) {
			named[(*named_count)++] = (struct tw_named){role, was[i].country, was[i].name};
			opened = opened || is_to_order(&was[i]);
		}
	}
	for (uint32_t i = 0; i < is_count; i++) {
		bool known = false;
		for (uint32_t k = 0; k < was_count; k++) {
			known = known || (was[k].role == role && was[k].key && was[k].key == is[i].key);
		}
		if (is[i].role == role && !is_to_order(&is[i])) {
			stays = stays || known;
			drawn[(*drawn_count)++] = (struct tw_drawn_party){{"", 0}, is[i].country, is[i].name, is[i].original_name, role};
		}
	}
	if (stays || opened || *named_count == first_named || *drawn_count == first_drawn) {
		*named_count = first_named;
		*drawn_count = first_drawn;
	}
}

static bool answer_changed(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	static const uint32_t roles[] = {TW_ROLE_END_USER, TW_ROLE_CONSIGNEE, TW_ROLE_NOTIFY};
	const struct tw_element *latest, *before;
	struct receiver was[TW_RECEIVERS], is[TW_RECEIVERS];
	struct tw_named *named = tw_arena_alloc_raw(arena, TW_RECEIVERS * sizeof(*named));
	struct tw_drawn_party *drawn = tw_arena_alloc_raw(arena, TW_RECEIVERS * sizeof(*drawn));
	if (!named || !drawn) {
		return false;
	}
	revisions_find(question, &latest, &before);
	if (!latest || !before || latest == before || !is_after_departure(question, latest)) {
		return true;
	}
	uint32_t was_count = receivers_read(before, was), is_count = receivers_read(latest, is);
	for (uint32_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		role_changed(roles[i], was, was_count, is, is_count, named, &answer->named_count, drawn, &answer->drawn_count);
	}
	answer->named = named;
	answer->drawn = drawn;
	answer->stated = answer->drawn_count > 0;
	answer->value = answer->stated ? drawn[0].role : 0;
	return true;
}

bool tw_answer_receipts(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	return question->query->metric == TW_METRIC_RECEIVED ? answer_received(question, arena, answer) : answer_changed(question, arena, answer);
}
