/**
 * @file ledger.c
 * Certificate terms, draws and status history as elements; see ledger.h. What a history amounts to: status.c.
 */
#include "engine/state/ledger.h"

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/state/field.h"
#include "engine/state/links.h"

#define LINE_BYTES_MAX  (6U * TW_VARINT_BYTES)
#define WAY_BYTES_MAX   ((7U + 2U * TW_WAY_COUNTRIES) * TW_VARINT_BYTES)
#define WORDS_BYTES_MAX (3U * (TW_DRAW_WORD_MAX + 1U))
#define SIGN            (UINT64_C(1) << 63)
#define REVISION_FIRST  1 /* an issued certificate that states no revision is its first */
#define REVISION_LATER  2 /* an amendment that states none comes after it */

#define DRAW_ENDED   2     /* in the place of TW_DRAW_STANDS */
#define STATUS_AHEAD 0x80U /* beside the event's type */
_Static_assert(TW_EVENT_TYPE_LAST < STATUS_AHEAD, "a type of event has its own bits");

enum terms_flag { FLAG_REVISION = 1, FLAG_SINGLE_STATED = 2, FLAG_SINGLE = 4, FLAG_FROM = 8, FLAG_UNTIL = 16, FLAG_SERIALS = 32 };

/* ---- keys ---- */

struct tw_slice tw_element_key(char class, struct tw_slice name, struct tw_arena *arena)
{
	char *out = tw_arena_alloc_raw(arena, (size_t)name.len + 1);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	out[0] = class;
	if (name.len) {
		memcpy(out + 1, name.ptr, name.len);
	}
	return (struct tw_slice){out, name.len + 1};
}

static char *big_endian(char *to, uint64_t value)
{
	for (int shift = 56; shift >= 0; shift -= 8) {
		*to++ = (char)(unsigned char)(value >> shift);
	}
	return to;
}

struct tw_slice tw_element_key_numbers(char class, int64_t first, uint64_t second, struct tw_arena *arena)
{
	char name[16];
	big_endian(big_endian(name, (uint64_t)first ^ SIGN), second);
	return tw_element_key(class, (struct tw_slice){name, sizeof(name)}, arena);
}

static bool key_number(struct tw_slice key, char class, int64_t *out)
{
	if (key.len != 17 || key.ptr[0] != class) {
		return false;
	}
	uint64_t value = 0;
	for (uint32_t i = 1; i <= 8; i++) {
		value = value << 8 | (unsigned char)key.ptr[i];
	}
	*out = (int64_t)(value ^ SIGN);
	return true;
}

/* ---- lines ---- */

static unsigned char *line_put(unsigned char *to, const struct tw_ledger_line *line)
{
	to = tw_varint_put(to, (uint64_t)line->line);
	to = tw_varint_put(to, line->stated ? (uint64_t)line->quantity_e4 + 1 : 0);
	to = tw_varint_put(to, line->unit);
	to = tw_varint_put(to, line->valued ? (uint64_t)line->value_e4 + 1 : 0);
	return tw_varint_put(to, line->currency);
}

/* @return whether the amount is stated */
static bool amount_take(struct tw_cursor *cursor, int64_t *e4)
{
	uint64_t held = tw_varint_take(cursor);
	*e4 = held > INT64_MAX ? INT64_MAX : held ? (int64_t)(held - 1) : 0;
	return held != 0;
}

bool tw_ledger_next(struct tw_cursor *cursor, uint64_t *left, struct tw_ledger_line *out)
{
	if (*left == 0) {
		return false;
	}
	--*left;
	out->item = (int64_t)tw_varint_take(cursor);
	out->line = (int64_t)tw_varint_take(cursor);
	out->stated = amount_take(cursor, &out->quantity_e4);
	out->unit = (uint32_t)tw_varint_take(cursor);
	out->valued = amount_take(cursor, &out->value_e4);
	out->currency = (uint32_t)tw_varint_take(cursor);
	out->hs = out->control_code = out->calibre = (struct tw_slice){"", 0};
	return !cursor->bad;
}

static int64_t held_within(int64_t value, int64_t most)
{
	return value < 0 ? 0 : value > most ? most : value;
}

struct tw_slice tw_draws_ended(void)
{
	static const char ended[] = {DRAW_ENDED};
	return (struct tw_slice){ended, sizeof(ended)};
}

bool tw_draws_stand(struct tw_slice bytes)
{
	return bytes.len && (unsigned char)bytes.ptr[0] == TW_DRAW_STANDS;
}

static bool is_of(const struct tw_leg *leg, enum tw_leg_role role)
{
	return (enum tw_leg_role)leg->role.value == role;
}

