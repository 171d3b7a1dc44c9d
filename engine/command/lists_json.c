/**
 * @file lists_json.c
 * Hits as JSON: the same object in `search --json` and in a batch's rows.
 */
#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/command/lists_ask.h"

static void texts_member(struct tw_json *json, const char *name, const struct tw_list_entry *entry, enum tw_list_field field, struct tw_arena *arena)
{
	struct tw_list texts;
	if (!tw_list_field_texts(entry, field, arena, &texts) || !texts.count) {
		return;
	}
	const struct tw_slice *text = texts.data;
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < texts.count; i++) {
		tw_json_text(json, text[i]);
	}
	tw_json_array_end(json);
}

static void date_member(struct tw_json *json, const char *name, struct tw_list_date date)
{
	char text[TW_LIST_DATE_BYTES];
	tw_json_text_member(json, name, tw_slice_str(tw_list_date_text(date, text)));
}

static void parts_member(struct tw_json *json, const struct tw_match *match)
{
	if (!match->part_count) {
		return;
	}
	tw_json_key(json, "parts");
	tw_json_object(json);
	for (uint32_t i = 0; i < match->part_count; i++) {
		tw_json_integer_member(json, match->part[i].feature, match->part[i].ppm);
	}
	tw_json_object_end(json);
}

static void known_member(struct tw_json *json, const char *name, const struct tw_known_good_row *known)
{
	char day[TW_DATE_BYTES];
	tw_json_key(json, name);
	tw_json_object(json);
	tw_json_text_member(json, "reason", known->reason);
	tw_json_text_member(json, "author", known->author);
	tw_json_text_member(json, "decided_on", tw_slice_str(tw_date_format(known->decided_day, day)));
	if (known->expires_day != TW_KNOWN_GOOD_FOREVER) {
		tw_json_text_member(json, "expires_on", tw_slice_str(tw_date_format(known->expires_day, day)));
	}
	tw_json_integer_member(json, "line", known->line);
	tw_json_object_end(json);
}

void tw_lists_hit_json(struct tw_json *json, const struct tw_lists_hit *hit, bool all, struct tw_arena *arena)
{
	const struct tw_match *match = &hit->match;
	tw_json_object(json);
	tw_json_text_member(json, "list", match->list);
	tw_json_text_member(json, "entry", match->entry);
	tw_json_text_member(json, "kind", tw_slice_str(tw_entry_kind_name(match->kind)));
	tw_json_text_member(json, "basis", tw_slice_str(tw_basis_word(match->basis)));
	tw_json_text_member(json, "scheme", match->scheme);
	tw_json_text_member(json, "name", match->name);
	tw_json_text_member(json, "quality", tw_slice_str(tw_name_quality_name(match->quality)));
	tw_json_integer_member(json, "similarity_ppm", match->similarity_ppm);
	parts_member(json, match);
	tw_json_text_member(json, "country_feature", tw_slice_str(tw_agreement_name(hit->country)));
	tw_json_text_member(json, "birth_feature", tw_slice_str(tw_agreement_name(hit->birth)));
	tw_json_text_member(json, "address_feature", tw_slice_str(tw_agreement_name(hit->address)));
	tw_json_text_member(json, "identifier_feature", tw_slice_str(tw_agreement_name(hit->identifier)));
	tw_json_text_member(json, "name_feature", tw_slice_str(hit->name_too ? tw_agreement_name(TW_AGREES) : ""));
	tw_json_text_member(json, "on_day", tw_slice_str(tw_listed_name(hit->listed)));
	if (hit->entry.name_count) {
		tw_json_text_member(json, "primary_name", tw_list_entry_name(&hit->entry, 0).text);
	}
	tw_json_text_member(json, "programme", match->programme);
	texts_member(json, "measures", &hit->entry, TW_LIST_MEASURES, arena);
	texts_member(json, "countries", &hit->entry, TW_LIST_COUNTRIES, arena);
	texts_member(json, "births", &hit->entry, TW_LIST_BIRTHS, arena);
	date_member(json, "listed_on", hit->entry.listed_on);
	date_member(json, "removed_on", hit->entry.removed_on);
	if (all) {
		texts_member(json, "names", &hit->entry, TW_LIST_NAMES, arena);
		texts_member(json, "identifiers", &hit->entry, TW_LIST_IDENTIFIERS, arena);
		texts_member(json, "addresses", &hit->entry, TW_LIST_ADDRESSES, arena);
		texts_member(json, "links", &hit->entry, TW_LIST_LINKS, arena);
	}
	if (hit->known) {
		known_member(json, "known_good", hit->known);
	}
	if (hit->known_expired) {
		known_member(json, "known_good_expired", hit->known_expired);
	}
	tw_json_object_end(json);
}

static void hits_member(struct tw_json *json, const char *name, const struct tw_lists_hit *hits, uint32_t count, bool all, struct tw_arena *arena)
{
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < count; i++) {
		tw_lists_hit_json(json, &hits[i], all, arena);
	}
	tw_json_array_end(json);
}

void tw_lists_answer_json(struct tw_json *json, const struct tw_lists_query *query, const struct tw_lists_answer *answer, bool all,
                          struct tw_arena *arena)
{
	tw_json_text_member(json, "identifier_doubt", tw_slice_str(query->number.doubt ? query->number.doubt : ""));
	tw_json_integer_member(json, "found", answer->found);
	hits_member(json, "hits", answer->hit, answer->count, all, arena);
	if (answer->aside_count) {
		hits_member(json, "set_aside", answer->aside, answer->aside_count, all, arena);
	}
}
