/**
 * @file list_hits.c
 * See list_hits.h.
 */
#include <string.h>

#include "feeds/list_hits.h"

static bool comes_before(const struct tw_list_hit *a, const struct tw_list_hit *b)
{
	return a->similarity != b->similarity ? a->similarity > b->similarity : a->entry < b->entry;
}

/* Of two names of one entry. */
static bool is_better(const struct tw_list_index *index, const struct tw_list_hit *a, const struct tw_list_hit *b)
{
	uint32_t left = tw_list_name_rank((enum tw_name_quality)index->name[a->name].quality);
	uint32_t right = tw_list_name_rank((enum tw_name_quality)index->name[b->name].quality);
	if (a->similarity != b->similarity) {
		return a->similarity > b->similarity;
	}
	return left != right ? left < right : a->name < b->name;
}

static void remove_at(struct tw_list_hits *hits, uint32_t at)
{
	hits->count--;
	memmove(&hits->hit[at], &hits->hit[at + 1], (hits->count - at) * sizeof(hits->hit[0]));
}

void tw_list_hits_keep(struct tw_list_hits *hits, const struct tw_list_hit *hit)
{
	for (uint32_t i = 0; i < hits->count; i++) {
		if (hits->hit[i].entry == hit->entry) {
			if (!is_better(hits->index, hit, &hits->hit[i])) {
				return;
			}
			remove_at(hits, i);
			break;
		}
	}
	if (hits->count == TW_HITS_MAX) {
		if (!comes_before(hit, &hits->hit[TW_HITS_MAX - 1])) {
			return;
		}
		hits->count--;
	}
	uint32_t at = hits->count++;
	for (; at && comes_before(hit, &hits->hit[at - 1]); at--) {
		hits->hit[at] = hits->hit[at - 1];
	}
	hits->hit[at] = *hit;
}

enum tw_code tw_list_no_memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_REJECT, "no memory for list hits", NULL, NULL);
}

static struct tw_match match_of(const struct tw_list_index *index, const struct tw_list_hit *hit)
{
	const struct tw_list_entry entry = tw_list_entry_view(index, hit->entry);
	const struct tw_list_name_row *name = &index->name[hit->name];
	struct tw_match match = {.list = entry.list,
	                         .entry = entry.id,
	                         .name = tw_list_name_of(index, hit->name),
	                         .programme = entry.programme,
	                         .kind = entry.kind,
	                         .quality = (enum tw_name_quality)name->quality,
	                         .measures = entry.measures,
	                         .listed_on = entry.listed_on,
	                         .basis = TW_MATCH_NAME,
	                         .similarity_ppm = hit->similarity,
	                         .part_count = hit->part_count};
	memcpy(match.part, hit->part, sizeof(match.part));
	return match;
}

enum tw_code tw_list_hits_answer(const struct tw_list_hits *hits, struct tw_arena *arena, struct tw_matches *out, struct tw_error *err)
{
	struct tw_match *match = hits->count ? tw_arena_alloc_raw(arena, hits->count * sizeof(*match)) : NULL;
	if (hits->count && !match) {
		return tw_list_no_memory(err);
	}
	for (uint32_t i = 0; i < hits->count; i++) {
		match[i] = match_of(hits->index, &hits->hit[i]);
	}
	*out = (struct tw_matches){match, hits->count};
	return TW_OK;
}
