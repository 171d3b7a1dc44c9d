/**
 * @file cp1252.c
 * See cp1252.h. 0xa0 to 0xff are Unicode's own numbers; the 32 before them are a table.
 */
#include "feeds/cp1252.h"

#include <stdio.h>

#include "engine/base/arena.h"

/* Windows-1252's 0x80 to 0x9f; 0: no character. Source: Unicode, CP1252.TXT. */
static const uint16_t cp1252_high[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
                                         0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                         0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

enum tw_code tw_cp1252_decode(const struct tw_list_file *file, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	uint32_t line = 1, length = 0;
	unsigned char *text = tw_arena_alloc_raw(arena, (size_t)file->bytes.len * 3 + 1);
	if (!text || file->bytes.len > UINT32_MAX / 3) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", file->name, NULL);
	}
	for (uint32_t i = 0; i < file->bytes.len; i++) {
		uint32_t c = (unsigned char)file->bytes.ptr[i];
		line += c == '\n';
		c = c >= 0x80 && c < 0xa0 ? cp1252_high[c - 0x80] : c;
		if (c == 0 && file->bytes.ptr[i]) {
			snprintf(where, sizeof(where), "%.230s:%u", file->name, line);
			return tw_fail(err, TW_E_SYNTAX, TW_REJECT, "a byte that is no Windows-1252", where, "byte %u", i);
		}
		if (c < 0x80) {
			text[length++] = (unsigned char)c;
		} else if (c < 0x800) {
			text[length++] = (unsigned char)(0xc0 | c >> 6);
			text[length++] = (unsigned char)(0x80 | (c & 0x3f));
		} else {
			text[length++] = (unsigned char)(0xe0 | c >> 12);
			text[length++] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
			text[length++] = (unsigned char)(0x80 | (c & 0x3f));
		}
	}
	*out = (struct tw_slice){(const char *)text, length};
	return TW_OK;
}
