/**
 * @file state_text.c
 * A record in words (tw_state_text of state_text.h).
 *
 *     certificate QZ|QZMOD202600417
 *
 *     Consignments        7 days     30 days    365 days        ever   back from 2026-04-07, the newest day on record
 *       how many               1           2           2           2
 *     Status              revoked
 *       2026-03-01T00:00:00Z  certificate.issued
 *     Draws against the latest terms
 *       line 1              drawn 620 C62, certified 500 C62: 120 too many
 */
#include "engine/command/state_text.h"

#include <inttypes.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/metric.h"
#include "engine/event/shape.h"
#include "engine/command/cell.h"
#include "engine/command/state_paper.h"
#include "engine/run/state_words.h"

#define COLUMNS_MAX 1000U
#define LABEL       26U

static void key_print(struct tw_slice text, FILE *out)
{
	tw_cell_print(out, text, COLUMNS_MAX);
}

/* ---- counters ---- */

static void windows_print(const struct tw_state_view *view, FILE *out)
{
	static const char *const names[TW_BUCKETS] = {"how many", "gross kg", "pieces"};
	char date[TW_DATE_BYTES], amount[32];
	if (!view->counted) {
		return;
	}
	fprintf(out, "%-*s %11s %11s %11s %13s   back from %s, the newest day on record\n", (int)LABEL, "Consignments", "7 days", "30 days",
	        "365 days", "ever", tw_date_format(view->newest_day, date));
	for (uint32_t b = 0; b < TW_BUCKETS; b++) {
		fprintf(out, "  %-*s", (int)LABEL - 2, names[b]);
		for (uint32_t w = 0; w < TW_VIEW_WINDOWS; w++) {
			int64_t value = view->window[w][b];
			snprintf(amount, sizeof(amount), "%" PRId64, value);
			fprintf(out, " %*s", w + 1 < TW_VIEW_WINDOWS ? 11 : 13, b == TW_BUCKET_SEEN ? amount : tw_state_amount(value, amount));
		}
		fputc('\n', out);
	}
}

static void seen_print(const struct tw_state_view *view, FILE *out)
{
	char first[TW_DATE_BYTES], last[TW_DATE_BYTES];
	if (view->dated) {
		fprintf(out, "%-*s %s to %s\n", (int)LABEL, "Seen", tw_date_format(view->first_day, first), tw_date_format(view->last_day, last));
	}
	if (view->country_count) {
		fprintf(out, "%-*s", (int)LABEL, "Countries");
		for (uint32_t i = 0; i < view->country_count; i++) {
			fprintf(out, " %s", view->countries[i]);
		}
		fputc('\n', out);
	}
	if (view->counterparties) {
		fprintf(out, "%-*s about %" PRId64 "\n", (int)LABEL, "Counterparties", view->counterparties);
	}
	if (view->offices) {
		fprintf(out, "%-*s about %" PRId64 "\n", (int)LABEL, "Customs offices", view->offices);
	}
}

/* Counters that are not told above. */
static bool told_elsewhere(uint32_t field)
{
	static const uint32_t told[] = {TW_COUNT_OLDER_SEEN, TW_COUNT_OLDER_KG, TW_COUNT_OLDER_PIECES, TW_COUNT_FIRST, TW_COUNT_LAST};
	for (uint32_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (field == told[i]) {
			return true;
		}
	}
	bool set = field >= TW_COUNT_COUNTRIES(0) && field <= TW_COUNT_OFFICES(TW_SKETCH_WORDS - 1) && TW_COUNT_MERGE(field) == TW_MERGE_OR;
	bool usual = field >= TW_COUNT_USUAL(0, 0) && field <= TW_COUNT_CURRENCY_MIN; /* what they mean is not to be read off them */
	return tw_field_is_bucket(field) || set || usual;
}

static void others_print(const struct tw_state *state, FILE *out)
{
	char name[TW_STATE_WORDS_BYTES], value[TW_STATE_WORDS_BYTES];
	for (uint32_t i = 0; i < state->counter_count; i++) {
		const struct tw_counter *counter = &state->counters[i];
		if (!told_elsewhere(counter->field)) {
			tw_state_field_name(counter->field, name);
			name[0] = name[0] >= 'a' && name[0] <= 'z' ? (char)(name[0] - 32) : name[0];
			fprintf(out, "%-*s %s\n", (int)LABEL, name, tw_state_field_value(counter->field, counter->value, value));
		}
	}
}

/* ---- elements ---- */

static void unit_print(uint32_t unit, FILE *out)
{
	char text[8];
	if (unit) {
		fprintf(out, " %s", tw_state_unit(unit, text));
	}
}

static void value_print(const struct tw_ledger_line *line, FILE *out)
{
	char amount[32];
	if (line->valued) {
		fprintf(out, ", value %s", tw_state_amount(line->value_e4, amount));
		unit_print(line->currency, out);
	}
}

