/**
 * @file mention_mark.c
 * See mention_mark.h.
 */
#include "engine/state/mention_mark.h"

#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/event/unit.h"
#include "engine/state/number.h"
#include "engine/state/trace.h"

#define NUMBER_BYTES 24

/* What all marks of one list have in common. */
struct context {
	struct tw_slice make;       /* of a mark that states none */
	const struct tw_item *item; /* or NULL */
	struct tw_element element;  /* that each leaves in its own record */
	struct tw_particulars said;
	struct tw_slice packed;  /* `said` */
	struct tw_amount pieces; /* of the line, where they can be counted: what a lot on it is of */
	const struct tw_event *event;
	bool own; /* a marking event's: the marks are what it is about */
};

static void fail(struct tw_drafts *drafts)
{
	drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
}

struct tw_element tw_mark_pointing(struct tw_drafts *drafts, char class, struct tw_slice to, struct tw_version version)
{
	struct tw_element element = {tw_element_key(class, to, drafts->arena), version, {"", 0}};
	drafts->code = element.key.ptr ? drafts->code : TW_E_MEMORY;
	return element;
}

/* ---- what is said ---- */

static void say(struct tw_particulars *said, enum tw_particular particular, struct tw_text text)
{
	if (tw_stated(text.span)) {
		said->of[particular] = tw_slice_of(text);
	}
}

static void say_number(struct tw_drafts *drafts, struct tw_particulars *said, enum tw_particular particular, int64_t number, struct tw_span span)
{
	char digits[NUMBER_BYTES];
	if (tw_stated(span)) {
		snprintf(digits, sizeof(digits), "%lld", (long long)number);
		said->of[particular] = tw_arena_copy(drafts->arena, tw_slice_str(digits));
		drafts->code = said->of[particular].ptr ? drafts->code : TW_E_MEMORY;
	}
}

static void say_envelope(struct tw_particulars *said, const struct tw_event *event)
{
	say(said, TW_PARTICULAR_EVENT_SOURCE, event->source);
	say(said, TW_PARTICULAR_EVENT_ID, event->id);
}

/* "XB 2019, XC 2021": import marks name no weapon, so they are said of those beside them. */
static void say_imports(struct tw_drafts *drafts, struct tw_particulars *said, const struct tw_list *marks)
{
	const struct tw_marking *mark = marks->data;
	struct tw_slice all = {"", 0};
	for (uint32_t i = 0; i < marks->count && all.ptr && all.len < TW_PARTICULAR_BYTES; i++) {
		if (mark[i].kind.value != TW_MARKING_IMPORT_MARK || !(tw_stated(mark[i].country.span) || tw_stated(mark[i].year.span))) {
			continue;
		}
		char year[NUMBER_BYTES] = "";
		if (tw_stated(mark[i].year.span)) {
			snprintf(year, sizeof(year), "%s%lld", tw_stated(mark[i].country.span) ? " " : "", (long long)mark[i].year.value);
		}
		all = tw_arena_format(drafts->arena, "%.*s%s%.*s%s", (int)all.len, all.ptr, all.len ? ", " : "", (int)mark[i].country.len,
		                      mark[i].country.len ? mark[i].country.ptr : "", year);
	}
	if (!all.ptr) {
		fail(drafts);
		return;
	}
	said->of[TW_PARTICULAR_IMPORT] = all;
}

/* Not stated where the unit is no number of pieces. */
static struct tw_amount pieces_of(struct tw_amount quantity, struct tw_text unit)
{
	uint32_t code = tw_unit_code(tw_slice_of(unit));
	if (!tw_stated(quantity.span) || quantity.e4 < 0 || (code != TW_UNIT_NONE && tw_unit_base(code) != TW_UNIT_PIECE)) {
		return (struct tw_amount){.e4 = 0};
	}
	return (struct tw_amount){.e4 = tw_unit_to_base(code == TW_UNIT_NONE ? TW_UNIT_PIECE : code, quantity.e4), .span = quantity.span};
}

/* Whether a lot's line says how many pieces it is of. */
static bool is_counted(const struct context *context, const struct tw_marking *mark)
{
	return mark->kind.value == TW_MARKING_LOT && tw_stated(context->pieces.span);
}

/* Whether a mark says more than its line. */
static bool says_more(const struct context *context, const struct tw_marking *mark)
{
	return is_counted(context, mark) || tw_stated(mark->model.span) || tw_stated(mark->country.span) || tw_stated(mark->year.span) ||
	       tw_stated(mark->component.span);
}

/* What a mark says of itself goes before what its line says. @param said out */
static struct tw_slice packed_of(struct tw_drafts *drafts, const struct context *context, const struct tw_marking *mark, struct tw_particulars *said)
{
	*said = context->said;
	say(said, TW_PARTICULAR_MODEL, mark->model);
	say(said, TW_PARTICULAR_ORIGIN, mark->country);
	say_number(drafts, said, TW_PARTICULAR_YEAR, mark->year.value, mark->year.span);
	say(said, TW_PARTICULAR_COMPONENT, mark->component);
	if (is_counted(context, mark)) {
		say_number(drafts, said, TW_PARTICULAR_QUANTITY, context->pieces.e4, context->pieces.span);
	}
	struct tw_slice packed = tw_particulars_write((struct tw_slice){"", 0}, said, drafts->arena);
	drafts->code = packed.ptr ? drafts->code : TW_E_MEMORY;
	return packed;
}

