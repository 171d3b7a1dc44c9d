/**
 * @file list_json_fuzz.c
 * Any bytes as each list in JSON lines (the first byte chooses the issuer): the loader refuses or loads, and what it loads can be indexed
 * and each entry found by its own names.
 */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum tw_code (*const loaders[])(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err) = {
	    tw_uk_json_load, tw_eu_json_load, tw_ftm_json_load};
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	struct tw_error err = {0};
	if (!stage || size == 0 || size > UINT32_MAX) {
		free(stage);
		return 0;
	}
	tw_list_stage_init(stage);
	stage->id = tw_slice_str("fuzz");
	const struct tw_list_file file = {"fuzz.json", {(const char *)data + 1, (uint32_t)size - 1}};
	enum tw_code code = loaders[data[0] % 3](stage, &file, &err);
	if (code == TW_OK) {
		screen_all(stage);
	} else if (!err.what || !err.where[0]) {
		abort(); /* every refusal says what and where */
	}
	tw_list_stage_fini(stage);
	free(stage);
	return 0;
}
