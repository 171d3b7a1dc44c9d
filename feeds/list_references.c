/**
 * @file list_references.c
 * See list_references.h.
 */
#include "feeds/list_references.h"

#include "engine/base/hash.h"

#define ROOM_FIRST 1024U
#define ROOM_MAX   (1U << 26) /* more than any file within the reader's bound can state */

static uint32_t bucket_of(const struct tw_list_references *references, uint32_t set, struct tw_slice id)
{
	return (uint32_t)tw_hash64(id.ptr, id.len, set) & (references->room - 1);
}

static void chain(struct tw_list_references *references, uint32_t at)
{
	struct tw_list_fact *fact = &references->fact[at];
	uint32_t bucket = bucket_of(references, fact->set, fact->id);
	fact->next = 0;
	if (references->last[bucket]) {
		references->fact[references->last[bucket] - 1].next = at + 1;
	} else {
		references->first[bucket] = at + 1;
	}
	references->last[bucket] = at + 1;
}

static bool grow(struct tw_list_references *references)
{
	struct tw_list_references old = *references;
	uint32_t room = old.room ? old.room * 2 : ROOM_FIRST;
	if (room > ROOM_MAX) {
		return false;
	}
	references->fact = tw_arena_alloc_raw(references->arena, room * sizeof(*references->fact));
	references->first = tw_arena_alloc(references->arena, room * sizeof(*references->first));
	references->last = tw_arena_alloc(references->arena, room * sizeof(*references->last));
	if (!references->fact || !references->first || !references->last) {
		*references = old;
		return false;
	}
	references->room = room;
	for (uint32_t i = 0; i < old.count; i++) {
		references->fact[i] = old.fact[i];
		chain(references, i);
	}
	return true;
}

bool tw_list_references_add(struct tw_list_references *references, const struct tw_list_fact *fact)
{
	if (references->count == references->room && !grow(references)) {
		return false;
	}
	struct tw_list_fact *added = &references->fact[references->count];
	*added = *fact;
	added->id = tw_arena_copy(references->arena, fact->id);
	bool fits = added->id.ptr != NULL;
	for (uint32_t i = 0; i < TW_LIST_FACT_TEXTS; i++) {
		bool states = fact->text[i].len != 0;
		added->text[i] = states ? tw_arena_copy(references->arena, fact->text[i]) : (struct tw_slice){"", 0};
		fits = fits && added->text[i].ptr;
	}
	if (fits) {
		chain(references, references->count++);
	}
	return fits;
}

static const struct tw_list_fact *matching(const struct tw_list_references *references, uint32_t at, uint32_t set, struct tw_slice id)
{
	while (at) {
		const struct tw_list_fact *fact = &references->fact[at - 1];
		if (fact->set == set && tw_slice_equal(fact->id, id)) {
			return fact;
		}
		at = fact->next;
	}
	return NULL;
}

const struct tw_list_fact *tw_list_references_find(const struct tw_list_references *references, uint32_t set, struct tw_slice id)
{
	return references->room ? matching(references, references->first[bucket_of(references, set, id)], set, id) : NULL;
}

const struct tw_list_fact *tw_list_references_next(const struct tw_list_references *references, const struct tw_list_fact *fact)
{
	return matching(references, fact->next, fact->set, fact->id);
}

struct tw_slice tw_list_references_text(const struct tw_list_references *references, uint32_t set, struct tw_slice id)
{
	const struct tw_list_fact *fact = tw_list_references_find(references, set, id);
	return fact ? fact->text[0] : (struct tw_slice){"", 0};
}
