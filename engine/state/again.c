/**
 * @file again.c
 * See again.h.
 */
#include "engine/state/again.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/state/series_part.h"

#define HEADING_DIGITS 4U

struct stated {
	uint64_t kind; /* hash of the series, else of the mark's own record, and of what tells two parts of one weapon from each other */
	struct tw_run run;
	uint32_t mention;
};

static const struct tw_mention *mention_at(const struct tw_drafts *drafts, uint32_t number)
{
	return &((const struct tw_mention *)drafts->mention.data)[number];
}

static bool is_serial(const struct tw_mention *mention)
{
	const struct tw_marking *mark = mention->kind == TW_ENTITY_MARKING && mention->item ? mention->subject : NULL;
	return mark && mark->kind.value != TW_MARKING_LOT && mark->kind.value != TW_MARKING_IMPORT_MARK &&
	       (mention->parts || (mark->kind.value != TW_MARKING_SERIAL_RANGE && !tw_serial_is_partial(tw_slice_of(mark->value))));
}

/* @return false at the arena's ceiling */
static bool kind_of(const struct tw_mention *mention, struct tw_arena *arena, uint64_t *kind)
{
	const struct tw_marking *mark = mention->subject;
	struct tw_slice component = tw_text_alnum(tw_slice_of(mark->component), arena);
	struct tw_slice model = tw_text_alnum(tw_slice_of(tw_stated(mark->model.span) ? mark->model : mention->item->model), arena);
	struct tw_slice heading = tw_slice_of(mention->item->hs);
	heading.len = heading.len > HEADING_DIGITS ? HEADING_DIGITS : heading.len;
	*kind = mention->parts ? mention->parts->series : mention->operation + (UINT64_C(1) << 32);
	*kind = tw_hash64(component.ptr, component.len, *kind);
	*kind = tw_hash64(heading.ptr, heading.len, *kind);
	*kind = tw_hash64(model.ptr, model.len, *kind);
	return component.ptr && model.ptr;
}

static int by_kind_then_number(const void *left, const void *right)
{
	const struct stated *a = left, *b = right;
	if (a->kind != b->kind) {
		return a->kind < b->kind ? -1 : 1;
	}
	if (a->run.letters != b->run.letters) {
		return a->run.letters < b->run.letters ? -1 : 1;
	}
	if (a->run.first != b->run.first) {
		return a->run.first < b->run.first ? -1 : 1;
	}
	return (a->mention > b->mention) - (a->mention < b->mention);
}

static bool meets(const struct stated *a, const struct stated *b)
{
	return a->kind == b->kind && a->run.letters == b->run.letters && b->run.first <= a->run.last;
}

static void pairs(struct tw_drafts *drafts, struct stated *all, uint32_t count)
{
	struct tw_mention *mentions = drafts->mention.data;
	const struct stated *reach = all; /* of those before, the one that goes furthest */
	for (uint32_t i = 1; i < count; i++) {
		if (meets(reach, &all[i])) {
			bool later = all[i].mention > reach->mention;
			mentions[later ? all[i].mention : reach->mention].again = mentions[later ? reach->mention : all[i].mention].item;
		}
		if (!meets(reach, &all[i]) || all[i].run.last > reach->run.last) {
			reach = &all[i];
		}
	}
}

void tw_again_find(struct tw_drafts *drafts)
{
	struct tw_list list = {NULL, 0, 0};
	bool sorted = true;
	for (uint32_t i = 0; i < drafts->mention.count && !drafts->code; i++) {
		const struct tw_mention *mention = mention_at(drafts, i);
		if (!is_serial(mention)) {
			continue;
		}
		struct stated *added = tw_list_push(drafts->arena, &list, sizeof(*added));
		if (!added) {
			drafts->code = TW_E_MEMORY;
			return;
		}
		*added = (struct stated){.run = mention->parts ? mention->parts->run : (struct tw_run){0, 0, 0}, .mention = i};
		drafts->code = kind_of(mention, drafts->arena, &added->kind) ? TW_OK : TW_E_MEMORY;
		sorted = sorted && (list.count == 1 || by_kind_then_number(added - 1, added) < 0);
	}
	if (list.count > 1 && !drafts->code) {
		if (!sorted) {
			qsort(list.data, list.count, sizeof(struct stated), by_kind_then_number);
		}
		pairs(drafts, list.data, list.count);
	}
}
