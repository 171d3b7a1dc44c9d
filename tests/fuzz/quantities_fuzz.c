/**
 * @file quantities_fuzz.c
 * Any bytes as quantity bands: they are refused with what and where, or loaded, and then each row takes goods of its own codes; a lint tells of as
 * much.
 */
#include "feeds/quantities.h"

#include <stdlib.h>

#include "engine/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *context, const struct tw_register_fault *fault)
{
	uint32_t *faults = context;
	*faults += fault->code != TW_OK;
	if (!fault->what || !tw_register_code(fault)) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_slice bytes = {(const char *)data, (uint32_t)size};
	struct tw_quantities *loaded = NULL;
	struct tw_error err = {0}, linted = {0};
	uint32_t faults = 0;
	const struct tw_register_sink sink = {count, &faults};
	enum tw_code code = tw_quantities_read("bands.csv", bytes, &loaded, &err);
	if (code != tw_quantities_lint("bands.csv", bytes, &sink, &linted) || (faults == 0) != (code == TW_OK)) {
		abort();
	}
	if (code == TW_OK) {
		struct tw_arena arena;
		uint32_t rows;
		const struct tw_quantity_row *row = tw_quantities_rows(loaded, &rows);
		tw_arena_init(&arena, 65536, 0);
		for (uint32_t i = 0; i < rows && i < 64; i++) {
			bool full = false;
			if (!tw_quantity_row_takes(&row[i], row[i].hs, row[i].control_code, &arena, &full) || row[i].to_day < row[i].from_day) {
				abort();
			}
		}
		tw_arena_fini(&arena);
		tw_quantities_free(loaded);
	} else if (!err.what || !err.where[0]) {
		abort();
	}
	return 0;
}
