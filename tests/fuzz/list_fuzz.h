/**
 * @file list_fuzz.h
 * Any bytes as a list: the reader refuses and says what and where, or it loads, and what it loads can be indexed, screened by its own names, of
 * their entry's kind and of none, and by its own numbers.
 */
#ifndef TIDEWAITER_TESTS_LIST_FUZZ_H
#define TIDEWAITER_TESTS_LIST_FUZZ_H

#include <stdlib.h>

#include "feeds/list_loader.h"

#define LIST_FUZZ_ASKED 64U /* names, and numbers: more would only slow the fuzzer down */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void list_fuzz_answered(enum tw_code code)
{
	if (code != TW_OK && code != TW_E_LIMIT) {
		abort();
	}
}

static void list_fuzz_ask(struct tw_list_stage *stage)
{
	struct tw_list_builder builder = {.stage = {stage}, .stage_count = 1};
	struct tw_list_index *index = NULL;
	struct tw_matches matches;
	struct tw_arena arena;
	tw_arena_init(&arena, 65536, 0);
	if (tw_list_index_build(&builder, &index, NULL) != TW_OK) {
		abort(); /* there is memory: what was loaded must fit an index */
	}
	const struct tw_stage_name *names = stage->names.data;
	for (uint32_t i = 0; i < stage->names.count && i < LIST_FUZZ_ASKED; i++) {
		enum tw_entry_kind kind = tw_list_stage_entry_at(stage, names[i].entry)->kind;
		list_fuzz_answered(tw_list_index_screen(index, names[i].name.text, kind, &arena, &matches, NULL));
		list_fuzz_answered(tw_list_index_screen(index, names[i].name.text, TW_ENTRY_UNKNOWN, &arena, &matches, NULL));
	}
	const struct tw_stage_identifier *identifiers = stage->identifiers.data;
	for (uint32_t i = 0; i < stage->identifiers.count && i < LIST_FUZZ_ASKED; i++) {
		const struct tw_list_identifier *identifier = &identifiers[i].identifier;
		list_fuzz_answered(tw_list_index_identify(index, identifier->scheme, identifier->value, &arena, &matches, NULL));
	}
	tw_list_index_free(index);
	tw_arena_fini(&arena);
}

/** @param check more that must hold of what was loaded, or NULL @return 0, for libFuzzer */
static inline int list_fuzz(enum tw_code (*load)(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *),
                            const struct tw_list_file *files, void (*check)(struct tw_list_stage *))
{
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	struct tw_error err = {0};
	if (!stage) {
		return 0;
	}
	tw_list_stage_init(stage);
	stage->id = tw_slice_str("fuzz");
	if (load(stage, files, &err) == TW_OK) {
		if (check) {
			check(stage);
		}
		list_fuzz_ask(stage);
	} else if (!err.what || !err.where[0]) {
		abort(); /* every refusal says what and where */
	}
	tw_list_stage_fini(stage);
	free(stage);
	return 0;
}

#endif
