/**
 * @file required_fuzz.c
 * The first line as a pattern, the rest as a text; and the whole buffer as choices for a random pattern. What the literal extractor requires
 * stands in every match that PCRE2 finds.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/text.h"
#include "tests/reference/required_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct tw_slice pattern, struct tw_slice text)
{
	if (tw_utf8_valid(pattern, NULL) && tw_utf8_valid(text, NULL) && required_check(pattern, text) == REQUIRED_LACKING) {
		fprintf(stderr, "%.*s matches \"%.*s\"\n", (int)pattern.len, pattern.ptr, (int)text.len, text.ptr);
		__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dice dice = dice_of_bytes(data, size);
	char *pattern = NULL, *text = NULL;
	size_t pattern_size = 0, text_size = 0;
	const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
	if (size > 4096) {
		return 0;
	}
	if (line) {
		uint32_t length = (uint32_t)(line - data);
		check((struct tw_slice){(const char *)data, length}, (struct tw_slice){(const char *)line + 1, (uint32_t)(size - length - 1)});
	}
	FILE *pattern_out = open_memstream(&pattern, &pattern_size), *text_out = open_memstream(&text, &text_size);
	if (!pattern_out || !text_out) {
		abort();
	}
	random_pattern(&dice, pattern_out, text_out);
	fclose(pattern_out);
	fclose(text_out);
	check(tw_slice_str(pattern), tw_slice_str(text));
	free(pattern);
	free(text);
	return 0;
}