static void way_ends(const struct tw_consignment *consignment, enum tw_leg_role role, struct tw_way *out)
{
	const struct tw_leg *legs = consignment->route.data;
	for (uint32_t i = 0; i < consignment->route.count && out->countries < TW_WAY_COUNTRIES; i++) {
		uint16_t code = is_of(&legs[i], role) ? tw_country_code(tw_slice_of(legs[i].country)) : 0;
		if (code) {
			out->country[out->countries++] = code;
		}
	}
}

/* A leg nearer to the end of the journey beats one before it: last legs of no such role, then discharge, then delivery. */
static int arrival_weight(const struct tw_leg *leg)
{
	return is_of(leg, TW_LEG_DELIVERY) ? 3 : is_of(leg, TW_LEG_DISCHARGE) ? 2 : 1;
}

static void way_arrives(const struct tw_consignment *consignment, struct tw_way *out)
{
	const struct tw_leg *legs = consignment->route.data;
	int best = 0;
	for (uint32_t i = 0; i < consignment->route.count; i++) {
		int weight = tw_stated(legs[i].arrival.span) ? arrival_weight(&legs[i]) : 0;
		bool later = weight == best && (weight == 1 || legs[i].arrival.day > out->arrival);
		if (weight && (weight > best || later)) {
			best = weight;
			out->arrives = true;
			out->arrival = legs[i].arrival.day;
		}
	}
}

static bool loads_in(const struct tw_consignment *consignment, uint16_t country)
{
	const struct tw_leg *legs = consignment->route.data;
	for (uint32_t i = 0; i < consignment->route.count; i++) {
		if ((is_of(&legs[i], TW_LEG_ORIGIN) || is_of(&legs[i], TW_LEG_LOAD)) && tw_leg_country(&legs[i]) == country) {
			return true;
		}
	}
	return false;
}

static bool holds(const uint16_t *countries, uint32_t count, uint16_t country)
{
	for (uint32_t i = 0; i < count; i++) {
		if (countries[i] == country) {
			return true;
		}
	}
	return false;
}

static void way_passes(const struct tw_consignment *consignment, bool delivered, struct tw_way *out)
{
	const struct tw_leg *legs = consignment->route.data;
	for (uint32_t i = 0; i < consignment->route.count && out->passes < TW_WAY_COUNTRIES; i++) {
		uint16_t country = tw_leg_country(&legs[i]);
		bool passed =
		    is_of(&legs[i], TW_LEG_TRANSIT) || is_of(&legs[i], TW_LEG_TRANSHIPMENT) || (delivered && is_of(&legs[i], TW_LEG_DISCHARGE));
		bool known = holds(out->country, out->countries, country) || holds(out->pass, out->passes, country);
		if (passed && country && !known && !loads_in(consignment, country)) {
			out->pass[out->passes++] = country;
		}
	}
}

void tw_way_of(const struct tw_consignment *consignment, int32_t day, struct tw_way *out)
{
	const struct tw_leg *legs = consignment->route.data;
	*out = (struct tw_way){.first = INT32_MAX, .last = INT32_MIN};
	bool delivered = false;
	for (uint32_t i = 0; i < consignment->route.count; i++) {
		delivered = delivered || is_of(&legs[i], TW_LEG_DELIVERY);
		if ((is_of(&legs[i], TW_LEG_ORIGIN) || is_of(&legs[i], TW_LEG_LOAD)) && tw_stated(legs[i].departure.span)) {
			int32_t departure = legs[i].departure.day;
			out->departs = true;
			out->first = departure < out->first ? departure : out->first;
			out->last = departure > out->last ? departure : out->last;
		}
	}
	if (!out->departs) {
		out->first = out->last = day;
	}
	way_ends(consignment, delivered ? TW_LEG_DELIVERY : TW_LEG_DISCHARGE, out);
	way_arrives(consignment, out);
	way_passes(consignment, delivered, out);
}

static unsigned char *way_put(unsigned char *at, const struct tw_way *way)
{
	*at++ = way->departs;
	at = tw_zigzag_put(at, way->first);
	at = tw_zigzag_put(at, way->last);
	at = tw_varint_put(at, way->countries);
	for (uint32_t i = 0; i < way->countries; i++) {
		at = tw_varint_put(at, way->country[i]);
	}
	at = tw_varint_put(at, way->passes);
	for (uint32_t i = 0; i < way->passes; i++) {
		at = tw_varint_put(at, way->pass[i]);
	}
	*at++ = way->arrives;
	at = tw_zigzag_put(at, way->arrives ? way->arrival : 0);
	return at;
}

