/**
 * @file balance.c
 * What certificates and marks have on record: terms against draws, status at a moment, other consignments; and what inspections found
 * (question.h).
 *
 * A sum of quantities has a meaning only in units that can be counted into each other (engine/event/unit.h), one of values only in one currency.
 * The unit is that of the line that asks; a unit that is not stated agrees with any; where nobody says which, more than one kind is no answer.
 *
 * Some metrics take this event in (tw_asks_of_all): of a certificate's own event they say what it means for the consignments that drew before.
 */
#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/serial.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/paper.h"
#include "engine/state/question.h"
#include "engine/state/record.h"
#include "engine/state/roll.h"
#include "engine/state/series.h"

/* Which lines a question is about, and what of them: quantities in units that can be counted into each other, or values in one currency. */
struct filter {
	int64_t line;                 /* 0: all */
	uint32_t unit;                /* as asked, TW_UNIT_NONE: any, as long as it is one */
	bool unlined;                 /* a draw that names no line belongs to it too */
	bool value;                   /* the unit is a currency */
	const struct tw_terms *terms; /* NULL: none are known */
};

struct sum {
	int64_t e4;    /* in the base of its unit */
	uint32_t base; /* of what was summed */
	bool any;
	bool mixed;   /* more than one base: no sum has a meaning */
	bool missing; /* a line that states none */
};

__extension__ typedef unsigned __int128 unsigned_wide;

static bool asks_of_value(enum tw_metric metric)
{
	return (metric >= TW_METRIC_VALUE_CERTIFIED && metric <= TW_METRIC_VALUE_OVER_DRAWN) || metric == TW_METRIC_VALUE_OVER_DRAWN_TIMES;
}

static bool asks_of_excess(enum tw_metric metric)
{
	return metric == TW_METRIC_OVER_DRAWN || metric == TW_METRIC_VALUE_OVER_DRAWN || metric == TW_METRIC_OVER_DRAWN_TIMES ||
	       metric == TW_METRIC_VALUE_OVER_DRAWN_TIMES;
}

/* @param terms room for those in force */
static struct filter filter_of(const struct tw_question *question, struct tw_terms *terms)
{
	const struct tw_certificate_ref *ref = question->query->subject;
	struct filter filter = {.value = asks_of_value(question->query->metric)};
	if (question->item) {
		filter.unit = tw_unit_code(tw_slice_of(filter.value ? question->item->currency : question->item->unit));
		filter.line = tw_stated(ref->line.span) && ref->line.value > 0 ? ref->line.value : 0;
	}
	filter.terms = tw_terms_in_force(question->state, terms, NULL) ? terms : NULL;
	filter.unlined = !filter.terms || terms->lines_left <= 1;
	return filter;
}

static uint32_t base_of(const struct filter *filter, uint32_t unit)
{
	return filter->value ? unit : tw_unit_base(unit);
}

/* What a sum is in the unit that was asked for. */
static int64_t as_asked(const struct filter *filter, int64_t e4)
{
	return filter->value ? e4 : tw_unit_from_base(filter->unit, e4);
}

static bool filter_takes(const struct filter *filter, const struct tw_ledger_line *line)
{
	bool lined = filter->line == 0 || line->line == filter->line || (line->line == 0 && filter->unlined);
	uint32_t unit = base_of(filter, filter->value ? line->currency : line->unit);
	return lined && (filter->unit == TW_UNIT_NONE || unit == TW_UNIT_NONE || unit == base_of(filter, filter->unit));
}

static void sum_add(const struct filter *filter, struct sum *sum, const struct tw_ledger_line *line)
{
	/* a unit that is not stated is the one that was asked for */
	uint32_t unit = filter->value ? line->currency : line->unit != TW_UNIT_NONE ? line->unit : filter->unit;
	uint32_t base = base_of(filter, unit);
	sum->any = true;
	sum->missing = sum->missing || !(filter->value ? line->valued : line->stated);
	if (base != TW_UNIT_NONE) {
		sum->mixed = sum->mixed || (sum->base != TW_UNIT_NONE && sum->base != base);
		sum->base = base;
	}
	int64_t e4 = filter->value ? line->value_e4 : tw_unit_to_base(unit, line->quantity_e4);
	sum->e4 = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), sum->e4, e4);
}

