/**
 * @file serial_forms_fuzz.c
 * Any bytes as a table of makers' serials: they are refused with what and where, or loaded, and then asked about.
 */
#include "feeds/serial_forms.h"

#include "engine/base/arena.h"
#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct tw_serial_forms *loaded = NULL;
	struct tw_error err = {0};
	memory_file_open(&file, data, size);
	if (tw_serial_forms_load(file.path, &loaded, &err) == TW_OK) {
		struct tw_arena arena;
		uint32_t makers = 0;
		bool full = false;
		tw_arena_init(&arena, 65536, 0);
		const struct tw_serial_form_question question = {tw_slice_str("Samplearms"), {"", 0}, tw_slice_str("AD0117")};
		enum tw_serial_form says = tw_serial_forms_ask(loaded, &question, &arena, &full);
		if (tw_serial_forms_count(loaded, &makers) < makers || (uint32_t)says > TW_SERIAL_ILL_FORMED || full) {
			abort();
		}
		tw_arena_fini(&arena);
		tw_serial_forms_free(loaded);
	} else if (!err.what || !err.where[0]) {
		abort();
	}
	memory_file_close(&file);
	return 0;
}
