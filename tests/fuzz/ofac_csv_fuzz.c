/**
 * @file ofac_csv_fuzz.c
 * Any bytes as OFAC's three files (cut at the byte 0x1E, which no issuer writes): the loader refuses or loads, and what it loads can be
 * indexed, screened by name and by number.
 */
#include "tests/fuzz/list_fuzz.h"

#define FILE_SEPARATOR 0x1e

static struct tw_slice next_file(struct tw_slice *rest)
{
	const char *end = rest->len ? memchr(rest->ptr, FILE_SEPARATOR, rest->len) : NULL;
	struct tw_slice file = {rest->ptr, end ? (uint32_t)(end - rest->ptr) : rest->len};
	uint32_t used = file.len + (end != NULL);
	*rest = (struct tw_slice){rest->ptr + used, rest->len - used};
	return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > UINT32_MAX) {
		return 0;
	}
	struct tw_slice rest = {(const char *)data, (uint32_t)size};
	struct tw_list_file files[] = {{.name = "sdn.csv"}, {.name = "alt.csv"}, {.name = "add.csv"}};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		files[i].bytes = next_file(&rest);
	}
	return list_fuzz(tw_ofac_csv_load, files, NULL);
}
