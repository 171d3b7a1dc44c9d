/**
 * @file lists_rows_fuzz.c
 * Any bytes as a file of names (`lists search --batch`): it ends, lines only grow, a row is read or says why not, and a refused file says why.
 */
#include "engine/command/lists_rows.h"

#include "engine/base/arena.h"
#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct tw_rows *rows, size_t size)
{
	struct tw_arena arena;
	struct tw_row row;
	struct tw_error err;
	uint64_t line = 0;
	bool found = true;
	tw_arena_init(&arena, 65536, 0);
	for (size_t count = 0; found; count++) {
		if (tw_rows_next(rows, &arena, &row, &found, &err) != TW_OK || count > size) {
			abort(); /* there is memory, and a row takes a byte at least */
		}
		if (found && (row.line <= line || (row.read ? row.text[TW_ROW_NAME].len > TW_ROW_BYTES_MAX : !row.why.what))) {
			abort();
		}
		line = found ? row.line : line;
		tw_arena_reset(&arena);
	}
	if (rows->done > size) {
		abort();
	}
	tw_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct tw_rows rows;
	struct tw_error err = {0};
	memory_file_open(&file, data, size);
	if (tw_rows_open(&rows, file.path, &err) == TW_OK) {
		read_all(&rows, size);
	} else if (!err.what || !err.where[0]) {
		abort();
	}
	tw_rows_close(&rows);
	memory_file_close(&file);
	return 0;
}