/* @return how many of the countries fit */
static uint32_t countries_take(struct tw_cursor *cursor, uint16_t out[TW_WAY_COUNTRIES])
{
	uint64_t countries = tw_varint_take(cursor);
	uint32_t count = 0;
	for (uint64_t i = 0; i < countries && i < TW_WAY_COUNTRIES; i++) {
		out[count++] = (uint16_t)tw_varint_take(cursor);
	}
	cursor->bad = cursor->bad || countries > TW_WAY_COUNTRIES;
	return count;
}

static void way_take(struct tw_cursor *cursor, struct tw_way *out)
{
	out->departs = tw_varint_take(cursor) != 0;
	out->first = (int32_t)tw_zigzag_take(cursor);
	out->last = (int32_t)tw_zigzag_take(cursor);
	out->countries = countries_take(cursor, out->country);
	out->passes = countries_take(cursor, out->pass);
	out->arrives = tw_varint_take(cursor) != 0;
	out->arrival = (int32_t)tw_zigzag_take(cursor);
}

static unsigned char *words_put(unsigned char *at, const struct tw_ledger_line *line)
{
	const struct tw_slice words[] = {line->hs, line->control_code, line->calibre};
	for (uint32_t i = 0; i < 3; i++) {
		at = tw_head_put(at, words[i], TW_DRAW_WORD_MAX);
	}
	return at;
}

bool tw_draws_way(struct tw_slice bytes, struct tw_way *out)
{
	uint64_t left = 0;
	struct tw_cursor cursor = tw_draws_read(bytes, &left);
	struct tw_ledger_line line;
	*out = (struct tw_way){.countries = 0};
	while (tw_ledger_next(&cursor, &left, &line)) {
	}
	if (cursor.bad || !tw_draws_stand(bytes)) {
		return false;
	}
	way_take(&cursor, out);
	return !cursor.bad;
}

void tw_goods_begin(struct tw_slice bytes, struct tw_goods_walk *walk)
{
	struct tw_ledger_line line;
	struct tw_way way = {.countries = 0};
	walk->lines = tw_draws_read(bytes, &walk->left);
	walk->words = walk->lines;
	for (uint64_t left = walk->left; tw_ledger_next(&walk->words, &left, &line);) {
	}
	way_take(&walk->words, &way);
}

bool tw_goods_next(struct tw_goods_walk *walk, struct tw_ledger_line *out)
{
	if (walk->words.bad || !tw_ledger_next(&walk->lines, &walk->left, out)) {
		return false;
	}
	out->hs = tw_bytes_take(&walk->words);
	out->control_code = tw_bytes_take(&walk->words);
	out->calibre = tw_bytes_take(&walk->words);
	return !walk->words.bad;
}

struct tw_slice tw_draws_write(const struct tw_ledger_line *lines, uint32_t count, const struct tw_way *way, struct tw_arena *arena)
{
	unsigned char *out = tw_arena_alloc_raw(arena, 1 + TW_VARINT_BYTES + (size_t)count * (LINE_BYTES_MAX + WORDS_BYTES_MAX) + WAY_BYTES_MAX);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	*out = TW_DRAW_STANDS;
	unsigned char *at = tw_varint_put(out + 1, count);
	for (uint32_t i = 0; i < count; i++) {
		at = tw_varint_put(at, (uint64_t)lines[i].item);
		at = line_put(at, &lines[i]);
	}
	at = way ? way_put(at, way) : at;
	for (uint32_t i = 0; way && i < count; i++) {
		at = words_put(at, &lines[i]);
	}
	return (struct tw_slice){(const char *)out, (uint32_t)(at - out)};
}

struct tw_cursor tw_draws_read(struct tw_slice bytes, uint64_t *left)
{
	struct tw_cursor cursor = tw_cursor_of(bytes);
	bool stands = tw_varint_take(&cursor) == TW_DRAW_STANDS;
	*left = stands ? tw_varint_take(&cursor) : 0;
	return cursor;
}

/* ---- terms ---- */

static uint64_t text_hash(struct tw_slice text, uint64_t seed, struct tw_arena *arena, bool *whole)
{
	struct tw_slice reduced = tw_text_alnum(text, arena);
	*whole = *whole && reduced.ptr;
	return reduced.len ? tw_hash64(reduced.ptr, reduced.len, seed) : 0;
}

