/**
 * @file top_settle.c
 * See top_settle.h. What was settled is sorted once by what, whose and which rule; each reason looks its consignments up.
 */
#include "engine/command/top_settle.h"

#include <stdlib.h>
#include <string.h>

/* One rule's word about one consignment of one certificate or marking, and who took it back. */
struct settled {
	struct tw_slice about, rule, consignment, by;
};

static bool copy(struct tw_arena *keep, struct tw_slice from, struct tw_slice *to)
{
	*to = from.len ? tw_arena_copy(keep, from) : (struct tw_slice){"", 0};
	return to->ptr != NULL;
}

static bool copies(struct tw_arena *keep, const struct tw_list *from, struct tw_list *to)
{
	const struct tw_slice *texts = from->data;
	*to = (struct tw_list){NULL, 0, 0};
	for (uint32_t i = 0; i < from->count; i++) {
		struct tw_slice *kept = tw_list_push(keep, to, sizeof(*kept));
		if (!kept || !copy(keep, texts[i], kept)) {
			return false;
		}
	}
	return true;
}

bool tw_top_settle_keep(struct tw_arena *keep, const struct tw_alert_view *view, struct tw_top_row *row)
{
	const struct tw_reason_view *reasons = view->reasons.data;
	row->said = (struct tw_list){NULL, 0, 0};
	if (view->about.key.len == 0) {
		return true;
	}
	for (uint32_t i = 0; i < view->reasons.count; i++) {
		struct tw_top_said *said = reasons[i].counted || reasons[i].settles.count ? tw_list_push(keep, &row->said, sizeof(*said)) : NULL;
		if (!said && !reasons[i].counted && !reasons[i].settles.count) {
			continue;
		}
		if (!said || !copy(keep, reasons[i].rule, &said->rule) || !copies(keep, &reasons[i].related, &said->consignments) ||
		    !copies(keep, &reasons[i].settles, &said->settles)) {
			return false;
		}
		said->counts = reasons[i].counted != 0;
	}
	return copy(keep, view->about.key, &row->about);
}

static int by_what(const void *left, const void *right)
{
	const struct settled *a = left, *b = right;
	int order = tw_slice_compare(a->about, b->about);
	order = order ? order : tw_slice_compare(a->rule, b->rule);
	return order ? order : tw_slice_compare(a->consignment, b->consignment);
}

/* @param out struct settled @return false without memory */
static bool collect(struct tw_arena *keep, const struct tw_top_row *row, struct tw_list *out)
{
	const struct tw_top_said *said = row->said.data;
	for (uint32_t i = 0; i < row->said.count; i++) {
		const struct tw_slice *rules = said[i].settles.data, *consignments = said[i].consignments.data;
		for (uint32_t k = 0; k < said[i].settles.count * said[i].consignments.count; k++) {
			struct settled *one = tw_list_push(keep, out, sizeof(*one));
			if (!one) {
				return false;
			}
			*one = (struct settled){row->about, rules[k / said[i].consignments.count], consignments[k % said[i].consignments.count],
			                        row->alert};
		}
	}
	return true;
}

/* @return who took the last of it back, empty: it stands */
static struct tw_slice settled_by(const struct tw_list *settled, struct tw_slice about, const struct tw_top_said *said)
{
	const struct tw_slice *consignments = said->consignments.data;
	struct tw_slice by = {"", 0};
	if (said->consignments.count >= TW_TOP_NAMED_MAX) {
		return by;
	}
	for (uint32_t i = 0; i < said->consignments.count; i++) {
		const struct settled wanted = {about, said->rule, consignments[i], {"", 0}};
		const struct settled *found = bsearch(&wanted, settled->data, settled->count, sizeof(wanted), by_what);
		if (!found) {
			return (struct tw_slice){"", 0};
		}
		by = found->by;
	}
	return by;
}

bool tw_top_settle(struct tw_arena *keep, struct tw_top_row *rows, uint32_t count)
{
	struct tw_list settled = {NULL, 0, 0};
	for (uint32_t i = 0; i < count; i++) {
		if (!collect(keep, &rows[i], &settled)) {
			return false;
		}
	}
	if (settled.count == 0) {
		return true;
	}
	qsort(settled.data, settled.count, sizeof(struct settled), by_what);
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_top_said *said = rows[i].said.data;
		bool closed = true;
		for (uint32_t k = 0; k < rows[i].said.count && closed; k++) {
			struct tw_slice by = said[k].counts ? settled_by(&settled, rows[i].about, &said[k]) : (struct tw_slice){"", 0};
			closed = !said[k].counts || by.len;
			rows[i].settled_by = by.len ? by : rows[i].settled_by;
		}
		rows[i].settled_by = closed ? rows[i].settled_by : (struct tw_slice){"", 0};
	}
	return true;
}
