/**
 * @file signatures_fuzz.c
 * Any bytes as a file of signatures: refused with what and where, or read, and then written the same.
 */
#include "rules/signature.h"

#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct tw_rule_signatures read;
	struct tw_error err = {0};
	struct tw_arena arena;
	memory_file_open(&file, data, size);
	tw_arena_init(&arena, 65536, 0);
	if (tw_rule_signatures_read(file.path, &arena, &read, &err) == TW_OK) {
		struct tw_slice text = tw_rule_signatures_text(&read, &arena);
		if (text.len != size || memcmp(text.ptr, data, size) != 0) {
			abort();
		}
	} else if (!err.what || !err.where[0]) {
		abort();
	}
	tw_arena_fini(&arena);
	memory_file_close(&file);
	return 0;
}
