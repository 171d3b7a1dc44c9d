/**
 * @file series_answer.c
 * What a series says of a mark: which papers and reports meet its run, and in what way. How runs are written and read is series.c's part.
 */
#include "engine/event/keys.h"
#include "engine/state/question.h"
#include "engine/state/roll.h"
#include "engine/state/series_part.h"

/* How a mark meets an element's runs. */
struct meeting {
	bool overlaps, alike;
	bool covers; /* some run holds all of the mark */
};

static struct meeting meet(const struct tw_element *element, const struct tw_run *run)
{
	struct meeting meeting = {.overlaps = false};
	struct tw_run held;
	uint64_t left = 0;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	while (tw_runs_next(&cursor, &left, &held)) {
		if (held.first <= run->last && run->first <= held.last) {
			bool same = held.letters == run->letters;
			meeting.overlaps = meeting.overlaps || same;
			meeting.alike = meeting.alike || !same;
			meeting.covers = meeting.covers || (same && held.first <= run->first && run->last <= held.last);
		}
	}
	return meeting;
}

static void answer_consignments(const struct tw_question *question, const struct tw_run *run, bool alike, struct tw_history_answer *answer)
{
	const int64_t since_ms = question->query->metric == TW_METRIC_OVERLAPS_SINCE ? question->event->time.ms : INT64_MIN;
	struct tw_recent recent = {.answer = answer};
	struct meeting all = {.overlaps = false};
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (!tw_element_is(element, TW_ELEMENT_SHIPPED) || element->version.time_ms < since_ms ||
		    !tw_is_recent(question, element->version.time_ms) ||
		    (question->consignment.len && tw_slice_equal(tw_element_tail(element), question->consignment))) {
			continue;
		}
		struct meeting meeting = meet(element, run);
		all.overlaps = all.overlaps || meeting.overlaps;
		all.alike = all.alike || meeting.alike;
		if (i + 1 < question->state->element_count && tw_slice_equal(element[1].key, element->key)) {
			continue; /* more of the same consignment, from another record */
		}
		if (alike ? all.alike && !all.overlaps : all.overlaps) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
		all = (struct meeting){.overlaps = false};
	}
	tw_answer_value(answer, count);
}

/* The event's own among them is none other, and neither is what several records say of one. */
static void answer_certificates(const struct tw_question *question, const struct tw_run *run, struct tw_history_answer *answer)
{
	struct tw_slice last = question->certificate;
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_slice of = tw_element_is(element, TW_ELEMENT_COVERED) ? tw_element_tail(element) : last;
		if (!tw_slice_equal(of, last) && !tw_slice_equal(of, question->certificate) && meet(element, run).overlaps) {
			last = of;
			count++;
		}
	}
	tw_answer_value(answer, count);
}

/* A request for a trace says nothing of what became of a weapon. */
static enum tw_marking_status status_of(const struct tw_element *report)
{
	return report->bytes.len ? tw_marking_status_of((enum tw_event_type)(unsigned char)report->bytes.ptr[0]) : TW_MARKING_STATUS_UNKNOWN;
}

/* Whether a later report speaks of the same marks, of those that are asked about: it takes the earlier one's word back. */
static bool is_superseded(const struct tw_state *state, const struct tw_element *report, const struct tw_run *run, int64_t at_ms)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *later = &state->elements[i];
		if (!tw_element_is(later, TW_ELEMENT_REPORTED) || later->version.time_ms > at_ms ||
		    later->version.time_ms <= report->version.time_ms || !status_of(later)) {
			continue;
		}
		struct tw_run held;
		uint64_t left = 0;
		struct tw_cursor cursor = tw_runs_read(report, &left);
		bool all = true;
		while (tw_runs_next(&cursor, &left, &held)) {
			bool asked = held.first <= run->last && run->first <= held.last;
			const struct tw_run both = {held.first > run->first ? held.first : run->first, held.last < run->last ? held.last : run->last,
			                            held.letters};
			all = all && (!asked || meet(later, &both).covers);
		}
		if (all) {
			return true;
		}
	}
	return false;
}

uint32_t tw_marking_gravity(enum tw_marking_status status)
{
	static const enum tw_marking_status order[] = {TW_MARKING_STATUS_MANUFACTURED, TW_MARKING_STATUS_IMPORTED,    TW_MARKING_STATUS_TRANSFERRED,
	                                               TW_MARKING_STATUS_RECOVERED,    TW_MARKING_STATUS_DEACTIVATED, TW_MARKING_STATUS_SEIZED,
	                                               TW_MARKING_STATUS_LOST,         TW_MARKING_STATUS_STOLEN,      TW_MARKING_STATUS_DESTROYED};
	for (uint32_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (order[i] == status) {
			return i + 1;
		}
	}
	return 0;
}

