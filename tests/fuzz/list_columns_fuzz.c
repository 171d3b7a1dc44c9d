/**
 * @file list_columns_fuzz.c
 * Any bytes as an issuer's table (the first byte says whose): the reader refuses or loads, and what it loads can be indexed, screened by
 * name and by number.
 */
#include <stdlib.h>

#include "feeds/list_loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_all(struct tw_list_stage *stage)
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
	for (uint32_t i = 0; i < stage->names.count && i < 64; i++) {
		enum tw_code code = tw_list_index_screen(index, names[i].name.text, TW_ENTRY_UNKNOWN, &arena, &matches, NULL);
		if (code != TW_OK && code != TW_E_LIMIT) {
			abort();
		}
	}
	const struct tw_stage_identifier *identifiers = stage->identifiers.data;
	for (uint32_t i = 0; i < stage->identifiers.count && i < 64; i++) {
		struct tw_list_identifier identifier = identifiers[i].identifier;
		enum tw_code code = tw_list_index_identify(index, identifier.scheme, identifier.value, &arena, &matches, NULL);
		if (code != TW_OK && code != TW_E_LIMIT) {
			abort();
		}
	}
	tw_list_index_free(index);
	tw_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	struct tw_error err = {0};
	if (!stage || size > UINT32_MAX) {
		free(stage);
		return 0;
	}
	static enum tw_code (*const readers[])(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *) = {
	    tw_ofsi_csv_load, tw_bis_dpl_load, tw_uk_csv_load, tw_opensanctions_csv_load, tw_watch_csv_load};
	uint32_t which = size ? data[0] % (sizeof(readers) / sizeof(readers[0])) : 0;
	struct tw_list_file file = {"list.csv", {(const char *)data + (size != 0), (uint32_t)(size - (size != 0))}};
	tw_list_stage_init(stage);
	stage->id = tw_slice_str("fuzz");
	if (readers[which](stage, &file, &err) == TW_OK) {
		ask_all(stage);
	} else if (!err.what || !err.where[0]) {
		abort(); /* every refusal says what and where */
	}
	tw_list_stage_fini(stage);
	free(stage);
	return 0;
}
