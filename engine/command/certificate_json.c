/**
 * @file certificate_json.c
 * Certificates for a program (certificate_command.h): the content of certificate_text.c, amounts as numbers, days and instants as RFC 3339.
 */
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/emit/papers.h"
#include "engine/event/shape.h"
#include "engine/command/certificate_command.h"
#include "engine/command/state_paper.h"
#include "engine/run/state_view.h"
#include "engine/run/state_words.h"

static void instant_member(struct tw_json *json, const char *name, int64_t ms)
{
	char instant[TW_INSTANT_BYTES];
	tw_json_text_member(json, name, tw_slice_str(tw_instant_format(ms, instant)));
}

static void day_member(struct tw_json *json, const char *name, bool stated, int32_t day)
{
	char date[TW_DATE_BYTES];
	if (stated) {
		tw_json_text_member(json, name, tw_slice_str(tw_date_format(day, date)));
	}
}

static void amount_member(struct tw_json *json, const char *name, bool stated, int64_t e4)
{
	if (stated) {
		tw_json_key(json, name);
		tw_json_amount(json, e4);
	}
}

static void unit_member(struct tw_json *json, uint32_t unit)
{
	char word[8];
	tw_json_text_member(json, "unit", tw_slice_str(tw_state_unit(unit, word)));
}

static void flag_member(struct tw_json *json, const char *name, bool stated, bool flag)
{
	if (stated) {
		tw_json_key(json, name);
		tw_json_flag(json, flag);
	}
}

static void texts_member(struct tw_json *json, const char *name, const struct tw_list *list)
{
	const struct tw_slice *texts = list->data;
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < list->count; i++) {
		tw_json_text(json, texts[i]);
	}
	tw_json_array_end(json);
}

static void problems_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	const struct tw_problem *problems = view->problems.data;
	tw_json_key(json, "problems");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->problems.count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "problem", tw_slice_str(tw_problem_word(problems[i].kind)));
		if (problems[i].rule.len) {
			tw_json_text_member(json, "rule", problems[i].rule);
			tw_json_integer_member(json, "points", problems[i].points);
		}
		tw_json_text_member(json, "text", problems[i].text);
		texts_member(json, "consignments", &problems[i].consignments);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void terms_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	const struct tw_terms *terms = &view->paper.terms;
	char letters[TW_COUNTRY_BYTES];
	if (!view->known) {
		return;
	}
	tw_json_key(json, "terms");
	tw_json_object(json);
	tw_json_integer_member(json, "revision", terms->revision);
	day_member(json, "valid_from", terms->from_stated, terms->valid_from);
	day_member(json, "valid_until", terms->until_stated, terms->valid_until);
	tw_json_text_member(json, "final_destination", tw_country_letters(terms->destination, letters));
	flag_member(json, "single_transaction", terms->single_stated, terms->single);
	tw_json_object_end(json);
}

static void countries_member(struct tw_json *json, const char *name, const uint16_t *country, uint32_t count)
{
	if (!count) {
		return;
	}
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < count; i++) {
		char letters[TW_COUNTRY_BYTES];
		tw_json_text(json, tw_country_letters(country[i], letters));
	}
	tw_json_array_end(json);
}

static void draw_json(struct tw_json *json, const struct tw_draw *draw)
{
	tw_json_object(json);
	instant_member(json, "time", draw->version.time_ms);
	tw_json_text_member(json, "consignment", draw->consignment);
	tw_json_integer_member(json, "line", draw->item);
	amount_member(json, "quantity", draw->stated, draw->quantity_e4);
	unit_member(json, draw->unit);
	amount_member(json, "left", draw->left_stated, draw->left_e4);
	day_member(json, "departs", draw->dated, draw->way.first);
	tw_json_text_member(json, "hs", draw->hs);
	tw_json_text_member(json, "control_code", draw->control_code);
	tw_json_text_member(json, "calibre", draw->calibre);
	countries_member(json, "destinations", draw->way.country, draw->way.countries);
	countries_member(json, "passing", draw->way.pass, draw->way.passes);
	tw_json_text_member(json, "status", tw_slice_str(tw_view_certificate_word(draw->status)));
	if (draw->shipped) {
		tw_json_text_member(json, "description", draw->shipped->description);
		tw_json_text_member(json, "from", draw->shipped->from);
		tw_json_text_member(json, "to", draw->shipped->to);
		tw_json_text_member(json, "consignor", draw->shipped->consignor);
		tw_json_text_member(json, "consignee", draw->shipped->consignee);
	}
	tw_json_object_end(json);
}

static void draws_json(struct tw_json *json, const struct tw_list *list)
{
	const struct tw_draw *draws = list->data;
	tw_json_key(json, "draws");
	tw_json_array(json);
	for (uint32_t i = 0; i < list->count; i++) {
		draw_json(json, &draws[i]);
	}
	tw_json_array_end(json);
}

