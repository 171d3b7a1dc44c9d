/**
 * @file series_part.c
 * See series_part.h.
 */
#include "engine/state/series_part.h"

#include "engine/base/arena.h"
#include "engine/event/keys.h"
#include "engine/state/operations.h"

#define PARTS_MAX 3U /* two blocks and the long runs */

/* ---- mentions ---- */

/* Serials come in a row: mostly it is the same block as before. */
static uint32_t block_of(struct tw_drafts *drafts, uint32_t series, uint64_t block)
{
	if (drafts->blocks && drafts->block_series == series && drafts->block_at == block) {
		return drafts->block;
	}
	struct tw_slice key = tw_key_series_part(tw_drafts_at(drafts, series)->operation.key, &block, drafts->arena);
	uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, key, NULL, NULL);
	if (number != TW_NO_OPERATION) {
		drafts->blocks += tw_drafts_at(drafts, number)->runs.count == 0;
		drafts->block = number;
		drafts->block_series = series;
		drafts->block_at = block;
	}
	return number;
}

static uint32_t part_add(struct tw_drafts *drafts, uint32_t part, const struct tw_run *run, struct tw_slice packed)
{
	if (part != TW_NO_OPERATION && !tw_runs_add(drafts, part, run, packed)) {
		drafts->code = TW_E_MEMORY;
	}
	return part;
}

const struct tw_mark_parts *tw_series_parts_mention(struct tw_drafts *drafts, uint32_t series, uint32_t index, const struct tw_run *run,
                                                    struct tw_slice packed)
{
	struct tw_mark_parts *parts = tw_arena_alloc_raw(drafts->arena, sizeof(*parts));
	if (!parts) {
		drafts->code = TW_E_MEMORY;
		return NULL;
	}
	if (tw_drafts_at(drafts, series)->runs.count == 1) {
		struct tw_slice key = tw_key_series_part(tw_drafts_at(drafts, series)->operation.key, NULL, drafts->arena);
		uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, key, NULL, NULL);
		tw_drafts_at(drafts, series)->long_runs = number;
	}
	*parts = (struct tw_mark_parts){series, TW_NO_OPERATION, TW_NO_OPERATION, tw_drafts_at(drafts, series)->long_runs, *run, index};
	if (run->last - run->first >= TW_SERIES_BLOCK) {
		part_add(drafts, parts->long_runs, run, packed);
		return parts;
	}
	if (drafts->blocks + 2 > TW_SERIES_BLOCKS_MAX) {
		return parts;
	}
	uint64_t from = run->first / TW_SERIES_BLOCK, to = run->last / TW_SERIES_BLOCK;
	parts->block = part_add(drafts, block_of(drafts, series, from), run, packed);
	if (to != from) {
		parts->last_block = part_add(drafts, block_of(drafts, series, to), run, packed);
	}
	return parts;
}

/* ---- views ---- */

static int64_t overflow_of(const struct tw_state *const *states, uint32_t count)
{
	int64_t over = 0;
	for (uint32_t i = 0; i < count; i++) {
		over |= tw_state_counter(states[i], TW_COUNT_OVERFLOW, 0);
	}
	return over;
}

/* Which of them has the least key next; `count` when all are through. */
static uint32_t least_of(const struct tw_state *const *states, const uint32_t *at, uint32_t count)
{
	uint32_t least = count;
	for (uint32_t i = 0; i < count; i++) {
		if (at[i] < states[i]->element_count &&
		    (least == count || tw_slice_compare(states[i]->elements[at[i]].key, states[least]->elements[at[least]].key) < 0)) {
			least = i;
		}
	}
	return least;
}

const struct tw_state *tw_states_joined(const struct tw_state *const *states, uint32_t count, struct tw_arena *arena)
{
	const struct tw_state *held[PARTS_MAX];
	uint32_t at[PARTS_MAX] = {0}, parts = 0, total = 0, next;
	for (uint32_t i = 0; i < count && parts < PARTS_MAX; i++) {
		if (states[i]) {
			held[parts++] = states[i];
			total += states[i]->element_count;
		}
	}
	if (parts < 2) {
		return parts ? held[0] : NULL;
	}
	struct tw_state *out = tw_arena_alloc(arena, sizeof(*out));
	struct tw_element *elements = tw_arena_alloc_raw(arena, total * sizeof(*elements) + 1);
	struct tw_counter *counter = tw_arena_alloc_raw(arena, sizeof(*counter));
	if (!out || !elements || !counter) {
		return NULL;
	}
	while ((next = least_of(held, at, parts)) != parts) {
		elements[out->element_count++] = held[next]->elements[at[next]++];
	}
	*counter = (struct tw_counter){TW_COUNT_OVERFLOW, overflow_of(held, parts)};
	out->elements = elements;
	out->counters = counter;
	out->counter_count = counter->value != 0;
	return out;
}

static const struct tw_state *view_of(const struct tw_priors *priors, const uint32_t parts[PARTS_MAX], struct tw_arena *arena)
{
	const struct tw_state *states[PARTS_MAX];
	uint32_t any = 0;
	for (uint32_t i = 0; i < PARTS_MAX; i++) {
		states[i] = tw_prior_state(priors, parts[i], arena);
		any += states[i] != NULL;
	}
	const struct tw_state *view = tw_states_joined(states, PARTS_MAX, arena);
	if (any && !view) {
		priors->prior[parts[0]].incomplete = true;
	}
	return view;
}

const struct tw_state *tw_series_view(const struct tw_priors *priors, const struct tw_mark_parts *parts, struct tw_arena *arena)
{
	static const struct tw_state nothing = {NULL, 0, NULL, 0};
	if (!parts || !priors || parts->series >= priors->count) {
		return NULL;
	}
	uint32_t part = parts->block == TW_NO_OPERATION ? parts->series : parts->block;
	struct tw_prior *keeper = &priors->prior[part]; /* marks in a row have one block */
	if (keeper->view && parts->last_block == TW_NO_OPERATION) {
		return keeper->view;
	}
	const uint32_t records[PARTS_MAX] = {part, parts->long_runs, parts->last_block};
	const struct tw_state *view = view_of(priors, records, arena);
	if (!view && priors->prior[parts->series].record.len && !keeper->incomplete) {
		view = &nothing; /* others of the series are known, none near this one */
	}
	keeper->view = parts->last_block == TW_NO_OPERATION ? view : keeper->view;
	return view;
}