/* Where in a list of lines. */
struct place {
	struct tw_cursor cursor;
	uint64_t left;
};

/* What the certificate's other lines that the same item names can take of it. @param run of the item's first line */
static int64_t others_take(const struct filter *filter, const struct place *run, int64_t item)
{
	struct sum taken = {.any = false};
	struct place from = *run;
	struct tw_ledger_line named;
	while (filter->terms && tw_ledger_next(&from.cursor, &from.left, &named) && named.item == item) {
		struct tw_cursor cursor = filter->terms->lines;
		uint64_t lines_left = filter->terms->lines_left;
		struct tw_ledger_line line;
		const struct filter other = {.line = named.line, .unit = filter->unit, .value = filter->value};
		while (named.line && named.line != filter->line && tw_ledger_next(&cursor, &lines_left, &line)) {
			if (filter_takes(&other, &line)) {
				sum_add(&other, &taken, &line);
			}
		}
	}
	return taken.e4;
}

/*
 * One consignment's draw. An item that names two lines of the certificate is one quantity when all lines are asked for; of one of them it draws what
 * the others cannot take: which part is on which line nobody says.
 */
static bool draw_sum(const struct filter *filter, struct tw_slice bytes, struct sum *sum)
{
	uint64_t left = 0;
	struct tw_cursor cursor = tw_draws_read(bytes, &left);
	struct place at = {cursor, left}, run = at;
	struct tw_ledger_line line, next;
	int64_t item = -1;
	bool any = false, more = tw_ledger_next(&cursor, &left, &next);
	while (more) {
		struct place behind = {cursor, left};
		line = next;
		more = tw_ledger_next(&cursor, &left, &next);
		bool again = line.item == item, several = line.item && (again || (more && next.item == line.item));
		run = again ? run : at;
		at = behind;
		item = line.item;
		if ((filter->line || !again) && filter_takes(filter, &line)) {
			int64_t before = sum->e4;
			sum_add(filter, sum, &line);
			int64_t taken = several && filter->line ? others_take(filter, &run, item) : 0;
			sum->e4 = sum->e4 - before > taken ? sum->e4 - taken : before;
			any = true;
		}
	}
	return any;
}

static bool is_later(const struct tw_version *a, const struct tw_version *b)
{
	return a->time_ms != b->time_ms ? a->time_ms > b->time_ms : a->id > b->id;
}

void tw_recent_forget(struct tw_recent *recent, struct tw_slice consignment)
{
	struct tw_history_answer *answer = recent->answer;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < answer->related_count; i++) {
		if (!tw_slice_equal(answer->related[i], consignment)) {
			answer->related[kept] = answer->related[i];
			recent->at[kept++] = recent->at[i];
		}
	}
	answer->related_count = kept;
}

void tw_recent_add(struct tw_recent *recent, const struct tw_version *version, struct tw_slice consignment)
{
	const uint32_t room = sizeof(recent->at) / sizeof(recent->at[0]);
	struct tw_history_answer *answer = recent->answer;
	uint32_t at = answer->related_count;
	while (at && is_later(version, &recent->at[at - 1])) {
		at--;
	}
	if (at == room) {
		return;
	}
	answer->related_count += answer->related_count < room;
	for (uint32_t i = answer->related_count - 1; i > at; i--) {
		answer->related[i] = answer->related[i - 1];
		recent->at[i] = recent->at[i - 1];
	}
	answer->related[at] = consignment;
	recent->at[at] = *version;
}

static bool is_own(const struct tw_question *question, struct tw_slice consignment)
{
	return question->consignment.len && tw_slice_equal(consignment, question->consignment);
}

bool tw_is_others(const struct tw_question *question, const struct tw_element *element, char class)
{
	if (!tw_element_is(element, class) || (class == TW_ELEMENT_DRAW && !tw_draws_stand(element->bytes))) {
		return false;
	}
	return !is_own(question, tw_element_tail(element));
}

static bool is_bill(const struct tw_document *document)
{
	struct tw_slice kind = tw_slice_of(document->kind);
	return tw_slice_is(kind, "bill_of_lading") || tw_slice_is(kind, "air_waybill") || tw_slice_is(kind, "cmr") || tw_slice_is(kind, "cim");
}

