/**
 * @file suppressions_fuzz.c
 * Any bytes as suppressions: they are refused with what and where, or loaded, and then each row is among those of its rule.
 */
#include "feeds/suppressions.h"

#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct tw_suppressions *loaded = NULL;
	struct tw_error err = {0};
	memory_file_open(&file, data, size);
	if (tw_suppressions_load(file.path, &loaded, &err) == TW_OK) {
		uint32_t count, of;
		const struct tw_suppression *rows = tw_suppressions_rows(loaded, &count);
		for (uint32_t i = 0; i < count; i++) {
			const struct tw_suppression *own = tw_suppressions_of(loaded, rows[i].rule, &of);
			if (!own || &rows[i] < own || &rows[i] >= own + of || rows[i].expires_day < rows[i].decided_day) {
				abort();
			}
		}
		tw_suppressions_free(loaded);
	} else if (!err.what || !err.where[0]) {
		abort();
	}
	memory_file_close(&file);
	return 0;
}
