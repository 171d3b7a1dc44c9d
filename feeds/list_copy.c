/**
 * @file list_copy.c
 * The rows of the index from what loaders left in their stages: entries in their strict order, behind one another what each has several of, and every
 * text once: editions of one list, and lists that take over from each other, repeat most of theirs.
 */
#include <stddef.h>
#include <stdlib.h>

#include "engine/base/hash.h"
#include "feeds/list_index.h"
#include "feeds/list_loader.h"

#define HASH_SEED 0x7465787473ULL /* "texts" */
#define SLOTS_MIN 64U
#define BYTES_MIN 65536U

/* An entry of some list on its way to its place in the index. */
struct place {
	const struct tw_list_stage *stage;
	uint32_t at; /* in its stage */
};

/* Each text once. */
struct texts {
	char *bytes; /* malloc'd: it grows */
	size_t used, room;
	struct tw_list_text *slot; /* length 0: empty */
	uint64_t slot_mask;
	bool full; /* no memory, or past 4 GiB */
};

struct copy {
	const struct tw_list_builder *builder;
	struct tw_list_index *index;
	struct tw_arena *arena; /* gone when the index is built */
	struct place *places;   /* by rank */
	uint32_t *rank[TW_LISTS_MAX];
	uint32_t *next; /* by rank: where its next row of the part under way goes */
	struct texts texts;
};

static const struct tw_stage_entry *entry_of(const struct place *place)
{
	return (const struct tw_stage_entry *)place->stage->entries.data + place->at;
}

/* ---- texts ---- */

static bool texts_grow(struct texts *texts, size_t more)
{
	size_t room = texts->room ? texts->room : BYTES_MIN;
	while (room - texts->used < more) {
		room *= 2;
	}
	char *bytes = texts->used + more <= UINT32_MAX ? realloc(texts->bytes, room) : NULL;
	if (!bytes) {
		texts->full = true;
		return false;
	}
	texts->bytes = bytes;
	texts->room = room;
	return true;
}

static struct tw_list_text text_keep(struct texts *texts, struct tw_slice text)
{
	const struct tw_list_text none = {0, 0};
	if (!text.len) {
		return none;
	}
	uint64_t at = tw_hash64(text.ptr, text.len, HASH_SEED) & texts->slot_mask;
	for (; texts->slot[at].len; at = (at + 1) & texts->slot_mask) {
		if (texts->slot[at].len == text.len && memcmp(texts->bytes + texts->slot[at].at, text.ptr, text.len) == 0) {
			return texts->slot[at];
		}
	}
	if (texts->room - texts->used < text.len && !texts_grow(texts, text.len)) {
		return none;
	}
	memcpy(texts->bytes + texts->used, text.ptr, text.len);
	texts->slot[at] = (struct tw_list_text){(uint32_t)texts->used, text.len};
	texts->used += text.len;
	return texts->slot[at];
}

/* @param count of texts, equal ones too */
static bool texts_begin(struct copy *copy, uint64_t count)
{
	uint64_t slots = SLOTS_MIN;
	while (slots < count * 2) {
		slots *= 2;
	}
	copy->texts.slot_mask = slots - 1;
	copy->texts.slot = tw_arena_alloc(copy->arena, slots * sizeof(*copy->texts.slot));
	return copy->texts.slot && texts_grow(&copy->texts, 1);
}

static bool texts_end(struct copy *copy)
{
	struct tw_list_index *index = copy->index;
	index->text = copy->texts.full ? NULL : tw_arena_alloc_raw(&index->arena, copy->texts.used + 1);
	if (!index->text) {
		return false;
	}
	memcpy(index->text, copy->texts.bytes, copy->texts.used);
	index->text_bytes = (uint32_t)copy->texts.used;
	return true;
}

/* ---- order ---- */

static int place_compare(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = tw_slice_compare(left->stage->id, right->stage->id);
	return order ? order : tw_slice_compare(entry_of(left)->id, entry_of(right)->id);
}

static int id_compare(const void *a, const void *b)
{
	return tw_slice_compare(*(const struct tw_slice *)a, *(const struct tw_slice *)b);
}

