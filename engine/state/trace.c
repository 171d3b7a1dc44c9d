/**
 * @file trace.c
 * See trace.h. Which records, who else, and what they come to; what one record says is sightings.c.
 */
#include "engine/state/trace.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/event/serial.h"
#include "engine/state/entity.h"
#include "engine/state/operations.h"
#include "engine/state/series_part.h"
#include "engine/state/sightings.h"

/* @param out two keys: the block that the number is in, and the long runs */
static void parts_of(const struct tw_trace_keys *keys, struct tw_slice series, struct tw_arena *arena, struct tw_slice *out)
{
	uint64_t block = keys->number / TW_SERIES_BLOCK;
	out[0] = series.len ? tw_key_series_part(series, &block, arena) : series;
	out[1] = series.len ? tw_key_series_part(series, NULL, arena) : series;
}

bool tw_trace_keys_of(const struct tw_marking *mark, struct tw_slice make, struct tw_arena *arena, struct tw_trace_keys *out)
{
	struct tw_marking bare = *mark;
	struct tw_run run = {0, 0, 0};
	struct tw_slice maker = tw_stated(mark->make.span) ? tw_slice_of(mark->make) : make, none = {"", 0};
	bare.make = (struct tw_text){.ptr = NULL};
	*out = (struct tw_trace_keys){.written = tw_slice_of(mark->value)};
	out->key[TW_TRACE_OWN] = tw_key_marking(&bare, maker, arena);
	tw_series_of(&bare, maker, arena, &out->series[0], &run);
	out->key[TW_TRACE_BARE] = tw_key_marking(&bare, none, arena);
	tw_series_of(&bare, none, arena, &out->series[1], &run);
	out->key[TW_TRACE_MARK_INDEX] = tw_key_mark_index(tw_slice_of(mark->value), arena);
	out->key[TW_TRACE_SERIES_INDEX] = out->series[0].len ? tw_key_series_index(out->series[0], arena) : none;
	out->number = run.first;
	out->letters = run.letters;
	bool no_maker = tw_slice_equal(out->key[TW_TRACE_BARE], out->key[TW_TRACE_OWN]);
	out->key[TW_TRACE_BARE] = no_maker ? none : out->key[TW_TRACE_BARE];
	parts_of(out, out->series[0], arena, &out->key[TW_TRACE_BLOCK]);
	parts_of(out, no_maker ? none : out->series[1], arena, &out->key[TW_TRACE_BARE_BLOCK]);
	for (uint32_t i = 0; i < TW_TRACE_RECORDS; i++) {
		if (!out->key[i].ptr) {
			return false;
		}
	}
	return true;
}

void tw_trace_mention(struct tw_drafts *drafts, const struct tw_event *event)
{
	const struct tw_marked_item *item = &event->marking.item;
	const struct tw_marking *marks = item->marks.data;
	for (uint32_t i = 0; i < item->marks.count && i < TW_TRACE_MARKS_MAX && !drafts->code; i++) {
		struct tw_trace_keys keys;
		if (!tw_trace_keys_of(&marks[i], tw_slice_of(item->make), drafts->arena, &keys)) {
			drafts->code = TW_E_MEMORY;
			return;
		}
		for (uint32_t k = 0; k < TW_TRACE_RECORDS; k++) {
			tw_drafts_mention(drafts, TW_ENTITY_MARKING, keys.key[k], NULL, NULL);
		}
	}
}

static bool is_cut(const struct tw_state *state)
{
	return state && tw_state_counter(state, TW_COUNT_OVERFLOW, 0) != 0;
}

static bool append(struct tw_trace *trace, const struct tw_collected *more, bool no_maker)
{
	const struct tw_mark_sighting *from = more->list.data;
	bool full = more->full;
	for (uint32_t i = 0; i < more->list.count && !full; i++) {
		struct tw_mark_sighting *kept = tw_list_push(more->arena, &trace->sightings, sizeof(*kept));
		full = !kept;
		if (kept) {
			*kept = from[i];
			kept->no_maker = no_maker;
		}
	}
	return !full;
}

/* @param own its record; the parts of its series follow @return false at the arena's ceiling */
static bool collect(struct tw_collected *out, enum tw_trace_record own, const struct tw_state *const *states)
{
	const struct tw_state *const *parts = &states[own + 1];
	const struct tw_state *series = tw_states_joined(parts, 2, out->arena);
	tw_sightings_collect(out, out->keys->key[own], states[own], series);
	return series || (!parts[0] && !parts[1]);
}

