/**
 * @file list_fixture.h
 * Lists for the tests of feeds/: from memory without files, from the shipped sample, and an entry written out as text.
 */
#ifndef TIDEWAITER_TESTS_LIST_FIXTURE_H
#define TIDEWAITER_TESTS_LIST_FIXTURE_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "feeds/list_loader.h"

#define SAMPLE_UN   "feeds/sample/lists/un/UN_consolidated_2026-02-27.xml"
#define SAMPLE_OFAC "feeds/sample/lists/ofac"

/* The countries that the checked entries name, as the two issuers spell them; stands in for the reference tables. */
static inline uint16_t fixture_country(const struct tw_reference *reference, struct tw_slice name)
{
	static const struct {
		const char *name, *code;
	} known[] = {
	    {"Iraq", "IQ"},
	    {"Germany", "DE"},
	    {"Morocco", "MA"},
	    {"Pakistan", "PK"},
	    {"Afghanistan", "AF"},
	    {"Syria", "SY"},
	    {"Cuba", "CU"},
	    {"Iran", "IR"},
	    {"Spain", "ES"},
	    {"Japan", "JP"},
	    {"Switzerland", "CH"},
	    {"Panama", "PA"},
	    {"Nowhere", "XA"},
	    {"Elsewhere", "XB"},
	    {"XA", "XA"},
	    {"XB", "XB"},
	    {"Saudi Arabia", "SA"},
	    {"Syrian Arab Republic", "SY"},
	    {"Democratic People's Republic of Korea", "KP"},
	};
	(void)reference;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (tw_slice_is(name, known[i].name)) {
			return (uint16_t)(known[i].code[0] << 8 | known[i].code[1]);
		}
	}
	return 0;
}

/* Where a real list that is not shipped is; without it the test is skipped, and says so. @return a path in `arena` */
static inline const char *fixture_data(const char *name, struct tw_arena *arena)
{
	const char *folder = getenv("TW_DATA");
	struct tw_slice path = tw_arena_format(arena, "%s/lists/%s", folder && *folder ? folder : "../shared/data", name);
	FILE *file = fopen(path.ptr, "rb");
	if (!file) {
		cr_skip_test("%s is not here: set TW_DATA to run this test", path.ptr);
	}
	fclose(file);
	return path.ptr;
}

/* A stage with an id; loaders are called on it directly. */
static inline struct tw_list_stage *fixture_stage(const char *id)
{
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	cr_assert(stage);
	tw_list_stage_init(stage);
	stage->id = tw_arena_copy(&stage->arena, tw_slice_str(id));
	stage->country_named = fixture_country;
	return stage;
}

static inline void fixture_stage_free(struct tw_list_stage *stage)
{
	tw_list_stage_fini(stage);
	free(stage);
}

static inline struct tw_slice fixture_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	cr_assert(file, "%s: run the tests from the project's root", path);
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	rewind(file);
	char *bytes = malloc((size_t)size + 1);
	cr_assert(bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size);
	bytes[size] = '\0';
	fclose(file);
	return (struct tw_slice){bytes, (uint32_t)size};
}

/* The index over stages; they become the builder's, which is freed here. */
static inline struct tw_list_index *fixture_index(struct tw_list_stage *const *stages, uint32_t count)
{
	struct tw_list_builder *builder = NULL;
	struct tw_list_index *index = NULL;
	struct tw_error err = {0};
	cr_assert_eq(tw_list_builder_new(NULL, &builder, &err), TW_OK);
	for (uint32_t i = 0; i < count; i++) {
		builder->stage[builder->stage_count++] = stages[i];
	}
	cr_assert_eq(tw_list_index_build(builder, &index, &err), TW_OK, "%s", err.what);
	tw_list_builder_free(builder);
	return index;
}

static inline const char *fixture_kind(enum tw_entry_kind kind)
{
	static const char *const words[] = {"unknown", "person", "organisation", "vessel", "aircraft"};
	return words[kind];
}

static inline const char *fixture_quality(enum tw_name_quality quality)
{
	static const char *const words[] = {"none", "primary", "strong", "weak", "former", "script"};
	return words[quality];
}

/* Everything an entry holds, a line each; compared as one text. */
static inline const char *fixture_entry(const struct tw_list_index *index, const char *list, const char *id, struct tw_arena *arena)
{
	struct tw_list_entry entry;
	cr_assert(tw_list_index_entry(index, tw_slice_str(list), tw_slice_str(id), &entry), "%s %s is not in the index", list, id);
	struct tw_slice text = tw_arena_format(arena, "%.*s %s %.*s\n", (int)entry.id.len, entry.id.ptr, fixture_kind(entry.kind),
	                                       (int)entry.programme.len, entry.programme.ptr);
	for (uint32_t i = 0; i < entry.name_count; i++) {
		struct tw_list_name name = tw_list_entry_name(&entry, i);
		text = tw_arena_format(arena, "%s%s: %.*s\n", text.ptr, fixture_quality(name.quality), (int)name.text.len, name.text.ptr);
	}
	for (uint32_t i = 0; i < entry.identifier_count; i++) {
		struct tw_list_identifier identifier = tw_list_entry_identifier(&entry, i);
		char country[4] = {' ', (char)(identifier.country >> 8), (char)(identifier.country & 0xff), '\0'};
		text = tw_arena_format(arena, "%s%.*s: %.*s%s\n", text.ptr, (int)identifier.scheme.len, identifier.scheme.ptr,
		                       (int)identifier.value.len, identifier.value.ptr, identifier.country ? country : "");
	}
	text = tw_arena_format(arena, "%scountries:", text.ptr);
	for (uint32_t i = 0; i < entry.country_count; i++) {
		text = tw_arena_format(arena, "%s %c%c", text.ptr, entry.countries[i] >> 8, entry.countries[i] & 0xff);
	}
	return tw_arena_format(arena, "%s\n", text.ptr).ptr;
}

#endif
