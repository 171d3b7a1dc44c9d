/**
 * @file due_answer.c
 * See due.h: what rules ask of deliveries whose time has passed.
 */
#include "engine/base/time.h"
#include "engine/state/delivery.h"
#include "engine/state/due.h"
#include "engine/state/question.h"
#include "engine/state/words.h"

/* The day up to which time told of it; INT32_MIN: never. */
int32_t tw_due_told_day(const struct tw_state *state, struct tw_slice consignment)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		if (tw_element_is(element, TW_ELEMENT_TOLD) && tw_slice_equal(tw_element_tail(element), consignment)) {
			return tw_instant_day(element->version.time_ms);
		}
	}
	return INT32_MIN;
}

/* An event that names no consignment is about all of them. */
bool tw_due_is_about(const struct tw_event *event, struct tw_slice consignment)
{
	const struct tw_text *named = event->fact.consignments.data;
	struct tw_slice one = tw_slice_of(event->certificate.consignment);
	bool about = one.len ? tw_slice_equal(one, consignment) : event->fact.consignments.count == 0;
	for (uint32_t i = 0; i < event->fact.consignments.count && !about; i++) {
		about = tw_slice_equal(tw_slice_of(named[i]), consignment);
	}
	return about;
}

static void answer_fallen_due(const struct tw_question *question, struct tw_history_answer *answer)
{
	const struct tw_state *state = question->state;
	const int32_t today = tw_instant_day(question->event->time.ms);
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *draw = &state->elements[i];
		struct tw_slice consignment = tw_element_tail(draw);
		struct tw_delivery delivery;
		if (!tw_element_is(draw, TW_ELEMENT_DRAW) || !tw_due_is_about(question->event, consignment)) {
			continue;
		}
		tw_delivery_read(state, state, consignment, &delivery);
		if (delivery.awaited && !delivery.verified && delivery.late <= today && tw_due_told_day(state, consignment) < delivery.late) {
			count++;
			tw_recent_add(&recent, &draw->version, consignment);
		}
	}
	tw_answer_value(answer, count);
}

static bool is_named(const struct tw_operations *operations, struct tw_slice certificate)
{
	for (uint32_t i = 0; i < operations->count; i++) {
		const struct tw_operation *operation = &operations->operation[i];
		if (operation->kind == TW_ENTITY_CERTIFICATE && tw_slice_equal(operation->key, certificate)) {
			return true;
		}
	}
	return false;
}

static void answer_elsewhere(const struct tw_question *question, struct tw_history_answer *answer)
{
	const int64_t now_ms = question->event->time.ms;
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_expected expected;
		bool late = tw_expected_read(element, &expected) && expected.awaited && expected.late <= tw_instant_day(now_ms) &&
		            !(expected.settled && expected.settled_ms <= now_ms);
		if (late && !is_named(question->operations, expected.certificate)) {
			count++;
			tw_recent_add(&recent, &element->version, expected.consignment);
		}
	}
	tw_answer_value(answer, count);
}

static bool is_late(const struct tw_delivery *delivery, int32_t day)
{
	return delivery->awaited && !delivery->verified && delivery->late <= day;
}

/* Told before this event as late, and late no longer with it. @return false at the arena's ceiling */
static bool answer_settled(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_state *before = question->state, *after = tw_words_heard(tw_state_with(before, question->operation, arena), arena);
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	for (uint32_t i = 0; after && i < before->element_count; i++) {
		const struct tw_element *draw = &before->elements[i];
		struct tw_slice consignment = tw_element_tail(draw);
		struct tw_delivery was, is;
		int32_t told = tw_element_is(draw, TW_ELEMENT_DRAW) ? tw_due_told_day(before, consignment) : INT32_MIN;
		if (told == INT32_MIN) {
			continue;
		}
		tw_delivery_read(before, before, consignment, &was);
		tw_delivery_read(after, after, consignment, &is);
		if (is_late(&was, told) && !is_late(&is, told)) {
			count++;
			tw_recent_add(&recent, &draw->version, consignment);
		}
	}
	tw_answer_value(answer, count);
	return after != NULL;
}

bool tw_answer_due(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const enum tw_event_type type = question->event->type;
	if (question->query->metric == TW_METRIC_OVERDUE_ELSEWHERE) {
		answer_elsewhere(question, answer);
	} else if (question->query->metric == TW_METRIC_DELIVERIES_SETTLED) {
		return question->event->family != TW_FAMILY_CERTIFICATE || type == TW_CERTIFICATE_DELIVERY_DUE ||
		       answer_settled(question, arena, answer);
	} else if (type == TW_CERTIFICATE_DELIVERY_DUE) {
		answer_fallen_due(question, answer);
	}
	return true;
}
