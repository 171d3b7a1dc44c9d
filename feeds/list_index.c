/**
 * @file list_index.c
 * From loaded lists to the immutable index: everything copied once into one arena, entries in their strict order, keys into tables.
 */
#include "feeds/list_index.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <tidewaiter/limits.h>

#include "feeds/list_loader.h"
#include "feeds/list_text.h"
#include "feeds/name.h"

#define INDEX_BLOCK_BYTES   (64U * 1024U)
#define BUILD_BLOCK_BYTES   (1024U * 1024U)
#define NAME_KEYS_MAX       2 /* a name, and it without its abbreviation */
#define IDENTIFIER_KEYS_MAX 2 /* with its scheme, and without */

/* An entry of some list on its way to its place in the index. */
struct place {
	const struct tw_list_stage *stage;
	uint32_t at; /* in its stage */
};

struct build {
	const struct tw_list_builder *builder;
	struct tw_list_index *index;
	struct tw_arena arena; /* gone when the index is built */
	struct place *places;  /* by rank */
	uint32_t *rank[TW_LISTS_MAX];
	struct tw_list_record *records;
	uint32_t record_count;
};

static const struct tw_stage_entry *entry_of(const struct place *place)
{
	return (const struct tw_stage_entry *)place->stage->entries.data + place->at;
}

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

/* Texts are packed: no alignment, no terminator, one after the other. */
static struct tw_slice pack(char **to, struct tw_slice text)
{
	if (text.len) {
		memcpy(*to, text.ptr, text.len);
	}
	struct tw_slice packed = {*to, text.len};
	*to += text.len;
	return packed;
}

struct counts {
	size_t entries, names, identifiers, countries, births, addresses, links, text_bytes;
};

static size_t more_text(const struct tw_list_stage *stage)
{
	const struct tw_stage_address *addresses = stage->addresses.data;
	const struct tw_stage_link *links = stage->links.data;
	size_t bytes = 0;
	for (uint32_t i = 0; i < stage->addresses.count; i++) {
		bytes += (size_t)addresses[i].address.text.len + addresses[i].address.city.len;
	}
	for (uint32_t i = 0; i < stage->links.count; i++) {
		bytes += links[i].link.to.len;
	}
	return bytes;
}

static struct counts count_all(const struct tw_list_builder *builder)
{
	struct counts counts = {0};
	for (uint32_t s = 0; s < builder->stage_count; s++) {
		const struct tw_list_stage *stage = builder->stage[s];
		const struct tw_stage_entry *entries = stage->entries.data;
		const struct tw_stage_name *names = stage->names.data;
		const struct tw_stage_identifier *identifiers = stage->identifiers.data;
		counts.entries += stage->entries.count;
		counts.names += stage->names.count;
		counts.identifiers += stage->identifiers.count;
		counts.countries += stage->countries.count;
		counts.births += stage->births.count;
		counts.addresses += stage->addresses.count;
		counts.links += stage->links.count;
		counts.text_bytes += more_text(stage);
		for (uint32_t i = 0; i < stage->entries.count; i++) {
			counts.text_bytes += entries[i].id.len + entries[i].programme.len;
		}
		for (uint32_t i = 0; i < stage->names.count; i++) {
			counts.text_bytes += names[i].name.text.len;
		}
		for (uint32_t i = 0; i < stage->identifiers.count; i++) {
			counts.text_bytes += identifiers[i].identifier.value.len;
		}
	}
	return counts;
}

static bool order_entries(struct build *build, size_t entries)
{
	build->places = tw_arena_alloc_raw(&build->arena, entries * sizeof(*build->places));
	if (!build->places) {
		return false;
	}
	size_t count = 0;
	for (uint32_t s = 0; s < build->builder->stage_count; s++) {
		const struct tw_list_stage *stage = build->builder->stage[s];
		build->rank[s] = tw_arena_alloc_raw(&build->arena, stage->entries.count * sizeof(uint32_t));
		if (!build->rank[s]) {
			return false;
		}
		for (uint32_t i = 0; i < stage->entries.count; i++) {
			build->places[count++] = (struct place){stage, i};
		}
	}
	qsort(build->places, entries, sizeof(*build->places), place_compare);
	for (uint32_t rank = 0; rank < entries; rank++) {
		for (uint32_t s = 0; s < build->builder->stage_count; s++) {
			if (build->builder->stage[s] == build->places[rank].stage) {
				build->rank[s][build->places[rank].at] = rank;
			}
		}
	}
	return true;
}