static void terms_print(const struct tw_terms *terms, FILE *out)
{
	struct tw_terms rest = *terms;
	struct tw_ledger_line line;
	char date[TW_DATE_BYTES], amount[32];
	fprintf(out, "  revision %" PRId64 "%s", terms->revision, terms->revision_known ? "" : " (not stated)");
	if (terms->from_stated) {
		fprintf(out, ", valid from %s", tw_date_format(terms->valid_from, date));
	}
	if (terms->until_stated) {
		fprintf(out, ", valid until %s", tw_date_format(terms->valid_until, date));
	}
	char letters[TW_COUNTRY_BYTES];
	if (terms->destination) {
		fprintf(out, ", for %s", tw_country_letters(terms->destination, letters).ptr);
	}
	fprintf(out, "%s\n", !terms->single_stated ? "" : terms->single ? ", for one transaction" : ", for several transactions");
	while (tw_ledger_next(&rest.lines, &rest.lines_left, &line)) {
		fprintf(out, "    line %-9" PRId64 " %s", line.line, line.stated ? tw_state_amount(line.quantity_e4, amount) : "quantity not stated");
		unit_print(line.unit, out);
		value_print(&line, out);
		fputc('\n', out);
	}
}

static void status_print(const struct tw_element *element, enum tw_event_type type, int64_t at_ms, FILE *out)
{
	char instant[TW_INSTANT_BYTES];
	fprintf(out, "  %-20s  %s", tw_instant_format(at_ms, instant), tw_event_type_name(type));
	struct tw_slice consignment = tw_view_status_consignment(element, type);
	if (consignment.len) {
		fputs(", consignment ", out);
		key_print(consignment, out);
	}
	fputc('\n', out);
}

static void draw_print(const struct tw_element *element, FILE *out)
{
	uint64_t left = 0;
	struct tw_cursor cursor = tw_draws_read(element->bytes, &left);
	struct tw_ledger_line line;
	char amount[32], instant[TW_INSTANT_BYTES];
	fputs("  ", out);
	key_print(tw_element_tail(element), out);
	fprintf(out, ", as of %s\n", tw_instant_format(element->version.time_ms, instant));
	while (tw_ledger_next(&cursor, &left, &line)) {
		fprintf(out, "    item %-9" PRId64, line.item);
		if (line.line) {
			fprintf(out, " line %" PRId64 ",", line.line);
		}
		fprintf(out, " %s", line.stated ? tw_state_amount(line.quantity_e4, amount) : "quantity not stated");
		unit_print(line.unit, out);
		value_print(&line, out);
		fputc('\n', out);
	}
}

static void line_print(const struct tw_view_line *line, FILE *out)
{
	char drawn[32], certified[32], name[32];
	snprintf(name, sizeof(name), line->line ? "  line %" PRId64 : "  no line named", line->line);
	fprintf(out, "%-*s drawn %s", (int)LABEL, name, tw_state_amount(line->drawn_e4, drawn));
	unit_print(line->drawn_unit, out);
	fputs(line->missing ? " and more that is not stated" : "", out);
	if (!line->certified) {
		fputs(line->line ? ", not on the certificate\n" : "\n", out);
		return;
	}
	fprintf(out, ", certified %s", line->certified_stated ? tw_state_amount(line->certified_e4, certified) : "without a quantity");
	unit_print(line->certified_unit, out);
	if (line->mixed) {
		fputs(": in different units\n", out);
	} else if (line->certified_stated && line->drawn_e4 > line->certified_e4) {
		fprintf(out, ": %s too many\n", tw_state_amount(line->drawn_e4 - line->certified_e4, drawn));
	} else {
		fprintf(out, ": %s left\n", line->certified_stated ? tw_state_amount(line->certified_e4 - line->drawn_e4, drawn) : "unknown");
	}
}

static void pointer_print(const struct tw_element *element, FILE *out)
{
	char instant[TW_INSTANT_BYTES];
	fputs("  ", out);
	key_print(tw_element_tail(element), out);
	if (tw_element_is(element, TW_ELEMENT_MAKER)) {
		fputc('\n', out);
		return;
	}
	fprintf(out, ", as of %s\n", tw_instant_format(element->version.time_ms, instant));
}

