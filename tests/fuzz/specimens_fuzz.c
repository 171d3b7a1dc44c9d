/**
 * @file specimens_fuzz.c
 * Any bytes as a specimen register: they are refused with what and where, or loaded, and then each row is answered for.
 */
#include "feeds/specimens.h"

#include "engine/base/arena.h"
#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct tw_specimens *loaded = NULL;
	struct tw_error err = {0};
	memory_file_open(&file, data, size);
	if (tw_specimens_load(file.path, &loaded, &err) == TW_OK) {
		struct tw_arena arena;
		uint32_t count;
		const struct tw_specimen_row *rows = tw_specimens_rows(loaded, &count);
		tw_arena_init(&arena, 65536, 0);
		for (uint32_t i = 0; i < count && i < 64; i++) {
			bool full = false;
			const struct tw_specimen_question question = {rows[i].country, rows[i].authority, rows[i].office, rows[i].name,
			                                              rows[i].from_day};
			if ((tw_specimens_ask(loaded, &question, &arena, &full) == 0 && !full) || rows[i].to_day < rows[i].from_day) {
				abort();
			}
		}
		tw_arena_fini(&arena);
		tw_specimens_free(loaded);
	} else if (!err.what || !err.where[0]) {
		abort();
	}
	memory_file_close(&file);
	return 0;
}