static bool copy_lists(struct build *build)
{
	struct tw_list_index *index = build->index;
	index->list_count = build->builder->stage_count;
	index->list = tw_arena_alloc(&index->arena, index->list_count * sizeof(*index->list));
	for (uint32_t s = 0; index->list && s < index->list_count; s++) {
		index->list[s] = tw_arena_copy(&index->arena, build->builder->stage[s]->id);
		if (!index->list[s].ptr) {
			return false;
		}
	}
	if (index->list) {
		qsort(index->list, index->list_count, sizeof(*index->list), id_compare);
	}
	return index->list != NULL;
}

static struct tw_slice list_id(const struct tw_list_index *index, struct tw_slice id)
{
	for (uint32_t i = 0; i < index->list_count; i++) {
		if (tw_slice_equal(index->list[i], id)) {
			return index->list[i];
		}
	}
	return (struct tw_slice){"", 0};
}

/* Member by member into zeros: what lies behind the last belongs to nobody, and the same sources make the same compiled file. */
static void date_copy(struct tw_list_date *to, const struct tw_list_date *from)
{
	to->year = from->year;
	to->month = from->month;
	to->day = from->day;
	to->circa = from->circa;
}

static void copy_entries(struct build *build, char **text)
{
	struct tw_list_index *index = build->index;
	for (uint32_t i = 0; i < index->entry_count; i++) {
		const struct tw_stage_entry *from = entry_of(&build->places[i]);
		index->entry[i] =
		    (struct tw_list_entry){.list = list_id(index, build->places[i].stage->id), .kind = from->kind, .measures = from->measures};
		date_copy(&index->entry[i].listed_on, &from->listed_on);
		date_copy(&index->entry[i].removed_on, &from->removed_on);
		index->entry[i].id = pack(text, from->id);
		index->entry[i].programme = pack(text, from->programme);
	}
}

/*
 * What an entry has several of: its run in the entry, the array of the index that holds the runs of all entries, and the records of a stage that
 * they are copied from. Every record begins with its entry's place in the stage.
 */
struct part {
	size_t run, count; /* in struct tw_list_entry */
	size_t array;      /* in struct tw_list_index */
	size_t element_bytes;
	size_t records; /* in struct tw_list_stage */
	size_t record_bytes;
	bool (*is_first)(const void *record); /* those go before the entry's others; NULL: all keep their order */
	void (*copy)(const void *record, void *to, char **text);
};

/* Copying is member by member, as date_copy: the index's memory is zeros before. */

static bool name_is_first(const void *record)
{
	return ((const struct tw_stage_name *)record)->name.quality == TW_NAME_PRIMARY;
}

static void name_copy(const void *record, void *to, char **text)
{
	const struct tw_list_name *from = &((const struct tw_stage_name *)record)->name;
	struct tw_list_name *name = to;
	name->text = pack(text, from->text);
	name->quality = from->quality;
}

static void identifier_copy(const void *record, void *to, char **text)
{
	const struct tw_list_identifier *from = &((const struct tw_stage_identifier *)record)->identifier;
	struct tw_list_identifier *identifier = to;
	identifier->scheme = from->scheme; /* constant text */
	identifier->value = pack(text, from->value);
	identifier->country = from->country;
}

static void birth_copy(const void *record, void *to, char **text)
{
	(void)text;
	date_copy(to, &((const struct tw_stage_birth *)record)->date);
}

static void address_copy(const void *record, void *to, char **text)
{
	const struct tw_list_address *from = &((const struct tw_stage_address *)record)->address;
	struct tw_list_address *address = to;
	address->text = pack(text, from->text);
	address->city = pack(text, from->city);
	address->country = from->country;
}

static void link_copy(const void *record, void *to, char **text)
{
	const struct tw_list_link *from = &((const struct tw_stage_link *)record)->link;
	struct tw_list_link *link = to;
	link->relation = from->relation;
	link->to = pack(text, from->to);
}

#define PART(runs, counts, one, stage_record, many, is_first, copy)                                                                                  \
	{                                                                                                                                            \
		offsetof(struct tw_list_entry, runs), offsetof(struct tw_list_entry, counts), offsetof(struct tw_list_index, one),                   \
		    sizeof(*((struct tw_list_index *)0)->one), offsetof(struct tw_list_stage, many), sizeof(struct stage_record), is_first, copy     \
	}

