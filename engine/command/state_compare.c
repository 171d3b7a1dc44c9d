/**
 * @file state_compare.c
 * See state_compare.h.
 */
#include "engine/command/state_compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/event/metric.h"
#include "engine/command/cell.h"
#include "engine/state/field.h"
#include "engine/state/record.h"

#define COLUMNS_MAX 1000U

/* ---- cutting ---- */

static bool beyond(const struct tw_state_cut *cut, uint64_t tag)
{
	for (uint32_t i = 0; i < cut->count; i++) {
		if (cut->topics[i] == tw_tag_topic(tag) && (uint32_t)cut->places[i].partition == tw_tag_partition(tag)) {
			return tw_tag_offset(tag) >= cut->below[i];
		}
	}
	return false;
}

enum tw_code tw_state_cut(struct tw_slice record, const struct tw_state_cut *cut, struct tw_arena *arena, struct tw_state *out)
{
	char *kept = tw_arena_alloc_raw(arena, (size_t)record.len + 1);
	if (!kept) {
		return TW_E_MEMORY;
	}
	struct tw_cursor cursor = tw_cursor_of(record);
	struct tw_slice payload = record.len ? tw_record_head(&cursor) : record;
	const char *end = (const char *)cursor.at;
	uint32_t length = cursor.bad || !record.len ? 0 : (uint32_t)(end - record.ptr);
	uint64_t tag;
	if (length) {
		memcpy(kept, record.ptr, length);
	}
	while (length && tw_record_entry(&cursor, &tag, &payload)) {
		uint32_t bytes = (uint32_t)((const char *)cursor.at - end);
		if (!beyond(cut, tag)) {
			memcpy(kept + length, end, bytes);
			length += bytes;
		}
		end = (const char *)cursor.at;
	}
	return cursor.bad ? TW_E_CORRUPT : tw_record_fold((struct tw_slice){kept, length}, arena, out);
}

/* ---- comparing ---- */

struct found {
	struct tw_state_part *out;
	uint32_t room, count;
};

static struct tw_state_part *part_new(struct found *found)
{
	struct tw_state_part *part = found->count < found->room ? &found->out[found->count] : NULL;
	found->count++;
	if (part) {
		*part = (struct tw_state_part){.what = ""};
	}
	return part;
}

/* What a log without its begin says is still in the store's number. @param horizon buckets before that day may have been summed up there */
static bool contained(const struct tw_counter *log, const struct tw_counter *store, int32_t horizon)
{
	if (tw_field_is_bucket(log->field) && tw_bucket_day(log->field) < horizon) {
		return true;
	}
	if (!store) {
		return false;
	}
	switch (TW_COUNT_MERGE(log->field)) {
	case TW_MERGE_ADD:
	case TW_MERGE_MAX:
		return store->value >= log->value;
	case TW_MERGE_MIN:
		return store->value <= log->value;
	case TW_MERGE_OR:
		return (log->value & ~store->value) == 0;
	}
	return false;
}

static int32_t horizon_of(const struct tw_state *state)
{
	const struct tw_counter *last = state->counter_count ? &state->counters[state->counter_count - 1] : NULL;
	return last && tw_field_is_bucket(last->field) ? tw_bucket_day(last->field) - TW_HISTORY_DAYS : INT32_MIN;
}

static void counter_different(struct found *found, const struct tw_counter *log, const struct tw_counter *store)
{
	struct tw_state_part *part = part_new(found);
	const struct tw_counter *either = log ? log : store;
	if (part && either) {
		tw_state_field_name(either->field, part->what);
		if (log) {
			tw_state_field_value(log->field, log->value, part->log);
		}
		if (store) {
			tw_state_field_value(store->field, store->value, part->store);
		}
	}
}

static void counters_compare(const struct tw_state *log, const struct tw_state *store, bool partial, struct found *found)
{
	uint32_t i = 0, k = 0;
	int32_t horizon = partial ? horizon_of(store) : INT32_MIN;
	while (i < log->counter_count || k < store->counter_count) {
		const struct tw_counter *a = i < log->counter_count ? &log->counters[i] : NULL;
		const struct tw_counter *b = k < store->counter_count ? &store->counters[k] : NULL;
		if (a && b && a->field != b->field) {
			a = a->field < b->field ? a : NULL;
			b = a ? NULL : b;
		}
		i += a != NULL;
		k += b != NULL;
		bool same = partial ? !a || contained(a, b, horizon) : a && b && a->value == b->value;
		if (!same) {
			counter_different(found, a, b);
		}
	}
}

static void element_different(struct found *found, const struct tw_element *log, const struct tw_element *store)
{
	struct tw_state_part *part = part_new(found);
	const struct tw_element *either = log ? log : store;
	if (part && either) {
		tw_state_element_name(either, part->what);
		if (log) {
			tw_state_element_value(log, part->log);
		}
		if (store) {
			tw_state_element_value(store, part->store);
		}
		if (log && store && strcmp(part->log, part->store) == 0) { /* the same words for other bytes */
			size_t length = strlen(part->what);
			snprintf(part->what + length, sizeof(part->what) - length, " (version or content)");
		}
	}
}

