/**
 * @file draw_answer.c
 * A certificate that comes after what was drawn on it, held against the words of those draws (draw_said.h).
 *
 * Only what stands counts: the words of a revision beside that same revision's draw, which was neither cancelled nor amended away. Serials are held
 * against the list of the very event that states it, for a record keeps none.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/state/draw_said.h"
#include "engine/state/question.h"

/* One that is other, and its place in the answer. */
struct counting {
	struct tw_recent recent;
	int64_t count;
};

static const struct tw_element *draw_of(const struct tw_state *state, const struct tw_element *said)
{
	struct tw_slice name = tw_element_tail(said);
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *draw = &state->elements[i];
		if (tw_element_is(draw, TW_ELEMENT_DRAW) && tw_slice_equal(tw_element_tail(draw), name)) {
			bool same = draw->version.revision == said->version.revision && draw->version.time_ms == said->version.time_ms &&
			            draw->version.id == said->version.id;
			return same && tw_draws_stand(draw->bytes) ? draw : NULL;
		}
	}
	return NULL;
}

/* @return the draw that stands and whose words these are; NULL: none */
static const struct tw_element *stands(const struct tw_question *question, const struct tw_element *element, struct tw_draw_said *said)
{
	return tw_element_is(element, TW_ELEMENT_DRAW_SAID) && tw_draw_said_read(element, said) ? draw_of(question->state, element) : NULL;
}

static void count_one(struct counting *counting, const struct tw_element *element)
{
	tw_recent_add(&counting->recent, &element->version, tw_element_tail(element));
	counting->count++;
}

/* ---- goods ---- */

static bool is_of_other(const struct tw_draw_said *said, bool make, const struct tw_paper *paper, struct tw_arena *arena, bool *full)
{
	enum tw_metric metric = make ? TW_METRIC_MAKE_NAMED : TW_METRIC_MODEL_NAMED;
	for (uint32_t i = 0; i < said->goods_count; i++) {
		struct tw_slice asked = make ? said->goods[i].make : said->goods[i].model;
		if (tw_paper_names(metric, asked, said->goods[i].line, paper, arena, full) == TW_SAYS_NO) {
			return true;
		}
	}
	return false;
}

static bool answer_goods(const struct tw_question *question, const struct tw_paper *paper, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const bool make = question->query->metric == TW_METRIC_DRAWS_OF_OTHER_MAKES;
	struct counting counting = {{.answer = answer}, 0};
	struct tw_draw_said said;
	bool full = false;
	for (uint32_t i = 0; i < question->state->element_count && !full; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_arena_mark mark = tw_arena_mark(arena);
		if (stands(question, element, &said) && is_of_other(&said, make, paper, arena, &full)) {
			count_one(&counting, element);
		}
		tw_arena_rewind(arena, mark);
	}
	tw_answer_value(answer, counting.count);
	return !full;
}

/* ---- serials ---- */