_Static_assert(offsetof(struct tw_stage_name, entry) == 0 && offsetof(struct tw_stage_identifier, entry) == 0 &&
                   offsetof(struct tw_stage_birth, entry) == 0 && offsetof(struct tw_stage_address, entry) == 0 &&
                   offsetof(struct tw_stage_link, entry) == 0,
               "owner() reads a record's first bytes");

static const struct part parts[] = {
    PART(names, name_count, name, tw_stage_name, names, name_is_first, name_copy),
    PART(identifiers, identifier_count, identifier, tw_stage_identifier, identifiers, NULL, identifier_copy),
    PART(births, birth_count, birth, tw_stage_birth, births, NULL, birth_copy),
    PART(addresses, address_count, address, tw_stage_address, addresses, NULL, address_copy),
    PART(links, link_count, link, tw_stage_link, links, NULL, link_copy),
};

static uint32_t *part_count(struct tw_list_entry *entry, const struct part *part)
{
	return (uint32_t *)(void *)((char *)entry + part->count);
}

/* The entry of a stage's record. */
static struct tw_list_entry *owner(const struct build *build, uint32_t stage, const char *record)
{
	uint32_t at;
	memcpy(&at, record, sizeof(at));
	return &build->index->entry[build->rank[stage][at]];
}

/* Each entry gets room for as many as its records are; its count starts at none again. */
static void part_runs(struct build *build, const struct part *part)
{
	struct tw_list_index *index = build->index;
	for (uint32_t s = 0; s < build->builder->stage_count; s++) {
		const struct tw_list *list = (const void *)((const char *)build->builder->stage[s] + part->records);
		for (uint32_t i = 0; i < list->count; i++) {
			++*part_count(owner(build, s, (const char *)list->data + i * part->record_bytes), part);
		}
	}
	char *next;
	memcpy(&next, (const char *)index + part->array, sizeof(next));
	for (uint32_t i = 0; i < index->entry_count; i++) {
		uint32_t *count = part_count(&index->entry[i], part);
		memcpy((char *)&index->entry[i] + part->run, &next, sizeof(next));
		next += *count * part->element_bytes;
		*count = 0;
	}
}

static void part_fill(struct build *build, const struct part *part, bool first, char **text)
{
	for (uint32_t s = 0; s < build->builder->stage_count; s++) {
		const struct tw_list *list = (const void *)((const char *)build->builder->stage[s] + part->records);
		for (uint32_t i = 0; i < list->count; i++) {
			const char *record = (const char *)list->data + i * part->record_bytes;
			if (part->is_first && part->is_first(record) != first) {
				continue;
			}
			struct tw_list_entry *entry = owner(build, s, record);
			char *run;
			memcpy(&run, (const char *)entry + part->run, sizeof(run));
			part->copy(record, run + (*part_count(entry, part))++ * part->element_bytes, text);
		}
	}
}

static void copy_parts(struct build *build, char **text)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		part_runs(build, &parts[i]);
		part_fill(build, &parts[i], true, text);
		if (parts[i].is_first) {
			part_fill(build, &parts[i], false, text);
		}
	}
}

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

static bool has_country(const struct tw_list_entry *entry, uint16_t code)
{
	for (uint32_t i = 0; i < entry->country_count; i++) {
		if (entry->countries[i] == code) {
			return true;
		}
	}
	return false;
}

/* Each country once an entry, in the order it was first stated. */
static bool copy_countries(struct build *build, size_t count)
{
	struct ranked_country *ranked = tw_arena_alloc_raw(&build->arena, count * sizeof(*ranked));
	uint16_t *to = tw_arena_alloc_raw(&build->index->arena, count * sizeof(*to));
	build->index->country = to;
	if (!ranked || !to) {
		return false;
	}
	uint32_t filled = 0;
	for (uint32_t s = 0; s < build->builder->stage_count; s++) {
		const struct tw_list *countries = &build->builder->stage[s]->countries;
		for (uint32_t i = 0; i < countries->count; i++) {
			const struct tw_stage_country *from = (const struct tw_stage_country *)countries->data + i;
			ranked[filled] = (struct ranked_country){build->rank[s][from->entry], filled, from->code};
			filled++;
		}
	}
	qsort(ranked, filled, sizeof(*ranked), country_compare);
	for (uint32_t i = 0; i < filled; i++) {
		struct tw_list_entry *entry = &build->index->entry[ranked[i].rank];
		entry->countries = entry->country_count ? entry->countries : to;
		if (!has_country(entry, ranked[i].code)) {
			*to++ = ranked[i].code;
			entry->country_count++;
			build->index->country_count++;
		}
	}
	return true;
}