static void answer_status(const struct tw_question *question, const struct tw_run *run, bool alike, struct tw_history_answer *answer)
{
	const int64_t at_ms = question->query->metric == TW_METRIC_OVERLAPS_STATUS_LATEST ? INT64_MAX : question->event->time.ms;
	enum tw_marking_status worst = TW_MARKING_STATUS_UNKNOWN;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (!tw_element_is(element, TW_ELEMENT_REPORTED) || element->version.time_ms > at_ms) {
			continue;
		}
		struct meeting meeting = meet(element, run);
		enum tw_marking_status status = status_of(element);
		if ((alike ? meeting.alike && !meeting.overlaps : meeting.overlaps) && tw_marking_gravity(status) > tw_marking_gravity(worst) &&
		    !is_superseded(question->state, element, run, at_ms)) {
			worst = status;
		}
	}
	answer->stated = worst != TW_MARKING_STATUS_UNKNOWN;
	answer->value = (int64_t)worst;
}

/* A certificate of the mark's own line has it. @return false at the arena's ceiling */
static bool answer_covered(const struct tw_question *question, const struct tw_run *run, struct tw_history_answer *answer, struct tw_arena *arena)
{
	const struct tw_certificate_ref *refs = question->item ? question->item->certificates.data : NULL;
	bool covered = false;
	for (uint32_t i = 0; refs && i < question->item->certificates.count; i++) {
		struct tw_slice key = tw_key_certificate(tw_slice_of(refs[i].issuer_country), tw_slice_of(refs[i].number), arena);
		if (!key.ptr) {
			return false;
		}
		for (uint32_t k = 0; key.len && k < question->state->element_count; k++) {
			const struct tw_element *element = &question->state->elements[k];
			covered = covered || (tw_element_is(element, TW_ELEMENT_COVERED) && tw_slice_equal(tw_element_tail(element), key) &&
			                      meet(element, run).covers);
		}
	}
	tw_answer_value(answer, covered);
	return true;
}

/* ---- what an inspection found ---- */

/* What the latest revision of the event's own consignment draws on and states. */
static struct tw_slice own_roll(const struct tw_question *question, struct tw_arena *arena)
{
	uint32_t own = question->operations->own[TW_ENTITY_CONSIGNMENT];
	const struct tw_state *state = own == TW_NO_OPERATION || !question->priors ? NULL : tw_prior_state(question->priors, own, arena);
	for (uint32_t i = 0; state && i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], TW_ELEMENT_REVISION)) {
			return state->elements[i].bytes;
		}
	}
	return (struct tw_slice){"", 0};
}

/* "MAKER|" of a series; empty: nobody says whose it is. */
static struct tw_slice maker_of(struct tw_slice series)
{
	const char *bar = series.len ? memchr(series.ptr, '|', series.len) : NULL;
	return bar && bar > series.ptr ? (struct tw_slice){series.ptr, (uint32_t)(bar - series.ptr) + 1} : (struct tw_slice){"", 0};
}

static bool states_maker(struct tw_slice roll, struct tw_slice maker)
{
	struct tw_roll_walk walk = tw_roll_read(roll);
	enum tw_entity_kind kind;
	struct tw_slice key;
	while (maker.len && tw_roll_next(&walk, &kind, &key)) {
		if (kind == TW_ENTITY_MARKING && key.len >= maker.len && memcmp(key.ptr, maker.ptr, maker.len) == 0) {
			return true;
		}
	}
	return false;
}

/* Look-alikes are a slip of whoever read it. No answer where the papers name no mark of that maker: they may spell him otherwise. */
static void answer_listed(const struct tw_question *question, const struct tw_run *run, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_slice roll = question->event->family == TW_FAMILY_OUTCOME ? own_roll(question, arena) : (struct tw_slice){"", 0};
	struct tw_slice maker = maker_of(question->operations->operation[question->parts->series].key);
	bool names = states_maker(roll, maker), listed = false;
	for (uint32_t i = 0; i < question->state->element_count && roll.len && maker.len; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_slice of = tw_element_tail(element);
		bool shipped = tw_element_is(element, TW_ELEMENT_SHIPPED) && tw_slice_equal(of, question->consignment);
		if (shipped || (tw_element_is(element, TW_ELEMENT_COVERED) && tw_roll_has(roll, TW_ENTITY_CERTIFICATE, of))) {
			struct meeting meeting = meet(element, run);
			listed = listed || meeting.overlaps || meeting.alike;
			names = names || !shipped;
		}
	}
	answer->stated = names || listed;
	answer->value = listed;
}

bool tw_answer_series(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_run *run = &question->parts->run;
	enum tw_metric metric = question->query->metric;
	switch ((int)metric) {
	case TW_METRIC_OVERLAPS:
	case TW_METRIC_OVERLAPS_SINCE:
	case TW_METRIC_ALIKE:
		answer_consignments(question, run, metric == TW_METRIC_ALIKE, answer);
		break;
	case TW_METRIC_OVERLAPS_CERTIFICATES:
		answer_certificates(question, run, answer);
		break;
	case TW_METRIC_OVERLAPS_STATUS:
	case TW_METRIC_OVERLAPS_STATUS_LATEST:
	case TW_METRIC_ALIKE_STATUS:
		answer_status(question, run, metric == TW_METRIC_ALIKE_STATUS, answer);
		break;
	case TW_METRIC_LISTED:
		answer_listed(question, run, arena, answer);
		break;
	default:
		return answer_covered(question, run, answer, arena);
	}
	return true;
}
