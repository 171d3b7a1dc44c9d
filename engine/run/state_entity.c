/**
 * @file state_entity.c
 * See state_entity.h.
 */
#include "engine/run/state_entity.h"

#include <stdio.h>
#include <string.h>
#include <tidewaiter/consignment.h>

#include "engine/base/arena.h"
#include "engine/base/nearest.h"
#include "engine/event/contact.h"
#include "engine/event/keys.h"
#include "engine/event/metric.h"

enum tw_entity_kind tw_state_kind(struct tw_slice word)
{
	for (int kind = 1; kind <= TW_ENTITY_KINDS; kind++) {
		if (tw_slice_is(word, tw_entity_name((enum tw_entity_kind)kind))) {
			return (enum tw_entity_kind)kind;
		}
	}
	return (enum tw_entity_kind)0;
}

static struct tw_text stated(struct tw_slice text)
{
	return (struct tw_text){text.ptr, text.len, {0, text.len}};
}

/* Before and behind the last '|': of names that contain one the country stands at the end. */
static void split(struct tw_slice text, bool last, struct tw_slice *before, struct tw_slice *behind)
{
	uint32_t at = text.len;
	for (uint32_t i = 0; i < text.len && (last || at == text.len); i++) {
		at = text.ptr[i] == '|' ? i : at;
	}
	*before = (struct tw_slice){text.ptr, at};
	*behind = at < text.len ? (struct tw_slice){text.ptr + at + 1, text.len - at - 1} : (struct tw_slice){"", 0};
}

static void key_add(struct tw_state_entity *entity, struct tw_slice key, bool *whole)
{
	*whole = *whole && key.ptr;
	for (uint32_t i = 0; i < entity->key_count; i++) {
		if (tw_slice_equal(entity->keys[i], key)) {
			return;
		}
	}
	if (key.len && entity->key_count < TW_STATE_READINGS_MAX) {
		entity->keys[entity->key_count++] = key;
	}
}

static struct tw_slice party_key(struct tw_slice text, struct tw_arena *arena)
{
	struct tw_slice name, country;
	struct tw_party party = {.role = {0}};
	struct tw_id id;
	const char *colon = text.len && text.ptr[0] == '=' ? memchr(text.ptr, ':', text.len) : NULL;
	if (colon) {
		id = (struct tw_id){stated((struct tw_slice){text.ptr + 1, (uint32_t)(colon - text.ptr) - 1}),
		                    stated((struct tw_slice){colon + 1, (uint32_t)(text.ptr + text.len - colon) - 1})};
		party.ids = (struct tw_list){&id, 1, 1};
	} else {
		split(text, true, &name, &country);
		party.name = stated(name);
		party.country = stated(country);
	}
	return tw_key_party(&party, arena);
}

static struct tw_slice vessel_key(struct tw_slice text, struct tw_arena *arena)
{
	struct tw_slice name, flag;
	struct tw_means means = {.imo = stated(text)};
	split(text, true, &name, &flag);
	means.name = stated(name);
	means.flag = stated(flag);
	return tw_key_vessel(&means, arena);
}

static void marking_keys(struct tw_state_entity *entity, struct tw_slice text, struct tw_arena *arena, bool *whole)
{
	struct tw_slice maker, value;
	split(text, false, &maker, &value);
	struct tw_marking mark = {.value = stated(value), .make = stated(maker)};
	mark.kind = (struct tw_choice){TW_MARKING_SERIAL, {0, 1}};
	key_add(entity, tw_key_marking(&mark, maker, arena), whole);
	const char *dash = value.len ? memchr(value.ptr, '-', value.len) : NULL;
	if (dash) {
		mark.kind.value = TW_MARKING_SERIAL_RANGE;
		mark.from = stated((struct tw_slice){value.ptr, (uint32_t)(dash - value.ptr)});
		mark.to = stated((struct tw_slice){dash + 1, (uint32_t)(value.ptr + value.len - dash) - 1});
		key_add(entity, tw_key_marking(&mark, maker, arena), whole);
	}
}