bool tw_trace_begin(const struct tw_trace_keys *keys, const struct tw_state *const states[TW_TRACE_RECORDS], struct tw_arena *arena,
                    struct tw_trace *out)
{
	struct tw_collected asked = {.keys = keys, .arena = arena, .at_least = TW_TRACE_EXACT}, bare = asked;
	*out = (struct tw_trace){.key = keys->key[TW_TRACE_OWN], .serial = keys->written};
	bool whole = collect(&asked, TW_TRACE_OWN, states) && append(out, &asked, false);
	if (keys->key[TW_TRACE_BARE].len) {
		whole = whole && collect(&bare, TW_TRACE_BARE, states) && append(out, &bare, true);
	}
	for (uint32_t i = 0; i < TW_TRACE_RECORDS; i++) {
		out->partial = out->partial || is_cut(states[i]);
	}
	return whole;
}

bool tw_trace_named(const struct tw_trace_keys *keys, const struct tw_state *const states[TW_TRACE_RECORDS], struct tw_arena *arena,
                    struct tw_list *out)
{
	for (uint32_t r = TW_TRACE_SERIES_INDEX; r <= TW_TRACE_MARK_INDEX; r++) {
		for (uint32_t i = 0; states[r] && i < states[r]->element_count; i++) {
			struct tw_slice name = tw_element_tail(&states[r]->elements[i]);
			bool known = !tw_element_is(&states[r]->elements[i], TW_ELEMENT_MAKER);
			for (uint32_t k = 0; k < 2; k++) {
				known = known || tw_slice_equal(name, keys->series[k]);
				known = known || tw_slice_equal(name, keys->key[k ? TW_TRACE_BARE : TW_TRACE_OWN]);
			}
			struct tw_slice *kept = known ? NULL : tw_list_push(arena, out, sizeof(*kept));
			if (!known && !kept) {
				return false;
			}
			if (kept) {
				*kept = name;
			}
		}
	}
	return true;
}

/* Later statuses win; of what is only folded alike nothing is said. */
static enum tw_marking_status status_of(const struct tw_mark_sighting *sightings, uint32_t count, enum tw_trace_match least)
{
	enum tw_marking_status last = TW_MARKING_STATUS_UNKNOWN;
	int64_t last_ms = INT64_MIN;
	for (uint32_t i = 0; i < count; i++) {
		enum tw_marking_status status = tw_marking_status_of(sightings[i].type);
		bool later = sightings[i].time_ms > last_ms || (sightings[i].time_ms == last_ms && status > last);
		if (status && later && sightings[i].match <= least) {
			last = status;
			last_ms = sightings[i].time_ms;
		}
	}
	return last;
}

static struct tw_trace_candidate candidate_of(const struct tw_collected *of, struct tw_slice maker)
{
	const struct tw_mark_sighting *sightings = of->list.data;
	struct tw_trace_candidate out = {.maker = maker, .looked = true, .match = TW_TRACE_FOLDED, .first_ms = INT64_MAX, .last_ms = INT64_MIN};
	out.sightings = of->list.count;
	for (uint32_t i = 0; i < of->list.count; i++) {
		out.match = sightings[i].match < out.match ? sightings[i].match : out.match;
		out.first_ms = sightings[i].time_ms < out.first_ms ? sightings[i].time_ms : out.first_ms;
		out.last_ms = sightings[i].time_ms > out.last_ms ? sightings[i].time_ms : out.last_ms;
	}
	out.status = status_of(sightings, of->list.count, out.match == TW_TRACE_FOLDED ? TW_TRACE_FOLDED : TW_TRACE_IN_RANGE);
	return out;
}

/* A maker has several series of letters that fold alike, and single marks: one line for each maker. */
static bool candidate_add(struct tw_trace *trace, struct tw_trace_candidate one, struct tw_arena *arena)
{
	for (uint32_t i = 0; i < trace->candidate_count; i++) {
		struct tw_trace_candidate *held = &trace->candidates[i];
		if (!tw_slice_equal(held->maker, one.maker)) {
			continue;
		}
		bool surer = one.looked && (!held->looked || one.match < held->match || (one.match == held->match && one.last_ms > held->last_ms));
		held->status = surer ? one.status : held->status;
		held->match = surer ? one.match : held->match;
		held->sightings += one.sightings;
		held->first_ms = one.looked && (!held->looked || one.first_ms < held->first_ms) ? one.first_ms : held->first_ms;
		held->last_ms = one.looked && (!held->looked || one.last_ms > held->last_ms) ? one.last_ms : held->last_ms;
		held->looked = held->looked || one.looked;
		return true;
	}
	if (trace->candidate_count == TW_CANDIDATES_SHOWN) {
		trace->candidates_more++;
		return true;
	}
	if (!trace->candidates) {
		trace->candidates = tw_arena_alloc(arena, TW_CANDIDATES_SHOWN * sizeof(*trace->candidates));
	}
	if (!trace->candidates) {
		return false;
	}
	trace->candidates[trace->candidate_count++] = one;
	return true;
}

