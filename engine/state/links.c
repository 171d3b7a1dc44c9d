/**
 * @file links.c
 * Links of links.h: made from an event, asked about in a prior.
 */
#include "engine/state/links.h"

#include <string.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/state/question.h"

#define LINK_KEY_BYTES 10U /* class, kind, hash */
#define HEADING_DIGITS 4U

/* Hashes of one kind, each once, the first stated ones. */
struct hashes {
	uint64_t at[TW_LINKS_EVENT_MAX];
	uint32_t count;
};

/* What one consignment links. */
struct linking {
	struct tw_drafts *drafts;
	struct tw_version version;
	struct tw_slice consignment;
	struct hashes consignees, consignors, headings, arms;
	uint64_t route, vessel, flag, name; /* 0: none */
};

static void add(struct hashes *hashes, uint64_t hash)
{
	for (uint32_t i = 0; i < hashes->count; i++) {
		if (hashes->at[i] == hash) {
			return;
		}
	}
	if (hashes->count < TW_LINKS_EVENT_MAX) {
		hashes->at[hashes->count++] = hash;
	}
}

/* ---- what the consignment states ---- */

static bool trades(const struct tw_party *party)
{
	switch ((int)party->role.value) {
	case TW_ROLE_CARRIER:
	case TW_ROLE_FORWARDER:
	case TW_ROLE_BROKER:
	case TW_ROLE_AGENT:
	case TW_ROLE_DECLARANT:
		return false;
	default:
		return true;
	}
}

uint16_t tw_leg_country(const struct tw_leg *leg)
{
	uint16_t code = tw_country_code(tw_slice_of(leg->country));
	struct tw_slice place = {leg->place.ptr, leg->place.len < 2 ? 0 : 2};
	return code ? code : tw_country_code(place);
}

uint16_t tw_route_country(const struct tw_list *route, uint32_t role, uint32_t other)
{
	const struct tw_leg *legs = route->data;
	uint16_t found = 0;
	for (uint32_t i = 0; i < route->count; i++) {
		uint32_t is = legs[i].role.value;
		uint16_t code = is == role || (is == other && !found) ? tw_leg_country(&legs[i]) : 0;
		if (code && is == role) {
			return code;
		}
		found = code ? code : found;
	}
	return found;
}

struct tw_slice tw_key_of_role(const struct tw_list *list, uint32_t role, struct tw_arena *arena, bool *full)
{
	const struct tw_party *parties = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		struct tw_slice key = parties[i].role.value == role ? tw_key_party(&parties[i], arena) : (struct tw_slice){"", 0};
		*full = *full || !key.ptr;
		if (key.len) {
			return key;
		}
	}
	return (struct tw_slice){"", 0};
}

static uint64_t route_hash(const struct tw_list *route)
{
	uint16_t from = tw_route_country(route, TW_LEG_LOAD, TW_LEG_ORIGIN), to = tw_route_country(route, TW_LEG_DISCHARGE, TW_LEG_DELIVERY);
	char text[4] = {(char)(from >> 8), (char)(from & 0xFF), (char)(to >> 8), (char)(to & 0xFF)};
	return from && to ? tw_hash64(text, sizeof(text), 0) : 0;
}

/* Source: WCO, Harmonized System 2022, headings 9301 to 9303, 9305, 9306: firearms, their parts, ammunition; air guns (9304) and blades (9307) left
 * out. */
static bool is_firearms(const char heading[HEADING_DIGITS])
{
	return memcmp(heading, "930", 3) == 0 && heading[3] && strchr("12356", heading[3]);
}

static void headings_of(const struct tw_list *list, bool firearms_alone, struct hashes *out)
{
	const struct tw_item *items = list->data;
	for (uint32_t i = 0; i < list->count && out->count < TW_LINKS_EVENT_MAX; i++) {
		char digits[HEADING_DIGITS];
		uint32_t count = 0;
		for (uint32_t k = 0; k < items[i].hs.len && count < HEADING_DIGITS; k++) {
			char c = items[i].hs.ptr[k];
			if (c >= '0' && c <= '9') {
				digits[count++] = c;
			}
		}
		if (count == HEADING_DIGITS && (!firearms_alone || is_firearms(digits))) {
			add(out, tw_hash64(digits, HEADING_DIGITS, 0));
		}
	}
}

/* A text as it is compared; 0 when nothing is left of it. */
static uint64_t text_hash(struct tw_drafts *drafts, struct tw_text text)
{
	struct tw_slice folded = text.len ? tw_text_fold(tw_slice_of(text), drafts->arena) : (struct tw_slice){"", 0};
	drafts->code = folded.ptr ? drafts->code : TW_E_MEMORY;
	return folded.len ? tw_hash64(folded.ptr, folded.len, 0) : 0;
}

/* ---- elements ---- */