static uint64_t item_hash(const struct tw_certificate_item *item, struct tw_arena *arena, bool *whole)
{
	const struct tw_text *const texts[] = {&item->control_code, &item->hs,   &item->make,    &item->model,
	                                       &item->calibre,      &item->unit, &item->currency};
	uint64_t words[10] = {(uint64_t)item->line.value, (uint64_t)item->quantity.e4, (uint64_t)item->value.e4};
	for (uint32_t i = 0; i < 7; i++) {
		words[3 + i] = text_hash(tw_slice_of(*texts[i]), i, arena, whole);
	}
	return tw_hash64(words, sizeof(words), 1);
}

/*
 * What makes two statements of one revision differ: dates, destination, parties, contract, paper, lines. Not free text, not the order of
 * parties and lines: a second copy of the same paper, keyed by somebody else, is no conflict.
 */
static uint64_t content_hash(const struct tw_certificate *certificate, struct tw_arena *arena, bool *whole)
{
	uint64_t sum = 0;
	const struct tw_certificate_item *items = certificate->items.data;
	for (uint32_t i = 0; i < certificate->items.count; i++) {
		sum += item_hash(&items[i], arena, whole);
	}
	const struct tw_party *parties = certificate->parties.data;
	for (uint32_t i = 0; i < certificate->parties.count; i++) {
		struct tw_slice key = tw_key_party(&parties[i], arena);
		*whole = *whole && key.ptr;
		sum += key.len ? tw_hash64(key.ptr, key.len, 2 + (uint64_t)parties[i].role.value) : 0;
	}
	const uint64_t words[] = {
	    sum,
	    tw_stated(certificate->issued.span) ? (uint64_t)certificate->issued.day : 0,
	    tw_stated(certificate->valid_from.span) ? (uint64_t)certificate->valid_from.day : 0,
	    tw_stated(certificate->valid_until.span) ? (uint64_t)certificate->valid_until.day : 0,
	    certificate->single_transaction.value,
	    tw_country_code(tw_slice_of(certificate->final_destination)),
	    text_hash(tw_slice_of(certificate->contract.number), 3, arena, whole),
	    text_hash(tw_slice_of(certificate->document.sha256), 4, arena, whole),
	    text_hash(tw_slice_of(certificate->document.paper_number), 5, arena, whole),
	};
	return tw_hash64(words, sizeof(words), 6);
}

static bool names_serials(const struct tw_list *list)
{
	const struct tw_marking *markings = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		if (tw_stated(markings[i].pieces.span)) {
			return true;
		}
	}
	return false;
}

/* Item by item: a list without a maker meets no mark of one. */
static bool lists_serials(const struct tw_certificate *certificate)
{
	const struct tw_certificate_item *items = certificate->items.data;
	for (uint32_t i = 0; i < certificate->items.count; i++) {
		if (tw_stated(items[i].make.span) && names_serials(&items[i].markings)) {
			return true;
		}
	}
	return false;
}

static unsigned char *terms_put(unsigned char *at, const struct tw_event *event)
{
	const struct tw_certificate *certificate = &event->certificate;
	bool single_stated = tw_stated(certificate->single_transaction.span);
	bool from = tw_stated(certificate->valid_from.span), until = tw_stated(certificate->valid_until.span);
	bool revision = tw_stated(certificate->revision.span) || event->type == TW_CERTIFICATE_ISSUED;
	unsigned flags = (revision ? FLAG_REVISION : 0U) | (single_stated ? FLAG_SINGLE_STATED : 0U) |
	                 (certificate->single_transaction.value ? FLAG_SINGLE : 0U) | (from ? FLAG_FROM : 0U) | (until ? FLAG_UNTIL : 0U) |
	                 (lists_serials(certificate) ? FLAG_SERIALS : 0U);
	at = tw_varint_put(at, flags);
	at = tw_zigzag_put(at, from ? certificate->valid_from.day : 0);
	at = tw_zigzag_put(at, until ? certificate->valid_until.day : 0);
	at = tw_varint_put(at, tw_country_code(tw_slice_of(certificate->final_destination)));
	at = tw_varint_put(at, certificate->items.count);
	const struct tw_certificate_item *items = certificate->items.data;
	for (uint32_t i = 0; i < certificate->items.count; i++) {
		struct tw_ledger_line line = {
		    .line = held_within(items[i].line.value, INT32_MAX),
		    .stated = tw_stated(items[i].quantity.span),
		    .quantity_e4 = held_within(items[i].quantity.e4, INT64_MAX - 1),
		    .unit = tw_unit_code(tw_slice_of(items[i].unit)),
		    .valued = tw_stated(items[i].value.span),
		    .value_e4 = held_within(items[i].value.e4, INT64_MAX - 1),
		    .currency = tw_unit_code(tw_slice_of(items[i].currency)),
		};
		*at++ = 0; /* the manifest's line: none */
		at = line_put(at, &line);
	}
	return at;
}

