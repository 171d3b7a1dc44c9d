/**
 * @file mark_answer.c
 * See mark_answer.h.
 */
#include "engine/state/mark_answer.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/state/series_part.h"
#include "engine/state/sightings.h"

/* ---- what is on record ---- */

/* Sightings of the question's mark, each event once. @param as how it is written, and its number @return false at the arena's ceiling */
static bool collect(const struct tw_question *question, struct tw_arena *arena, struct tw_trace_keys *as, struct tw_collected *out)
{
	const struct tw_marking *mark = question->query->subject;
	const struct tw_run none = {0, 0, 0}, *run = question->parts ? &question->parts->run : &none;
	*as = (struct tw_trace_keys){.written = tw_slice_of(mark->value), .number = run->first, .letters = run->letters};
	*out = (struct tw_collected){.keys = as, .arena = arena, .at_least = TW_TRACE_EXACT};
	tw_sightings_collect(out, question->operation->key, question->state, question->series);
	return !out->full;
}

static bool counts(const struct tw_question *question, const struct tw_mark_sighting *sighting)
{
	bool own = sighting->kind == TW_SIGHTING_SHIPPED && question->consignment.len && tw_slice_equal(sighting->name, question->consignment);
	return sighting->match != TW_TRACE_FOLDED && !sighting->ended && !own;
}

/* ---- quantities ---- */

/* Digits alone, as they were written. @return false: nothing is stated */
static bool quantity_read(struct tw_slice digits, int64_t *e4)
{
	int64_t value = 0;
	for (uint32_t i = 0; i < digits.len; i++) {
		char c = digits.ptr[i];
		if (c < '0' || c > '9' || value > (TW_AMOUNT_E4_MAX - 9) / 10) {
			return false;
		}
		value = value * 10 + (c - '0');
	}
	*e4 = value;
	return digits.len > 0;
}

/* Kinds of papers and reports whose quantities add up among themselves. */
enum account { MADE, BROUGHT_IN, TAKEN, FOUND, CERTIFIED, SHIPPED, INSPECTED, DESTROYED, ACCOUNTS, NO_ACCOUNT };

static enum account account_of(enum tw_sighting_kind kind, enum tw_event_type type)
{
	switch (kind) {
	case TW_SIGHTING_CERTIFIED:
		return CERTIFIED;
	case TW_SIGHTING_SHIPPED:
		return SHIPPED;
	case TW_SIGHTING_INSPECTED:
		return INSPECTED;
	case TW_SIGHTING_NAMED:
		return NO_ACCOUNT;
	case TW_SIGHTING_REPORTED:
		break;
	}
	return type == TW_MARKING_MANUFACTURED ? MADE
	       : type == TW_MARKING_IMPORTED   ? BROUGHT_IN
	       : type == TW_MARKING_SEIZED     ? TAKEN
	       : type == TW_MARKING_RECOVERED  ? FOUND
	       : type == TW_MARKING_DESTROYED  ? DESTROYED
	                                       : NO_ACCOUNT;
}

struct accounts {
	int64_t e4[ACCOUNTS];
	bool any[ACCOUNTS];
	bool silent[ACCOUNTS]; /* one of its papers says no quantity: the sum is at least what it says, and may be more */
};

static void account_add(struct accounts *accounts, enum account account, bool stated, int64_t e4)
{
	if (account == NO_ACCOUNT) {
		return;
	}
	accounts->any[account] = accounts->any[account] || stated;
	accounts->silent[account] = accounts->silent[account] || !stated;
	if (stated && e4 > 0) {
		accounts->e4[account] = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), accounts->e4[account], e4);
	}
}

static void own_add(const struct tw_event *event, struct accounts *accounts)
{
	if (event->family == TW_FAMILY_MARKING) {
		const struct tw_amount *quantity = &event->marking.quantity;
		account_add(accounts, account_of(TW_SIGHTING_REPORTED, event->type), tw_stated(quantity->span), quantity->e4);
	}
}

/* What is destroyed may be more than one paper says, never less; what is on record is known only where every paper says how many. */
static void answer_quantity(const struct tw_question *question, const struct accounts *accounts, struct tw_history_answer *answer)
{
	if (question->query->metric == TW_METRIC_DESTROYED_QUANTITY) {
		answer->stated = accounts->any[DESTROYED];
		answer->value = accounts->e4[DESTROYED];
		return;
	}
	bool known = false, silent = false;
	int64_t most = 0;
	for (uint32_t i = MADE; i < DESTROYED; i++) {
		known = known || accounts->any[i];
		silent = silent || accounts->silent[i];
		most = accounts->e4[i] > most ? accounts->e4[i] : most;
	}
	answer->stated = known && !silent;
	answer->value = most;
}