static void element_print(const struct tw_element *element, FILE *out)
{
	struct tw_terms terms;
	int64_t at_ms = 0;
	char name[TW_STATE_WORDS_BYTES], value[TW_STATE_WORDS_BYTES];
	enum tw_event_type type = tw_status_read(element, &at_ms);
	char class = element->key.len ? element->key.ptr[0] : '\0';
	if (class == TW_ELEMENT_TERMS && tw_terms_read(element, &terms)) {
		terms_print(&terms, out);
	} else if (class == TW_ELEMENT_STATUS && type) {
		status_print(element, type, at_ms, out);
	} else if (class == TW_ELEMENT_DRAW && !tw_slice_equal(element->bytes, tw_draws_ended())) {
		draw_print(element, out);
	} else if (class == TW_ELEMENT_SIGHTING || class == TW_ELEMENT_FOUND || class == TW_ELEMENT_COVER || class == TW_ELEMENT_MAKER) {
		pointer_print(element, out);
	} else {
		fputs("  ", out);
		key_print(tw_slice_str(tw_state_element_name(element, name)), out);
		fputs(": ", out);
		key_print(tw_slice_str(tw_state_element_value(element, value)), out);
		fputc('\n', out);
	}
}

/* @param word what stands behind the title: a status in one word, or NULL */
static void class_print(const struct tw_state *state, char class, const char *title, const char *word, FILE *out)
{
	bool begun = false;
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], class)) {
			if (!begun && word) {
				fprintf(out, "%-*s %s\n", (int)LABEL, title, word);
			} else if (!begun) {
				fprintf(out, "%s\n", title);
			}
			begun = true;
			element_print(&state->elements[i], out);
		}
	}
}

bool tw_state_text(const struct tw_state *state, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena, FILE *out)
{
	struct tw_state_view view;
	bool whole = tw_state_view(state, kind, arena, &view);
	fprintf(out, "%s ", tw_entity_name(kind));
	key_print(key, out);
	fputs("\n\n", out);
	windows_print(&view, out);
	seen_print(&view, out);
	others_print(state, out);
	class_print(state, TW_ELEMENT_TERMS, "Terms", NULL, out);
	whole = tw_state_paper_text(state, arena, out) && whole;
	class_print(state, TW_ELEMENT_STATUS, "Status",
	            kind == TW_ENTITY_CERTIFICATE ? tw_view_certificate_word(view.status) : tw_view_marking_word(view.marking), out);
	class_print(state, TW_ELEMENT_DRAW, "Draws", NULL, out);
	class_print(state, TW_ELEMENT_ASSURED, kind == TW_ENTITY_CERTIFICATE ? "Assurances" : "Draws on", NULL, out);
	class_print(state, TW_ELEMENT_LEFT, "Departures", NULL, out);
	class_print(state, TW_ELEMENT_ARRIVED, "Arrivals", NULL, out);
	class_print(state, TW_ELEMENT_VERIFIED, "Deliveries", NULL, out);
	if (view.line_count) {
		fputs("Draws against the latest terms\n", out);
	}
	for (uint32_t i = 0; i < view.line_count; i++) {
		line_print(&view.lines[i], out);
	}
	class_print(state, TW_ELEMENT_DRAW_SAID, "Particulars of draws", NULL, out);
	class_print(state, TW_ELEMENT_SIGHTING, "Stated by consignments", NULL, out);
	class_print(state, TW_ELEMENT_FOUND, "Found by inspections of consignments", NULL, out);
	class_print(state, TW_ELEMENT_COVER, "Covered by certificates", NULL, out);
	class_print(state, TW_ELEMENT_REPORTED, "Reports on the series", NULL, out);
	class_print(state, TW_ELEMENT_SHIPPED, "Numbers that consignments state", NULL, out);
	class_print(state, TW_ELEMENT_COVERED, "Numbers that certificates list", NULL, out);
	class_print(state, TW_ELEMENT_MET, "Numbers that inspections found, or events of certificates name", NULL, out);
	class_print(state, TW_ELEMENT_MAKER, "Index of all makers", NULL, out);
	class_print(state, TW_ELEMENT_REVISION, "Draws on", NULL, out);
	class_print(state, TW_ELEMENT_PARTIES, "Parties and vessel", NULL, out);
	class_print(state, TW_ELEMENT_CANCELLED, "Cancelled", NULL, out);
	class_print(state, TW_ELEMENT_OUTCOME, "Inspections", NULL, out);
	class_print(state, TW_ELEMENT_INSPECTED, "Inspections of its consignments", NULL, out);
	class_print(state, TW_ELEMENT_DOCUMENT, "Certificates on this paper", NULL, out);
	class_print(state, TW_ELEMENT_SHARED, "Papers that another certificate has too", NULL, out);
	class_print(state, TW_ELEMENT_UNDERTAKING, "Undertakings", NULL, out);
	class_print(state, TW_ELEMENT_LINK, "Linked with", NULL, out);
	class_print(state, TW_ELEMENT_WARES, "Goods received", NULL, out);
	class_print(state, TW_ELEMENT_RECEIVED, "Controlled goods received", NULL, out);
	class_print(state, TW_ELEMENT_RECEIVERS, "Receivers", NULL, out);
	class_print(state, TW_ELEMENT_VOYAGE, "Voyage", NULL, out);
	class_print(state, TW_ELEMENT_LENT, "Sent out to come back, and come back", NULL, out);
	return whole;
}
