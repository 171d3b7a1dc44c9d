/**
 * @file state_json.c
 * A record as one JSON object (tw_state_json of state_text.h): the same as in words, for programs. Members that would say nothing are left out.
 */
#include <inttypes.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/emit/json.h"
#include "engine/event/metric.h"
#include "engine/event/shape.h"
#include "engine/command/state_paper.h"
#include "engine/command/state_text.h"
#include "engine/run/state_words.h"
#include "engine/state/delivery.h"
#include "engine/state/links.h"
#include "engine/state/paper_links.h"
#include "engine/state/roll.h"
#include "engine/state/series.h"
#include "engine/state/wares.h"

static void date_member(struct tw_json *json, const char *name, int32_t day)
{
	char date[TW_DATE_BYTES];
	tw_json_text_member(json, name, tw_slice_str(tw_date_format(day, date)));
}

static void instant_member(struct tw_json *json, const char *name, int64_t ms)
{
	char instant[TW_INSTANT_BYTES];
	tw_json_text_member(json, name, tw_slice_str(tw_instant_format(ms, instant)));
}

static void amount_member(struct tw_json *json, const char *name, int64_t e4)
{
	tw_json_key(json, name);
	tw_json_amount(json, e4);
}

static void unit_member(struct tw_json *json, const char *name, uint32_t unit)
{
	char text[8];
	tw_json_text_member(json, name, tw_slice_str(tw_state_unit(unit, text)));
}