/* How the mark is written, where the key does not show it. */
static struct tw_slice raw_of(struct tw_drafts *drafts, const struct tw_marking *mark, struct tw_slice key)
{
	const char *bar = memchr(key.ptr, '|', key.len);
	struct tw_slice tail = {bar ? bar + 1 : key.ptr, bar ? key.len - (uint32_t)(bar + 1 - key.ptr) : key.len};
	if (mark->kind.value != TW_MARKING_SERIAL_RANGE) {
		return tw_slice_equal(tail, tw_slice_of(mark->value)) ? (struct tw_slice){"", 0} : tw_slice_of(mark->value);
	}
	bool same = tail.len == mark->from.len + 1 + mark->to.len && memcmp(tail.ptr, mark->from.ptr, mark->from.len) == 0 &&
	            memcmp(tail.ptr + mark->from.len + 1, mark->to.ptr, mark->to.len) == 0;
	if (same) {
		return (struct tw_slice){"", 0};
	}
	struct tw_slice raw = tw_arena_format(drafts->arena, "%.*s-%.*s", (int)mark->from.len, mark->from.ptr, (int)mark->to.len, mark->to.ptr);
	drafts->code = raw.ptr ? drafts->code : TW_E_MEMORY;
	return raw;
}

/* ---- one mark ---- */

/* A mark in no series is found by its folded text. */
static void index_mark(struct tw_drafts *drafts, const struct tw_marking *mark, struct tw_slice key)
{
	bool range = mark->kind.value == TW_MARKING_SERIAL_RANGE; /* a lot of pieces is asked for piece by piece: nobody asks for its two ends */
	if (drafts->code || range || drafts->indexed == TW_SERIES_MAX) {
		return;
	}
	drafts->indexed++;
	struct tw_slice index = tw_key_mark_index(tw_slice_of(mark->value), drafts->arena);
	uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, index, NULL, NULL);
	tw_drafts_put(drafts, number, tw_mark_pointing(drafts, TW_ELEMENT_MAKER, key, (struct tw_version){0, 0, 0}));
}

/* Behind the element of a mark's own record: how it is written, and of a mark in no series all that is said of it. */
static struct tw_slice own_bytes(struct tw_drafts *drafts, const struct tw_element *element, const struct tw_particulars *said, struct tw_slice raw)
{
	struct tw_particulars all = {.of = {{NULL, 0}}};
	if (said) {
		all = *said;
	}
	all.of[TW_PARTICULAR_RAW] = raw;
	struct tw_slice bytes = tw_particulars_write(element->bytes, &all, drafts->arena);
	drafts->code = bytes.ptr || drafts->code ? drafts->code : TW_E_MEMORY;
	return bytes;
}

static void mention_mark(struct tw_drafts *drafts, const struct tw_marking *mark, const struct context *context)
{
	struct tw_particulars own;
	bool more = says_more(context, mark);
	struct tw_slice key = tw_key_marking(mark, context->make, drafts->arena);
	uint32_t number = context->own ? tw_drafts_mention_own(drafts, TW_ENTITY_MARKING, key, mark)
	                               : tw_drafts_mention(drafts, TW_ENTITY_MARKING, key, mark, context->item);
	struct tw_slice packed = more ? packed_of(drafts, context, mark, &own) : context->packed;
	if (number == TW_NO_OPERATION || drafts->code) {
		return;
	}
	bool serial = tw_series_mention(drafts, mark, context->make, packed);
	if (context->own || context->item) {
		uint32_t mention = drafts->mention.count - 1;
		tw_number_mention(drafts, context->event, mark, context->make, &context->element, more ? &own : &context->said, mention);
		if (serial && context->own) {
			tw_number_report(drafts, context->event, mark, context->make, more ? &own : &context->said, mention);
		}
	}
	struct tw_slice raw = raw_of(drafts, mark, key);
	struct tw_element element = context->element;
	if (!serial || raw.len) {
		element.bytes = own_bytes(drafts, &element, serial ? NULL : more ? &own : &context->said, raw);
	}
	if (!drafts->code) {
		tw_drafts_put(drafts, number, element);
	}
	if (!serial) {
		index_mark(drafts, mark, key);
	}
}

static void mention_marks(struct tw_drafts *drafts, const struct tw_list *list, struct context *context)
{
	const struct tw_marking *marks = list->data;
	if (list->count == 0 || drafts->code) {
		return;
	}
	say_imports(drafts, &context->said, list);
	context->packed = tw_particulars_write((struct tw_slice){"", 0}, &context->said, drafts->arena);
	drafts->code = context->packed.ptr || drafts->code ? drafts->code : TW_E_MEMORY;
	for (uint32_t i = 0; i < list->count && !drafts->code; i++) {
		mention_mark(drafts, &marks[i], context);
	}
}

/* ---- event by event ---- */

