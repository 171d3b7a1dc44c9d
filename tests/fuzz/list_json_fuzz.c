/**
 * @file list_json_fuzz.c
 * Any bytes as each list in JSON lines (the first byte chooses the issuer): the loader refuses or loads, and what it loads can be indexed
 * and each entry found by its own names.
 */
#include "tests/fuzz/list_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum tw_code (*const loaders[])(struct tw_list_stage * stage, const struct tw_list_file *files,
	                                struct tw_error *err) = {tw_uk_json_load, tw_eu_json_load, tw_ftm_json_load};
	if (size == 0 || size > UINT32_MAX) {
		return 0;
	}
	const struct tw_list_file file = {"fuzz.json", {(const char *)data + 1, (uint32_t)size - 1}};
	return list_fuzz(loaders[data[0] % 3], &file, NULL);
}