static void put(const struct linking *linking, uint32_t number, enum tw_link link, uint64_t hash, bool names)
{
	char *key = hash && !linking->drafts->code ? tw_arena_alloc_raw(linking->drafts->arena, LINK_KEY_BYTES) : NULL;
	if (!key) {
		linking->drafts->code = hash && !linking->drafts->code ? TW_E_MEMORY : linking->drafts->code;
		return;
	}
	key[0] = TW_ELEMENT_LINK;
	key[1] = (char)link;
	for (uint32_t i = 0; i < 8; i++) {
		key[2 + i] = (char)(unsigned char)(hash >> (56 - 8 * i));
	}
	struct tw_slice bytes = names ? linking->consignment : (struct tw_slice){"", 0};
	tw_drafts_put(linking->drafts, number, (struct tw_element){{key, LINK_KEY_BYTES}, linking->version, bytes});
}

/* All of a list but the entity itself. */
static void put_others(const struct linking *linking, uint32_t number, enum tw_link link, const struct hashes *hashes, uint64_t own)
{
	for (uint32_t i = 0; i < hashes->count; i++) {
		if (hashes->at[i] != own) {
			put(linking, number, link, hashes->at[i], link != TW_LINK_HEADING);
		}
	}
}

static void put_party(const struct linking *linking, uint32_t number)
{
	uint64_t own = tw_drafts_at(linking->drafts, number)->operation.hash;
	put_others(linking, number, TW_LINK_CONSIGNEE, &linking->consignees, own);
	put_others(linking, number, TW_LINK_CONSIGNOR, &linking->consignors, own);
	put_others(linking, number, TW_LINK_HEADING, &linking->headings, 0);
	put(linking, number, TW_LINK_ROUTE, linking->route, false);
	put(linking, number, TW_LINK_VESSEL, linking->vessel, false);
}

static void put_arms(const struct linking *linking, uint32_t number, bool names)
{
	for (uint32_t i = 0; i < linking->arms.count; i++) {
		put(linking, number, TW_LINK_ARMS, linking->arms.at[i], names);
	}
}

/* Whose address, phone or e-mail it is: the party that contains it is mentioned before it, unless it has too little of a name. */
static uint64_t user_of(const struct linking *linking, const struct tw_mention *party, const void *contact)
{
	const char *begin = party ? party->subject : NULL, *at = contact;
	bool inside = begin && at >= begin && at < begin + sizeof(struct tw_party);
	return inside ? tw_drafts_at(linking->drafts, party->operation)->operation.hash : 0;
}

static void put_mentions(struct linking *linking)
{
	const struct tw_mention *mentions = linking->drafts->mention.data, *party = NULL;
	for (uint32_t i = 0; i < linking->drafts->mention.count && !linking->drafts->code; i++) {
		switch (mentions[i].kind) {
		case TW_ENTITY_PARTY:
			party = &mentions[i];
			if (trades(mentions[i].subject)) {
				put_party(linking, mentions[i].operation);
			}
			break;
		case TW_ENTITY_ADDRESS:
		case TW_ENTITY_PHONE:
		case TW_ENTITY_EMAIL:
			put(linking, mentions[i].operation, TW_LINK_USER, user_of(linking, party, mentions[i].subject), true);
			break;
		case TW_ENTITY_VESSEL:
			put(linking, mentions[i].operation, TW_LINK_ROUTE, linking->route, false);
			put(linking, mentions[i].operation, TW_LINK_FLAG, linking->flag, false);
			put(linking, mentions[i].operation, TW_LINK_NAME, linking->name, false);
			break;
		case TW_ENTITY_CONTAINER:
			put(linking, mentions[i].operation, TW_LINK_ROUTE, linking->route, false);
			put_arms(linking, mentions[i].operation, true);
			break;
		case TW_ENTITY_CONSIGNMENT:
			put_arms(linking, mentions[i].operation, false);
			break;
		case TW_ENTITY_CERTIFICATE:
		case TW_ENTITY_MARKING:
		case TW_ENTITY_PAPER:
		case TW_ENTITY_TIME:
			break;
		}
	}
}

static void collect_parties(struct linking *linking)
{
	const struct tw_mention *mentions = linking->drafts->mention.data;
	for (uint32_t i = 0; i < linking->drafts->mention.count; i++) {
		const struct tw_operation *operation = &tw_drafts_at(linking->drafts, mentions[i].operation)->operation;
		const struct tw_party *party = mentions[i].kind == TW_ENTITY_PARTY ? mentions[i].subject : NULL;
		if (party && party->role.value == TW_ROLE_CONSIGNEE) {
			add(&linking->consignees, operation->hash);
		} else if (party && party->role.value == TW_ROLE_CONSIGNOR) {
			add(&linking->consignors, operation->hash);
		}
		linking->vessel = mentions[i].kind == TW_ENTITY_VESSEL ? operation->hash : linking->vessel;
	}
}

void tw_links_put(struct tw_drafts *drafts, const struct tw_consignment *consignment, int64_t time_ms, struct tw_slice key)
{
	struct linking linking = {.drafts = drafts, .version = {0, time_ms, 0}, .consignment = key};
	if (drafts->code) {
		return;
	}
	uint16_t flag = tw_country_code(tw_slice_of(consignment->means.flag));
	collect_parties(&linking);
	headings_of(&consignment->items, false, &linking.headings);
	headings_of(&consignment->items, true, &linking.arms);
	linking.route = route_hash(&consignment->route);
	linking.flag = flag ? tw_hash64(&(char[2]){(char)(flag >> 8), (char)(flag & 0xFF)}, 2, 0) : 0;
	linking.name = text_hash(drafts, consignment->means.name);
	put_mentions(&linking);
}

