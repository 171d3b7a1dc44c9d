/**
 * @file certificate_problems.c
 * What does not fit on a certificate's ledger (certificate_view.h): what the ledger itself shows, then the reasons of rules where alerts are at hand.
 *
 * Kinds come in the order of their urgency: a paper that is void or forged makes every draw on it one without a certificate; more than was
 * certified, or used twice, is the diversion itself; then what only may have an innocent reason.
 * Source: UN Programme of Action on small arms, national report form, end-user certificates; MOSAIC 03.21, authentication and delivery verification.
 */
#include <inttypes.h>

#include "engine/base/nearest.h"
#include "engine/base/text.h"
#include "engine/command/certificate_tell.h"
#include "engine/command/certificate_view.h"
#include "engine/run/state_view.h"
#include "engine/run/state_words.h"
#include "engine/state/field.h"

struct finding {
	struct tw_certificate_view *view;
	const struct tw_certificate_source *source;
	struct tw_arena *arena;
	bool whole;
};

static const char *const words[] = {
    "drawn_void",       "voided_since", "terms_conflict", "over_drawn",   "reused",        "diverted",      "received_differs",
    "outside_validity", "elsewhere",    "not_certified",  "units_differ", "not_on_record", "not_confirmed", "rule",
};
_Static_assert(sizeof(words) / sizeof(words[0]) == TW_PROBLEM_LAST, "a word for each kind");

const char *tw_problem_word(enum tw_problem_kind kind)
{
	return words[kind - 1];
}

enum tw_problem_kind tw_problem_find(const char *word, char *hint)
{
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(word));
	for (uint32_t i = 0; i < TW_PROBLEM_LAST; i++) {
		if (tw_slice_is(tw_slice_str(words[i]), word)) {
			return (enum tw_problem_kind)(i + 1);
		}
		tw_nearest_offer(&nearest, words[i]);
	}
	tw_nearest_hint(&nearest, hint);
	return (enum tw_problem_kind)0;
}

/* @param text {NULL, 0}: no memory was there for it @return NULL at the arena's ceiling */
static struct tw_problem *problem_add(struct finding *finding, enum tw_problem_kind kind, struct tw_slice text)
{
	struct tw_problem *problem = text.ptr ? tw_list_push(finding->arena, &finding->view->problems, sizeof(*problem)) : NULL;
	finding->whole = finding->whole && problem;
	if (problem) {
		*problem = (struct tw_problem){.kind = kind, .text = text};
	}
	return problem;
}

static void concerns(struct finding *finding, struct tw_problem *problem, struct tw_slice consignment)
{
	const struct tw_slice *known = problem ? problem->consignments.data : NULL;
	for (uint32_t i = 0; problem && i < problem->consignments.count; i++) {
		if (tw_slice_equal(known[i], consignment)) {
			return;
		}
	}
	struct tw_slice *one = problem && consignment.len ? tw_list_push(finding->arena, &problem->consignments, sizeof(*one)) : NULL;
	finding->whole = finding->whole && (one || !problem || !consignment.len);
	if (one) {
		*one = consignment;
	}
}

/* Draws of all lines, for which `fits` says so. */
typedef bool draw_fits(const struct tw_draw *draw);

static void concerns_draws(struct finding *finding, struct tw_problem *problem, draw_fits *fits)
{
	const struct tw_line_view *lines = finding->view->lines.data;
	for (uint32_t i = 0; i < finding->view->lines.count; i++) {
		const struct tw_draw *draws = lines[i].draws.data;
		for (uint32_t j = 0; j < lines[i].draws.count; j++) {
			if (fits(&draws[j])) {
				concerns(finding, problem, draws[j].consignment);
			}
		}
	}
}

static bool is_void(enum tw_certificate_status status)
{
	return status >= TW_CERTIFICATE_STATUS_AUTHENTICATION_FAILED;
}

static bool drawn_void(const struct tw_draw *draw)
{
	return is_void(draw->status);
}

static bool drawn_sound(const struct tw_draw *draw)
{
	return !is_void(draw->status);
}

