/**
 * @file state_view.c
 * See state_view.h. Windows and sums are those of the questions in engine/state/operations.h, asked on the record's newest day.
 */
#include "engine/run/state_view.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/state/paper.h"
#include "engine/state/words.h"

uint32_t tw_view_window_days(uint32_t window)
{
	static const uint32_t days[TW_VIEW_WINDOWS] = {7, 30, 365, 0};
	return days[window];
}

const char *tw_view_certificate_word(enum tw_certificate_status status)
{
	static const char *const words[] = {"unknown", "issued", "authenticated", "authentication failed", "suspended", "revoked", "lost"};
	return words[status];
}

const char *tw_view_marking_word(enum tw_marking_status status)
{
	static const char *const words[] = {"unknown", "manufactured", "imported",  "transferred", "lost",
	                                    "stolen",  "seized",       "recovered", "destroyed",   "deactivated"};
	return words[status];
}

/* ---- counters ---- */

static void windows_add(const struct tw_state *state, struct tw_state_view *out)
{
	static const uint32_t older[TW_BUCKETS] = {TW_COUNT_OLDER_SEEN, TW_COUNT_OLDER_KG, TW_COUNT_OLDER_PIECES};
	const struct tw_counter *last = state->counter_count ? &state->counters[state->counter_count - 1] : NULL;
	out->counted = last && tw_field_is_bucket(last->field);
	out->newest_day = out->counted ? tw_bucket_day(last->field) : 0;
	for (uint32_t i = 0; last && i < state->counter_count; i++) {
		const struct tw_counter *counter = &state->counters[i];
		if (!tw_field_is_bucket(counter->field)) {
			continue;
		}
		for (uint32_t w = 0; w < TW_VIEW_WINDOWS; w++) {
			uint32_t days = tw_view_window_days(w);
			int64_t *sum = &out->window[w][tw_bucket_of(counter->field)];
			if (days == 0 || (int64_t)tw_bucket_day(counter->field) >= (int64_t)out->newest_day - days) {
				*sum = tw_counter_merge(counter->field, *sum, counter->value);
			}
		}
	}
	for (uint32_t b = 0; b < TW_BUCKETS; b++) {
		int64_t *ever = &out->window[TW_VIEW_WINDOWS - 1][b];
		*ever = tw_counter_merge(older[b], *ever, tw_state_counter(state, older[b], 0));
	}
}

static void countries_add(const struct tw_state *state, struct tw_state_view *out)
{
	for (uint32_t bit = 0; bit < TW_VIEW_COUNTRIES; bit++) {
		uint64_t word = (uint64_t)tw_state_counter(state, TW_COUNT_COUNTRIES(bit / 64), 0);
		if (word >> (bit % 64) & 1) {
			char *to = out->countries[out->country_count++];
			to[0] = (char)('A' + bit / 26);
			to[1] = (char)('A' + bit % 26);
			to[2] = '\0';
		}
	}
}

/* ---- certificates ---- */

static struct tw_view_line *line_at(struct tw_list *lines, int64_t number, struct tw_arena *arena)
{
	struct tw_view_line *line = lines->data;
	for (uint32_t i = 0; i < lines->count; i++) {
		if (line[i].line == number) {
			return &line[i];
		}
	}
	line = tw_list_push(arena, lines, sizeof(*line));
	if (line) {
		line->line = number;
	}
	return line;
}

static bool certified_add(struct tw_terms terms, struct tw_list *lines, struct tw_arena *arena)
{
	struct tw_ledger_line certified;
	while (tw_ledger_next(&terms.lines, &terms.lines_left, &certified)) {
		struct tw_view_line *line = line_at(lines, certified.line, arena);
		if (!line) {
			return false;
		}
		line->certified = true;
		line->certified_stated = certified.stated;
		line->certified_e4 = certified.quantity_e4;
		line->certified_unit = certified.unit;
	}
	return true;
}

static bool drawn_add(const struct tw_element *element, struct tw_list *lines, struct tw_arena *arena)
{
	uint64_t left = 0;
	struct tw_cursor cursor = tw_draws_read(element->bytes, &left);
	struct tw_ledger_line drawn;
	while (tw_ledger_next(&cursor, &left, &drawn)) {
		struct tw_view_line *line = line_at(lines, drawn.line, arena);
		if (!line) {
			return false;
		}
		line->draws++;
		line->missing = line->missing || !drawn.stated;
		line->mixed = line->mixed || (drawn.unit && line->drawn_unit && drawn.unit != line->drawn_unit);
		line->drawn_unit = drawn.unit ? drawn.unit : line->drawn_unit;
		line->drawn_e4 = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), line->drawn_e4, drawn.quantity_e4);
	}
	return true;
}

static int by_line(const void *left, const void *right)
{
	const struct tw_view_line *a = left, *b = right;
	return (a->line > b->line) - (a->line < b->line);
}

static bool ledger_add(const struct tw_state *state, struct tw_arena *arena, struct tw_state_view *out)
{
	struct tw_list lines = {NULL, 0, 0};
	struct tw_terms latest = {.revision = 0};
	bool whole = !tw_terms_in_force(state, &latest, NULL) || certified_add(latest, &lines, arena);
	for (uint32_t i = 0; state->elements && i < state->element_count && whole; i++) {
		const struct tw_element *element = &state->elements[i];
		whole = element->key.len == 0 || element->key.ptr[0] != TW_ELEMENT_DRAW || drawn_add(element, &lines, arena);
	}
	struct tw_view_line *line = lines.data;
	for (uint32_t i = 0; i < lines.count; i++) {
		line[i].mixed = line[i].mixed || (line[i].certified_unit && line[i].drawn_unit && line[i].certified_unit != line[i].drawn_unit);
	}
	if (lines.count > 1) {
		qsort(line, lines.count, sizeof(*line), by_line);
	}
	out->lines = line;
	out->line_count = lines.count;
	return whole;
}

bool tw_state_view(const struct tw_state *state, enum tw_entity_kind kind, struct tw_arena *arena, struct tw_state_view *out)
{
	bool authenticated = false;
	*out = (struct tw_state_view){.counted = false};
	windows_add(state, out);
	countries_add(state, out);
	out->first_day = (int32_t)tw_state_counter(state, TW_COUNT_FIRST, INT32_MIN);
	out->last_day = (int32_t)tw_state_counter(state, TW_COUNT_LAST, INT32_MIN);
	out->dated = out->first_day != INT32_MIN && out->last_day != INT32_MIN;
	out->counterparties = tw_sketch_estimate(state, TW_COUNT_COUNTERPARTIES(0));
	out->offices = tw_sketch_estimate(state, TW_COUNT_OFFICES(0));
	if (kind == TW_ENTITY_MARKING) {
		out->marking = tw_marking_status_at(state, INT64_MAX);
	}
	if (kind != TW_ENTITY_CERTIFICATE) {
		return true;
	}
	const struct tw_state *heard = tw_words_heard(state, arena);
	if (!heard) {
		return false;
	}
	out->status = tw_certificate_status_latest(heard, tw_certificate_reach(heard), &authenticated);
	return ledger_add(state, arena, out);
}
