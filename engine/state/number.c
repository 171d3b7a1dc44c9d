/**
 * @file number.c
 * See number.h.
 */
#include "engine/state/number.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/state/mark_answer.h"

/* ---- what is kept ---- */

static bool is_kept(const struct tw_drafts *drafts, const struct tw_event *event, const struct tw_marking *mark, struct tw_slice maker)
{
	bool serial = mark->kind.value == TW_MARKING_SERIAL || !tw_stated(mark->kind.span);
	bool reports = event->family == TW_FAMILY_MARKING && tw_marking_status_of(event->type) && maker.len;
	bool ships = event->family == TW_FAMILY_MANIFEST && maker.len == 0;
	return serial && (reports || ships) && !drafts->code && drafts->numbers < TW_NUMBERS_MAX && !tw_serial_is_partial(tw_slice_of(mark->value));
}

void tw_number_mention(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_marking *mark, struct tw_slice make,
                       const struct tw_element *element, const struct tw_particulars *said, uint32_t mention)
{
	struct tw_slice maker = tw_text_alnum(tw_stated(mark->make.span) ? tw_slice_of(mark->make) : make, drafts->arena);
	bool comparable = said->of[TW_PARTICULAR_MODEL].len || said->of[TW_PARTICULAR_CALIBRE].len;
	if (!maker.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
	}
	if (!comparable || !is_kept(drafts, event, mark, maker)) {
		return;
	}
	uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, tw_key_mark_number(tw_slice_of(mark->value), drafts->arena), NULL, NULL);
	struct tw_particulars all = *said;
	all.of[TW_PARTICULAR_MAKER] = maker;
	struct tw_element kept = *element;
	kept.bytes = number == TW_NO_OPERATION ? kept.bytes : tw_particulars_write(element->bytes, &all, drafts->arena);
	if (number == TW_NO_OPERATION || !kept.bytes.ptr) {
		drafts->code = drafts->code || kept.bytes.ptr || number == TW_NO_OPERATION ? drafts->code : TW_E_MEMORY;
		return;
	}
	drafts->numbers++;
	((struct tw_mention *)drafts->mention.data)[mention].number = number;
	tw_drafts_put(drafts, number, kept);
}

/* ---- answers ---- */

bool tw_asks_of_number(enum tw_metric metric)
{
	return metric >= TW_METRIC_NUMBER_STATUS_MODEL && metric <= TW_METRIC_NUMBER_SHIPPED_CALIBRE;
}

/* One model; or one calibre, where a model cannot be compared. */
static bool agrees(const struct tw_question *question, const struct tw_weapon *weapon, const struct tw_particulars *said, struct tw_arena *arena,
                   bool *full)
{
	enum tw_metric metric = question->query->metric;
	bool by_model = metric == TW_METRIC_NUMBER_STATUS_MODEL || metric == TW_METRIC_NUMBER_SHIPPED_MODEL;
	enum tw_verdict model = tw_paper_says(TW_METRIC_MODEL_NAMED, weapon->model, said->of[TW_PARTICULAR_MODEL], arena, full);
	enum tw_verdict calibre = tw_paper_says(TW_METRIC_CALIBRE_NAMED, weapon->calibre, said->of[TW_PARTICULAR_CALIBRE], arena, full);
	bool same = by_model ? model == TW_SAYS_YES : model == TW_SAYS_NOTHING && calibre == TW_SAYS_YES;
	return same && !tw_weapon_differs(weapon, said, arena, full);
}

static struct tw_particulars said_by(const struct tw_element *element)
{
	struct tw_particulars said = {.of = {{NULL, 0}}};
	uint32_t head = tw_element_is(element, TW_ELEMENT_STATUS) && element->bytes.len ? 1 : 0;
	tw_particulars_read((struct tw_slice){element->bytes.ptr + head, element->bytes.len - head}, &said);
	return said;
}

/* Whether a later report of the same maker's is on record: elements ascend by time. */
static bool is_superseded(const struct tw_state *state, uint32_t number, struct tw_slice maker)
{
	int64_t at_ms;
	for (uint32_t i = number + 1; i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], TW_ELEMENT_STATUS) && tw_marking_status_of(tw_status_read(&state->elements[i], &at_ms))) {
			struct tw_particulars later = said_by(&state->elements[i]);
			if (tw_slice_equal(later.of[TW_PARTICULAR_MAKER], maker)) {
				return true;
			}
		}
	}
	return false;
}

static bool statuses(const struct tw_question *question, const struct tw_weapon *weapon, struct tw_arena *arena, struct tw_history_answer *answer)
{
	enum tw_marking_status worst = TW_MARKING_STATUS_UNKNOWN;
	bool full = false;
	for (uint32_t i = 0; i < question->state->element_count && !full; i++) {
		const struct tw_element *element = &question->state->elements[i];
		int64_t at_ms;
		if (!tw_element_is(element, TW_ELEMENT_STATUS)) {
			continue;
		}
		enum tw_marking_status status = tw_marking_status_of(tw_status_read(element, &at_ms));
		struct tw_particulars said = said_by(element);
		if (tw_marking_gravity(status) > tw_marking_gravity(worst) && agrees(question, weapon, &said, arena, &full) &&
		    !is_superseded(question->state, i, said.of[TW_PARTICULAR_MAKER])) {
			worst = status;
			answer->key = said.of[TW_PARTICULAR_MAKER];
		}
	}
	answer->stated = worst != TW_MARKING_STATUS_UNKNOWN;
	answer->value = (int64_t)worst;
	return !full;
}

static bool shipments(const struct tw_question *question, const struct tw_weapon *weapon, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	bool full = false;
	for (uint32_t i = 0; i < question->state->element_count && !full; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_particulars said = said_by(element);
		if (tw_is_others(question, element, TW_ELEMENT_SIGHTING) && agrees(question, weapon, &said, arena, &full)) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	tw_answer_value(answer, count);
	return !full;
}

bool tw_answer_number(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_weapon weapon = tw_weapon_of(question);
	enum tw_metric metric = question->query->metric;
	bool status = metric == TW_METRIC_NUMBER_STATUS_MODEL || metric == TW_METRIC_NUMBER_STATUS_CALIBRE;
	return status ? statuses(question, &weapon, arena, answer) : shipments(question, &weapon, arena, answer);
}