static bool any_draw(const struct tw_draw *draw)
{
	(void)draw;
	return true;
}

/* The first draw that fits, NULL: none does. */
static const struct tw_draw *draw_find(const struct tw_certificate_view *view, draw_fits *fits)
{
	const struct tw_line_view *lines = view->lines.data;
	for (uint32_t i = 0; i < view->lines.count; i++) {
		const struct tw_draw *draws = lines[i].draws.data;
		for (uint32_t j = 0; j < lines[i].draws.count; j++) {
			if (fits(&draws[j])) {
				return &draws[j];
			}
		}
	}
	return NULL;
}

static void status_find(struct finding *finding)
{
	const struct tw_certificate_view *view = finding->view;
	const struct tw_draw *first = draw_find(view, drawn_void);
	if (first) {
		struct tw_slice text = tw_arena_format(finding->arena, "drawn on while %s", tw_view_certificate_word(first->status));
		concerns_draws(finding, problem_add(finding, TW_PROBLEM_DRAWN_VOID, text), drawn_void);
	}
	if (is_void(view->status) && draw_find(view, drawn_sound)) {
		struct tw_slice text = tw_arena_format(finding->arena, "%s after it was drawn on", tw_view_certificate_word(view->status));
		concerns_draws(finding, problem_add(finding, TW_PROBLEM_VOIDED_SINCE, text), drawn_sound);
	}
	if (tw_certificate_ask(view->state, TW_METRIC_TERMS_CONFLICT_WITH, 0, TW_UNIT_NONE).value) {
		struct tw_problem *problem = problem_add(finding, TW_PROBLEM_TERMS_CONFLICT,
		                                         tw_slice_str("one revision is stated with different content: one of them is a twin"));
		concerns_draws(finding, problem, any_draw);
	}
}

static bool in_draws(const struct tw_list *list, struct tw_slice consignment)
{
	const struct tw_draw *draws = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		if (tw_slice_equal(draws[i].consignment, consignment)) {
			return true;
		}
	}
	return false;
}

static void concerns_line(struct finding *finding, struct tw_problem *problem, const struct tw_line_view *line)
{
	const struct tw_draw *draws = line->draws.data;
	for (uint32_t i = 0; i < line->draws.count; i++) {
		concerns(finding, problem, draws[i].consignment);
	}
}

static void line_find(struct finding *finding, const struct tw_line_view *line)
{
	char certified[32], drawn[32], unit[8];
	const struct tw_ledger_line *terms = line->line ? &line->line->terms : NULL;
	if (!terms && line->draws.count && finding->view->known) {
		struct tw_slice text = tw_slice_str("drawn without naming a line that the certificate has");
		concerns_line(finding, problem_add(finding, TW_PROBLEM_NOT_CERTIFIED, text), line);
	}
	if (!terms || !line->draws.count || !terms->stated) {
		return;
	}
	if (!line->drawn_stated) {
		struct tw_slice text =
		    tw_arena_format(finding->arena, "line %" PRId64 " is drawn in more than one unit: no sum has a meaning", terms->line);
		concerns_line(finding, problem_add(finding, TW_PROBLEM_UNITS, text), line);
	} else if (line->drawn_e4 > terms->quantity_e4) {
		struct tw_slice text = tw_arena_format(finding->arena, "line %" PRId64 " certifies %s%s%s, %s are drawn", terms->line,
		                                       tw_state_amount(terms->quantity_e4, certified), terms->unit ? " " : "",
		                                       tw_state_unit(terms->unit, unit), tw_state_amount(line->drawn_e4, drawn));
		concerns_line(finding, problem_add(finding, TW_PROBLEM_OVER_DRAWN, text), line);
	}
}

/* What the engine answers for, with the consignments that it names. */
static void ways_find(struct finding *finding, enum tw_metric metric, enum tw_problem_kind kind, const char *one, const char *several)
{
	struct tw_history_answer answer = tw_certificate_ask(finding->view->state, metric, 0, TW_UNIT_NONE);
	if (!answer.stated || !answer.value) {
		return;
	}
	struct tw_slice text = tw_arena_format(finding->arena, "%" PRId64 " %s", answer.value, answer.value == 1 ? one : several);
	struct tw_problem *problem = problem_add(finding, kind, text);
	for (uint32_t i = 0; i < answer.related_count; i++) {
		concerns(finding, problem, answer.related[i]);
	}
}