/* The last row that begins at or before the first of the run; NULL: none does. */
static const struct tw_draw_run *row_before(const struct tw_list *listed, const struct tw_draw_run *run)
{
	const struct tw_draw_run *rows = listed->data;
	uint32_t low = 0, high = listed->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (tw_draw_run_order(&rows[middle], run) <= 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low ? &rows[low - 1] : NULL;
}

static bool is_listed(const struct tw_list *listed, const struct tw_draw_run *run)
{
	const struct tw_draw_run *row = row_before(listed, run);
	return row && row->series == run->series && row->run.letters == run->run.letters && row->run.last >= run->run.last;
}

/* The serials that this event lists. @return false at the arena's ceiling */
static bool listed_by(const struct tw_certificate *certificate, struct tw_arena *arena, struct tw_list *listed)
{
	const struct tw_certificate_item *items = certificate->items.data;
	for (uint32_t i = 0; i < certificate->items.count; i++) {
		const struct tw_marking *marks = items[i].markings.data;
		for (uint32_t k = 0; k < items[i].markings.count; k++) {
			if (!tw_draw_run_add(&marks[k], tw_slice_of(items[i].make), arena, listed)) {
				return false;
			}
		}
	}
	tw_draw_runs_join(listed);
	return true;
}

/* Whether the terms in force are those of this event: an older amendment that comes late lists nothing that counts. */
static bool is_in_force(const struct tw_question *question, struct tw_terms *terms, struct tw_arena *arena, bool *full)
{
	const struct tw_element *best = tw_terms_in_force(question->state, terms, NULL);
	struct tw_element own = {{NULL, 0}, {0, 0, 0}, {NULL, 0}};
	enum tw_event_type type = question->event->type;
	if (!best || (type != TW_CERTIFICATE_ISSUED && type != TW_CERTIFICATE_AMENDED)) {
		return false;
	}
	*full = !tw_terms_key(question->event, TW_ELEMENT_TERMS, arena, &own);
	return !*full && tw_slice_equal(own.key, best->key);
}

static bool answer_serials(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct counting counting = {{.answer = answer}, 0};
	struct tw_list listed = {NULL, 0, 0};
	struct tw_draw_said said;
	struct tw_terms terms;
	bool full = false;
	if (!is_in_force(question, &terms, arena, &full) || !terms.lists_serials) {
		return !full;
	}
	if (!listed_by(&question->event->certificate, arena, &listed)) {
		return false;
	}
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		bool other = false;
		for (uint32_t k = 0; stands(question, element, &said) && k < said.run_count && !other; k++) {
			other = !is_listed(&listed, &said.run[k]);
		}
		if (other) {
			count_one(&counting, element);
		}
	}
	tw_answer_value(answer, counting.count);
	return true;
}

/* ---- parties ---- */

static bool is_asked(enum tw_metric metric, const struct tw_draw_party *party)
{
	enum tw_party_role role = party->party.role;
	switch ((int)metric) {
	case TW_METRIC_DRAWS_FOR_OTHER_END_USERS:
		return role == TW_ROLE_END_USER;
	case TW_METRIC_DRAWS_TO_OTHER_CONSIGNEES:
		return role == TW_ROLE_CONSIGNEE && !party->government;
	case TW_METRIC_DRAWS_FROM_OTHER_CONSIGNORS:
		return role == TW_ROLE_CONSIGNOR;
	default:
		return role == TW_ROLE_BROKER || role == TW_ROLE_INTERMEDIATE;
	}
}

/* Who sends, or brokers, is no end-user. */
static bool may_mean(enum tw_metric metric, uint32_t role)
{
	return metric != TW_METRIC_DRAWS_FOR_OTHER_END_USERS || !(tw_role_sends(role) || role == TW_ROLE_BROKER);
}

static uint32_t role_asked(enum tw_metric metric)
{
	return metric == TW_METRIC_DRAWS_FOR_OTHER_END_USERS     ? TW_ROLE_END_USER
	       : metric == TW_METRIC_DRAWS_TO_OTHER_CONSIGNEES   ? TW_ROLE_CONSIGNEE
	       : metric == TW_METRIC_DRAWS_FROM_OTHER_CONSIGNORS ? TW_ROLE_CONSIGNOR
	                                                         : TW_ROLE_BROKER;
}

static bool has_key(const struct tw_paper *paper, enum tw_metric metric, uint64_t key)
{
	for (uint32_t i = 0; key && i < paper->party_count; i++) {
		if (paper->parties[i].key == key && may_mean(metric, paper->parties[i].role)) {
			return true;
		}
	}
	return false;
}

/* Words of draws, the latest first. @return NULL at the arena's ceiling */
static const struct tw_element **latest_first(const struct tw_state *state, struct tw_arena *arena, uint32_t *count)
{
	const struct tw_element **out = tw_arena_alloc_raw(arena, (state->element_count + (size_t)1) * sizeof(const struct tw_element *));
	*count = 0;
	for (uint32_t i = 0; out && i < state->element_count; i++) {
		if (!tw_element_is(&state->elements[i], TW_ELEMENT_DRAW_SAID)) {
			continue;
		}
		uint32_t at = (*count)++;
		while (at && tw_element_compare(out[at - 1], &state->elements[i]) < 0) {
			out[at] = out[at - 1];
			at--;
		}
		out[at] = &state->elements[i];
	}
	return out;
}

/* The paper that was in force when a draw's goods left, read once for draws that follow each other. */
struct paper_of_day {
	const struct tw_element *terms;
	const struct tw_paper *paper; /* NULL: its words are not kept */
};