/* The draws that name no line of the certificate stand as a line without a number. */
static void lines_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	const struct tw_line_view *lines = view->lines.data;
	tw_json_key(json, "lines");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->lines.count; i++) {
		const struct tw_ledger_line *terms = lines[i].line ? &lines[i].line->terms : NULL;
		if (!terms && !lines[i].draws.count) {
			continue;
		}
		tw_json_object(json);
		if (terms) {
			tw_json_integer_member(json, "line", terms->line);
			tw_json_text_member(json, "description", lines[i].line->description);
			amount_member(json, "certified", terms->stated, terms->quantity_e4);
			amount_member(json, "drawn", lines[i].drawn_stated, lines[i].drawn_e4);
			amount_member(json, "left", terms->stated && lines[i].drawn_stated, terms->quantity_e4 - lines[i].drawn_e4);
			unit_member(json, terms->unit ? terms->unit : lines[i].drawn_unit);
		}
		draws_json(json, &lines[i].draws);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void deliveries_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	const struct tw_delivery_view *deliveries = view->deliveries.data;
	tw_json_key(json, "deliveries");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->deliveries.count; i++) {
		const struct tw_delivery_view *one = &deliveries[i];
		tw_json_object(json);
		tw_json_text_member(json, "consignment", one->told->consignment);
		day_member(json, "received", one->told->received_stated, one->told->received);
		if (one->line_stated) {
			tw_json_integer_member(json, "line", one->received.line);
			amount_member(json, "quantity", one->received.stated, one->received.quantity_e4);
			unit_member(json, one->received.unit);
			amount_member(json, "shipped", one->drawn_stated, one->drawn_e4);
		}
		tw_json_text_member(json, "discrepancy", one->told->discrepancy);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void compared_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	const struct tw_compared *const *compared = view->compared.data;
	tw_json_key(json, "compared");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->compared.count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "consignment", compared[i]->consignment);
		instant_member(json, "time", compared[i]->time_ms);
		tw_json_key(json, "papers");
		tw_papers_write(json, &compared[i]->papers, UINT32_MAX);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void moments_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	const struct tw_moment *moments = view->moments.data;
	tw_json_key(json, "timeline");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->moments.count; i++) {
		const struct tw_told *told = moments[i].told;
		tw_json_object(json);
		instant_member(json, "time", moments[i].at_ms);
		tw_json_text_member(json, "type", tw_slice_str(tw_event_type_name(moments[i].type)));
		tw_json_text_member(json, "consignment", moments[i].consignment);
		if (moments[i].own_word) {
			tw_json_key(json, "own_word");
			tw_json_flag(json, true);
		}
		if (told) {
			tw_json_text_member(json, "id", told->id);
			tw_json_text_member(json, "source", told->source);
			tw_json_text_member(json, "by", told->by.len ? told->by : told->reported_by);
			tw_json_text_member(json, "reason", told->reason.len ? told->reason : told->text);
		}
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void statements_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	const struct tw_statement *statements = view->statements.data;
	tw_json_key(json, "statements");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->statements.count; i++) {
		const struct tw_change *changes = statements[i].changes.data;
		tw_json_object(json);
		instant_member(json, "time", statements[i].version.time_ms);
		tw_json_integer_member(json, "revision", statements[i].paper.terms.revision);
		flag_member(json, "in_force", true, statements[i].in_force);
		flag_member(json, "twin", true, statements[i].twin);
		tw_json_text_member(json, "source", statements[i].told ? statements[i].told->source : tw_slice_str(""));
		tw_json_key(json, "changes");
		tw_json_array(json);
		for (uint32_t j = 0; j < statements[i].changes.count; j++) {
			tw_json_object(json);
			tw_json_text_member(json, "what", changes[j].what);
			tw_json_text_member(json, "before", changes[j].before);
			tw_json_text_member(json, "after", changes[j].after);
			tw_json_object_end(json);
		}
		tw_json_array_end(json);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void not_kept_json(struct tw_json *json)
{
	tw_json_key(json, "not_kept");
	tw_json_array(json);
	for (uint32_t i = 0; tw_certificate_not_kept[i]; i++) {
		tw_json_text(json, tw_slice_str(tw_certificate_not_kept[i]));
	}
	tw_json_array_end(json);
}

static void head_json(struct tw_json *json, const struct tw_certificate_view *view)
{
	tw_json_text_member(json, "certificate", view->key);
	tw_json_text_member(json, "status", tw_slice_str(tw_view_certificate_word(view->status)));
	flag_member(json, "authenticated", true, view->authenticated);
	tw_json_integer_member(json, "consignments", view->consignments);
	problems_json(json, view);
}

static enum tw_code object_end(struct tw_json *json, FILE *out, struct tw_error *err)
{
	struct tw_slice text;
	tw_json_object_end(json);
	enum tw_code code = tw_json_end(json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%s\n", text.ptr);
	}
	return code;
}

enum tw_code tw_certificate_json(const struct tw_certificate_view *view, struct tw_arena *arena, FILE *out, struct tw_error *err)
{
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	head_json(&json, view);
	flag_member(&json, "papers", true, view->papers);
	if (!view->papers) {
		not_kept_json(&json);
	}
	terms_json(&json, view);
	lines_json(&json, view);
	texts_member(&json, "given_back", &view->given_back);
	compared_json(&json, view);
	deliveries_json(&json, view);
	moments_json(&json, view);
	statements_json(&json, view);
	if (!tw_state_paper_json(&json, view->state, arena)) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a certificate's paper", NULL, NULL);
	}
	return object_end(&json, out, err);
}

enum tw_code tw_certificate_list_json(const struct tw_certificate_list *list, struct tw_arena *arena, FILE *out, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < list->count; i++) {
		struct tw_arena_mark mark = tw_arena_mark(arena);
		struct tw_json json;
		tw_json_begin(&json, arena);
		tw_json_object(&json);
		head_json(&json, &list->view[i]);
		code = object_end(&json, out, err);
		tw_arena_rewind(arena, mark);
	}
	return code;
}
