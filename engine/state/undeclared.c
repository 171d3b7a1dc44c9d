/**
 * @file undeclared.c
 * See undeclared.h.
 */
#include "engine/state/undeclared.h"

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/state/delivery.h"
#include "engine/state/due.h"
#include "engine/state/facts.h"
#include "engine/state/ledger.h"
#include "engine/state/paper.h"

static bool is_drawn(const struct tw_state *state, struct tw_slice consignment)
{
	return tw_side_find(&(struct tw_side){state, 0, TW_ELEMENT_DRAW}, consignment) != NULL;
}

/* ---- waiting ---- */

bool tw_undeclared_expect(const struct tw_time_policy *policy, const struct tw_state *after, struct tw_slice certificate, struct tw_slice consignment,
                          const struct tw_event *event, struct tw_arena *arena, struct tw_list *facts)
{
	const struct tw_version version = {0, event->time.ms, 0};
	int64_t day = (int64_t)tw_instant_day(event->time.ms) + policy->grace_days + 1;
	if (event->type != TW_CERTIFICATE_DELIVERY_VERIFIED || consignment.len == 0 || is_drawn(after, consignment) || day < TW_TIME_DAY_MIN ||
	    day > TW_TIME_DAY_MAX) {
		return true;
	}
	struct tw_event *fact = tw_fact_new(arena, facts, TW_FACT_DELIVERY_EXPECTED, event->time.ms);
	if (!fact || !tw_fact_version_put(&version, arena, &fact->fact.version) || !tw_fact_text_add(arena, &fact->fact.certificates, certificate)) {
		return false;
	}
	fact->fact.consignment = tw_fact_text(consignment);
	fact->fact.day = (struct tw_date){(int32_t)day, TW_FACT_STATED};
	return true;
}

static void answer_undeclared(const struct tw_question *question, struct tw_history_answer *answer)
{
	const struct tw_state *state = question->state;
	struct tw_recent recent = {.answer = answer};
	struct tw_side draws = {state, 0, TW_ELEMENT_DRAW};
	const int64_t today_ms = (int64_t)tw_instant_day(question->event->time.ms) * TW_DAY_MS;
	int64_t count = 0;
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *verified = &state->elements[i];
		struct tw_slice consignment = tw_element_tail(verified);
		if (tw_element_is(verified, TW_ELEMENT_VERIFIED) && consignment.len && verified->version.time_ms < today_ms &&
		    tw_due_is_about(question->event, consignment) && !tw_side_find(&draws, consignment) &&
		    tw_due_told_day(state, consignment) == INT32_MIN) {
			tw_recent_add(&recent, &verified->version, consignment);
			count++;
		}
	}
	tw_answer_value(answer, count);
}

/* ---- goods ---- */

static bool has_line(const struct tw_paper *paper, int64_t line)
{
	for (uint32_t i = 0; i < paper->line_count; i++) {
		if (paper->lines[i].terms.line == line) {
			return true;
		}
	}
	return false;
}

/* Lines with a quantity and a number that no line of the certificate has; where one of its own has none, nobody can say. */
static int64_t other_lines(const struct tw_paper *paper, const struct tw_element *element)
{
	struct tw_verified verified;
	struct tw_ledger_line line;
	int64_t count = 0;
	if (paper->line_count == 0 || has_line(paper, 0) || !tw_verified_read(element, &verified)) {
		return 0;
	}
	while (tw_ledger_next(&verified.lines, &verified.lines_left, &line)) {
		count += line.line != 0 && !(line.stated && line.quantity_e4 == 0) && !has_line(paper, line.line);
	}
	return count;
}

/* What its words say beside the certificate's. */
static bool is_of_other_words(const struct tw_certificate_item *item, const struct tw_paper *paper, struct tw_arena *arena, bool *full)
{
	const struct {
		enum tw_metric metric;
		struct tw_text said;
	} words[] = {{TW_METRIC_HS_NAMED, item->hs},
	             {TW_METRIC_CONTROL_CODE_NAMED, item->control_code},
	             {TW_METRIC_MAKE_NAMED, item->make},
	             {TW_METRIC_MODEL_NAMED, item->model},
	             {TW_METRIC_CALIBRE_NAMED, item->calibre}};
	int64_t line = tw_stated(item->line.span) ? item->line.value : 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (tw_paper_names(words[i].metric, tw_slice_of(words[i].said), line, paper, arena, full) == TW_SAYS_NO) {
			return true;
		}
	}
	return false;
}

/* Of the event's own lines what their words say counts too: a record keeps none of them. */
static int64_t own_lines(const struct tw_question *question, const struct tw_paper *paper, struct tw_arena *arena, bool *full)
{
	const struct tw_certificate_item *items = question->event->certificate.items.data;
	const bool numbered = paper->line_count && !has_line(paper, 0);
	int64_t count = 0;
	for (uint32_t i = 0; i < question->event->certificate.items.count; i++) {
		int64_t line = tw_stated(items[i].line.span) && items[i].line.value > 0 ? items[i].line.value : 0;
		bool nothing = tw_stated(items[i].quantity.span) && items[i].quantity.e4 == 0;
		bool other = numbered && line && !has_line(paper, line);
		count += !nothing && (other || is_of_other_words(&items[i], paper, arena, full));
	}
	return count;
}

static bool answer_others(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_state *state = question->state;
	struct tw_recent recent = {.answer = answer};
	struct tw_paper paper;
	bool kept = false, full = false;
	enum tw_code code = tw_terms_paper(state, arena, &paper, &kept);
	int64_t count = 0;
	if (code) {
		return code != TW_E_MEMORY;
	}
	if (question->event->type == TW_CERTIFICATE_DELIVERY_VERIFIED) {
		tw_answer_value(answer, own_lines(question, &paper, arena, &full));
		return !full;
	}
	for (uint32_t i = 0; i < state->element_count; i++) {
		int64_t others = tw_element_is(&state->elements[i], TW_ELEMENT_VERIFIED) ? other_lines(&paper, &state->elements[i]) : 0;
		if (others) {
			tw_recent_add(&recent, &state->elements[i].version, tw_element_tail(&state->elements[i]));
			count += others;
		}
	}
	tw_answer_value(answer, count);
	return true;
}

bool tw_answer_undeclared(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	if (question->query->metric == TW_METRIC_VERIFIED_OTHERS) {
		return question->event->family != TW_FAMILY_CERTIFICATE || answer_others(question, arena, answer);
	}
	if (question->event->type == TW_CERTIFICATE_DELIVERY_DUE) {
		answer_undeclared(question, answer);
	}
	return true;
}
