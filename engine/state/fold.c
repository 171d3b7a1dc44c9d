/**
 * @file fold.c
 * A record's snapshot and entries as one state (tw_record_fold of record.h).
 *
 * The tail is added up on its own first, because it is short; then it is merged once with the snapshot, which may be long:
 *
 *     snapshot  [---------------------------]      merge, one pass
 *     tail      e1 + e2 + ... + en = [-----]
 *
 * Then bounds are applied that keep a record small: old day buckets are summed up, links of one kind, wares, papers, draws and other elements of one
 * class beyond their own limits go, and elements beyond the limit of all, each time the lowest (version, key) first. An element that is among the
 * highest in the end was among them ever since it came, and more than the limit were put in one order exactly when they were in any other: all of
 * these give equal states whatever the order of arrival.
 */
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/state/field.h"
#include "engine/state/links.h"
#include "engine/state/record.h"
#include "engine/state/sample.h"

/* The tail's sum while it grows. */
struct tail {
	struct tw_counter *counters;
	uint32_t counter_count;
	uint32_t counter_room;
	struct tw_list elements; /* struct tw_element: by key and each once up to `settled`, as they came behind it */
	uint32_t settled;
};

#define SETTLED_MAX 128U /* entries of one record mostly name the same: sorted in as they come; of more, all are sorted at once */

static bool tail_room(struct tail *tail, struct tw_arena *arena)
{
	if (tail->counter_count < tail->counter_room) {
		return true;
	}
	uint32_t room = tail->counter_room ? tail->counter_room * 2 : 32;
	struct tw_counter *grown = tw_arena_alloc_raw(arena, room * sizeof(*grown));
	if (!grown) {
		return false;
	}
	if (tail->counter_count) {
		memcpy(grown, tail->counters, tail->counter_count * sizeof(*grown));
	}
	tail->counters = grown;
	tail->counter_room = room;
	return true;
}

/* `at` only moves forward: an entry's counters ascend. */
static bool tail_count(struct tail *tail, const struct tw_counter *counter, uint32_t *at, struct tw_arena *arena)
{
	while (*at < tail->counter_count && tail->counters[*at].field < counter->field) {
		++*at;
	}
	if (*at < tail->counter_count && tail->counters[*at].field == counter->field) {
		int64_t *value = &tail->counters[*at].value;
		*value = tw_counter_merge(counter->field, *value, counter->value);
		return true;
	}
	if (!tail_room(tail, arena)) {
		return false;
	}
	struct tw_counter *held = &tail->counters[*at];
	memmove(held + 1, held, (tail->counter_count - *at) * sizeof(*held));
	*held = *counter;
	tail->counter_count++;
	return true;
}

/* `at` only moves forward: an entry's elements ascend. */
static bool tail_element(struct tail *tail, const struct tw_element *element, uint32_t *at, struct tw_arena *arena)
{
	struct tw_element *elements = tail->elements.data;
	bool settles = tail->settled == tail->elements.count && tail->settled < SETTLED_MAX;
	int order = -1;
	while (settles && *at < tail->settled && (order = tw_key_compare(elements[*at].key, element->key)) < 0) {
		++*at;
	}
	if (settles && *at < tail->settled && order == 0) {
		elements[*at] = tw_element_compare(&elements[*at], element) < 0 ? *element : elements[*at];
		return true;
	}
	struct tw_element *held = tw_list_push(arena, &tail->elements, sizeof(*held));
	if (!held) {
		return false;
	}
	if (settles) {
		elements = tail->elements.data;
		held = &elements[*at];
		memmove(held + 1, held, (tail->settled - *at) * sizeof(*held));
		tail->settled++;
	}
	*held = *element;
	return true;
}

/* The counters of a declaration. */
static bool tail_sample(struct tail *tail, const struct tw_sample *sample, struct tw_arena *arena)
{
	struct tw_counter counters[TW_SAMPLE_COUNTERS];
	uint32_t count = tw_sample_counters(sample, counters), at = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!tail_count(tail, &counters[i], &at, arena)) {
			return false;
		}
	}
	return true;
}

