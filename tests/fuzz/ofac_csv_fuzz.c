/**
 * @file ofac_csv_fuzz.c
 * Any bytes as OFAC's three files (cut at the byte 0x1E, which no issuer writes): the loader refuses or loads, and what it loads can be
 * indexed, screened by name and by number.
 */
#include <stdlib.h>

#include "feeds/list_loader.h"

#define FILE_SEPARATOR 0x1e

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tw_slice next_file(struct tw_slice *rest)
{
	const char *end = rest->len ? memchr(rest->ptr, FILE_SEPARATOR, rest->len) : NULL;
	struct tw_slice file = {rest->ptr, end ? (uint32_t)(end - rest->ptr) : rest->len};
	uint32_t used = file.len + (end != NULL);
	*rest = (struct tw_slice){rest->ptr + used, rest->len - used};
	return file;
}

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
	struct tw_slice rest = {(const char *)data, (uint32_t)size};
	struct tw_list_file files[] = {{.name = "sdn.csv"}, {.name = "alt.csv"}, {.name = "add.csv"}};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		files[i].bytes = next_file(&rest);
	}
	tw_list_stage_init(stage);
	stage->id = tw_slice_str("fuzz");
	if (tw_ofac_csv_load(stage, files, &err) == TW_OK) {
		ask_all(stage);
	} else if (!err.what || !err.where[0]) {
		abort(); /* every refusal says what and where */
	}
	tw_list_stage_fini(stage);
	free(stage);
	return 0;
}
