/**
 * @file normal_fuzz.c
 * The normal form of any bytes: it fits its room, is well-formed UTF-8, every part of it points into the source, and ASCII is left as it is.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/normal.h"
#include "engine/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds) {
		__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_slice text = {(const char *)data, (uint32_t)size};
	struct tw_normal_unit *unit = malloc(TW_NORMAL_UNITS(size) * sizeof(*unit));
	bool changed;
	if (!unit || size > 65536) {
		free(unit);
		return 0;
	}
	uint32_t count = tw_normal_of(text, unit, &changed);
	must(count <= TW_NORMAL_UNITS(size));
	char *bytes = malloc(TW_NORMAL_BYTES(count) + 1);
	must(bytes != NULL);
	struct tw_slice normal = {bytes, tw_normal_encode(unit, count, bytes)};
	must(tw_utf8_valid(normal, NULL));
	must(!tw_text_is_ascii(text) || (!changed && tw_slice_equal(text, normal)));
	for (uint32_t i = 0; i < count; i++) {
		must(unit[i].from < unit[i].to && unit[i].to <= size && (i == 0 || unit[i].from >= unit[i - 1].from));
	}
	struct tw_span part = tw_normal_source(unit, count, (struct tw_span){normal.len / 3, normal.len - normal.len / 3});
	must(part.from <= part.to && part.to <= size);
	free(bytes);
	free(unit);
	return 0;
}
