/**
 * @file list_file_sound.c
 * Whether rows and tables that were mapped point at what is there: one pass over each, in the time that reading them takes.
 */
#include "feeds/list_file_layout.h"

static bool text_in(const struct tw_list_index *index, struct tw_list_text text)
{
	return text.at <= index->text_bytes && text.len <= index->text_bytes - text.at;
}

/* A flag that is neither 0 nor 1 must not be read as one. */
static bool date_in(const struct tw_list_date *date)
{
	unsigned char circa;
	memcpy(&circa, &date->circa, sizeof(circa));
	return circa <= 1;
}

static bool entry_in(const struct tw_list_index *index, const struct tw_list_entry_row *row)
{
	const struct tw_list_entry_row *next = row + 1;
	return text_in(index, row->id) && text_in(index, row->programme) && row->list < index->list_count && row->name <= next->name &&
	       row->identifier <= next->identifier && row->address <= next->address && row->link <= next->link && row->birth <= next->birth &&
	       row->country <= next->country && date_in(&row->listed_on) && date_in(&row->removed_on);
}

/* Runs rise, and the last ends where the rows do. */
static bool entries_sound(const struct tw_list_index *index)
{
	const struct tw_list_entry_row *end = &index->entry[index->entry_count];
	bool sound = end->name == index->name_count && end->identifier == index->identifier_count && end->address == index->address_count &&
	             end->link == index->link_count && end->birth == index->birth_count && end->country == index->country_count;
	for (uint32_t i = 0; sound && i < index->entry_count; i++) {
		sound = entry_in(index, &index->entry[i]);
	}
	return sound;
}

static bool rows_sound(const struct tw_list_index *index)
{
	bool sound = true;
	for (uint32_t i = 0; i < index->list_count; i++) {
		sound &= text_in(index, index->list[i]);
	}
	for (uint32_t i = 0; i < index->name_count; i++) {
		sound &= text_in(index, tw_list_name_text(index, i)) && index->name_entry[i] < index->entry_count;
	}
	for (uint32_t i = 0; i < index->identifier_count; i++) {
		sound &= text_in(index, index->identifier[i].scheme) && text_in(index, index->identifier[i].value);
	}
	for (uint32_t i = 0; i < index->address_count; i++) {
		sound &= text_in(index, index->address[i].text) && text_in(index, index->address[i].city);
	}
	for (uint32_t i = 0; i < index->link_count; i++) {
		sound &= text_in(index, index->link[i].to);
	}
	for (uint32_t i = 0; i < index->birth_count; i++) {
		sound &= date_in(&index->birth[i]);
	}
	return sound;
}

/* @param items that postings name */
static bool table_sound(const struct tw_list_table *table, uint32_t entries, uint32_t items)
{
	const struct tw_list_group *end = &table->group[table->group_count];
	bool sound = end->key == table->key_bytes && end->first == table->posting_count, empty = false;
	for (uint32_t i = 0; i < table->group_count; i++) {
		sound &= table->group[i].key <= table->group[i + 1].key && table->group[i].first <= table->group[i + 1].first;
	}
	for (uint32_t i = 0; i < table->posting_count; i++) {
		sound &= table->posting[i].entry < entries && table->posting[i].item < items;
	}
	for (uint64_t i = 0; i <= table->mask; i++) {
		sound &= table->slot[i].group <= table->group_count;
		empty |= !table->slot[i].group; /* else a search would not end */
	}
	return sound && empty;
}

bool tw_list_file_sound(const struct tw_list_index *index)
{
	return entries_sound(index) && rows_sound(index) && table_sound(&index->names, index->entry_count, index->name_count) &&
	       table_sound(&index->identifiers, index->entry_count, index->identifier_count) &&
	       table_sound(&index->places, index->address_count, index->entry_count);
}