static bool is_series(struct tw_slice key)
{
	struct tw_slice value = tw_mark_value(key);
	return value.len && value.ptr[0] == '~';
}

static struct tw_slice maker_in(struct tw_slice key)
{
	struct tw_slice value = tw_mark_value(key);
	return (struct tw_slice){key.ptr, key.len - value.len - (key.len > value.len)};
}

struct tw_slice tw_trace_own_key(const struct tw_trace_keys *keys, struct tw_slice named, struct tw_arena *arena)
{
	static const struct tw_span stated = {0, 1};
	struct tw_marking mark = {.kind = {TW_MARKING_SERIAL, stated}, .value = {keys->written.ptr, keys->written.len, stated}};
	return is_series(named) ? tw_key_marking(&mark, maker_in(named), arena) : named;
}

bool tw_trace_parts(const struct tw_trace_keys *keys, struct tw_slice named, struct tw_arena *arena, struct tw_slice out[2])
{
	if (!is_series(named)) {
		out[0] = out[1] = (struct tw_slice){"", 0};
		return false;
	}
	parts_of(keys, named, arena, out);
	out[0].ptr = out[1].ptr ? out[0].ptr : NULL;
	return out[0].ptr != NULL;
}

bool tw_trace_offer(struct tw_trace *trace, const struct tw_trace_keys *keys, struct tw_slice named, struct tw_trace_records records,
                    struct tw_arena *arena)
{
	bool sure = is_series(named) || tw_slice_equal(tw_mark_value(named), tw_mark_value(keys->key[TW_TRACE_OWN]));
	struct tw_collected of = {.keys = keys, .arena = arena, .at_least = sure ? TW_TRACE_EXACT : TW_TRACE_FOLDED};
	struct tw_slice maker = maker_in(named), own = tw_trace_own_key(keys, named, arena);
	if (!records.looked) {
		enum tw_trace_match match = is_series(named) ? (enum tw_trace_match)0 : sure ? TW_TRACE_NORMALISED : TW_TRACE_FOLDED;
		return candidate_add(trace, (struct tw_trace_candidate){.maker = maker, .match = match}, arena);
	}
	if (!own.ptr) {
		return false;
	}
	tw_sightings_collect(&of, own, records.own, records.series);
	if (of.full || of.list.count == 0) {
		return !of.full;
	}
	if (tw_slice_equal(maker, maker_in(keys->key[TW_TRACE_OWN]))) {
		return append(trace, &of, false);
	}
	return candidate_add(trace, candidate_of(&of, maker), arena);
}

/* ---- its end ---- */

static int by_time(const void *left, const void *right)
{
	const struct tw_mark_sighting *a = left, *b = right;
	if (a->time_ms != b->time_ms) {
		return a->time_ms < b->time_ms ? -1 : 1;
	}
	if (a->kind != b->kind) {
		return a->kind < b->kind ? -1 : 1;
	}
	int order = tw_slice_compare(a->name, b->name);
	order = order ? order : (int)a->type - (int)b->type;
	order = order ? order : (int)a->match - (int)b->match;
	return order ? order : tw_slice_compare(a->said.of[TW_PARTICULAR_EVENT_ID], b->said.of[TW_PARTICULAR_EVENT_ID]);
}

static int by_match(const void *left, const void *right)
{
	const struct tw_trace_candidate *a = left, *b = right;
	if (a->looked != b->looked) {
		return a->looked ? -1 : 1;
	}
	uint32_t first = a->match ? a->match : UINT32_MAX, second = b->match ? b->match : UINT32_MAX;
	return first != second ? (first < second ? -1 : 1) : tw_slice_compare(a->maker, b->maker);
}

/* @return false at the arena's ceiling */
static bool identity_add(struct tw_trace *trace, enum tw_identity which, struct tw_slice value, struct tw_arena *arena)
{
	struct tw_trace_identity *identity = &trace->identity[which];
	struct tw_slice reduced = tw_text_alnum(value, arena);
	for (uint32_t i = 0; i < identity->count; i++) {
		struct tw_slice held = tw_text_alnum(identity->value[i], arena);
		if (!held.ptr || tw_slice_equal(held, reduced)) {
			return held.ptr != NULL;
		}
	}
	if (reduced.len && identity->count < TW_IDENTITY_VALUES) {
		identity->value[identity->count++] = value;
	}
	return reduced.ptr != NULL;
}