static bool order_entries(struct copy *copy)
{
	uint32_t entries = copy->index->entry_count, count = 0;
	copy->places = tw_arena_alloc_raw(copy->arena, entries * sizeof(*copy->places));
	copy->next = tw_arena_alloc_raw(copy->arena, entries * sizeof(*copy->next));
	if (!copy->places || !copy->next) {
		return false;
	}
	for (uint32_t s = 0; s < copy->builder->stage_count; s++) {
		const struct tw_list_stage *stage = copy->builder->stage[s];
		copy->rank[s] = tw_arena_alloc_raw(copy->arena, stage->entries.count * sizeof(uint32_t));
		if (!copy->rank[s]) {
			return false;
		}
		for (uint32_t i = 0; i < stage->entries.count; i++) {
			copy->places[count++] = (struct place){stage, i};
		}
	}
	qsort(copy->places, entries, sizeof(*copy->places), place_compare);
	for (uint32_t rank = 0; rank < entries; rank++) {
		for (uint32_t s = 0; s < copy->builder->stage_count; s++) {
			if (copy->builder->stage[s] == copy->places[rank].stage) {
				copy->rank[s][copy->places[rank].at] = rank;
			}
		}
	}
	return true;
}

static bool copy_lists(struct copy *copy)
{
	struct tw_list_index *index = copy->index;
	struct tw_slice ids[TW_LISTS_MAX];
	index->list_count = copy->builder->stage_count;
	index->list = tw_arena_alloc(&index->arena, index->list_count * sizeof(*index->list));
	if (!index->list) {
		return false;
	}
	for (uint32_t s = 0; s < index->list_count; s++) {
		ids[s] = copy->builder->stage[s]->id;
	}
	qsort(ids, index->list_count, sizeof(ids[0]), id_compare);
	for (uint32_t s = 0; s < index->list_count; s++) {
		index->list[s] = text_keep(&copy->texts, ids[s]);
	}
	return true;
}

/* ---- entries ---- */

/* Member by member into zeros: what lies behind the last belongs to nobody, and the same sources make the same compiled file. */
static void date_copy(struct tw_list_date *to, const struct tw_list_date *from)
{
	to->year = from->year;
	to->month = from->month;
	to->day = from->day;
	to->circa = from->circa;
}

/* Entries of one list stand together, and lists are in the order of their ids. */
static void copy_entries(struct copy *copy)
{
	struct tw_list_index *index = copy->index;
	uint16_t list = 0;
	for (uint32_t i = 0; i < index->entry_count; i++) {
		const struct tw_stage_entry *from = entry_of(&copy->places[i]);
		struct tw_list_entry_row *to = &index->entry[i];
		struct tw_list_text id = text_keep(&copy->texts, copy->places[i].stage->id);
		while (list + 1U < index->list_count && (index->list[list].at != id.at || index->list[list].len != id.len)) {
			list++;
		}
		to->id = text_keep(&copy->texts, from->id);
		to->programme = text_keep(&copy->texts, from->programme);
		to->list = list;
		to->kind = (uint16_t)from->kind;
		to->measures = from->measures;
		date_copy(&to->listed_on, &from->listed_on);
		date_copy(&to->removed_on, &from->removed_on);
	}
}

/*
 * What an entry has several of: where its first row stands, the array that holds the rows of all entries, and the records of a stage that they are
 * copied from. Every record begins with its entry's place in the stage.
 */
struct part {
	size_t first;        /* in struct tw_list_entry_row */
	size_t array, count; /* in struct tw_list_index */
	size_t row_bytes;
	size_t records; /* in struct tw_list_stage */
	size_t record_bytes;
	bool (*is_first)(const void *record); /* those go before the entry's others; NULL: all keep their order */
	void (*copy)(const void *record, void *to, struct texts *texts);
};

/* Copying is member by member, as date_copy: rows are zeros before. */

static bool name_is_first(const void *record)
{
	return ((const struct tw_stage_name *)record)->name.quality == TW_NAME_PRIMARY;
}

_Static_assert(TW_LIST_BYTES_MAX <= 1U << TW_LIST_NAME_LENGTH_BITS, "a name is shorter than its file");
_Static_assert(TW_NAME_WEAK < 1U << (32 - TW_LIST_NAME_LENGTH_BITS), "every quality has its number");

static void name_copy(const void *record, void *to, struct texts *texts)
{
	const struct tw_list_name *from = &((const struct tw_stage_name *)record)->name;
	struct tw_list_name_row *name = to;
	struct tw_list_text text = text_keep(texts, from->text);
	name->at = text.at;
	name->len = text.len & ((1U << TW_LIST_NAME_LENGTH_BITS) - 1);
	name->quality = (uint32_t)from->quality & ((1U << (32 - TW_LIST_NAME_LENGTH_BITS)) - 1);
}

