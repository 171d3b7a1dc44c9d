/**
 * @file marking_range.c
 * Ranges of serials that are on record as one: a tree of intervals without pointers (marking_table.h). The middle of a part is its root, so that a
 * search goes down as many steps as a halving does, and besides visits what it finds. Source: Cormen, Leiserson, Rivest, Stein, Introduction to
 * Algorithms, interval trees (a balanced tree by lower end, augmented with the greatest upper end).
 */
#include <stdlib.h>

#include "feeds/marking_table.h"

static int range_order(const void *a, const void *b)
{
	const struct tw_marking_range *left = a, *right = b;
	int order = tw_marking_hash_order(left->series, right->series);
	order = order ? order : (left->from > right->from) - (left->from < right->from);
	order = order ? order : (left->to > right->to) - (left->to < right->to);
	order = order ? order : (left->day > right->day) - (left->day < right->day);
	order = order ? order : (left->status > right->status) - (left->status < right->status);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

/* @return the greatest end in [from, to) */
static uint64_t tree_make(struct tw_marking_range *ranges, uint32_t from, uint32_t to)
{
	if (from >= to) {
		return 0;
	}
	uint32_t middle = from + (to - from) / 2;
	uint64_t left = tree_make(ranges, from, middle), right = tree_make(ranges, middle + 1, to), last = ranges[middle].to;
	last = left > last ? left : last;
	last = right > last ? right : last;
	ranges[middle].last = last;
	return last;
}

static bool same_report(const struct tw_marking_range *a, const struct tw_marking_range *b)
{
	return tw_marking_hash_order(a->series, b->series) == 0 && a->from == b->from && a->to == b->to && a->day == b->day && a->status == b->status;
}

void tw_marking_ranges_settle(struct tw_marking_list *list)
{
	struct tw_marking_range *ranges = list->ranges;
	uint32_t kept = 0;
	if (list->range_count) {
		qsort(ranges, list->range_count, sizeof(*ranges), range_order);
	}
	for (uint32_t i = 0; i < list->range_count; i++) {
		if (kept && same_report(&ranges[kept - 1], &ranges[i])) {
			tw_marking_skip_count(list, TW_MARKS_TWICE, ranges[i].line);
		} else {
			ranges[kept++] = ranges[i];
		}
	}
	list->range_count = kept;
	for (uint32_t from = 0, to = 0; from < kept; from = to) {
		while (to < kept && tw_marking_hash_order(ranges[to].series, ranges[from].series) == 0) {
			to++;
		}
		(void)tree_make(ranges, from, to);
	}
}

struct search {
	const struct tw_marking_range *ranges;
	uint64_t from, to;
	void (*visit)(void *context, const struct tw_marking_range *range);
	void *context;
};

static void search(const struct search *asked, uint32_t from, uint32_t to)
{
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		const struct tw_marking_range *range = &asked->ranges[middle];
		if (range->last < asked->from) {
			return;
		}
		search(asked, from, middle);
		if (range->from > asked->to) {
			return;
		}
		if (range->to >= asked->from) {
			asked->visit(asked->context, range);
		}
		from = middle + 1;
	}
}

/* The first range whose series is not before; `behind`: after it. */
static uint32_t series_place(const struct tw_marking_list *list, struct tw_hash128 series, bool behind)
{
	uint32_t from = 0, to = list->range_count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = tw_marking_hash_order(list->ranges[middle].series, series);
		if (order < 0 || (behind && order == 0)) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	return from;
}

void tw_marking_ranges_meet(const struct tw_marking_list *list, struct tw_hash128 series, uint64_t from, uint64_t to,
                            void (*visit)(void *context, const struct tw_marking_range *range), void *context)
{
	const struct search asked = {list->ranges, from, to, visit, context};
	if (list->range_count) {
		search(&asked, series_place(list, series, false), series_place(list, series, true));
	}
}
