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

/* Subjects that no mark's own mention has: parts of the mark, and the name of its series. */
static const void *first_block(const struct tw_marking *marking)
{
	return &marking->from;
}

static const void *last_block(const struct tw_marking *marking)
{
	return &marking->to;
}

/* Serials come in a row: mostly it is the same block as before. */
static uint32_t block_of(struct tw_drafts *drafts, const void *subject, const struct tw_item *item, uint32_t series, uint64_t block)
{
	if (drafts->blocks && drafts->block_series == series && drafts->block_at == block) {
		return tw_drafts_again(drafts, drafts->block, subject, item);
	}
	struct tw_slice key = tw_key_series_part(tw_drafts_at(drafts, series)->operation.key, &block, drafts->arena);
	uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, key, subject, item);
	if (number != TW_NO_OPERATION) {
		drafts->blocks += tw_drafts_at(drafts, number)->runs.count == 0;
		drafts->block = number;
		drafts->block_series = series;
		drafts->block_at = block;
	}
	return number;
}

static void block_mention(struct tw_drafts *drafts, const void *subject, const struct tw_item *item, uint32_t series, uint64_t block,
                          const struct tw_run *run, struct tw_slice packed)
{
	uint32_t number = block_of(drafts, subject, item, series, block);
	if (number != TW_NO_OPERATION && !tw_runs_add(drafts, number, run, packed)) {
		drafts->code = TW_E_MEMORY;
	}
}

void tw_series_parts_mention(struct tw_drafts *drafts, const struct tw_marking *marking, const struct tw_item *item, uint32_t series,
                             const struct tw_run *run, struct tw_slice packed)
{
	struct tw_slice key = tw_drafts_at(drafts, series)->operation.key;
	bool first = tw_drafts_at(drafts, series)->runs.count == 1, is_long = run->last - run->first >= TW_SERIES_BLOCK;
	if (first || is_long) {
		uint32_t number =
		    tw_drafts_mention(drafts, TW_ENTITY_MARKING, tw_key_series_part(key, NULL, drafts->arena), first ? key.ptr : NULL, NULL);
		if (is_long && number != TW_NO_OPERATION && !tw_runs_add(drafts, number, run, packed)) {
			drafts->code = TW_E_MEMORY;
		}
	}
	if (is_long || drafts->blocks + 2 > TW_SERIES_BLOCKS_MAX) {
		return;
	}
	uint64_t from = run->first / TW_SERIES_BLOCK, to = run->last / TW_SERIES_BLOCK;
	block_mention(drafts, first_block(marking), item, series, from, run, packed);
	if (to != from) {
		block_mention(drafts, last_block(marking), item, series, to, run, packed);
	}
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

static uint32_t operation_of(const struct tw_operations *operations, const void *subject)
{
	const struct tw_mention *mention = tw_operations_mention(operations, subject, TW_ENTITY_MARKING);
	return mention ? mention->operation : TW_NO_OPERATION;
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

const struct tw_state *tw_series_view(const struct tw_operations *operations, const struct tw_priors *priors, const struct tw_marking *marking,
                                      struct tw_arena *arena)
{
	static const struct tw_state nothing = {NULL, 0, NULL, 0};
	uint32_t series = marking ? operation_of(operations, tw_series_subject(marking)) : TW_NO_OPERATION;
	if (series == TW_NO_OPERATION || !priors || series >= priors->count) {
		return NULL;
	}
	uint32_t block = operation_of(operations, first_block(marking)), last = TW_NO_OPERATION;
	if (block != TW_NO_OPERATION && marking->kind.value == TW_MARKING_SERIAL_RANGE) {
		last = operation_of(operations, last_block(marking));
	}
	uint32_t part = block == TW_NO_OPERATION ? series : block;
	struct tw_prior *keeper = &priors->prior[part]; /* marks in a row have one block */
	if (keeper->view && last == TW_NO_OPERATION) {
		return keeper->view;
	}
	const uint32_t parts[PARTS_MAX] = {part, operation_of(operations, operations->operation[series].key.ptr), last};
	const struct tw_state *view = view_of(priors, parts, arena);
	if (!view && priors->prior[series].record.len && !keeper->incomplete) {
		view = &nothing; /* others of the series are known, none near this one */
	}
	keeper->view = last == TW_NO_OPERATION ? view : keeper->view;
	return view;
}