static void keys_make(struct tw_state_entity *entity, struct tw_slice text, struct tw_arena *arena, bool *whole)
{
	struct tw_slice before, behind;
	key_add(entity, text, whole);
	switch (entity->kind) {
	case TW_ENTITY_PARTY:
		key_add(entity, party_key(text, arena), whole);
		break;
	case TW_ENTITY_ADDRESS:
		split(text, true, &before, &behind);
		key_add(entity, tw_key_address(&(struct tw_address){.text = stated(before), .country = stated(behind)}, arena), whole);
		break;
	case TW_ENTITY_VESSEL:
		key_add(entity, vessel_key(text, arena), whole);
		break;
	case TW_ENTITY_CONTAINER:
		key_add(entity, tw_key_container(text, arena), whole);
		break;
	case TW_ENTITY_CONSIGNMENT:
		key_add(entity, tw_key_consignment(text, arena), whole);
		break;
	case TW_ENTITY_CERTIFICATE:
		split(text, false, &before, &behind);
		key_add(entity, tw_key_certificate(before, behind, arena), whole);
		break;
	case TW_ENTITY_MARKING:
		marking_keys(entity, text, arena, whole);
		break;
	case TW_ENTITY_PAPER: /* as printed: of an issuer, or a hash */
		split(text, false, &before, &behind);
		key_add(entity, behind.len ? tw_key_paper(before, behind, arena) : tw_key_document(text, arena), whole);
		break;
	case TW_ENTITY_TIME: /* as stored: no paper names one */
		break;
	case TW_ENTITY_PHONE:
		split(text, true, &before, &behind);
		key_add(entity, tw_key_phone(before, behind, arena), whole);
		break;
	case TW_ENTITY_EMAIL:
		key_add(entity, tw_key_email(text, arena), whole);
		break;
	}
}

static enum tw_code kind_unknown(struct tw_slice word, struct tw_error *err)
{
	char hint[TW_HINT_BYTES], where[TW_ERROR_WHERE_BYTES];
	struct tw_nearest nearest = tw_nearest_to(word);
	for (int kind = 1; kind <= TW_ENTITY_KINDS; kind++) {
		tw_nearest_offer(&nearest, tw_entity_name((enum tw_entity_kind)kind));
	}
	const char *meant = tw_nearest_hint(&nearest, hint);
	snprintf(where, sizeof(where), "%.*s", (int)word.len, word.ptr);
	return tw_fail(err, TW_E_UNKNOWN, TW_STOP, "no such kind of entity", where, "%s",
	               meant[0] ? meant + 2 : "party, address, vessel, container, consignment, certificate, marking, phone, email, paper, time");
}

enum tw_code tw_state_entity_parse(const char *const *words, uint32_t count, struct tw_arena *arena, struct tw_state_entity *out,
                                   struct tw_error *err)
{
	struct tw_slice all = {"", 0};
	bool whole = true;
	for (uint32_t i = 0; i < count && all.ptr; i++) {
		all = i ? tw_arena_format(arena, "%s %s", all.ptr, words[i]) : tw_slice_str(words[i]);
	}
	if (!all.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an entity's key", NULL, NULL);
	}
	struct tw_slice kind = {all.ptr, (uint32_t)strcspn(all.ptr, ": ")};
	*out = (struct tw_state_entity){.kind = tw_state_kind(kind)};
	if (!out->kind) {
		return kind_unknown(kind, err);
	}
	struct tw_slice key = {all.ptr + kind.len, all.len - kind.len};
	key = key.len ? (struct tw_slice){key.ptr + 1, key.len - 1} : key;
	keys_make(out, key, arena, &whole);
	if (!whole) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an entity's key", NULL, NULL);
	}
	return out->key_count ? TW_OK : tw_fail(err, TW_E_MISSING, TW_STOP, "which one? the key is missing", tw_entity_name(out->kind), NULL);
}
