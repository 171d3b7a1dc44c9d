/**
 * @file list_index.c
 * From loaded lists to the immutable index: rows (list_copy.c), then the keys of names, numbers and addresses into tables, then the fuzzy index of
 * each domain.
 */
#include "feeds/list_index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <tidewaiter/limits.h>

#include "feeds/address_key.h"
#include "feeds/list_loader.h"
#include "feeds/list_text.h"
#include "feeds/name.h"
#include "feeds/name_cut.h"

#define INDEX_BLOCK_BYTES   (64U * 1024U)
#define BUILD_BLOCK_BYTES   (1024U * 1024U)
#define NAME_KEYS_MAX       2 /* a name, and it without its abbreviation */
#define NAME_SOURCES_MAX    3 /* and cut to a field */
#define IDENTIFIER_KEYS_MAX 2 /* with its scheme, and without */

struct build {
	struct tw_list_index *index;
	struct tw_arena arena; /* gone when the index is built */
	struct tw_list_record *records;
	uint32_t record_count;
};

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
	enum tw_name_domain domain = domain_of((enum tw_entry_kind)build->index->entry[entry].kind);
	if (!text.ptr || !tw_name_split(text, &build->arena, &tokens) || !tw_name_key(&tokens, domain, &build->arena, &key)) {
		return false;
	}
	if (key.len) {
		build->records[build->record_count++] =
		    (struct tw_list_record){key, entry, name, tw_list_name_rank((enum tw_name_quality)build->index->name[name].quality)};
	}
	return true;
}

static bool build_names(struct build *build)
{
	struct tw_list_index *index = build->index;
	build->record_count = 0;
	build->records = tw_arena_alloc_raw(&build->arena, (size_t)index->name_count * NAME_KEYS_MAX * sizeof(*build->records));
	for (uint32_t entry = 0; build->records && entry < index->entry_count; entry++) {
		for (uint32_t name = index->entry[entry].name; name < index->entry[entry + 1].name; name++) {
			struct tw_slice text = tw_list_name_of(index, name), shorter = tw_list_unabbreviated(text, &build->arena);
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
		for (uint32_t name = index->entry[entry].name; name < index->entry[entry + 1].name; name++) {
			index->name_entry[name] = entry;
		}
	}
}

/* Every name, it without its abbreviation, and what a field leaves of it, in the fuzzy index of its entry's domain. */
static bool build_fuzzy(struct build *build, enum tw_name_domain domain)
{
	struct tw_list_index *index = build->index;
	struct tw_arena_mark mark = tw_arena_mark(&build->arena);
	struct tw_name_source *sources = tw_arena_alloc_raw(&build->arena, (size_t)index->name_count * NAME_SOURCES_MAX * sizeof(*sources));
	struct tw_slice cut;
	uint32_t count = 0;
	for (uint32_t name = 0; sources && name < index->name_count; name++) {
		if (domain_of((enum tw_entry_kind)index->entry[index->name_entry[name]].kind) != domain) {
			continue;
		}
		struct tw_slice text = tw_list_name_of(index, name), shorter = tw_list_unabbreviated(text, &build->arena);
		sources[count++] = (struct tw_name_source){text, name};
		if (!shorter.ptr || !tw_name_cut_short(text, domain, &build->arena, &cut)) {
			return false;
		}
		if (shorter.ptr != text.ptr) {
			sources[count++] = (struct tw_name_source){shorter, name};
		}
		if (cut.len) {
			sources[count++] = (struct tw_name_source){cut, name};
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
	if (!tw_list_identifier_key(scheme, tw_list_text_of(build->index, build->index->identifier[at].value), &build->arena, &key)) {
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
		for (uint32_t at = index->entry[entry].identifier; at < index->entry[entry + 1].identifier; at++) {
			struct tw_slice scheme = tw_list_text_of(index, index->identifier[at].scheme);
			bool fits = add_identifier_key(build, scheme, entry, at) &&
			            (!tw_list_scheme_stands_alone(scheme) || add_identifier_key(build, (struct tw_slice){"", 0}, entry, at));
			if (!fits) {
				return false;
			}
		}
	}
	return build->records && tw_list_table_build(&index->identifiers, &index->arena, build->records, build->record_count);
}

static bool build_places(struct build *build)
{
	struct tw_list_index *index = build->index;
	build->record_count = 0;
	build->records = tw_arena_alloc_raw(&build->arena, (size_t)index->address_count * sizeof(*build->records));
	for (uint32_t entry = 0; build->records && entry < index->entry_count; entry++) {
		for (uint32_t at = index->entry[entry].address; at < index->entry[entry + 1].address; at++) {
			struct tw_slice key, city = tw_list_text_of(index, index->address[at].city);
			if (!tw_address_key(tw_list_text_of(index, index->address[at].text), city, &build->arena, &key)) {
				return false;
			}
			if (key.len) {
				build->records[build->record_count++] = (struct tw_list_record){key, at, entry, 0};
			}
		}
	}
	return build->records && tw_list_table_build(&index->places, &index->arena, build->records, build->record_count);
}

static uint64_t entries_of(const struct tw_list_builder *builder)
{
	uint64_t entries = 0;
	for (uint32_t s = 0; s < builder->stage_count; s++) {
		entries += builder->stage[s]->entries.count;
	}
	return entries;
}

enum tw_code tw_list_index_build(struct tw_list_builder *builder, struct tw_list_index **out, struct tw_error *err)
{
	uint64_t entries = entries_of(builder);
	if (entries > TW_LIST_ENTRIES_MAX) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "more entries than TW_LIST_ENTRIES_MAX", NULL, "%" PRIu64, entries);
	}
	struct build build = {.index = calloc(1, sizeof(*build.index))};
	if (!build.index) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list index", NULL, NULL);
	}
	tw_arena_init(&build.index->arena, INDEX_BLOCK_BYTES, 0);
	tw_arena_init(&build.arena, BUILD_BLOCK_BYTES, 0);
	bool fits = tw_list_copy(builder, build.index, &build.arena) && build_names(&build) && build_identifiers(&build) && build_places(&build) &&
	            build_all_fuzzy(&build);
	tw_arena_fini(&build.arena);
	if (!fits) {
		tw_list_index_free(build.index);
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list index", NULL, NULL);
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