/* Of one thing that sightings say: what was asked, then what they say, in order of time. */
static bool identity_of(struct tw_trace *trace, enum tw_identity which, enum tw_particular said, struct tw_slice asked, struct tw_arena *arena)
{
	const struct tw_mark_sighting *sightings = trace->sightings.data;
	bool whole = identity_add(trace, which, asked, arena);
	for (uint32_t i = 0; i < trace->sightings.count; i++) {
		if (sightings[i].match != TW_TRACE_FOLDED) {
			whole = whole && identity_add(trace, which, sightings[i].said.of[said], arena);
		}
	}
	return whole;
}

static bool maker_of(struct tw_trace *trace, struct tw_arena *arena)
{
	bool whole = identity_add(trace, TW_IDENTITY_MAKER, trace->maker, arena);
	for (uint32_t i = 0; trace->maker.len == 0 && i < trace->candidate_count; i++) {
		if (trace->candidates[i].looked && trace->candidates[i].match != TW_TRACE_FOLDED) {
			whole = whole && identity_add(trace, TW_IDENTITY_MAKER, trace->candidates[i].maker, arena);
		}
	}
	return whole;
}

bool tw_trace_end(struct tw_trace *trace, const struct tw_particulars *asked, struct tw_arena *arena)
{
	if (trace->sightings.count > 1) {
		qsort(trace->sightings.data, trace->sightings.count, sizeof(struct tw_mark_sighting), by_time);
	}
	if (trace->candidate_count > 1) {
		qsort(trace->candidates, trace->candidate_count, sizeof(*trace->candidates), by_match);
	}
	trace->status = status_of(trace->sightings.data, trace->sightings.count, TW_TRACE_IN_RANGE);
	bool read = !tw_serial_is_partial(trace->serial);
	return maker_of(trace, arena) && (!read || identity_add(trace, TW_IDENTITY_SERIAL, trace->serial, arena)) &&
	       identity_of(trace, TW_IDENTITY_MODEL, TW_PARTICULAR_MODEL, asked->of[TW_PARTICULAR_MODEL], arena) &&
	       identity_of(trace, TW_IDENTITY_ORIGIN, TW_PARTICULAR_ORIGIN, asked->of[TW_PARTICULAR_ORIGIN], arena) &&
	       identity_of(trace, TW_IDENTITY_IMPORT, TW_PARTICULAR_IMPORT, asked->of[TW_PARTICULAR_IMPORT], arena);
}

/* ---- of a request in the stream ---- */

static const struct tw_state *state_of(const struct tw_operations *operations, const struct tw_priors *priors, struct tw_slice key,
                                       struct tw_arena *arena)
{
	for (uint32_t i = 0; key.len && i < operations->count; i++) {
		if (operations->operation[i].kind == TW_ENTITY_MARKING && tw_slice_equal(operations->operation[i].key, key)) {
			return tw_prior_state(priors, i, arena);
		}
	}
	return NULL;
}

bool tw_trace_of_request(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                         const struct tw_marking *mark, struct tw_arena *arena, struct tw_trace *out)
{
	const struct tw_marked_item *item = &event->marking.item;
	const struct tw_state *states[TW_TRACE_RECORDS];
	struct tw_particulars asked = {.of = {{NULL, 0}}};
	struct tw_trace_keys keys;
	struct tw_list named = {NULL, 0, 0};
	if (!tw_trace_keys_of(mark, tw_slice_of(item->make), arena, &keys)) {
		return false;
	}
	for (uint32_t i = 0; i < TW_TRACE_RECORDS; i++) {
		states[i] = state_of(operations, priors, keys.key[i], arena);
	}
	bool whole = tw_trace_begin(&keys, states, arena, out) && tw_trace_named(&keys, states, arena, &named) && tw_priors_whole(priors);
	const struct tw_slice *names = named.data;
	for (uint32_t i = 0; i < named.count && whole; i++) {
		whole = tw_trace_offer(out, &keys, names[i], (struct tw_trace_records){.looked = false}, arena);
	}
	out->maker = tw_stated(mark->make.span) ? tw_slice_of(mark->make) : tw_slice_of(item->make);
	asked.of[TW_PARTICULAR_MODEL] = tw_slice_of(tw_stated(mark->model.span) ? mark->model : item->model);
	asked.of[TW_PARTICULAR_ORIGIN] = tw_slice_of(tw_stated(mark->country.span) ? mark->country : item->country_of_manufacture);
	return whole && tw_trace_end(out, &asked, arena);
}