static bool copy_all(struct build *build, const struct counts *counts)
{
	struct tw_list_index *index = build->index;
	index->entry_count = (uint32_t)counts->entries;
	index->name_count = (uint32_t)counts->names;
	index->identifier_count = (uint32_t)counts->identifiers;
	index->birth_count = (uint32_t)counts->births;
	index->address_count = (uint32_t)counts->addresses;
	index->link_count = (uint32_t)counts->links;
	index->text_bytes = counts->text_bytes;
	index->entry = tw_arena_alloc(&index->arena, counts->entries * sizeof(*index->entry));
	index->name = tw_arena_alloc(&index->arena, counts->names * sizeof(*index->name));
	index->identifier = tw_arena_alloc(&index->arena, counts->identifiers * sizeof(*index->identifier));
	index->birth = tw_arena_alloc(&index->arena, counts->births * sizeof(*index->birth));
	index->address = tw_arena_alloc(&index->arena, counts->addresses * sizeof(*index->address));
	index->link = tw_arena_alloc(&index->arena, counts->links * sizeof(*index->link));
	char *text = index->text = tw_arena_alloc_raw(&index->arena, counts->text_bytes);
	bool rooms = index->entry && index->name && index->identifier && index->birth && index->address && index->link && text;
	if (!rooms || !order_entries(build, counts->entries) || !copy_lists(build)) {
		return false;
	}
	copy_entries(build, &text);
	copy_parts(build, &text);
	return copy_countries(build, counts->countries);
}

static enum tw_name_domain domain_of(enum tw_entry_kind kind)
{
	switch (kind) {
	case TW_ENTRY_PERSON:
		return TW_NAME_OF_PERSON;
	case TW_ENTRY_VESSEL:
		return TW_NAME_OF_VESSEL;
	case TW_ENTRY_AIRCRAFT:
		return TW_NAME_OF_AIRCRAFT;
	case TW_ENTRY_ORGANISATION:
	case TW_ENTRY_UNKNOWN:
		return TW_NAME_OF_ORGANISATION;
	}
	return TW_NAME_OF_ORGANISATION;
}

uint32_t tw_list_name_rank(enum tw_name_quality quality)
{
	switch (quality) {
	case TW_NAME_PRIMARY:
		return 0;
	case TW_NAME_STRONG:
		return 1;
	case TW_NAME_ORIGINAL_SCRIPT:
		return 2;
	case TW_NAME_FORMER:
		return 3;
	case TW_NAME_WEAK:
		return 4;
	}
	return 5;
}

static bool add_name_key(struct build *build, struct tw_slice text, uint32_t entry, uint32_t name)
{
	struct tw_name_tokens tokens;
	struct tw_slice key;
	enum tw_name_domain domain = domain_of(build->index->entry[entry].kind);
	if (!text.ptr || !tw_name_split(text, &build->arena, &tokens) || !tw_name_key(&tokens, domain, &build->arena, &key)) {
		return false;
	}
	if (key.len) {
		build->records[build->record_count++] =
		    (struct tw_list_record){key, entry, name, tw_list_name_rank(build->index->name[name].quality)};
	}
	return true;
}

static bool build_names(struct build *build)
{
	struct tw_list_index *index = build->index;
	build->record_count = 0;
	build->records = tw_arena_alloc_raw(&build->arena, (size_t)index->name_count * NAME_KEYS_MAX * sizeof(*build->records));
	for (uint32_t entry = 0; build->records && entry < index->entry_count; entry++) {
		uint32_t first = (uint32_t)(index->entry[entry].names - index->name);
		for (uint32_t name = first; name < first + index->entry[entry].name_count; name++) {
			struct tw_slice text = index->name[name].text, shorter = tw_list_unabbreviated(text, &build->arena);
			bool fits = add_name_key(build, text, entry, name) && (shorter.ptr == text.ptr || add_name_key(build, shorter, entry, name));
			if (!fits) {
				return false;
			}
		}
	}
	return build->records && tw_list_table_build(&index->names, &index->arena, build->records, build->record_count);
}

static void note_owners(struct tw_list_index *index)
{
	for (uint32_t entry = 0; entry < index->entry_count; entry++) {
		uint32_t first = (uint32_t)(index->entry[entry].names - index->name);
		for (uint32_t i = 0; i < index->entry[entry].name_count; i++) {
			index->name_entry[first + i] = entry;
		}
	}
}

