/**
 * @file list_rows.c
 * The index's rows as what lists.h calls an entry, a name, a number: texts become slices, places become counts. Nothing is copied or kept.
 */
#include "feeds/list_entry.h"
#include "feeds/list_index.h"

struct tw_list_entry tw_list_entry_view(const struct tw_list_index *index, uint32_t rank)
{
	const struct tw_list_entry_row *row = &index->entry[rank], *next = row + 1;
	return (struct tw_list_entry){.index = index,
	                              .rank = rank,
	                              .list = tw_list_text_of(index, index->list[row->list]),
	                              .id = tw_list_text_of(index, row->id),
	                              .programme = tw_list_text_of(index, row->programme),
	                              .kind = (enum tw_entry_kind)row->kind,
	                              .name_count = next->name - row->name,
	                              .identifier_count = next->identifier - row->identifier,
	                              .address_count = next->address - row->address,
	                              .link_count = next->link - row->link,
	                              .countries = index->country + row->country,
	                              .country_count = next->country - row->country,
	                              .births = index->birth + row->birth,
	                              .birth_count = next->birth - row->birth,
	                              .measures = row->measures,
	                              .listed_on = row->listed_on,
	                              .removed_on = row->removed_on};
}

static const struct tw_list_entry_row *row_of(const struct tw_list_entry *entry)
{
	return &entry->index->entry[entry->rank];
}

struct tw_list_name tw_list_entry_name(const struct tw_list_entry *entry, uint32_t at)
{
	uint32_t name = row_of(entry)->name + at;
	return (struct tw_list_name){tw_list_name_of(entry->index, name), (enum tw_name_quality)entry->index->name[name].quality};
}

struct tw_list_identifier tw_list_entry_identifier(const struct tw_list_entry *entry, uint32_t at)
{
	const struct tw_list_identifier_row *row = &entry->index->identifier[row_of(entry)->identifier + at];
	return (struct tw_list_identifier){tw_list_text_of(entry->index, row->scheme), tw_list_text_of(entry->index, row->value),
	                                   (uint16_t)row->country};
}

struct tw_list_address tw_list_entry_address(const struct tw_list_entry *entry, uint32_t at)
{
	const struct tw_list_address_row *row = &entry->index->address[row_of(entry)->address + at];
	return (struct tw_list_address){tw_list_text_of(entry->index, row->text), tw_list_text_of(entry->index, row->city), (uint16_t)row->country};
}

struct tw_list_link tw_list_entry_link(const struct tw_list_entry *entry, uint32_t at)
{
	const struct tw_list_link_row *row = &entry->index->link[row_of(entry)->link + at];
	return (struct tw_list_link){(enum tw_list_relation)row->relation, tw_list_text_of(entry->index, row->to)};
}

bool tw_list_index_at(const struct tw_list_index *index, uint32_t rank, struct tw_list_entry *out)
{
	if (rank >= index->entry_count) {
		return false;
	}
	*out = tw_list_entry_view(index, rank);
	return true;
}

bool tw_list_index_has(const struct tw_list_index *index, struct tw_slice list)
{
	for (uint32_t i = 0; i < index->list_count; i++) {
		if (tw_slice_equal(tw_list_text_of(index, index->list[i]), list)) {
			return true;
		}
	}
	return false;
}

bool tw_list_index_entry(const struct tw_list_index *index, struct tw_slice list, struct tw_slice id, struct tw_list_entry *out)
{
	uint32_t from = 0, to = index->entry_count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		struct tw_list_entry entry = tw_list_entry_view(index, middle);
		int order = tw_slice_compare(entry.list, list);
		order = order ? order : tw_slice_compare(entry.id, id);
		if (order == 0) {
			*out = entry;
			return true;
		}
		from = order < 0 ? middle + 1 : from;
		to = order < 0 ? to : middle;
	}
	return false;
}

struct tw_list_stat tw_list_index_stat(const struct tw_list_index *index)
{
	return (struct tw_list_stat){index->list_count, index->entry_count, index->name_count, index->identifier_count,
	                             tw_arena_held(&index->arena) + index->map_bytes};
}
