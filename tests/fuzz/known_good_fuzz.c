/**
 * @file known_good_fuzz.c
 * Any bytes as decisions of the known good: they are refused with what and where, or loaded, and then each of them hides the hit it speaks of.
 */
#include "feeds/known_good.h"

#include "engine/base/arena.h"
#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hides_its_own(const struct tw_known_good *known, const struct tw_known_good_row *row, struct tw_arena *arena)
{
	struct tw_known_subject subject = {.name = row->name,
	                                   .identifiers = &row->identifier,
	                                   .identifier_count = row->identifier.len != 0,
	                                   .country = row->country,
	                                   .day_stated = true,
	                                   .day = row->decided_day};
	subject.hit_identifier = row->name.len ? (struct tw_slice){NULL, 0} : row->identifier;
	if (!tw_known_good_find(known, row->list, row->entry, &subject, arena)) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct tw_known_good *known = NULL;
	struct tw_error err = {0};
	struct tw_arena arena;
	memory_file_open(&file, data, size);
	tw_arena_init(&arena, 65536, 0);
	if (tw_known_good_load(file.path, &known, &err) == TW_OK) {
		uint32_t count;
		const struct tw_known_good_row *rows = tw_known_good_rows(known, &count);
		for (uint32_t i = 0; i < count; i++) {
			hides_its_own(known, &rows[i], &arena);
		}
		tw_known_good_free(known);
	} else if (!err.what || !err.where[0]) {
		abort();
	}
	tw_arena_fini(&arena);
	memory_file_close(&file);
	return 0;
}