static enum tw_code tail_add(struct tail *tail, struct tw_slice payload, bool known, struct tw_arena *arena)
{
	struct tw_packed_walk walk;
	struct tw_counter counter;
	struct tw_sample sample = {.any = false};
	uint32_t at = 0;
	tw_walk_counters(&walk, payload);
	walk.cursor.known = known;
	while (tw_walk_counter(&walk, &counter)) {
		if (!tw_sample_take(&sample, &counter) && !tail_count(tail, &counter, &at, arena)) {
			return TW_E_MEMORY;
		}
	}
	if (!tail_sample(tail, &sample, arena)) {
		return TW_E_MEMORY;
	}
	struct tw_element element;
	tw_walk_elements(&walk);
	at = 0;
	while (tw_walk_element(&walk, &element)) {
		if (!tail_element(tail, &element, &at, arena)) {
			return TW_E_MEMORY;
		}
	}
	return walk.cursor.bad || walk.cursor.at != walk.cursor.end ? TW_E_CORRUPT : TW_OK;
}

/* By key; of one key the winner first. */
static int by_key_then_winner(const void *left, const void *right)
{
	const struct tw_element *a = left, *b = right;
	int order = tw_key_compare(a->key, b->key);
	return order ? order : tw_element_compare(b, a);
}

/* Sorted, each key once. */
static void tail_settle(struct tail *tail)
{
	struct tw_element *elements = tail->elements.data;
	uint32_t count = tail->elements.count, kept = 0;
	if (count == tail->settled) {
		return;
	}
	if (count > 1) {
		qsort(elements, count, sizeof(*elements), by_key_then_winner);
	}
	for (uint32_t i = 0; i < count; i++) {
		if (kept == 0 || !tw_slice_equal(elements[kept - 1].key, elements[i].key)) {
			elements[kept++] = elements[i];
		}
	}
	tail->elements.count = kept;
}

static bool counters_merge(struct tw_state *state, const struct tw_counter *add, uint32_t count, struct tw_arena *arena)
{
	if (count == 0) {
		return true;
	}
	struct tw_counter *out = tw_arena_alloc_raw(arena, ((size_t)state->counter_count + count) * sizeof(*out));
	if (!out) {
		return false;
	}
	uint32_t i = 0, k = 0, length = 0;
	while (i < state->counter_count || k < count) {
		const struct tw_counter *held = i < state->counter_count ? &state->counters[i] : NULL;
		const struct tw_counter *more = k < count ? &add[k] : NULL;
		if (held && (!more || held->field < more->field)) {
			out[length++] = *held;
			i++;
		} else if (more && (!held || more->field < held->field)) {
			out[length++] = *more;
			k++;
		} else if (held && more) {
			out[length++] = (struct tw_counter){held->field, tw_counter_merge(held->field, held->value, more->value)};
			i++;
			k++;
		}
	}
	state->counters = out;
	state->counter_count = length;
	return true;
}