static void windows_json(struct tw_json *json, const struct tw_state_view *view)
{
	tw_json_key(json, "windows");
	tw_json_array(json);
	for (uint32_t w = 0; w < TW_VIEW_WINDOWS; w++) {
		tw_json_object(json);
		if (tw_view_window_days(w)) {
			tw_json_integer_member(json, "days", tw_view_window_days(w));
		}
		tw_json_integer_member(json, "consignments", view->window[w][TW_BUCKET_SEEN]);
		amount_member(json, "gross_kg", view->window[w][TW_BUCKET_KG]);
		amount_member(json, "pieces", view->window[w][TW_BUCKET_PIECES]);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void counters_json(struct tw_json *json, const struct tw_state *state)
{
	char name[TW_STATE_WORDS_BYTES];
	tw_json_key(json, "counters");
	tw_json_array(json);
	for (uint32_t i = 0; i < state->counter_count; i++) {
		const struct tw_counter *counter = &state->counters[i];
		char value[TW_STATE_WORDS_BYTES];
		tw_json_object(json);
		tw_json_integer_member(json, "field", counter->field >> 2);
		tw_json_text_member(json, "name", tw_slice_str(tw_state_field_name(counter->field, name)));
		tw_json_text_member(json, "value", tw_slice_str(tw_state_field_value(counter->field, counter->value, value)));
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void ledger_lines_json(struct tw_json *json, struct tw_cursor cursor, uint64_t left, bool draws)
{
	struct tw_ledger_line line;
	tw_json_key(json, "lines");
	tw_json_array(json);
	while (tw_ledger_next(&cursor, &left, &line)) {
		tw_json_object(json);
		if (draws) {
			tw_json_integer_member(json, "item", line.item);
		}
		if (line.line) {
			tw_json_integer_member(json, "line", line.line);
		}
		if (line.stated) {
			amount_member(json, "quantity", line.quantity_e4);
		}
		unit_member(json, "unit", line.unit);
		if (line.valued) {
			amount_member(json, "value", line.value_e4);
			unit_member(json, "currency", line.currency);
		}
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void terms_json(struct tw_json *json, const struct tw_terms *terms)
{
	char destination[TW_COUNTRY_BYTES];
	tw_json_integer_member(json, "revision", terms->revision);
	if (terms->from_stated) {
		date_member(json, "valid_from", terms->valid_from);
	}
	if (terms->until_stated) {
		date_member(json, "valid_until", terms->valid_until);
	}
	tw_json_text_member(json, "final_destination", tw_country_letters(terms->destination, destination));
	if (terms->single_stated) {
		tw_json_key(json, "single_transaction");
		tw_json_flag(json, terms->single);
	}
	ledger_lines_json(json, terms->lines, terms->lines_left, false);
}

static void roll_json(struct tw_json *json, const char *member, struct tw_slice roll)
{
	struct tw_roll_walk walk = tw_roll_read(roll);
	enum tw_entity_kind kind;
	struct tw_slice key;
	tw_json_key(json, member);
	tw_json_array(json);
	while (tw_roll_next(&walk, &kind, &key)) {
		tw_json_object(json);
		tw_json_text_member(json, "kind", tw_slice_str(tw_entity_name(kind)));
		tw_json_text_member(json, "key", key);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

/* A link or goods on the record of whoever they are linked with. @return false: another class */
static bool linked_json(struct tw_json *json, const struct tw_element *element)
{
	struct tw_earlier earlier;
	struct tw_undertaking undertaking;
	enum tw_link link = tw_link_of(element);
	char name[TW_STATE_WORDS_BYTES];
	if (link) {
		tw_json_text_member(json, "kind", tw_slice_str(tw_link_name(link)));
		tw_json_text_member(json, "hash", tw_slice_str(strchr(tw_state_element_name(element, name), ' ') + 1));
		tw_json_text_member(json, "consignment", element->bytes);
	} else if (tw_wares_read(element, &earlier)) {
		tw_json_text_member(json, "consignment", earlier.consignment);
		tw_json_text_member(json, "goods", earlier.goods);
	} else if (tw_undertaking_read(element, &undertaking)) {
		char destination[TW_COUNTRY_BYTES];
		tw_json_text_member(json, "certificate", undertaking.certificate);
		tw_json_text_member(json, "final_destination", tw_country_letters(undertaking.destination, destination));
		tw_json_key(json, "no_reexport");
		tw_json_flag(json, undertaking.no_reexport);
		tw_json_key(json, "reexport_needs_consent");
		tw_json_flag(json, undertaking.consent);
	} else {
		return false;
	}
	return true;
}

/* Of a consignment's own record, or of an inspection. @return false: another class */
static bool consignment_json(struct tw_json *json, const struct tw_element *element, char class)
{
	struct tw_inspected inspected;
	if (class == TW_ELEMENT_REVISION) {
		tw_json_integer_member(json, "revision", element->version.revision);
		roll_json(json, "certificates", element->bytes);
	} else if (class == TW_ELEMENT_PARTIES) {
		roll_json(json, "named", element->bytes);
	} else if (tw_inspected_read(class, element, &inspected) && (class == TW_ELEMENT_OUTCOME || class == TW_ELEMENT_INSPECTED)) {
		tw_json_text_member(json, "result", tw_slice_str(inspected.result ? tw_state_result(inspected.result) : ""));
		tw_json_text_member(json, "consignment", inspected.consignment);
	} else {
		return class == TW_ELEMENT_CANCELLED;
	}
	return true;
}

/* @param name what stands behind the class in the key: a consignment, a certificate */
static void series_json(struct tw_json *json, const struct tw_element *element, struct tw_slice name)
{
	uint64_t left = 0;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	struct tw_run run;
	char class = element->key.ptr[0];
	if (tw_runs_are_typed(class)) {
		unsigned type = element->bytes.len ? (unsigned char)element->bytes.ptr[0] : 0;
		tw_json_text_member(json, "event", tw_slice_str(tw_event_type_name((enum tw_event_type)type)));
	} else {
		tw_json_text_member(json, class == TW_ELEMENT_COVERED ? "certificate" : "consignment", name);
	}
	tw_json_key(json, "numbers");
	tw_json_array(json);
	while (tw_runs_next(&cursor, &left, &run)) {
		tw_json_array(json);
		tw_json_integer(json, run.first > INT64_MAX ? INT64_MAX : (int64_t)run.first);
		tw_json_integer(json, run.last > INT64_MAX ? INT64_MAX : (int64_t)run.last);
		tw_json_array_end(json);
	}
	tw_json_array_end(json);
}

/* What was promised or verified of deliveries. @return false: another class */
static bool delivery_json(struct tw_json *json, const struct tw_element *element, struct tw_slice name)
{
	struct tw_assured assured;
	struct tw_verified verified;
	if (tw_assured_read(element, &assured)) {
		tw_json_key(json, "delivery_verification");
		tw_json_flag(json, assured.verification);
		if (assured.within_stated) {
			tw_json_integer_member(json, "verify_within_days", assured.within_days);
		}
	} else if (tw_verified_read(element, &verified)) {
		tw_json_text_member(json, "consignment", name);
		date_member(json, "received", verified.received);
		tw_json_key(json, "discrepancy");
		tw_json_flag(json, verified.discrepancy);
		ledger_lines_json(json, verified.lines, verified.lines_left, false);
	} else if (tw_element_is(element, TW_ELEMENT_ASSURED)) {
		roll_json(json, "certificates", element->bytes);
	} else {
		return false;
	}
	return true;
}

static void element_json(struct tw_json *json, const struct tw_element *element, char class)
{
	struct tw_terms terms;
	int64_t at_ms = 0;
	uint64_t left = 0;
	struct tw_slice name = tw_element_tail(element);
	tw_json_object(json);
	if (class == TW_ELEMENT_TERMS && tw_terms_read(element, &terms)) {
		terms_json(json, &terms);
	} else if (class == TW_ELEMENT_STATUS) {
		enum tw_event_type type = tw_status_read(element, &at_ms);
		instant_member(json, "at", at_ms);
		tw_json_text_member(json, "event", tw_slice_str(type ? tw_event_type_name(type) : ""));
		tw_json_text_member(json, "consignment", tw_view_status_consignment(element, type));
	} else if (class == TW_ELEMENT_DRAW) {
		struct tw_cursor cursor = tw_draws_read(element->bytes, &left);
		tw_json_text_member(json, "consignment", name);
		if (tw_slice_equal(element->bytes, tw_draws_ended())) {
			tw_json_key(json, "given_back");
			tw_json_flag(json, true);
		}
		ledger_lines_json(json, cursor, left, true);
	} else if (tw_has_runs(element)) {
		series_json(json, element, name);
	} else if (class == TW_ELEMENT_MAKER || class == TW_ELEMENT_SHARED) {
		tw_json_text_member(json, class == TW_ELEMENT_MAKER ? "marking" : "paper", name);
	} else if (!linked_json(json, element) && !delivery_json(json, element, name) && !consignment_json(json, element, class)) {
		tw_json_text_member(json, class == TW_ELEMENT_COVER || class == TW_ELEMENT_DOCUMENT ? "certificate" : "consignment", name);
	}
	instant_member(json, "stated", element->version.time_ms);
	tw_json_object_end(json);
}

static void class_json(struct tw_json *json, const struct tw_state *state, char class, const char *member)
{
	bool begun = false;
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], class)) {
			if (!begun) {
				tw_json_key(json, member);
				tw_json_array(json);
			}
			begun = true;
			element_json(json, &state->elements[i], class);
		}
	}
	if (begun) {
		tw_json_array_end(json);
	}
}

static void balance_json(struct tw_json *json, const struct tw_state_view *view)
{
	tw_json_key(json, "balance");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->line_count; i++) {
		const struct tw_view_line *line = &view->lines[i];
		tw_json_object(json);
		if (line->line) {
			tw_json_integer_member(json, "line", line->line);
		}
		amount_member(json, "drawn", line->drawn_e4);
		unit_member(json, "drawn_unit", line->drawn_unit);
		if (line->certified && line->certified_stated) {
			amount_member(json, "certified", line->certified_e4);
		}
		unit_member(json, "certified_unit", line->certified_unit);
		tw_json_key(json, "comparable");
		tw_json_flag(json, line->certified && line->certified_stated && !line->mixed && !line->missing);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void seen_json(struct tw_json *json, const struct tw_state_view *view)
{
	if (view->counted) {
		date_member(json, "newest_day", view->newest_day);
		windows_json(json, view);
	}
	if (view->dated) {
		date_member(json, "first_seen", view->first_day);
		date_member(json, "last_seen", view->last_day);
	}
	if (view->country_count) {
		tw_json_key(json, "countries");
		tw_json_array(json);
		for (uint32_t i = 0; i < view->country_count; i++) {
			tw_json_text(json, tw_slice_str(view->countries[i]));
		}
		tw_json_array_end(json);
	}
	if (view->counterparties) {
		tw_json_integer_member(json, "counterparties_about", view->counterparties);
	}
	if (view->offices) {
		tw_json_integer_member(json, "offices_about", view->offices);
	}
}

enum tw_code tw_state_json(const struct tw_state *state, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena, FILE *out,
                           struct tw_error *err)
{
	struct tw_state_view view;
	struct tw_json json;
	struct tw_slice text;
	if (!tw_state_view(state, kind, arena, &view)) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for showing a record", NULL, NULL);
	}
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "entity", tw_slice_str(tw_entity_name(kind)));
	tw_json_text_member(&json, "key", key);
	seen_json(&json, &view);
	counters_json(&json, state);
	if (kind == TW_ENTITY_CERTIFICATE || kind == TW_ENTITY_MARKING) {
		tw_json_text_member(
		    &json, "status",
		    tw_slice_str(kind == TW_ENTITY_CERTIFICATE ? tw_view_certificate_word(view.status) : tw_view_marking_word(view.marking)));
	}
	class_json(&json, state, TW_ELEMENT_TERMS, "terms");
	if (!tw_state_paper_json(&json, state, arena)) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for showing a record", NULL, NULL);
	}
	class_json(&json, state, TW_ELEMENT_STATUS, "history");
	class_json(&json, state, TW_ELEMENT_DRAW, "draws");
	class_json(&json, state, TW_ELEMENT_ASSURED, kind == TW_ENTITY_CERTIFICATE ? "assurances" : "certificates");
	class_json(&json, state, TW_ELEMENT_LEFT, "departures");
	class_json(&json, state, TW_ELEMENT_ARRIVED, "arrivals");
	class_json(&json, state, TW_ELEMENT_VERIFIED, "deliveries");
	if (view.line_count) {
		balance_json(&json, &view);
	}
	class_json(&json, state, TW_ELEMENT_DRAW_SAID, "draws_said");
	class_json(&json, state, TW_ELEMENT_SIGHTING, "stated_by");
	class_json(&json, state, TW_ELEMENT_FOUND, "found_in");
	class_json(&json, state, TW_ELEMENT_COVER, "covered_by");
	class_json(&json, state, TW_ELEMENT_REPORTED, "reports");
	class_json(&json, state, TW_ELEMENT_SHIPPED, "numbers_stated_by");
	class_json(&json, state, TW_ELEMENT_COVERED, "numbers_listed_by");
	class_json(&json, state, TW_ELEMENT_MET, "numbers_met");
	class_json(&json, state, TW_ELEMENT_MAKER, "index_of");
	class_json(&json, state, TW_ELEMENT_REVISION, "latest");
	class_json(&json, state, TW_ELEMENT_PARTIES, "parties");
	class_json(&json, state, TW_ELEMENT_CANCELLED, "cancelled");
	class_json(&json, state, TW_ELEMENT_OUTCOME, "inspections");
	class_json(&json, state, TW_ELEMENT_INSPECTED, "inspections_of_consignments");
	class_json(&json, state, TW_ELEMENT_DOCUMENT, "certificates");
	class_json(&json, state, TW_ELEMENT_SHARED, "papers_shared");
	class_json(&json, state, TW_ELEMENT_UNDERTAKING, "undertakings");
	class_json(&json, state, TW_ELEMENT_LINK, "links");
	class_json(&json, state, TW_ELEMENT_WARES, "goods");
	class_json(&json, state, TW_ELEMENT_RECEIVED, "controlled_goods");
	class_json(&json, state, TW_ELEMENT_RECEIVERS, "receivers");
	class_json(&json, state, TW_ELEMENT_VOYAGE, "voyages");
	class_json(&json, state, TW_ELEMENT_LENT, "lent");
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%.*s\n", (int)text.len, text.ptr);
	}
	return code;
}