static void use_find(struct finding *finding)
{
	const struct tw_certificate_view *view = finding->view;
	const struct tw_terms *terms = &view->paper.terms;
	if (view->known && terms->single_stated && terms->single && view->consignments > 1) {
		struct tw_slice text = tw_arena_format(finding->arena, "for one transaction, and %u consignments draw on it", view->consignments);
		concerns_draws(finding, problem_add(finding, TW_PROBLEM_REUSED, text), any_draw);
	}
	ways_find(finding, TW_METRIC_DRAWS_OUTSIDE_VALIDITY, TW_PROBLEM_OUTSIDE_VALIDITY, "consignment departs outside its validity",
	          "consignments depart outside its validity");
	ways_find(finding, TW_METRIC_DRAWS_ELSEWHERE, TW_PROBLEM_ELSEWHERE, "consignment goes to another country than its final destination",
	          "consignments go to other countries than its final destination");
	if (view->consignments && !view->known) {
		concerns_draws(finding, problem_add(finding, TW_PROBLEM_UNKNOWN, tw_slice_str("drawn on, and no issue of it is on record")),
		               any_draw);
	} else if (view->consignments && !view->authenticated) {
		struct tw_slice text = tw_slice_str("drawn on, and its issuer never confirmed it");
		concerns_draws(finding, problem_add(finding, TW_PROBLEM_UNCONFIRMED, text), any_draw);
	}
}

static void diversions_find(struct finding *finding)
{
	const struct tw_moment *moments = finding->view->moments.data;
	for (uint32_t i = 0; i < finding->view->moments.count; i++) {
		if (moments[i].type == TW_CERTIFICATE_DIVERSION_REPORTED) {
			const struct tw_told *told = moments[i].told;
			struct tw_slice text =
			    tw_arena_format(finding->arena, "a diversion is reported%s%.*s", told && told->reported_by.len ? " by " : "",
			                    told ? (int)told->reported_by.len : 0, told ? told->reported_by.ptr : "");
			concerns(finding, problem_add(finding, TW_PROBLEM_DIVERTED, text), moments[i].consignment);
		}
	}
}

static void deliveries_find(struct finding *finding)
{
	const struct tw_delivery_view *deliveries = finding->view->deliveries.data;
	char received[32], drawn[32];
	for (uint32_t i = 0; i < finding->view->deliveries.count; i++) {
		const struct tw_delivery_view *one = &deliveries[i];
		struct tw_slice text = {NULL, 0};
		if (one->line_stated && one->drawn_stated && one->received.stated && one->drawn_e4 != one->received.quantity_e4) {
			text = tw_arena_format(finding->arena, "line %" PRId64 ": %s are received, %s were shipped", one->received.line,
			                       tw_state_amount(one->received.quantity_e4, received), tw_state_amount(one->drawn_e4, drawn));
		} else if (one->told->discrepancy.len && (i == 0 || deliveries[i - 1].told != one->told)) {
			text =
			    tw_arena_format(finding->arena, "the receiver says: %.*s", (int)one->told->discrepancy.len, one->told->discrepancy.ptr);
		} else {
			continue;
		}
		concerns(finding, problem_add(finding, TW_PROBLEM_RECEIVED_DIFFERS, text), one->told->consignment);
	}
}

/* ---- the reasons of rules ---- */

/* Whether the evidence is the certificate's number, on a manifest. */
static bool is_number(const struct tw_evidence_view *evidence, struct tw_slice number, struct tw_arena *arena)
{
	static const char tail[] = "/number";
	struct tw_slice pointer = evidence->pointer;
	bool points = pointer.len > sizeof(tail) && memcmp(pointer.ptr + pointer.len - (sizeof(tail) - 1), tail, sizeof(tail) - 1) == 0 &&
	              memmem(pointer.ptr, pointer.len, "/certificates/", 14);
	return points && tw_slice_equal(tw_text_alnum(evidence->text, arena), number);
}