bool tw_is_carried_on(const struct tw_question *question, struct tw_slice consignment)
{
	const struct tw_consignment *own = &question->event->consignment;
	const struct tw_document *documents = own->documents.data;
	if (question->event->family != TW_FAMILY_MANIFEST || is_own(question, consignment)) {
		return false;
	}
	bool is = own->document.master.len && tw_slice_equal(tw_slice_of(own->document.master), consignment);
	for (uint32_t i = 0; i < own->documents.count && !is; i++) {
		is = is_bill(&documents[i]) && tw_slice_equal(tw_slice_of(documents[i].previous), consignment);
	}
	return is;
}

static struct sum drawn_of(const struct tw_question *question, const struct filter *filter, bool with_this, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	struct sum sum = {.any = false};
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		bool counts = tw_is_others(question, element, TW_ELEMENT_DRAW) && !tw_is_carried_on(question, tw_element_tail(element));
		if (counts && draw_sum(filter, element->bytes, &sum)) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
		}
	}
	if (!with_this) {
		return sum;
	}
	struct tw_packed_walk walk;
	struct tw_element element;
	tw_walk_past_counters(&walk, question->operation->payload);
	while (tw_walk_element(&walk, &element)) {
		if (tw_element_is(&element, TW_ELEMENT_DRAW)) {
			draw_sum(filter, element.bytes, &sum);
		}
	}
	return sum;
}

static void answer_drawn(const struct tw_question *question, bool with_this, struct tw_history_answer *answer)
{
	struct tw_terms terms;
	struct filter filter = filter_of(question, &terms);
	struct sum sum = drawn_of(question, &filter, with_this, answer);
	if (!sum.mixed) {
		tw_answer_value(answer, as_asked(&filter, sum.e4));
	}
}

static void answer_certified(const struct tw_question *question, const struct tw_terms *terms, struct tw_history_answer *answer)
{
	struct tw_terms in_force;
	struct filter filter = filter_of(question, &in_force);
	struct tw_cursor cursor = terms->lines;
	uint64_t left = terms->lines_left;
	struct tw_ledger_line line;
	struct sum sum = {.any = false};
	while (tw_ledger_next(&cursor, &left, &line)) {
		if (filter_takes(&filter, &line)) {
			sum_add(&filter, &sum, &line);
		}
	}
	if (sum.any && !sum.mixed && !sum.missing) {
		tw_answer_value(answer, as_asked(&filter, sum.e4));
	}
}

static void answer_others(const struct tw_question *question, char class, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		if (tw_is_others(question, &question->state->elements[i], class)) {
			tw_recent_add(&recent, &question->state->elements[i].version, tw_element_tail(&question->state->elements[i]));
			count++;
		}
	}
	tw_answer_value(answer, count);
}

/* ---- with what this event says ---- */

bool tw_asks_of_all(enum tw_metric metric)
{
	return metric == TW_METRIC_OTHER_TRANSACTIONS || metric == TW_METRIC_DRAWS_BEFORE_ISSUE ||
	       (metric >= TW_METRIC_STATUS_LATEST && metric <= TW_METRIC_DRAWS_ELSEWHERE) || asks_of_excess(metric) ||
	       (metric >= TW_METRIC_DRAWS_OF_OTHER_GOODS && metric <= TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS);
}

const struct tw_state *tw_state_with(const struct tw_state *state, const struct tw_operation *operation, struct tw_arena *arena)
{
	static const struct tw_state nothing = {NULL, 0, NULL, 0};
	struct tw_state *out = tw_arena_alloc(arena, sizeof(*out));
	return out && tw_payload_fold_on(state ? state : &nothing, operation->payload, arena, out) == TW_OK ? out : NULL;
}

static int64_t times_of(int64_t drawn_e4, int64_t certified_e4)
{
	unsigned_wide times_e4 = certified_e4 > 0 ? (unsigned_wide)drawn_e4 * 10000 / (unsigned_wide)certified_e4 : INT64_MAX;
	return times_e4 > INT64_MAX ? INT64_MAX : (int64_t)times_e4;
}