static void quantities(const struct tw_question *question, const struct tw_collected *collected, struct tw_history_answer *answer)
{
	const struct tw_mark_sighting *sightings = collected->list.data;
	struct accounts accounts = {.e4 = {0}};
	for (uint32_t i = 0; i < collected->list.count; i++) {
		int64_t e4 = 0;
		if (counts(question, &sightings[i])) {
			bool stated = quantity_read(sightings[i].said.of[TW_PARTICULAR_QUANTITY], &e4);
			account_add(&accounts, account_of(sightings[i].kind, sightings[i].type), stated, e4);
		}
	}
	own_add(question->event, &accounts);
	answer_quantity(question, &accounts, answer);
}

/* ---- components ---- */

/* @return false at the arena's ceiling */
static bool components(const struct tw_question *question, const struct tw_collected *collected, struct tw_arena *arena,
                       struct tw_history_answer *answer)
{
	const struct tw_marking *mark = question->query->subject;
	const struct tw_mark_sighting *sightings = collected->list.data;
	const int32_t day = tw_instant_day(question->event->time.ms);
	const uint32_t window = question->query->window_days;
	struct tw_recent recent = {.answer = answer};
	struct tw_slice own = tw_text_alnum(tw_slice_of(mark->component), arena);
	int64_t count = 0;
	for (uint32_t i = 0; own.len && i < collected->list.count; i++) {
		const struct tw_mark_sighting *sighting = &sightings[i];
		struct tw_slice other = tw_text_alnum(sighting->said.of[TW_PARTICULAR_COMPONENT], arena);
		int64_t back = (int64_t)day - tw_instant_day(sighting->time_ms);
		bool inside = window == 0 || (back <= (int64_t)window && -back <= (int64_t)window); /* whichever is told first */
		if (!other.ptr) {
			return false;
		}
		if (sighting->kind == TW_SIGHTING_SHIPPED && inside && counts(question, sighting) && other.len && !tw_slice_equal(own, other)) {
			const struct tw_version version = {0, sighting->time_ms, 0};
			tw_recent_add(&recent, &version, sighting->name);
			count++;
		}
	}
	answer->stated = own.len > 0;
	answer->value = count;
	return own.ptr;
}

/* ---- particulars ---- */

/* In the order of the metric's words: the surest first. */
enum { DIFFERS_CALIBRE = 1, DIFFERS_COUNTRY, DIFFERS_YEAR, DIFFERS_MODEL };

static struct tw_slice first_of(struct tw_text own, struct tw_text line)
{
	return tw_slice_of(tw_stated(own.span) ? own : line);
}

struct tw_weapon tw_weapon_of(const struct tw_question *question)
{
	const struct tw_marking *mark = question->query->subject;
	const struct tw_text none = {.ptr = NULL};
	const struct tw_marked_item *marked = question->event->family == TW_FAMILY_MARKING ? &question->event->marking.item : NULL;
	const struct tw_item *item = question->item;
	struct tw_weapon weapon = {.year = &mark->year};
	weapon.model = first_of(mark->model, marked ? marked->model : item ? item->model : none);
	weapon.calibre = tw_slice_of(marked ? marked->calibre : item ? item->calibre : none);
	weapon.country = first_of(mark->country, marked ? marked->country_of_manufacture : item ? item->origin : none);
	if (marked && !tw_stated(mark->year.span)) {
		weapon.year = &marked->year;
	}
	return weapon;
}

static bool year_differs(const struct tw_count *year, struct tw_slice said)
{
	int64_t other = 0;
	return tw_stated(year->span) && quantity_read(said, &other) && other != year->value;
}

static bool country_differs(struct tw_slice stated, struct tw_slice said)
{
	uint16_t a = tw_country_code(stated), b = tw_country_code(said);
	return a && b && a != b;
}

/* What of the weapon cannot be true of both; 0: nothing. */
int64_t tw_weapon_differs(const struct tw_weapon *weapon, const struct tw_particulars *said, struct tw_arena *arena, bool *full)
{
	if (tw_paper_says(TW_METRIC_MODEL_NAMED, weapon->model, said->of[TW_PARTICULAR_MODEL], arena, full) == TW_SAYS_NO) {
		return DIFFERS_MODEL;
	}
	if (tw_paper_says(TW_METRIC_CALIBRE_NAMED, weapon->calibre, said->of[TW_PARTICULAR_CALIBRE], arena, full) == TW_SAYS_NO) {
		return DIFFERS_CALIBRE;
	}
	return country_differs(weapon->country, said->of[TW_PARTICULAR_ORIGIN]) ? DIFFERS_COUNTRY
	       : year_differs(weapon->year, said->of[TW_PARTICULAR_YEAR])       ? DIFFERS_YEAR
	                                                                        : 0;
}