/* Every name, and it without its abbreviation, in the fuzzy index of its entry's domain. */
static bool build_fuzzy(struct build *build, enum tw_name_domain domain)
{
	struct tw_list_index *index = build->index;
	struct tw_arena_mark mark = tw_arena_mark(&build->arena);
	struct tw_name_source *sources = tw_arena_alloc_raw(&build->arena, (size_t)index->name_count * NAME_KEYS_MAX * sizeof(*sources));
	uint32_t count = 0;
	for (uint32_t name = 0; sources && name < index->name_count; name++) {
		if (domain_of(index->entry[index->name_entry[name]].kind) != domain) {
			continue;
		}
		struct tw_slice text = index->name[name].text, shorter = tw_list_unabbreviated(text, &build->arena);
		sources[count++] = (struct tw_name_source){text, name};
		if (!shorter.ptr) {
			return false;
		}
		if (shorter.ptr != text.ptr) {
			sources[count++] = (struct tw_name_source){shorter, name};
		}
	}
	uint32_t at = tw_list_domain_at(domain);
	bool fits = sources && tw_name_index_build(&index->fuzzy[at], domain, sources, count, &index->arena) &&
	            tw_script_index_build(&index->script[at], &index->fuzzy[at], &index->arena);
	tw_arena_rewind(&build->arena, mark);
	return fits;
}

static bool build_all_fuzzy(struct build *build)
{
	struct tw_list_index *index = build->index;
	index->name_entry = tw_arena_alloc_raw(&index->arena, index->name_count * sizeof(*index->name_entry));
	if (!index->name_entry) {
		return false;
	}
	note_owners(index);
	return build_fuzzy(build, TW_NAME_OF_PERSON) && build_fuzzy(build, TW_NAME_OF_ORGANISATION) && build_fuzzy(build, TW_NAME_OF_VESSEL);
}

static bool add_identifier_key(struct build *build, struct tw_slice scheme, uint32_t entry, uint32_t at)
{
	struct tw_slice key;
	if (!tw_list_identifier_key(scheme, build->index->identifier[at].value, &build->arena, &key)) {
		return false;
	}
	if (key.len) {
		build->records[build->record_count++] = (struct tw_list_record){key, entry, at, 0};
	}
	return true;
}

static bool build_identifiers(struct build *build)
{
	struct tw_list_index *index = build->index;
	build->record_count = 0;
	build->records = tw_arena_alloc_raw(&build->arena, (size_t)index->identifier_count * IDENTIFIER_KEYS_MAX * sizeof(*build->records));
	for (uint32_t entry = 0; build->records && entry < index->entry_count; entry++) {
		uint32_t first = (uint32_t)(index->entry[entry].identifiers - index->identifier);
		for (uint32_t at = first; at < first + index->entry[entry].identifier_count; at++) {
			struct tw_slice scheme = index->identifier[at].scheme;
			bool fits = add_identifier_key(build, scheme, entry, at) &&
			            (!tw_list_scheme_stands_alone(scheme) || add_identifier_key(build, (struct tw_slice){"", 0}, entry, at));
			if (!fits) {
				return false;
			}
		}
	}
	return build->records && tw_list_table_build(&index->identifiers, &index->arena, build->records, build->record_count);
}

enum tw_code tw_list_index_build(struct tw_list_builder *builder, struct tw_list_index **out, struct tw_error *err)
{
	struct build build = {.builder = builder, .index = calloc(1, sizeof(*build.index))};
	if (!build.index) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list index", NULL, NULL);
	}
	tw_arena_init(&build.index->arena, INDEX_BLOCK_BYTES, 0);
	tw_arena_init(&build.arena, BUILD_BLOCK_BYTES, 0);
	struct counts counts = count_all(builder);
	bool fits = counts.entries <= TW_LIST_ENTRIES_MAX && copy_all(&build, &counts) && build_names(&build) && build_identifiers(&build) &&
	            build_all_fuzzy(&build);
	tw_arena_fini(&build.arena);
	if (!fits) {
		tw_list_index_free(build.index);
		return counts.entries > TW_LIST_ENTRIES_MAX
		           ? tw_fail(err, TW_E_LIMIT, TW_REJECT, "more entries than TW_LIST_ENTRIES_MAX", NULL, "%zu", counts.entries)
		           : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list index", NULL, NULL);
	}
	*out = build.index;
	return TW_OK;
}

void tw_list_index_free(struct tw_list_index *index)
{
	if (index) {
		tw_arena_fini(&index->arena);
		if (index->map) {
			munmap(index->map, index->map_bytes);
		}
		free(index);
	}
}