/* What one line of the terms is drawn above itself; 0 where it is not, or where no sum has a meaning. @param times: by how many times, from 1 on */
static int64_t excess_of(const struct tw_question *question, const struct tw_terms *terms, const struct tw_ledger_line *line, bool times)
{
	const bool value = asks_of_value(question->query->metric);
	struct filter filter = {.line = line->line, .unit = value ? line->currency : line->unit, .value = value, .terms = terms};
	filter.unlined = terms->lines_left <= 1;
	struct tw_history_answer unused = {.stated = false};
	struct sum certified = {.any = false}, drawn = drawn_of(question, &filter, false, &unused);
	sum_add(&filter, &certified, line);
	bool comparable = !certified.missing && !drawn.mixed;
	if (!comparable || drawn.e4 <= certified.e4) {
		return 0;
	}
	return times ? times_of(drawn.e4, certified.e4) : as_asked(&filter, drawn.e4 - certified.e4);
}

static void answer_over_drawn(const struct tw_question *question, const struct tw_terms *terms, struct tw_history_answer *answer)
{
	struct tw_cursor cursor = terms->lines;
	uint64_t left = terms->lines_left;
	const bool times = question->query->metric == TW_METRIC_OVER_DRAWN_TIMES || question->query->metric == TW_METRIC_VALUE_OVER_DRAWN_TIMES;
	struct tw_ledger_line line;
	int64_t most = 0;
	while (tw_ledger_next(&cursor, &left, &line)) {
		int64_t excess = excess_of(question, terms, &line, times);
		most = excess > most ? excess : most;
	}
	struct tw_recent recent = {.answer = answer};
	for (uint32_t i = 0; most && i < question->state->element_count; i++) {
		if (tw_is_others(question, &question->state->elements[i], TW_ELEMENT_DRAW)) {
			tw_recent_add(&recent, &question->state->elements[i].version, tw_element_tail(&question->state->elements[i]));
		}
	}
	tw_answer_value(answer, most);
}

static bool is_outside(const struct tw_terms *terms, const struct tw_way *way)
{
	return (terms->until_stated && way->last > terms->valid_until) || (terms->from_stated && way->departs && way->first < terms->valid_from);
}

static bool is_elsewhere(const struct tw_terms *terms, const struct tw_way *way)
{
	for (uint32_t i = 0; terms->destination && i < way->countries; i++) {
		if (way->country[i] != terms->destination) {
			return true;
		}
	}
	return false;
}

static void answer_ways(const struct tw_question *question, const struct tw_terms *terms, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	const bool elsewhere = question->query->metric == TW_METRIC_DRAWS_ELSEWHERE;
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_way way;
		if (tw_is_others(question, element, TW_ELEMENT_DRAW) && tw_draws_way(element->bytes, &way) &&
		    (elsewhere ? is_elsewhere(terms, &way) : is_outside(terms, &way))) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	tw_answer_value(answer, count);
}

/* The end of the day on which a manifest's goods leave; of other events no end. */
static int64_t leaves_ms(const struct tw_event *event)
{
	struct tw_way way;
	if (event->family != TW_FAMILY_MANIFEST) {
		return INT64_MAX;
	}
	tw_way_of(&event->consignment, tw_instant_day(event->time.ms), &way);
	return (int64_t)way.last * TW_DAY_MS + TW_DAY_MS - 1;
}

/* A revision that is dated anew goes on with what was valid before: the earliest first day of those up to the one in force. */
static int32_t valid_since(const struct tw_state *state, const struct tw_terms *in_force)
{
	int32_t first = in_force->valid_from;
	for (uint32_t i = 0; i < state->element_count; i++) {
		struct tw_terms terms;
		if (tw_terms_read(&state->elements[i], &terms) && terms.from_stated && terms.revision <= in_force->revision && terms.valid_from < first) {
			first = terms.valid_from;
		}
	}
	return first;
}

static void answer_with(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_terms terms = {.revision = 0};
	bool conflict = false, authenticated = false;
	bool known = tw_terms_in_force(question->state, &terms, &conflict);
	int64_t status = (int64_t)tw_certificate_status_latest(question->state, leaves_ms(question->event), &authenticated);
	enum tw_metric metric = question->query->metric;
	if (metric == TW_METRIC_STATUS_LATEST) {
		answer->stated = status != 0;
		answer->value = status;
	} else if (metric == TW_METRIC_TERMS_CONFLICT_WITH) {
		tw_answer_value(answer, conflict);
	} else if (known && asks_of_excess(metric)) {
		answer_over_drawn(question, &terms, answer);
	} else if (known) {
		terms.valid_from = valid_since(question->state, &terms);
		answer_ways(question, &terms, answer);
	}
}

