/**
 * @file list_diff.c
 * See list_diff.h.
 */
#include "feeds/list_diff.h"

#include "engine/base/arena.h"

static uint32_t times(const struct tw_list *texts, uint32_t until, struct tw_slice text)
{
	const struct tw_slice *all = texts->data;
	uint32_t count = 0;
	for (uint32_t i = 0; i < until; i++) {
		count += tw_slice_equal(all[i], text);
	}
	return count;
}

bool tw_list_texts_lacking(const struct tw_list *from, const struct tw_list *other, struct tw_arena *arena, struct tw_list *out)
{
	const struct tw_slice *texts = from->data;
	*out = (struct tw_list){NULL, 0, 0};
	for (uint32_t i = 0; i < from->count; i++) {
		if (times(from, i + 1, texts[i]) <= times(other, other->count, texts[i])) {
			continue;
		}
		struct tw_slice *kept = tw_list_push(arena, out, sizeof(*kept));
		if (!kept) {
			return false;
		}
		*kept = texts[i];
	}
	return true;
}

/* @return false at the arena's ceiling */
static bool field_differs(const struct tw_list_entry *a, const struct tw_list_entry *b, enum tw_list_field field, struct tw_arena *arena,
                          bool *differs)
{
	struct tw_list before, after, lost = {NULL, 0, 0};
	if (!tw_list_field_texts(a, field, arena, &before) || !tw_list_field_texts(b, field, arena, &after)) {
		return false;
	}
	bool fits = tw_list_texts_lacking(&before, &after, arena, &lost);
	*differs = before.count != after.count || lost.count; /* as many, and none lacking: the same */
	return fits;
}

static bool compare(struct tw_list_difference *difference, struct tw_arena *arena)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	bool fits = true;
	difference->fields = 0;
	for (uint32_t field = 0; fits && field < TW_LIST_FIELDS; field++) {
		bool differs = false;
		fits = field_differs(&difference->before, &difference->after, (enum tw_list_field)field, arena, &differs);
		difference->fields |= (uint32_t)differs << field;
	}
	tw_arena_rewind(arena, mark);
	return fits;
}

/* The order of an index: by list, then by reference. */
static int place_compare(const struct tw_list_entry *a, const struct tw_list_entry *b)
{
	int order = tw_slice_compare(a->list, b->list);
	return order ? order : tw_slice_compare(a->id, b->id);
}

enum tw_code tw_list_diff_next(struct tw_list_diff *diff, struct tw_arena *arena, struct tw_list_difference *out, bool *found, struct tw_error *err)
{
	for (;;) {
		struct tw_list_difference difference = {.change = TW_LIST_CHANGED};
		bool left = tw_list_index_at(diff->before, diff->before_at, &difference.before);
		bool right = tw_list_index_at(diff->after, diff->after_at, &difference.after);
		int order = left && right ? place_compare(&difference.before, &difference.after) : right - left;
		*found = left || right;
		if (!*found) {
			return TW_OK;
		}
		diff->before_at += order <= 0;
		diff->after_at += order >= 0;
		if (order == 0 && !compare(&difference, arena)) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to compare two entries", NULL, NULL);
		}
		if (order == 0 && !difference.fields) {
			diff->same++;
			continue;
		}
		difference.change = order < 0 ? TW_LIST_REMOVED : order > 0 ? TW_LIST_ADDED : TW_LIST_CHANGED;
		*out = difference;
		return TW_OK;
	}
}
