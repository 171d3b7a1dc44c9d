/**
 * @file licence.c
 * See licence.h.
 */
#include "engine/state/licence.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/event/unit.h"
#include "engine/state/operations.h"
#include "engine/state/paper.h"
#include "engine/state/transactions.h"

/* ---- what is drawn ---- */

static int64_t not_below_zero(struct tw_amount amount)
{
	return amount.e4 < 0 ? 0 : amount.e4;
}

/* A line that names one licence twice draws on it once. */
static void draw(struct tw_drafts *drafts, uint32_t number, const struct tw_item *item)
{
	struct tw_draft *draft = tw_drafts_at(drafts, number);
	const int64_t line_number = item->line.value < 0 ? 0 : item->line.value;
	const struct tw_ledger_line *last = draft->lines.data;
	if (draft->lines.count && last[draft->lines.count - 1].item == line_number) {
		return;
	}
	struct tw_ledger_line *line = tw_list_push(drafts->arena, &draft->lines, sizeof(*line));
	if (!line) {
		drafts->code = TW_E_MEMORY;
		return;
	}
	*line = (struct tw_ledger_line){.item = line_number,
	                                .stated = tw_stated(item->quantity.span),
	                                .quantity_e4 = not_below_zero(item->quantity),
	                                .unit = tw_unit_code(tw_slice_of(item->unit)),
	                                .valued = tw_stated(item->value.span),
	                                .value_e4 = not_below_zero(item->value),
	                                .currency = tw_unit_code(tw_slice_of(item->currency))};
}

void tw_mention_licences(struct tw_drafts *drafts, const struct tw_item *item)
{
	const struct tw_licence *licences = item->licences.data;
	for (uint32_t i = 0; i < item->licences.count && i < TW_PAPER_LIST_MAX && !drafts->code; i++) {
		struct tw_slice key = tw_key_licence(tw_slice_of(licences[i].country), tw_slice_of(licences[i].number), drafts->arena);
		uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_PAPER, key, &licences[i], item);
		if (number != TW_NO_OPERATION) {
			draw(drafts, number, item);
		}
	}
}

/* ---- what is asked ---- */

bool tw_asks_of_licence(enum tw_metric metric)
{
	return metric >= TW_METRIC_LICENCE_DRAWN && metric <= TW_METRIC_LICENCE_OTHERS;
}

static bool is_of_value(const struct tw_question *question)
{
	return question->query->metric == TW_METRIC_LICENCE_VALUE || question->query->metric == TW_METRIC_LICENCE_VALUE_MAX;
}

/* What a line of a draw adds, in the unit (or currency) of the line that asks. @return false: it has no sum with it */
static bool amount_of(const struct tw_question *question, const struct tw_ledger_line *line, int64_t *e4)
{
	const bool value = is_of_value(question);
	uint32_t asked = tw_unit_code(tw_slice_of(value ? question->item->currency : question->item->unit));
	uint32_t unit = value ? line->currency : line->unit;
	*e4 = value ? line->value_e4 : line->quantity_e4;
	return (value ? line->valued : line->stated) && unit == asked;
}

static bool draws_add(const struct tw_question *question, const struct tw_element *element, int64_t *sum)
{
	uint64_t left = 0;
	struct tw_cursor cursor = tw_draws_read(element->bytes, &left);
	struct tw_ledger_line line;
	int64_t e4 = 0;
	bool any = false;
	while (tw_ledger_next(&cursor, &left, &line)) {
		if (amount_of(question, &line, &e4)) {
			*sum = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), *sum, e4);
			any = true;
		}
	}
	return any;
}

/* The consignment's own draw is in the operation. */
static void answer_drawn(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	struct tw_packed_walk walk;
	struct tw_element own;
	int64_t sum = 0;
	bool any = false;
	for (uint32_t i = 0; question->state && i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (tw_is_others(question, element, TW_ELEMENT_DRAW) && !tw_is_carried_on(question, tw_element_tail(element)) && draws_add(question, element, &sum)) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
		}
	}
	tw_walk_past_counters(&walk, question->operation->payload);
	while (tw_walk_element(&walk, &own)) {
		any = (tw_element_is(&own, TW_ELEMENT_DRAW) && draws_add(question, &own, &sum)) || any;
	}
	if (any) {
		tw_answer_value(answer, sum);
	}
}

/* @return false at the arena's ceiling */
static bool answer_allowed(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_licence *licence = question->query->subject;
	const struct tw_document *documents = question->event->consignment.documents.data;
	const bool value = is_of_value(question);
	struct tw_slice number = tw_text_alnum(tw_slice_of(licence->number), arena);
	bool whole = number.ptr;
	for (uint32_t i = 0; whole && i < question->event->consignment.documents.count; i++) {
		struct tw_slice other = tw_text_alnum(tw_slice_of(documents[i].number), arena);
		const struct tw_amount *amount = value ? &documents[i].value : &documents[i].quantity;
		bool counts = tw_stated(amount->span) &&
		              (!value || tw_unit_code(tw_slice_of(documents[i].currency)) == tw_unit_code(tw_slice_of(question->item->currency)));
		whole = other.ptr;
		if (whole && counts && number.len && tw_slice_equal(number, other)) {
			tw_answer_value(answer, answer->stated && answer->value > amount->e4 ? answer->value : amount->e4);
		}
	}
	return whole;
}

/* @return false at the arena's ceiling */
static bool answer_certified(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_certificate_ref *refs = question->item->certificates.data;
	const struct tw_licence *licence = question->query->subject;
	struct tw_slice number = tw_text_alnum(tw_slice_of(licence->number), arena);
	bool all = number.ptr, any = false, whole = number.ptr;
	for (uint32_t i = 0; whole && i < question->item->certificates.count; i++) {
		const struct tw_mention *mention = tw_operations_mention(question->operations, &refs[i], TW_ENTITY_CERTIFICATE);
		const struct tw_state *state = mention ? tw_prior_state(question->priors, mention->operation, arena) : NULL;
		struct tw_paper paper;
		bool kept = false;
		enum tw_code code = state ? tw_terms_paper(state, arena, &paper, &kept) : TW_E_MISSING;
		all = all && code == TW_OK && kept && paper.licence_count && !paper.more_licences;
		whole = code != TW_E_MEMORY;
		for (uint32_t k = 0; code == TW_OK && kept && whole && k < paper.licence_count; k++) {
			struct tw_slice other = tw_text_alnum(paper.licences[k], arena);
			whole = other.ptr;
			any = any || (whole && number.len && tw_slice_equal(number, other));
		}
	}
	if (whole && question->item->certificates.count && (any || all)) {
		tw_answer_value(answer, any);
	}
	return whole;
}

bool tw_answer_licence(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	enum tw_metric metric = question->query->metric;
	if (question->event->family != TW_FAMILY_MANIFEST || !question->item || !question->query->subject) {
		return true;
	}
	if (metric == TW_METRIC_LICENCE_OTHERS) {
		return !question->state || tw_answer_transactions(question, arena, answer);
	}
	if (metric == TW_METRIC_LICENCE_ALLOWED || metric == TW_METRIC_LICENCE_VALUE_MAX) {
		return answer_allowed(question, arena, answer);
	}
	if (metric == TW_METRIC_LICENCE_CERTIFIED) {
		return answer_certified(question, arena, answer);
	}
	answer_drawn(question, answer);
	return true;
}