/* By what a consignment said last: of one that was amended, the amendment. */
static void answer_used(const struct tw_question *question, struct tw_history_answer *answer)
{
	int64_t first_ms = question->event->time.ms + 1;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (tw_element_is(element, TW_ELEMENT_DRAW) && tw_draws_stand(element->bytes) && element->version.time_ms < first_ms) {
			first_ms = element->version.time_ms;
		}
	}
	if (first_ms <= question->event->time.ms) {
		tw_answer_value(answer, (int64_t)tw_instant_day(question->event->time.ms) - tw_instant_day(first_ms));
	}
}

/* Those that state the very mark, as long as they stand in its series. */
static void answer_sightings(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	const int64_t since_ms = question->query->metric == TW_METRIC_MARKING_SINCE ? question->event->time.ms : INT64_MIN;
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (tw_is_others(question, element, TW_ELEMENT_SIGHTING) && element->version.time_ms >= since_ms &&
		    tw_is_recent(question, element->version.time_ms) && tw_series_stands(question->series, tw_element_tail(element))) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	tw_answer_value(answer, count);
}

static bool is_stated_by(const struct tw_question *question, struct tw_slice consignment)
{
	struct tw_side stated = {.state = question->state, .class = TW_ELEMENT_SIGHTING};
	return tw_side_find(&stated, consignment) && tw_series_stands(question->series, consignment);
}

/* Of a consignment whose own papers state the mark as well, those speak. */
static void answer_found(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (tw_is_others(question, element, TW_ELEMENT_FOUND) && tw_is_recent(question, element->version.time_ms) &&
		    !is_stated_by(question, tw_element_tail(element))) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	tw_answer_value(answer, count);
}

static void answer_terms(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_terms terms = {.revision = 0};
	bool conflict = false;
	bool known = tw_terms_in_force(question->state, &terms, &conflict);
	enum tw_metric metric = question->query->metric;
	if (metric == TW_METRIC_KNOWN || metric == TW_METRIC_TERMS_CONFLICT) {
		tw_answer_value(answer, metric == TW_METRIC_KNOWN ? known : conflict);
	} else if (known && (metric == TW_METRIC_CERTIFIED || metric == TW_METRIC_VALUE_CERTIFIED)) {
		answer_certified(question, &terms, answer);
	} else if (known && metric == TW_METRIC_SINGLE_TRANSACTION && terms.single_stated) {
		tw_answer_value(answer, terms.single);
	} else if (known && metric == TW_METRIC_LISTS_SERIALS) {
		tw_answer_value(answer, terms.lists_serials);
	} else if (known && metric == TW_METRIC_VALID_FROM && terms.from_stated) {
		tw_answer_value(answer, valid_since(question->state, &terms));
	} else if (known && metric == TW_METRIC_VALID_UNTIL && terms.until_stated) {
		tw_answer_value(answer, terms.valid_until);
	} else if (known && metric == TW_METRIC_FINAL_DESTINATION && terms.destination) {
		tw_answer_value(answer, terms.destination);
	}
}

static void answer_status(const struct tw_question *question, struct tw_history_answer *answer)
{
	bool authenticated = false;
	enum tw_metric metric = question->query->metric;
	int64_t at_ms = metric == TW_METRIC_STATUS || metric == TW_METRIC_AUTHENTICATED || metric == TW_METRIC_MARKING_STATUS || metric == TW_METRIC_PART_READ_STATUS
	                    ? question->event->time.ms
	                    : INT64_MAX;
	int64_t from_ms = metric == TW_METRIC_MARKING_STATUS_SINCE ? question->event->time.ms + 1 : INT64_MIN;
	int64_t status = metric == TW_METRIC_STATUS || metric == TW_METRIC_AUTHENTICATED
	                     ? (int64_t)tw_certificate_status_at(question->state, at_ms, &authenticated)
	                     : (int64_t)tw_marking_status_within(question->state, from_ms, at_ms);
	if (metric == TW_METRIC_AUTHENTICATED) {
		tw_answer_value(answer, authenticated);
	} else if (status) {
		tw_answer_value(answer, status);
	}
}