/* Of links, goods, papers, undertakings, receipts and words of draws a record keeps the latest alone: what the log still has may be gone from it. */
static bool may_be_gone(const struct tw_element *element)
{
	return tw_element_is(element, TW_ELEMENT_LINK) || tw_element_is(element, TW_ELEMENT_WARES) || tw_element_is(element, TW_ELEMENT_PAPER) ||
	       tw_element_is(element, TW_ELEMENT_UNDERTAKING) || tw_element_is(element, TW_ELEMENT_DRAW_SAID) ||
	       tw_element_is(element, TW_ELEMENT_RECEIVED) || tw_element_is(element, TW_ELEMENT_RECEIVERS) ||
	       tw_element_is(element, TW_ELEMENT_VOYAGE) || tw_element_is(element, TW_ELEMENT_LENT);
}

static void elements_compare(const struct tw_state *log, const struct tw_state *store, bool partial, struct found *found)
{
	uint32_t i = 0, k = 0;
	bool overflown = tw_state_counter(store, TW_COUNT_OVERFLOW, 0) != 0;
	while (i < log->element_count || k < store->element_count) {
		const struct tw_element *a = i < log->element_count ? &log->elements[i] : NULL;
		const struct tw_element *b = k < store->element_count ? &store->elements[k] : NULL;
		int order = a && b ? tw_slice_compare(a->key, b->key) : 0;
		a = order > 0 ? NULL : a;
		b = order < 0 ? NULL : b;
		i += a != NULL;
		k += b != NULL;
		bool same = a && b && tw_element_compare(a, b) == 0;
		if (partial) {
			same = !a || overflown || (!b && may_be_gone(a)) || (b && tw_element_compare(a, b) <= 0);
		}
		if (!same) {
			element_different(found, a, b);
		}
	}
}

uint32_t tw_state_compare(const struct tw_state *log, const struct tw_state *store, bool partial, struct tw_state_part *out, uint32_t room)
{
	struct found found = {out, room, 0};
	counters_compare(log, store, partial, &found);
	elements_compare(log, store, partial, &found);
	return found.count;
}

/* ---- the differences ---- */

const char *tw_difference_word(enum tw_difference_kind kind)
{
	static const char *const words[TW_DIFFERENCE_KINDS + 1] = {"?",       "epoch",   "behind",  "ahead",  "missing",
	                                                           "foreign", "differs", "damaged", "unknown"};
	return words[kind];
}

bool tw_differences_init(struct tw_differences *differences, uint32_t most)
{
	*differences = (struct tw_differences){.most = most, .rows = calloc((size_t)most + 1, sizeof(struct tw_difference))};
	return differences->rows != NULL;
}

static void row_free(struct tw_difference *row)
{
	free((void *)(uintptr_t)row->key.ptr);
	free(row->parts);
}

void tw_differences_fini(struct tw_differences *differences)
{
	for (uint32_t i = 0; i < differences->count; i++) {
		row_free(&differences->rows[i]);
	}
	free(differences->rows);
	*differences = (struct tw_differences){.rows = NULL};
}

static int row_order(const struct tw_difference *a, const struct tw_difference *b)
{
	if (a->entity != b->entity) {
		return a->entity < b->entity ? -1 : 1;
	}
	int order = tw_slice_compare(a->key, b->key);
	order = order ? order : (a->kind > b->kind) - (a->kind < b->kind);
	return order ? order : strcmp(a->detail, b->detail);
}

bool tw_differences_add(struct tw_differences *differences, const struct tw_difference *difference)
{
	struct tw_difference row = *difference;
	differences->total++;
	differences->of_kind[row.kind]++;
	char *key = malloc((size_t)row.key.len + 1);
	if (!key) {
		free(row.parts);
		return false;
	}
	memcpy(key, row.key.ptr, row.key.len);
	row.key.ptr = key;
	uint32_t at = differences->count;
	while (at && row_order(&row, &differences->rows[at - 1]) < 0) {
		differences->rows[at] = differences->rows[at - 1];
		at--;
	}
	differences->rows[at] = row;
	if (differences->count < differences->most) {
		differences->count++;
	} else {
		row_free(&differences->rows[differences->most]);
	}
	return true;
}

/* Keys are strangers' texts. */
static void text_print(struct tw_slice text, FILE *out)
{
	tw_cell_print(out, text, COLUMNS_MAX);
}

static void part_print(const struct tw_state_part *part, FILE *out)
{
	fputs("           ", out);
	text_print(tw_slice_str(part->what), out);
	fputs(part->log[0] ? ": log " : ": store ", out);
	text_print(tw_slice_str(part->log[0] ? part->log : part->store), out);
	if (part->log[0] && part->store[0]) {
		fputs(", store ", out);
		text_print(tw_slice_str(part->store), out);
	} else {
		fputs(part->log[0] ? ", not in the store" : ", not in the log", out);
	}
	fputc('\n', out);
}

void tw_differences_print(const struct tw_differences *differences, FILE *out)
{
	for (uint32_t i = 0; i < differences->count; i++) {
		const struct tw_difference *row = &differences->rows[i];
		fprintf(out, "%-9s  %s%s", tw_difference_word(row->kind), row->entity ? tw_entity_name(row->entity) : "", row->entity ? " " : "");
		text_print(row->key, out);
		fprintf(out, "%s%s\n", row->detail[0] ? ": " : "", row->detail);
		uint32_t told = row->part_count < TW_DIFFERENCE_PARTS ? row->part_count : TW_DIFFERENCE_PARTS;
		for (uint32_t k = 0; row->parts && k < told; k++) {
			part_print(&row->parts[k], out);
		}
		if (row->parts && row->part_count > told) {
			fprintf(out, "           and %u more\n", row->part_count - told);
		}
	}
	if (differences->total > differences->count) {
		fprintf(out, "%" PRIu64 " more are counted, not shown; --most N shows more\n", differences->total - differences->count);
	}
}