static bool is_about(const struct finding *finding, const struct tw_alert_view *alert, const struct tw_reason_view *reason)
{
	const struct tw_certificate_view *view = finding->view;
	if (tw_slice_is(alert->about.kind, "certificate")) {
		return tw_slice_equal(alert->about.key, view->key);
	}
	const struct tw_evidence_view *evidence = reason->evidence.data;
	const struct tw_line_view *lines = view->lines.data;
	bool draws = false;
	for (uint32_t i = 0; i < view->lines.count && !draws; i++) {
		draws = in_draws(&lines[i].draws, alert->consignment);
	}
	for (uint32_t i = 0; draws && i < reason->evidence.count; i++) {
		if (is_number(&evidence[i], tw_certificate_number_of(view->key), finding->arena)) {
			return true;
		}
	}
	return false;
}

/* What an alert says anew of the same consignment takes the place of what one said before. */
static struct tw_problem *reason_before(const struct finding *finding, struct tw_slice rule, struct tw_slice consignment)
{
	struct tw_problem *problems = finding->view->problems.data;
	for (uint32_t i = 0; i < finding->view->problems.count; i++) {
		const struct tw_slice *first = problems[i].consignments.data;
		bool same = first ? tw_slice_equal(first[0], consignment) : consignment.len == 0;
		if (problems[i].kind == TW_PROBLEM_RULE && same && tw_slice_equal(problems[i].rule, rule)) {
			return &problems[i];
		}
	}
	return NULL;
}

static void reason_find(struct finding *finding, const struct tw_alert_view *alert, const struct tw_reason_view *reason)
{
	struct tw_slice text = reason->because.len ? reason->because : reason->title;
	struct tw_problem *problem = reason_before(finding, reason->rule, alert->consignment);
	const struct tw_slice *related = reason->related.data;
	if (problem) {
		problem->text = text;
		problem->points = reason->counted;
		return;
	}
	problem = problem_add(finding, TW_PROBLEM_RULE, text);
	if (problem) {
		problem->rule = reason->rule;
		problem->points = reason->counted;
		concerns(finding, problem, alert->consignment);
		for (uint32_t i = 0; i < reason->related.count; i++) {
			concerns(finding, problem, related[i]);
		}
	}
}

static void reasons_find(struct finding *finding)
{
	const struct tw_alert_view *alerts = finding->source->alerts.data;
	for (uint32_t i = 0; i < finding->source->alerts.count; i++) {
		const struct tw_reason_view *reasons = alerts[i].reasons.data;
		for (uint32_t j = 0; j < alerts[i].reasons.count; j++) {
			if (is_about(finding, &alerts[i], &reasons[j])) {
				reason_find(finding, &alerts[i], &reasons[j]);
			}
		}
	}
}

/* Stable: of one kind the order of finding stays; reasons by what they count. */
static void problems_sort(struct tw_list *list)
{
	struct tw_problem *problems = list->data;
	for (uint32_t i = 1; i < list->count; i++) {
		struct tw_problem one = problems[i];
		uint32_t at = i;
		while (at && (problems[at - 1].kind > one.kind || (problems[at - 1].kind == one.kind && problems[at - 1].points < one.points))) {
			problems[at] = problems[at - 1];
			at--;
		}
		problems[at] = one;
	}
}

bool tw_certificate_problems(struct tw_certificate_view *view, const struct tw_certificate_source *source, struct tw_arena *arena)
{
	struct finding finding = {view, source, arena, true};
	const struct tw_line_view *lines = view->lines.data;
	status_find(&finding);
	for (uint32_t i = 0; i < view->lines.count; i++) {
		line_find(&finding, &lines[i]);
	}
	use_find(&finding);
	diversions_find(&finding);
	deliveries_find(&finding);
	reasons_find(&finding);
	problems_sort(&view->problems);
	return finding.whole;
}