static bool is_counted(enum tw_metric metric, uint32_t result)
{
	bool seized = result == TW_RESULT_SEIZURE;
	return metric == TW_METRIC_INSPECTIONS || seized || (metric == TW_METRIC_DISCREPANCIES && result == TW_RESULT_DISCREPANCY);
}

/* A consignment's own, or those that a party or a vessel had with other consignments. */
static void answer_inspections(const struct tw_question *question, struct tw_history_answer *answer)
{
	bool own = question->query->entity == TW_ENTITY_CONSIGNMENT;
	int32_t day = tw_instant_day(question->event->time.ms);
	uint32_t window = question->query->window_days;
	struct tw_recent recent = {.answer = answer};
	struct tw_inspected inspected;
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (!tw_inspected_read(own ? TW_ELEMENT_OUTCOME : TW_ELEMENT_INSPECTED, element, &inspected) ||
		    !is_counted(question->query->metric, inspected.result) || (!own && is_own(question, inspected.consignment))) {
			continue;
		}
		int64_t back = (int64_t)day - tw_instant_day(inspected.version.time_ms);
		if (window == 0 || (back >= 0 && back <= (int64_t)window)) {
			count++;
			if (!own) {
				tw_recent_forget(&recent, inspected.consignment);
				tw_recent_add(&recent, &inspected.version, inspected.consignment);
			}
		}
	}
	tw_answer_value(answer, count);
}

/* What a mark that was read in part is asked, and what others are: the same text of two weapons may be of two numbers. */
static bool is_asked_amiss(const struct tw_question *question)
{
	enum tw_metric metric = question->query->metric;
	const struct tw_marking *mark = question->query->entity == TW_ENTITY_MARKING ? question->query->subject : NULL;
	bool of_parts = metric == TW_METRIC_PART_READ_STATUS || metric == TW_METRIC_PART_READ_SHIPPED;
	bool states = question->event->family == TW_FAMILY_MANIFEST && (metric == TW_METRIC_MARKING_CONSIGNMENTS || metric == TW_METRIC_MARKING_FOUND);
	return mark && !states && tw_serial_is_partial(tw_slice_of(mark->value)) != of_parts;
}

void tw_answer_ledger(const struct tw_question *question, struct tw_history_answer *answer)
{
	if (is_asked_amiss(question)) {
		return;
	}
	switch ((int)question->query->metric) {
	case TW_METRIC_STATUS:
	case TW_METRIC_AUTHENTICATED:
	case TW_METRIC_MARKING_STATUS:
	case TW_METRIC_MARKING_STATUS_LATEST:
	case TW_METRIC_MARKING_STATUS_SINCE:
	case TW_METRIC_PART_READ_STATUS:
		answer_status(question, answer);
		break;
	case TW_METRIC_MARKING_DESTROYED:
		tw_answer_value(answer, tw_marking_was(question->state, TW_MARKING_STATUS_DESTROYED, question->event->time.ms));
		break;
	case TW_METRIC_DRAWN_BEFORE:
	case TW_METRIC_DRAWN_WITH:
	case TW_METRIC_VALUE_DRAWN_WITH:
		answer_drawn(question, question->query->metric != TW_METRIC_DRAWN_BEFORE, answer);
		break;
	case TW_METRIC_INSPECTIONS:
	case TW_METRIC_DISCREPANCIES:
	case TW_METRIC_SEIZURES:
		answer_inspections(question, answer);
		break;
	case TW_METRIC_MARKING_FOUND:
		answer_found(question, answer);
		break;
	case TW_METRIC_OTHER_CONSIGNMENTS:
		answer_others(question, TW_ELEMENT_DRAW, answer);
		break;
	case TW_METRIC_USED_DAYS:
		answer_used(question, answer);
		break;
	case TW_METRIC_MARKING_CONSIGNMENTS:
	case TW_METRIC_MARKING_SINCE:
	case TW_METRIC_PART_READ_SHIPPED:
		answer_sightings(question, answer);
		break;
	default:
		if (tw_asks_of_all(question->query->metric)) {
			answer_with(question, answer);
		} else {
			answer_terms(question, answer);
		}
		break;
	}
}