void tw_mention_item_marks(struct tw_drafts *drafts, const struct tw_item *item, const struct tw_event *event, struct tw_element sighting,
                           const struct tw_particulars *passage)
{
	struct context context = {.make = tw_slice_of(item->make),
	                          .item = item,
	                          .element = sighting,
	                          .said = *passage,
	                          .pieces = pieces_of(item->quantity, item->unit),
	                          .event = event};
	say(&context.said, TW_PARTICULAR_MODEL, item->model);
	say(&context.said, TW_PARTICULAR_CALIBRE, item->calibre);
	say(&context.said, TW_PARTICULAR_ORIGIN, item->origin);
	say_envelope(&context.said, event);
	mention_marks(drafts, &item->markings, &context);
}

void tw_mention_certified_marks(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice key, const struct tw_version *version)
{
	const struct tw_certificate *certificate = &event->certificate;
	const struct tw_certificate_item *items = certificate->items.data;
	bool terms = event->type == TW_CERTIFICATE_ISSUED || event->type == TW_CERTIFICATE_AMENDED;
	struct tw_element cover = tw_mark_pointing(drafts, TW_ELEMENT_COVER, key, *version), status;
	for (uint32_t i = 0; i < certificate->items.count && !drafts->code; i++) {
		struct context context = {
		    .make = tw_slice_of(items[i].make), .element = cover, .pieces = pieces_of(items[i].quantity, items[i].unit)};
		say(&context.said, TW_PARTICULAR_MODEL, items[i].model);
		say(&context.said, TW_PARTICULAR_CALIBRE, items[i].calibre);
		say_envelope(&context.said, event);
		mention_marks(drafts, &items[i].markings, &context);
	}
	struct context context = {.make = {"", 0}, .element = cover};
	say(&context.said, TW_PARTICULAR_CONSIGNMENT, certificate->consignment);
	context.said.of[TW_PARTICULAR_CERTIFICATE] = key;
	say_envelope(&context.said, event);
	mention_marks(drafts, &certificate->markings, &context);
	if (terms) {
		tw_series_put(drafts, TW_ELEMENT_COVERED, key, (struct tw_version){tw_certificate_revision(event), version->time_ms, version->id},
		              event->type);
	} else if (!drafts->code && tw_status_write(event->type, version->time_ms, version->id, (struct tw_slice){"", 0}, drafts->arena, &status)) {
		tw_series_put(drafts, TW_ELEMENT_MET, tw_element_tail(&status), status.version, event->type);
	} else {
		fail(drafts);
	}
}

void tw_mention_found_marks(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice consignment, const struct tw_version *version)
{
	const struct tw_inspection_finding *findings = event->outcome.inspection.findings.data;
	struct tw_element found = tw_mark_pointing(drafts, TW_ELEMENT_FOUND, consignment, *version), status;
	for (uint32_t i = 0; i < event->outcome.inspection.findings.count && !drafts->code; i++) {
		struct context context = {.make = {"", 0}, .element = found, .pieces = findings[i].quantity};
		context.said.of[TW_PARTICULAR_CONSIGNMENT] = consignment;
		say(&context.said, TW_PARTICULAR_KIND, findings[i].kind);
		say_envelope(&context.said, event);
		mention_marks(drafts, &findings[i].markings, &context);
	}
	if (!drafts->code && tw_status_write(event->type, version->time_ms, version->id, (struct tw_slice){"", 0}, drafts->arena, &status)) {
		tw_series_put(drafts, TW_ELEMENT_MET, tw_element_tail(&status), status.version, event->type);
	} else {
		fail(drafts);
	}
}

void tw_mention_marking(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_version *version)
{
	const struct tw_marking_report *report = &event->marking;
	const struct tw_marked_item *item = &report->item;
	struct context context = {.make = tw_slice_of(item->make), .event = event, .own = true};
	if (!tw_status_write(event->type, version->time_ms, version->id, (struct tw_slice){"", 0}, drafts->arena, &context.element)) {
		fail(drafts);
		return;
	}
	say(&context.said, TW_PARTICULAR_MODEL, item->model);
	say(&context.said, TW_PARTICULAR_CALIBRE, item->calibre);
	say(&context.said, TW_PARTICULAR_ORIGIN, item->country_of_manufacture);
	say_number(drafts, &context.said, TW_PARTICULAR_YEAR, item->year.value, item->year.span);
	say(&context.said, TW_PARTICULAR_KIND, item->kind);
	say(&context.said, TW_PARTICULAR_REFERENCE, report->reference);
	say(&context.said, TW_PARTICULAR_AUTHORITY, report->authority);
	say(&context.said, TW_PARTICULAR_PLACE, report->country);
	say_number(drafts, &context.said, TW_PARTICULAR_QUANTITY, report->quantity.e4, report->quantity.span);
	say_envelope(&context.said, event);
	mention_marks(drafts, &item->marks, &context);
	tw_series_put(drafts, TW_ELEMENT_REPORTED, tw_element_tail(&context.element), context.element.version, event->type);
	if (event->type == TW_MARKING_TRACE_REQUESTED) {
		tw_trace_mention(drafts, event);
	}
}