/* The first of [from, count) that does not sort before the key. */
static uint32_t place_of(const struct tw_element *elements, uint32_t from, uint32_t count, struct tw_slice key)
{
	uint32_t low = from, high = count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (tw_key_compare(elements[middle].key, key) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

/* A few into many: what lies between two of them is copied at once. */
static bool elements_merge(struct tw_state *state, const struct tw_element *add, uint32_t count, struct tw_arena *arena)
{
	if (count == 0) {
		return true;
	}
	struct tw_element *out = tw_arena_alloc_raw(arena, ((size_t)state->element_count + count) * sizeof(*out));
	if (!out) {
		return false;
	}
	uint32_t i = 0, length = 0;
	for (uint32_t k = 0; k < count; k++) {
		uint32_t at = place_of(state->elements, i, state->element_count, add[k].key);
		if (state->elements && at > i) {
			memcpy(&out[length], &state->elements[i], (at - i) * sizeof(*out));
		}
		length += at - i;
		i = at;
		const struct tw_element *held = i < state->element_count ? &state->elements[i] : NULL;
		bool same = held && tw_key_compare(held->key, add[k].key) == 0;
		out[length++] = same && tw_element_compare(held, &add[k]) >= 0 ? *held : add[k];
		i += same;
	}
	if (state->elements && i < state->element_count) {
		memcpy(&out[length], &state->elements[i], (state->element_count - i) * sizeof(*out));
	}
	state->elements = out;
	state->element_count = length + state->element_count - i;
	return true;
}

/* Buckets more than TW_HISTORY_DAYS before the newest leave for the "older" sums. */
static bool buckets_age(struct tw_state *state, struct tw_arena *arena)
{
	uint32_t count = state->counter_count;
	if (count == 0 || !tw_field_is_bucket(state->counters[count - 1].field)) {
		return true;
	}
	int32_t oldest = tw_bucket_day(state->counters[count - 1].field) - TW_HISTORY_DAYS;
	uint32_t first = count;
	while (first && tw_field_is_bucket(state->counters[first - 1].field)) {
		first--;
	}
	if (tw_bucket_day(state->counters[first].field) >= oldest) {
		return true;
	}
	struct tw_counter older[TW_BUCKETS] = {{TW_COUNT_OLDER_SEEN, 0}, {TW_COUNT_OLDER_KG, 0}, {TW_COUNT_OLDER_PIECES, 0}};
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i++) {
		struct tw_counter counter = state->counters[i];
		if (tw_field_is_bucket(counter.field) && tw_bucket_day(counter.field) < oldest) {
			struct tw_counter *sum = &older[tw_bucket_of(counter.field)];
			sum->value = tw_counter_merge(sum->field, sum->value, counter.value);
		} else {
			state->counters[kept++] = counter;
		}
	}
	bool moved = kept < count;
	state->counter_count = kept;
	uint32_t sums = 0;
	for (uint32_t i = 0; i < TW_BUCKETS; i++) {
		if (older[i].value) {
			older[sums++] = older[i];
		}
	}
	return !moved || counters_merge(state, older, sums, arena);
}

/* Lowest (version, key) first. */
static int by_version(const void *left, const void *right)
{
	const struct tw_element *a = left, *b = right;
	int order = tw_element_compare(a, b);
	return order ? order : tw_key_compare(a->key, b->key);
}

static int by_key(const void *left, const void *right)
{
	const struct tw_element *a = left, *b = right;
	return tw_key_compare(a->key, b->key);
}

#define DROPS_MAX 64U /* looked for in one pass: mostly as many values are new as a tail has entries; of more, all are sorted */

/* The `extra` earliest of them, latest first: few are ever moved, for most elements are later than all that are held. */
static void earliest_find(const struct tw_element *elements, uint32_t count, uint32_t extra, uint32_t drops[DROPS_MAX])
{
	uint32_t held = 0;
	for (uint32_t i = 0; i < count; i++) {
		bool full = held == extra;
		uint32_t at = full ? 0 : held++;
		if (full && by_version(&elements[drops[0]], &elements[i]) < 0) {
			continue;
		}
		for (; full && at + 1 < held && by_version(&elements[drops[at + 1]], &elements[i]) > 0; at++) {
			drops[at] = drops[at + 1]; /* the latest of them has given way */
		}
		for (; !full && at && by_version(&elements[drops[at - 1]], &elements[i]) < 0; at--) {
			drops[at] = drops[at - 1];
		}
		drops[at] = i;
	}
}

static int by_number(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return *a < *b ? -1 : *a > *b;
}

/* The earliest go; the others stay by key. */
static void earliest_drop(struct tw_element *elements, uint32_t count, uint32_t extra)
{
	uint32_t drops[DROPS_MAX];
	earliest_find(elements, count, extra, drops);
	qsort(drops, extra, sizeof(*drops), by_number);
	for (uint32_t i = 0; i < extra; i++) {
		uint32_t end = i + 1 < extra ? drops[i + 1] : count;
		memmove(&elements[drops[i] - i], &elements[drops[i] + 1], (end - drops[i] - 1) * sizeof(*elements));
	}
}

/* They shrink to the latest `most`, in place, by key as before. */
static uint32_t latest_keep(struct tw_element *elements, uint32_t count, uint32_t most)
{
	uint32_t extra = count > most ? count - most : 0;
	if (extra > DROPS_MAX) {
		qsort(elements, count, sizeof(*elements), by_version);
		memmove(elements, elements + extra, most * sizeof(*elements));
		qsort(elements, most, sizeof(*elements), by_key);
	} else if (extra) {
		earliest_drop(elements, count, extra);
	}
	return count - extra;
}

static bool elements_limit(struct tw_state *state, struct tw_arena *arena)
{
	if (state->element_count <= TW_ELEMENTS_MAX) {
		return true;
	}
	state->element_count = latest_keep(state->elements, state->element_count, TW_ELEMENTS_MAX);
	const struct tw_counter overflow = {TW_COUNT_OVERFLOW, 1};
	return counters_merge(state, &overflow, 1, arena);
}

/* Of which no record keeps more, and what it says then: classes that anybody's events can fill, and that every answer walks through. */
struct bound {
	char class;
	uint32_t most;
	uint32_t field;
};

static const struct bound bounds[] = {
    {TW_ELEMENT_WARES, TW_WARES_MAX, 0},
    {TW_ELEMENT_PAPER, TW_PAPERS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_UNDERTAKING, TW_UNDERTAKINGS_MAX, 0},
    {TW_ELEMENT_DRAW, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_DRAW_SAID, TW_DRAWS_SAID_MAX, 0},
    {TW_ELEMENT_VERIFIED, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_ARRIVED, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_ASSURED, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_STATUS, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_WORD, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_SIGHTING, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_FOUND, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_COVER, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_LEFT, TW_DRAWS_MAX, 0},
    {TW_ELEMENT_TOLD, TW_DRAWS_MAX, 0},
    {TW_ELEMENT_EXPECTED, TW_EXPECTED_MAX, 0},
    {TW_ELEMENT_RECEIVED, TW_RECEIVED_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_RECEIVERS, TW_RECEIVERS_MAX, 0},
    {TW_ELEMENT_VOYAGE, TW_RECEIVERS_MAX, 0},
    {TW_ELEMENT_LENT, TW_RECEIVED_MAX, 0},
    {TW_ELEMENT_CLOCK, TW_DRAWS_MAX, 0},
    {TW_ELEMENT_SHIPPED, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_COVERED, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_REPORTED, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
    {TW_ELEMENT_MET, TW_DRAWS_MAX, TW_COUNT_OVERFLOW},
};

static struct bound bound_of(const struct tw_element *element)
{
	if (tw_link_of(element)) {
		return (struct bound){TW_ELEMENT_LINK, TW_LINKS_MAX, TW_COUNT_LINKS_OVER};
	}
	for (uint32_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		if (tw_element_is(element, bounds[i].class)) {
			return bounds[i];
		}
	}
	return (struct bound){0, UINT32_MAX, 0};
}

static bool same_kind(const struct tw_element *a, const struct tw_element *b)
{
	return a->key.len && b->key.len && a->key.ptr[0] == b->key.ptr[0] && tw_link_of(a) == tw_link_of(b);
}

/*
 * Elements of one kind stand together, for the kind is how their keys begin. The array is a merge's own: whoever shared it has been left behind.
 */
static bool kinds_limit(struct tw_state *state, struct tw_arena *arena)
{
	uint32_t kept = 0, end;
	struct tw_counter over[] = {{TW_COUNT_OVERFLOW, 0}, {TW_COUNT_LINKS_OVER, 0}};
	for (uint32_t from = 0; from < state->element_count; from = end) {
		struct bound bound = bound_of(&state->elements[from]);
		for (end = from + 1; end < state->element_count && same_kind(&state->elements[from], &state->elements[end]); end++) {
		}
		uint32_t stay = latest_keep(&state->elements[from], end - from, bound.most);
		bool less = stay < end - from;
		over[0].value |= less && bound.field == TW_COUNT_OVERFLOW;
		over[1].value |= less && bound.field == TW_COUNT_LINKS_OVER ? INT64_C(1) << tw_link_of(&state->elements[from]) : 0;
		if (kept != from) {
			memmove(&state->elements[kept], &state->elements[from], stay * sizeof(*state->elements));
		}
		kept += stay;
	}
	state->element_count = kept;
	for (uint32_t i = 0; i < 2; i++) {
		if (over[i].value && !counters_merge(state, &over[i], 1, arena)) {
			return false;
		}
	}
	return true;
}

/* The tail's sum joins `state`. No array of `state` is written to: what changes is made anew. */
static enum tw_code tail_join(struct tail *tail, struct tw_arena *arena, struct tw_state *state)
{
	tail_settle(tail);
	uint32_t before = state->element_count;
	bool whole = counters_merge(state, tail->counters, tail->counter_count, arena) &&
	             elements_merge(state, tail->elements.data, tail->elements.count, arena) && buckets_age(state, arena) &&
	             (state->element_count == before || kinds_limit(state, arena)) && elements_limit(state, arena);
	return whole ? TW_OK : TW_E_MEMORY;
}

/* Everything from the cursor on, added to `state`. */
static enum tw_code entries_add(struct tw_cursor cursor, struct tw_arena *arena, struct tw_state *state)
{
	struct tail tail = {NULL, 0, 0, {NULL, 0, 0}, 0};
	struct tw_slice payload;
	uint64_t tag;
	enum tw_code code = TW_OK;
	while (code == TW_OK && tw_record_entry(&cursor, &tag, &payload)) {
		code = tail_add(&tail, payload, cursor.known, arena);
	}
	if (code || cursor.bad) {
		return code ? code : TW_E_CORRUPT;
	}
	return tail_join(&tail, arena, state);
}

enum tw_code tw_record_fold_on(const struct tw_state *base, struct tw_slice entries, struct tw_arena *arena, struct tw_state *out)
{
	struct tw_cursor cursor = tw_cursor_of(entries);
	cursor.known = true;
	*out = *base;
	return entries_add(cursor, arena, out);
}

enum tw_code tw_payload_fold_on(const struct tw_state *base, struct tw_slice payload, struct tw_arena *arena, struct tw_state *out)
{
	struct tail tail = {NULL, 0, 0, {NULL, 0, 0}, 0};
	enum tw_code code = tail_add(&tail, payload, true, arena);
	*out = *base;
	return code ? code : tail_join(&tail, arena, out);
}

static enum tw_code fold(struct tw_slice record, bool known, struct tw_arena *arena, struct tw_state *out)
{
	*out = (struct tw_state){NULL, 0, NULL, 0};
	if (record.len == 0) {
		return TW_OK;
	}
	struct tw_cursor cursor = tw_cursor_of(record);
	cursor.known = known;
	struct tw_slice snapshot = tw_record_head(&cursor);
	enum tw_code code = cursor.bad ? TW_E_CORRUPT : known ? tw_packed_read_known(snapshot, arena, out) : tw_packed_read(snapshot, arena, out);
	return code ? code : entries_add(cursor, arena, out);
}

enum tw_code tw_record_fold(struct tw_slice record, struct tw_arena *arena, struct tw_state *out)
{
	return fold(record, false, arena, out);
}

enum tw_code tw_record_fold_known(struct tw_slice record, struct tw_arena *arena, struct tw_state *out)
{
	return fold(record, true, arena, out);
}

/* Of a snapshot or an entry: counters ascend. */
static void counter_take(struct tw_slice packed, uint32_t field, bool *any, int64_t *value)
{
	struct tw_packed_walk walk;
	struct tw_counter counter;
	tw_walk_counters(&walk, packed);
	while (tw_walk_counter(&walk, &counter) && counter.field <= field) {
		if (counter.field == field) {
			*value = *any ? tw_counter_merge(field, *value, counter.value) : counter.value;
			*any = true;
		}
	}
}

int64_t tw_record_counter(struct tw_slice record, uint32_t field, int64_t absent)
{
	struct tw_cursor cursor = tw_cursor_of(record);
	struct tw_slice payload;
	uint64_t tag;
	int64_t value = absent;
	bool any = false;
	if (record.len == 0) {
		return absent;
	}
	cursor.known = true;
	counter_take(tw_record_head(&cursor), field, &any, &value);
	while (tw_record_entry(&cursor, &tag, &payload)) {
		counter_take(payload, field, &any, &value);
	}
	return value;
}