static void identifier_copy(const void *record, void *to, struct texts *texts)
{
	const struct tw_list_identifier *from = &((const struct tw_stage_identifier *)record)->identifier;
	struct tw_list_identifier_row *identifier = to;
	identifier->scheme = text_keep(texts, from->scheme);
	identifier->value = text_keep(texts, from->value);
	identifier->country = from->country;
}

static void birth_copy(const void *record, void *to, struct texts *texts)
{
	(void)texts;
	date_copy(to, &((const struct tw_stage_birth *)record)->date);
}

static void address_copy(const void *record, void *to, struct texts *texts)
{
	const struct tw_list_address *from = &((const struct tw_stage_address *)record)->address;
	struct tw_list_address_row *address = to;
	address->text = text_keep(texts, from->text);
	address->city = text_keep(texts, from->city);
	address->country = from->country;
}

static void link_copy(const void *record, void *to, struct texts *texts)
{
	const struct tw_list_link *from = &((const struct tw_stage_link *)record)->link;
	struct tw_list_link_row *link = to;
	link->relation = (uint32_t)from->relation;
	link->to = text_keep(texts, from->to);
}

#define PART(one, stage_record, many, is_first, copy)                                                                                                \
	{                                                                                                                                            \
		offsetof(struct tw_list_entry_row, one), offsetof(struct tw_list_index, one), offsetof(struct tw_list_index, one##_count),           \
		    sizeof(*((struct tw_list_index *)0)->one), offsetof(struct tw_list_stage, many), sizeof(struct stage_record), is_first, copy     \
	}

_Static_assert(offsetof(struct tw_stage_name, entry) == 0 && offsetof(struct tw_stage_identifier, entry) == 0 &&
                   offsetof(struct tw_stage_birth, entry) == 0 && offsetof(struct tw_stage_address, entry) == 0 &&
                   offsetof(struct tw_stage_link, entry) == 0,
               "owner() reads a record's first bytes");

static const struct part parts[] = {
    PART(name, tw_stage_name, names, name_is_first, name_copy), PART(identifier, tw_stage_identifier, identifiers, NULL, identifier_copy),
    PART(birth, tw_stage_birth, births, NULL, birth_copy),      PART(address, tw_stage_address, addresses, NULL, address_copy),
    PART(link, tw_stage_link, links, NULL, link_copy),
};

static uint32_t *part_first(struct tw_list_entry_row *row, const struct part *part)
{
	return (uint32_t *)(void *)((char *)row + part->first);
}

static const struct tw_list *part_records(const struct copy *copy, uint32_t stage, const struct part *part)
{
	return (const void *)((const char *)copy->builder->stage[stage] + part->records);
}

/* The rank of a record's entry. */
static uint32_t owner(const struct copy *copy, uint32_t stage, const char *record)
{
	uint32_t at;
	memcpy(&at, record, sizeof(at));
	return copy->rank[stage][at];
}

/* Each entry gets room for as many rows as it has records. @return rows of all */
static uint32_t part_places(struct copy *copy, const struct part *part)
{
	uint32_t rows = 0;
	memset(copy->next, 0, copy->index->entry_count * sizeof(*copy->next));
	for (uint32_t s = 0; s < copy->builder->stage_count; s++) {
		const struct tw_list *list = part_records(copy, s, part);
		for (uint32_t i = 0; i < list->count; i++) {
			copy->next[owner(copy, s, (const char *)list->data + i * part->record_bytes)]++;
		}
	}
	for (uint32_t i = 0; i < copy->index->entry_count; i++) {
		uint32_t count = copy->next[i];
		*part_first(&copy->index->entry[i], part) = copy->next[i] = rows;
		rows += count;
	}
	*part_first(&copy->index->entry[copy->index->entry_count], part) = rows;
	return rows;
}

static void part_fill(struct copy *copy, const struct part *part, bool first, char *rows)
{
	for (uint32_t s = 0; s < copy->builder->stage_count; s++) {
		const struct tw_list *list = part_records(copy, s, part);
		for (uint32_t i = 0; i < list->count; i++) {
			const char *record = (const char *)list->data + i * part->record_bytes;
			if (part->is_first && part->is_first(record) != first) {
				continue;
			}
			part->copy(record, rows + copy->next[owner(copy, s, record)]++ * part->row_bytes, &copy->texts);
		}
	}
}

static bool copy_part(struct copy *copy, const struct part *part)
{
	uint32_t count = part_places(copy, part);
	char *rows = tw_arena_alloc(&copy->index->arena, count * part->row_bytes);
	if (!rows) {
		return false;
	}
	memcpy((char *)copy->index + part->array, &rows, sizeof(rows));
	memcpy((char *)copy->index + part->count, &count, sizeof(count));
	part_fill(copy, part, true, rows);
	if (part->is_first) {
		part_fill(copy, part, false, rows);
	}
	return true;
}

/* ---- countries ---- */

struct ranked_country {
	uint32_t rank;
	uint32_t order;
	uint16_t code;
};

static int country_compare(const void *a, const void *b)
{
	const struct ranked_country *left = a, *right = b;
	int order = (left->rank > right->rank) - (left->rank < right->rank);
	return order ? order : (left->order > right->order) - (left->order < right->order);
}

static bool has_country(const struct tw_list_index *index, uint32_t first, uint16_t code)
{
	for (uint32_t i = first; i < index->country_count; i++) {
		if (index->country[i] == code) {
			return true;
		}
	}
	return false;
}

/* Those of all stages, by rank, then as they were stated. */
static struct ranked_country *countries_ranked(const struct copy *copy, uint32_t count)
{
	struct ranked_country *ranked = tw_arena_alloc_raw(copy->arena, count * sizeof(*ranked));
	uint32_t filled = 0;
	for (uint32_t s = 0; ranked && s < copy->builder->stage_count; s++) {
		const struct tw_list *countries = &copy->builder->stage[s]->countries;
		for (uint32_t i = 0; i < countries->count; i++) {
			const struct tw_stage_country *from = (const struct tw_stage_country *)countries->data + i;
			ranked[filled] = (struct ranked_country){copy->rank[s][from->entry], filled, from->code};
			filled++;
		}
	}
	if (filled) {
		qsort(ranked, filled, sizeof(*ranked), country_compare);
	}
	return ranked;
}

/* Each country once an entry, in the order it was first stated. */
static bool copy_countries(struct copy *copy)
{
	struct tw_list_index *index = copy->index;
	uint32_t count = 0, at = 0;
	for (uint32_t s = 0; s < copy->builder->stage_count; s++) {
		count += copy->builder->stage[s]->countries.count;
	}
	const struct ranked_country *ranked = countries_ranked(copy, count);
	index->country = tw_arena_alloc_raw(&index->arena, count * sizeof(*index->country));
	if (!ranked || !index->country) {
		return false;
	}
	for (uint32_t rank = 0; rank < index->entry_count; rank++) {
		uint32_t first = index->entry[rank].country = index->country_count;
		for (; at < count && ranked[at].rank == rank; at++) {
			if (!has_country(index, first, ranked[at].code)) {
				index->country[index->country_count++] = ranked[at].code;
			}
		}
	}
	index->entry[index->entry_count].country = index->country_count;
	return true;
}

/* ---- all of it ---- */

static uint64_t count_texts(const struct tw_list_builder *builder)
{
	uint64_t texts = builder->stage_count;
	for (uint32_t s = 0; s < builder->stage_count; s++) {
		const struct tw_list_stage *stage = builder->stage[s];
		texts += 2ULL * stage->entries.count + stage->names.count + 2ULL * stage->identifiers.count + 2ULL * stage->addresses.count +
		         stage->links.count;
	}
	return texts;
}

static bool copy_all(struct copy *copy)
{
	struct tw_list_index *index = copy->index;
	for (uint32_t s = 0; s < copy->builder->stage_count; s++) {
		index->entry_count += copy->builder->stage[s]->entries.count;
	}
	index->entry = tw_arena_alloc(&index->arena, ((size_t)index->entry_count + 1) * sizeof(*index->entry));
	bool fits = index->entry && texts_begin(copy, count_texts(copy->builder)) && order_entries(copy) && copy_lists(copy);
	if (fits) {
		copy_entries(copy);
	}
	for (size_t i = 0; fits && i < sizeof(parts) / sizeof(parts[0]); i++) {
		fits = copy_part(copy, &parts[i]);
	}
	return fits && copy_countries(copy) && texts_end(copy);
}

bool tw_list_copy(const struct tw_list_builder *builder, struct tw_list_index *index, struct tw_arena *scratch)
{
	struct copy copy = {.builder = builder, .index = index, .arena = scratch};
	bool fits = copy_all(&copy);
	free(copy.texts.bytes);
	return fits;
}