int64_t tw_certificate_revision(const struct tw_event *event)
{
	if (tw_stated(event->certificate.revision.span)) {
		return event->certificate.revision.value;
	}
	return event->type == TW_CERTIFICATE_ISSUED ? REVISION_FIRST : REVISION_LATER;
}

bool tw_terms_key(const struct tw_event *event, char class, struct tw_arena *arena, struct tw_element *out)
{
	bool whole = true;
	uint64_t content = content_hash(&event->certificate, arena, &whole);
	out->key = tw_element_key_numbers(class, tw_certificate_revision(event), content, arena);
	out->version = (struct tw_version){tw_certificate_revision(event), event->time.ms, tw_hash64(event->id.ptr, event->id.len, 0)};
	return whole && out->key.ptr;
}

bool tw_terms_write(const struct tw_event *event, struct tw_arena *arena, struct tw_element *out)
{
	const struct tw_certificate *certificate = &event->certificate;
	unsigned char *bytes = tw_arena_alloc_raw(arena, (size_t)5 * TW_VARINT_BYTES + (size_t)certificate->items.count * LINE_BYTES_MAX);
	if (!bytes || !tw_terms_key(event, TW_ELEMENT_TERMS, arena, out)) {
		return false;
	}
	out->bytes = (struct tw_slice){(const char *)bytes, (uint32_t)(terms_put(bytes, event) - bytes)};
	return true;
}

bool tw_terms_read(const struct tw_element *element, struct tw_terms *out)
{
	*out = (struct tw_terms){.revision = 0};
	if (!key_number(element->key, TW_ELEMENT_TERMS, &out->revision)) {
		return false;
	}
	out->lines = tw_cursor_of(element->bytes);
	uint64_t flags = tw_varint_take(&out->lines);
	out->revision_known = flags & FLAG_REVISION;
	out->single_stated = flags & FLAG_SINGLE_STATED;
	out->single = flags & FLAG_SINGLE;
	out->lists_serials = flags & FLAG_SERIALS;
	out->from_stated = flags & FLAG_FROM;
	out->until_stated = flags & FLAG_UNTIL;
	out->valid_from = (int32_t)tw_zigzag_take(&out->lines);
	out->valid_until = (int32_t)tw_zigzag_take(&out->lines);
	out->destination = (uint16_t)tw_varint_take(&out->lines);
	out->lines_left = tw_varint_take(&out->lines);
	return !out->lines.bad;
}

/* ---- status ---- */

static bool status_write(enum tw_event_type type, unsigned ahead, int64_t at_ms, uint64_t id, struct tw_slice consignment, struct tw_arena *arena,
                         struct tw_element *out)
{
	out->key = tw_element_key_numbers(TW_ELEMENT_STATUS, at_ms, id, arena);
	char *bytes = tw_arena_alloc_raw(arena, (size_t)consignment.len + 1);
	if (!out->key.ptr || !bytes) {
		return false;
	}
	bytes[0] = (char)(unsigned char)((unsigned)type | ahead);
	if (consignment.len) {
		memcpy(bytes + 1, consignment.ptr, consignment.len);
	}
	out->bytes = (struct tw_slice){bytes, consignment.len + 1};
	out->version = (struct tw_version){tw_status_gravity(type), at_ms, id};
	return true;
}

bool tw_status_write(enum tw_event_type type, int64_t at_ms, uint64_t id, struct tw_slice consignment, struct tw_arena *arena, struct tw_element *out)
{
	return status_write(type, 0, at_ms, id, consignment, arena, out);
}

bool tw_certificate_status_write(const struct tw_event *event, int64_t at_ms, uint64_t id, struct tw_slice consignment, struct tw_arena *arena,
                                 struct tw_element *out)
{
	return status_write(event->type, tw_certificate_is_ahead(event) ? STATUS_AHEAD : 0, at_ms, id, consignment, arena, out);
}

bool tw_status_is_ahead(const struct tw_element *element)
{
	return element->bytes.len && (unsigned char)element->bytes.ptr[0] & STATUS_AHEAD;
}

enum tw_event_type tw_status_read(const struct tw_element *element, int64_t *at_ms)
{
	if (!key_number(element->key, TW_ELEMENT_STATUS, at_ms) || element->bytes.len == 0) {
		return (enum tw_event_type)0;
	}
	return (enum tw_event_type)((unsigned char)element->bytes.ptr[0] & (STATUS_AHEAD - 1));
}
