/**
 * @file xml_fuzz.h
 * Any bytes as a list in XML: the reader refuses or loads, and what it loads can be indexed and screened by its own names. A bound of the
 * reader is never passed in silence: slots hold texts that a stage can copy, entries hold an id.
 */
#ifndef TIDEWAITER_TESTS_XML_FUZZ_H
#define TIDEWAITER_TESTS_XML_FUZZ_H

#include <stdlib.h>

#include "feeds/list_loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void screen_all(struct tw_list_stage *stage)
{
	struct tw_list_builder builder = {.stage = {stage}, .stage_count = 1};
	struct tw_list_index *index = NULL;
	struct tw_arena arena;
	tw_arena_init(&arena, 65536, 0);
	if (tw_list_index_build(&builder, &index, NULL) != TW_OK) {
		abort(); /* there is memory: what was loaded must fit an index */
	}
	const struct tw_stage_name *names = stage->names.data;
	for (uint32_t i = 0; i < stage->names.count && i < 64; i++) {
		struct tw_matches matches;
		enum tw_entry_kind kind = tw_list_stage_entry_at(stage, names[i].entry)->kind;
		enum tw_code code = tw_list_index_screen(index, names[i].name.text, kind, &arena, &matches, NULL);
		if (code != TW_OK && code != TW_E_LIMIT) {
			abort();
		}
	}
	tw_list_index_free(index);
	tw_arena_fini(&arena);
}

/* What was passed over leaves nothing behind: everything staged belongs to an entry with an id. */
static void check_whole(struct tw_list_stage *stage)
{
	for (uint32_t i = 0; i < stage->entries.count; i++) {
		if (tw_list_stage_entry_at(stage, i)->id.len == 0) {
			abort();
		}
	}
	const struct tw_stage_name *names = stage->names.data;
	for (uint32_t i = 0; i < stage->names.count; i++) {
		if (names[i].entry >= stage->entries.count || names[i].name.text.len == 0) {
			abort();
		}
	}
	if (stage->report.names != stage->names.count || stage->report.identifiers != stage->identifiers.count) {
		abort();
	}
}

static int xml_fuzz(enum tw_code (*load)(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *), const uint8_t *data, size_t size)
{
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	struct tw_error err = {0};
	if (!stage || size > UINT32_MAX) {
		free(stage);
		return 0;
	}
	tw_list_stage_init(stage);
	stage->id = tw_slice_str("fuzz");
	enum tw_code code = load(stage, &(struct tw_list_file){"fuzz.xml", (struct tw_slice){(const char *)data, (uint32_t)size}}, &err);
	if (code == TW_OK) {
		check_whole(stage);
		screen_all(stage);
	} else if (!err.what || !err.where[0]) {
		abort(); /* every refusal says what and where */
	}
	tw_list_stage_fini(stage);
	free(stage);
	return 0;
}

#endif
