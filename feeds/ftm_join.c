/**
 * @file ftm_join.c
 * Records to their entities by id (ftm.h). The file's order decides: the first programme stays, addresses and links follow it.
 */
#include "feeds/ftm.h"

#include <stdlib.h>

#include "feeds/list_date.h"

#define NOT_LISTED "a record about an entity that is not listed"

static int text_compare(struct tw_slice a, struct tw_slice b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int id_compare(const void *a, const void *b)
{
	return text_compare(((const struct tw_ftm_id *)a)->id, ((const struct tw_ftm_id *)b)->id);
}

static int place_compare(const void *a, const void *b)
{
	return text_compare(((const struct tw_ftm_place *)a)->id, ((const struct tw_ftm_place *)b)->id);
}

static void sort(struct tw_list *list, size_t element_bytes, int (*compare)(const void *a, const void *b))
{
	if (list->count > 1) {
		qsort(list->data, list->count, element_bytes, compare);
	}
}

static bool entry_find(const struct tw_ftm *ftm, struct tw_slice id, uint32_t *entry)
{
	const struct tw_ftm_id key = {id, 0}, *found = NULL;
	found = ftm->ids.count ? bsearch(&key, ftm->ids.data, ftm->ids.count, sizeof(key), id_compare) : NULL;
	*entry = found ? found->entry : 0;
	return found != NULL;
}

static bool is_before(struct tw_list_date a, struct tw_list_date b)
{
	return a.year && (b.year == 0 || tw_list_date_compare(a, b) < 0);
}

/* An entry is removed when each of its sanctions has ended: on the last of those days. */
static bool sanctions_join(struct tw_list_stage *stage, const struct tw_ftm *ftm)
{
	const struct tw_ftm_sanction *sanctions = ftm->sanctions.data;
	bool *is_open = tw_arena_alloc(&stage->scratch, stage->entries.count + 1);
	for (uint32_t i = 0; is_open && i < ftm->sanctions.count; i++) {
		const struct tw_ftm_sanction *sanction = &sanctions[i];
		uint32_t at;
		if (!entry_find(ftm, sanction->holder, &at)) {
			tw_list_stage_skip(stage, NOT_LISTED, sanction->line, false);
			continue;
		}
		struct tw_stage_entry *entry = tw_list_stage_entry_at(stage, at);
		entry->programme = entry->programme.len ? entry->programme : sanction->programme;
		entry->measures |= sanction->measures;
		entry->listed_on = is_before(sanction->listed_on, entry->listed_on) ? sanction->listed_on : entry->listed_on;
		is_open[at] = is_open[at] || sanction->removed_on.year == 0;
		bool later = tw_list_date_compare(sanction->removed_on, entry->removed_on) > 0;
		entry->removed_on = is_open[at] ? (struct tw_list_date){0} : later ? sanction->removed_on : entry->removed_on;
	}
	return is_open != NULL;
}

static bool documents_join(struct tw_list_stage *stage, const struct tw_ftm *ftm)
{
	const struct tw_ftm_document *documents = ftm->documents.data;
	bool fits = true;
	for (uint32_t i = 0, at; fits && i < ftm->documents.count; i++) {
		const struct tw_ftm_document *document = &documents[i];
		if (!entry_find(ftm, document->holder, &at)) {
			tw_list_stage_skip(stage, NOT_LISTED, document->line, false);
			continue;
		}
		fits = tw_list_stage_identifier(stage, at, document->scheme, document->number, document->country);
	}
	return fits;
}

/* Where the issuer wrote the whole address, that is it; its parts would say it again. */
static bool place_add(struct tw_list_stage *stage, uint32_t entry, const struct tw_ftm_place *place)
{
	if (place->full.len) {
		return tw_list_stage_address(stage, entry, &place->full, 1, place->city, place->country);
	}
	struct tw_slice parts[TW_FTM_PARTS + 1];
	memcpy(parts, place->part, sizeof(place->part));
	parts[TW_FTM_PARTS] = place->city;
	return tw_list_stage_address(stage, entry, parts, TW_FTM_PARTS + 1, place->city, place->country);
}

static bool places_join(struct tw_list_stage *stage, const struct tw_ftm *ftm)
{
	const struct tw_ftm_place_of *wanted = ftm->place_of.data;
	bool fits = true;
	for (uint32_t i = 0, at; fits && i < ftm->place_of.count; i++) {
		const struct tw_ftm_place key = {.id = wanted[i].place}, *place = NULL;
		place = ftm->places.count ? bsearch(&key, ftm->places.data, ftm->places.count, sizeof(key), place_compare) : NULL;
		if (!place) {
			tw_list_stage_skip(stage, "an address that is not in the file", wanted[i].line, false);
		} else if (entry_find(ftm, wanted[i].holder, &at)) {
			fits = place_add(stage, at, place);
		}
	}
	return fits;
}

static bool links_join(struct tw_list_stage *stage, const struct tw_ftm *ftm)
{
	const struct tw_ftm_link *links = ftm->links.data;
	bool fits = true;
	for (uint32_t i = 0, at; fits && i < ftm->links.count; i++) {
		if (!entry_find(ftm, links[i].from, &at)) {
			tw_list_stage_skip(stage, NOT_LISTED, links[i].line, false);
			continue;
		}
		fits = tw_list_stage_link(stage, at, links[i].relation, links[i].to);
	}
	return fits;
}

bool tw_ftm_join(struct tw_list_stage *stage, struct tw_ftm *ftm)
{
	tw_arena_reset(&stage->scratch);
	sort(&ftm->ids, sizeof(struct tw_ftm_id), id_compare);
	sort(&ftm->places, sizeof(struct tw_ftm_place), place_compare);
	return sanctions_join(stage, ftm) && documents_join(stage, ftm) && places_join(stage, ftm) && links_join(stage, ftm);
}