/* ---- answers ---- */

enum tw_link tw_link_of(const struct tw_element *element)
{
	bool fits = element->key.len == LINK_KEY_BYTES && element->key.ptr[0] == TW_ELEMENT_LINK;
	uint32_t link = fits ? (unsigned char)element->key.ptr[1] : 0;
	return (enum tw_link)(link <= TW_LINKS ? link : 0);
}

const char *tw_link_name(enum tw_link link)
{
	static const char *const names[TW_LINKS + 1] = {"nothing", "consignee", "consignor", "route", "vessel",
	                                                "heading", "flag",      "name",      "user",  "arms heading"};
	return names[link <= TW_LINKS ? link : 0];
}

/* The links of one kind stand together. */
static const struct tw_element *links_of(const struct tw_state *state, enum tw_link link, uint32_t *count)
{
	uint32_t first = 0;
	*count = 0;
	while (first < state->element_count && tw_link_of(&state->elements[first]) != link) {
		first++;
	}
	while (first + *count < state->element_count && tw_link_of(&state->elements[first + *count]) == link) {
		++*count;
	}
	return &state->elements[first];
}

/* Days after the event's own count too: of a value only the latest mention is known. */
static bool inside(const struct tw_question *question, const struct tw_element *element)
{
	int64_t back = (int64_t)tw_instant_day(question->event->time.ms) - tw_instant_day(element->version.time_ms);
	return question->query->window_days == 0 || back <= (int64_t)question->query->window_days;
}

static const struct tw_element *find(const struct tw_element *elements, uint32_t count, struct tw_slice key)
{
	for (uint32_t i = 0; i < count; i++) {
		if (tw_slice_equal(elements[i].key, key)) {
			return &elements[i];
		}
	}
	return NULL;
}

/* Whether a value that is not on record may have been inside the window and dropped: not when some of those that stay are outside. */
static bool forgotten(const struct tw_question *question, enum tw_link link, const struct tw_element *elements, uint32_t count)
{
	if (!((uint64_t)tw_state_counter(question->state, TW_COUNT_LINKS_OVER, 0) >> link & 1)) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (!inside(question, &elements[i])) {
			return false;
		}
	}
	return true;
}

/* The event's own links, from what it adds to the record. @return how many of one kind */
static uint32_t own_links(const struct tw_question *question, enum tw_link link, struct tw_slice out[TW_LINKS_EVENT_MAX])
{
	struct tw_packed_walk walk;
	struct tw_element element;
	uint32_t count = 0;
	tw_walk_past_counters(&walk, question->operation->payload);
	while (count < TW_LINKS_EVENT_MAX && tw_walk_element(&walk, &element)) {
		if (tw_link_of(&element) == link) {
			out[count++] = element.key;
		}
	}
	return count;
}

static bool is_among(struct tw_slice key, const struct tw_slice *keys, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (tw_slice_equal(keys[i], key)) {
			return true;
		}
	}
	return false;
}

/* Others within the window, with the consignments of the latest of them. */
static void answer_others(const struct tw_question *question, enum tw_link link, struct tw_history_answer *answer)
{
	struct tw_slice own[TW_LINKS_EVENT_MAX];
	uint32_t count, own_count = own_links(question, link, own);
	const struct tw_element *elements = links_of(question->state, link, &count);
	struct tw_recent recent = {.answer = answer};
	int64_t others = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!inside(question, &elements[i]) || is_among(elements[i].key, own, own_count)) {
			continue;
		}
		others++;
		if (elements[i].bytes.len && !tw_slice_equal(elements[i].bytes, question->consignment)) {
			tw_recent_forget(&recent, elements[i].bytes);
			tw_recent_add(&recent, &elements[i].version, elements[i].bytes);
		}
	}
	tw_answer_value(answer, others);
}

static void answer_new(const struct tw_question *question, enum tw_link link, struct tw_history_answer *answer)
{
	struct tw_slice own[TW_LINKS_EVENT_MAX];
	uint32_t count, own_count = own_links(question, link, own);
	const struct tw_element *elements = links_of(question->state, link, &count);
	bool unknown = forgotten(question, link, elements, count);
	int64_t unseen = 0;
	for (uint32_t i = 0; i < own_count && !unknown; i++) {
		const struct tw_element *held = find(elements, count, own[i]);
		unseen += !held || !inside(question, held);
	}
	tw_answer_value(answer, unseen);
}

void tw_answer_links(const struct tw_question *question, struct tw_history_answer *answer)
{
	enum tw_metric metric = question->query->metric;
	if (metric >= TW_METRIC_NEW_CONSIGNEES) {
		answer_new(question, (enum tw_link)(metric - TW_METRIC_NEW_CONSIGNEES + TW_LINK_CONSIGNEE), answer);
	} else {
		answer_others(question, (enum tw_link)(metric - TW_METRIC_CONSIGNEES + TW_LINK_CONSIGNEE), answer);
	}
}
