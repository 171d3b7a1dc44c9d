/**
 * @file leaving.c
 * See leaving.h.
 */
#include "engine/state/leaving.h"

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/paper.h"
#include "engine/state/question.h"

void tw_leaving_put(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate)
{
	bool told = event->fact.consignment.len; /* by us, with the key itself */
	struct tw_slice consignment =
	    told ? tw_slice_of(event->fact.consignment) : tw_key_consignment(tw_slice_of(event->certificate.consignment), drafts->arena);
	struct tw_slice key = consignment.ptr ? tw_element_key(TW_ELEMENT_LEFT, consignment, drafts->arena) : consignment;
	if (!key.ptr || drafts->code) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
	} else if (consignment.len) {
		tw_drafts_put(drafts, certificate, (struct tw_element){key, {-event->time.ms, event->time.ms, 0}, {"", 0}});
	}
}

/* Its papers had it leave in time, and it did not. */
static bool is_late(const struct tw_terms *terms, const struct tw_element *draw, const struct tw_element *left)
{
	struct tw_way way;
	return left && tw_draws_way(draw->bytes, &way) && way.last <= terms->valid_until &&
	       tw_instant_day(left->version.time_ms) > terms->valid_until;
}

/* @return whether it was so by what was on record */
static bool was_late(const struct tw_terms *terms, struct tw_side *draws, struct tw_side *leavings, struct tw_slice consignment)
{
	const struct tw_element *draw = tw_side_find(draws, consignment);
	return terms->until_stated && draw && is_late(terms, draw, tw_side_find(leavings, consignment));
}

bool tw_answer_leaving(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_state *before = question->state, *after = tw_state_with(before, question->operation, arena);
	struct tw_terms had = {.until_stated = false}, has = {.until_stated = false};
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	if (!after || question->event->family != TW_FAMILY_CERTIFICATE) {
		return after;
	}
	tw_terms_in_force(before, &had, NULL);
	tw_terms_in_force(after, &has, NULL);
	struct tw_side draws = {before, 0, TW_ELEMENT_DRAW}, were = {before, 0, TW_ELEMENT_LEFT}, are = {after, 0, TW_ELEMENT_LEFT};
	for (uint32_t i = 0; has.until_stated && i < after->element_count; i++) {
		const struct tw_element *draw = &after->elements[i];
		struct tw_slice consignment = tw_element_tail(draw);
		if (tw_element_is(draw, TW_ELEMENT_DRAW) && is_late(&has, draw, tw_side_find(&are, consignment)) &&
		    !was_late(&had, &draws, &were, consignment)) {
			tw_recent_add(&recent, &draw->version, consignment);
			count++;
		}
	}
	tw_answer_value(answer, count);
	return true;
}