/* @return false at the arena's ceiling */
static bool particulars(const struct tw_question *question, const struct tw_collected *collected, struct tw_arena *arena,
                        struct tw_history_answer *answer)
{
	const struct tw_mark_sighting *sightings = collected->list.data;
	const struct tw_weapon weapon = tw_weapon_of(question);
	struct tw_recent recent = {.answer = answer};
	int64_t first = 0;
	bool full = false;
	for (uint32_t i = 0; i < collected->list.count && !full; i++) {
		int64_t differs = counts(question, &sightings[i]) ? tw_weapon_differs(&weapon, &sightings[i].said, arena, &full) : 0;
		first = differs && (first == 0 || differs < first) ? differs : first;
		if (differs && sightings[i].kind == TW_SIGHTING_SHIPPED) {
			const struct tw_version version = {0, sightings[i].time_ms, 0};
			tw_recent_add(&recent, &version, sightings[i].name);
		}
	}
	answer->stated = first != 0;
	answer->value = first;
	return !full;
}

/* ---- what inspections found ---- */

/* Whose inspection it was, where it found some of the run; empty: none of it, or nobody knows any more. */
static struct tw_slice found_in(const struct tw_element *element, const struct tw_run *run)
{
	struct tw_particulars said = {.of = {{NULL, 0}}};
	struct tw_run held;
	uint64_t left = 0;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	bool inspected = tw_element_is(element, TW_ELEMENT_MET) && element->bytes.len &&
	                 (enum tw_event_type)(unsigned char)element->bytes.ptr[0] == TW_INSPECTION_COMPLETED;
	while (inspected && tw_runs_next(&cursor, &left, &held)) {
		if (held.letters == run->letters && held.first <= run->last && run->first <= held.last) {
			tw_runs_said(element, held.first > run->first ? held.first : run->first, &said);
			return said.of[TW_PARTICULAR_CONSIGNMENT];
		}
	}
	return (struct tw_slice){"", 0};
}

static bool is_told(const struct tw_list *names, struct tw_slice name)
{
	const struct tw_slice *told = names->data;
	for (uint32_t i = 0; i < names->count; i++) {
		if (tw_slice_equal(told[i], name)) {
			return true;
		}
	}
	return false;
}

/* Whether the consignment's own papers state some of the run. */
static bool states_some(const struct tw_state *series, struct tw_slice consignment, const struct tw_run *run)
{
	struct tw_run held;
	for (uint32_t i = 0; i < series->element_count; i++) {
		const struct tw_element *element = &series->elements[i];
		uint64_t left = 0;
		struct tw_cursor cursor = tw_runs_read(element, &left);
		while (tw_element_is(element, TW_ELEMENT_SHIPPED) && tw_slice_equal(tw_element_tail(element), consignment) &&
		       tw_runs_next(&cursor, &left, &held)) {
			if (held.letters == run->letters && held.first <= run->last && run->first <= held.last) {
				return true;
			}
		}
	}
	return false;
}

/* @return false at the arena's ceiling */
static bool found(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_side own = {.state = question->state, .class = TW_ELEMENT_FOUND};
	struct tw_recent recent = {.answer = answer};
	struct tw_list names = {NULL, 0, 0};
	for (uint32_t i = 0; question->series && question->parts && i < question->series->element_count; i++) {
		const struct tw_element *element = &question->series->elements[i];
		struct tw_slice name = found_in(element, &question->parts->run);
		own.at = 0;
		if (name.len == 0 || !tw_is_recent(question, element->version.time_ms) || (own.state && tw_side_find(&own, name)) ||
		    tw_slice_equal(name, question->consignment) || states_some(question->series, name, &question->parts->run)) {
			continue;
		}
		tw_recent_forget(&recent, name);
		tw_recent_add(&recent, &element->version, name);
		struct tw_slice *told = is_told(&names, name) ? &name : tw_list_push(arena, &names, sizeof(*told));
		if (!told) {
			return false;
		}
		*told = name;
	}
	tw_answer_value(answer, names.count);
	return true;
}

bool tw_answer_mark(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_trace_keys keys;
	struct tw_collected collected;
	if (question->query->metric == TW_METRIC_OVERLAPS_FOUND) {
		return found(question, arena, answer);
	}
	if (!collect(question, arena, &keys, &collected)) {
		return false;
	}
	switch ((int)question->query->metric) {
	case TW_METRIC_OTHER_COMPONENTS:
		return components(question, &collected, arena, answer);
	case TW_METRIC_OTHERWISE:
		return particulars(question, &collected, arena, answer);
	default:
		quantities(question, &collected, answer);
		return true;
	}
}