/* @return false at the arena's ceiling */
static bool paper_find(const struct tw_question *question, const struct tw_element *draw, struct tw_arena *arena, struct paper_of_day *held)
{
	struct tw_terms terms = {.revision = 0};
	struct tw_way way;
	int64_t day = tw_draws_way(draw->bytes, &way) ? way.last : tw_instant_day(draw->version.time_ms);
	const struct tw_element *best = tw_terms_of_day(question->state, day, &terms);
	if (best == held->terms) {
		return true;
	}
	struct tw_paper *paper = tw_arena_alloc(arena, sizeof(*paper));
	bool kept = false;
	enum tw_code code = paper ? tw_terms_paper_of(question->state, best, arena, paper, &kept) : TW_E_MEMORY;
	*held = (struct paper_of_day){best, kept ? paper : NULL};
	return code != TW_E_MEMORY;
}

/*
 * Who sends and who brokers has done his part once the goods have left: whoever was named then was named. Who receives them, and what they are, is
 * held against what is in force: an amendment may take a consignment that is at sea from whom it was for.
 */
static bool is_done_by_then(enum tw_metric metric)
{
	return metric == TW_METRIC_DRAWS_FROM_OTHER_CONSIGNORS || metric == TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS;
}

/* @return false at the arena's ceiling */
static bool parties_add(const struct tw_question *question, const struct tw_paper *paper, struct paper_of_day *held, const struct tw_element *element,
                        struct tw_arena *arena, struct tw_list *list)
{
	const enum tw_metric metric = question->query->metric;
	struct tw_draw_said said;
	const struct tw_element *draw = stands(question, element, &said);
	bool then = draw && is_done_by_then(metric);
	if (then && !paper_find(question, draw, arena, held)) {
		return false;
	}
	for (uint32_t i = 0; draw && i < said.party_count; i++) {
		const struct tw_draw_party *party = &said.party[i];
		uint64_t key = party->party.key;
		if (!is_asked(metric, party) || has_key(paper, metric, key) || (then && held->paper && has_key(held->paper, metric, key))) {
			continue;
		}
		struct tw_drawn_party *kept = tw_list_push(arena, list, sizeof(*kept));
		if (!kept) {
			return false;
		}
		*kept = (struct tw_drawn_party){tw_element_tail(element), party->party.country, party->party.name, party->original_name, 0};
	}
	return true;
}

static bool answer_parties(const struct tw_question *question, const struct tw_paper *paper, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const enum tw_metric metric = question->query->metric;
	struct tw_list list = {NULL, 0, 0};
	struct paper_of_day held = {NULL, NULL};
	uint32_t count = 0;
	if (paper->more_parties || !tw_paper_names_side(paper, role_asked(metric))) {
		return true;
	}
	const struct tw_element **elements = latest_first(question->state, arena, &count);
	struct tw_named *named = tw_arena_alloc_raw(arena, (paper->party_count + (size_t)1) * sizeof(*named));
	bool whole = elements && named;
	for (uint32_t i = 0; whole && i < count; i++) {
		whole = parties_add(question, paper, &held, elements[i], arena, &list);
	}
	for (uint32_t i = 0; whole && i < paper->party_count; i++) {
		const struct tw_paper_party *party = &paper->parties[i];
		if (party->role && may_mean(metric, party->role)) {
			named[answer->named_count++] = (struct tw_named){party->role, party->country, party->name};
		}
	}
	answer->named = named;
	answer->drawn = list.data;
	answer->drawn_count = whole ? list.count : 0;
	answer->stated = whole;
	return whole;
}

bool tw_answer_draws_said(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_paper paper;
	bool kept = false;
	if (question->query->metric == TW_METRIC_DRAWS_OF_OTHER_SERIALS) {
		return answer_serials(question, arena, answer);
	}
	enum tw_code code = tw_terms_paper(question->state, arena, &paper, &kept);
	if (code || !kept) {
		return code != TW_E_MEMORY;
	}
	return question->query->metric <= TW_METRIC_DRAWS_OF_OTHER_MODELS ? answer_goods(question, &paper, arena, answer)
	                                                                  : answer_parties(question, &paper, arena, answer);
}
