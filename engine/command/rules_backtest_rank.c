/**
 * @file rules_backtest_rank.c
 * Whom each edition would have had opened first, day by day: alerts of consignments' own events in rank order, the first `capacity` of a day.
 */
#include <stdlib.h>

#include "engine/command/rules_backtest.h"

struct sorting {
	enum tw_side side;
	uint32_t count;
	struct tw_backtest_case **at;
};

static int rank_compare(const struct tw_backtest_case *one, const struct tw_backtest_case *other, enum tw_side side)
{
	const struct tw_backtest_view *a = &one->view[side], *b = &other->view[side];
	if (one->day != other->day) {
		return one->day < other->day ? -1 : 1;
	}
	if (a->alert != b->alert) {
		return a->alert ? -1 : 1;
	}
	int order = a->alert ? strcmp(a->rank_key, b->rank_key) : 0;
	return order ? order : tw_slice_compare(one->consignment, other->consignment);
}

static int before_compare(const void *a, const void *b)
{
	return rank_compare(*(struct tw_backtest_case *const *)a, *(struct tw_backtest_case *const *)b, TW_BEFORE);
}

static int after_compare(const void *a, const void *b)
{
	return rank_compare(*(struct tw_backtest_case *const *)a, *(struct tw_backtest_case *const *)b, TW_AFTER);
}

static void side_rank(struct tw_backtest *backtest, struct tw_backtest_case **at, enum tw_side side)
{
	uint32_t place = 0;
	qsort(at, backtest->cases.count, sizeof(struct tw_backtest_case *), side == TW_BEFORE ? before_compare : after_compare);
	for (uint32_t i = 0; i < backtest->cases.count; i++) {
		struct tw_backtest_view *view = &at[i]->view[side];
		place = i == 0 || at[i]->day != at[i - 1]->day ? 0 : place;
		view->place = view->alert ? ++place : 0;
		view->rank = view->place <= backtest->capacity ? view->place : 0;
	}
}

/* `at` is in the order of the side that has them. */
static bool gather(struct tw_backtest *backtest, struct tw_backtest_case **at, enum tw_side has, struct tw_list *out)
{
	for (uint32_t i = 0; i < backtest->cases.count; i++) {
		if (at[i]->view[has].rank && !at[i]->view[TW_AFTER - has].rank) {
			const struct tw_backtest_case **slot = tw_list_push(&backtest->arena, out, sizeof(struct tw_backtest_case *));
			if (!slot) {
				return false;
			}
			*slot = at[i];
		}
	}
	return true;
}

static uint32_t days_count(const struct tw_backtest *backtest, struct tw_backtest_case **at)
{
	uint32_t days = 0;
	for (uint32_t i = 0, fresh = 1; i < backtest->cases.count; i++) {
		fresh |= i && at[i]->day != at[i - 1]->day;
		if (fresh && (at[i]->view[TW_BEFORE].alert || at[i]->view[TW_AFTER].alert)) {
			days++;
			fresh = 0;
		}
	}
	return days;
}

enum tw_code tw_backtest_rank(struct tw_backtest *backtest, struct tw_error *err)
{
	uint32_t count = backtest->cases.count;
	struct tw_backtest_case **at = malloc((count + 1) * sizeof(struct tw_backtest_case *));
	bool good = at != NULL;
	for (uint32_t i = 0; good && i < count; i++) {
		at[i] = &((struct tw_backtest_case *)backtest->cases.data)[i];
	}
	if (good) {
		side_rank(backtest, at, TW_AFTER);
		side_rank(backtest, at, TW_BEFORE);
		backtest->days = days_count(backtest, at);
		good = gather(backtest, at, TW_BEFORE, &backtest->left);
		qsort(at, count, sizeof(struct tw_backtest_case *), after_compare);
		good = good && gather(backtest, at, TW_AFTER, &backtest->entered);
	}
	free(at);
	return good ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a backtest", NULL, NULL);
}

/* One rule's part of the reason. @param old,now NULL: it did not fire; one of them did @return false: no memory */
static bool why_add(struct tw_slice id, struct tw_slice *why, const struct tw_backtest_hit *old, const struct tw_backtest_hit *now,
                    struct tw_arena *arena)
{
	const char *comma = why->len ? ", " : "";
	if (old && now && old->points != now->points) {
		*why = tw_arena_format(arena, "%s%s%.*s %d -> %d", why->ptr, comma, (int)id.len, id.ptr, old->points, now->points);
	} else if (old && !now) {
		*why = tw_arena_format(arena, "%s%s- %.*s (%d)", why->ptr, comma, (int)id.len, id.ptr, old->points);
	} else if (now && !old) {
		*why = tw_arena_format(arena, "%s%s+ %.*s (%d)", why->ptr, comma, (int)id.len, id.ptr, now->points);
	}
	return why->ptr != NULL;
}

struct tw_slice tw_backtest_why(const struct tw_backtest *backtest, const struct tw_backtest_case *about, struct tw_arena *arena)
{
	const struct tw_backtest_view *old = &about->view[TW_BEFORE], *now = &about->view[TW_AFTER];
	struct tw_slice why = {"", 0};
	uint32_t i = 0, j = 0;
	bool good = true;
	while (good && (i < old->hit_count || j < now->hit_count)) {
		uint32_t olds = i < old->hit_count ? old->hits[i].rule : UINT32_MAX, nows = j < now->hit_count ? now->hits[j].rule : UINT32_MAX;
		const struct tw_backtest_hit *a = olds <= nows ? &old->hits[i++] : NULL, *b = nows <= olds ? &now->hits[j++] : NULL;
		good = why_add(backtest->rule[olds < nows ? olds : nows].id, &why, a, b, arena);
	}
	if (!good) {
		return (struct tw_slice){NULL, 0};
	}
	return why.len ? why : tw_slice_str(now->rank ? "others fell behind it" : "others passed it");
}
