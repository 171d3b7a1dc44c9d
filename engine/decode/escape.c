/**
 * @file escape.c
 * Strings with escapes: yajl hands them out unescaped, from a buffer of its own, and does not say where they stand. They end one byte before the
 * end of their token (the quote) and begin after the nearest quote to the left that has no backslash before it.
 * Source: RFC 8259 section 7; The Unicode Standard, section 3.8 (surrogates).
 */
#include "engine/decode/decoder.h"

static uint32_t hex4(const char *at)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		uint32_t c = (unsigned char)at[i];
		value = value << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* yajl writes ill-formed UTF-8 for half a surrogate pair. @return the offset of such a half in the escaped content, or its length */
static uint32_t lone_surrogate(struct tw_slice content)
{
	uint32_t i = 0;
	while (i < content.len) {
		if (content.ptr[i] != '\\') {
			i++;
			continue;
		}
		if (content.ptr[i + 1] != 'u') {
			i += 2;
			continue;
		}
		uint32_t unit = hex4(content.ptr + i + 2) >> 10;
		if (unit == 0x37) {
			return i;
		}
		if (unit == 0x36) {
			bool pair = i + 12 <= content.len && content.ptr[i + 6] == '\\' && content.ptr[i + 7] == 'u';
			if (!pair || hex4(content.ptr + i + 8) >> 10 != 0x37) {
				return i;
			}
			i += 6;
		}
		i += 6;
	}
	return i;
}

bool tw_decode_escaped(struct tw_decoder *decoder, struct tw_text *text)
{
	const char *source = decoder->source.ptr;
	uint32_t to = tw_token_end(decoder) - 1, from = to;
	while (source[from - 1] != '"' || source[from - 2] == '\\') {
		from--;
	}
	text->span = (struct tw_span){from, to};
	uint32_t lone = lone_surrogate((struct tw_slice){source + from, to - from});
	if (lone < to - from) {
		tw_decode_refuse(decoder, TW_REJECT_UTF8, from + lone, (struct tw_slice){NULL, 0}, "byte %u: half a surrogate pair", from + lone);
		return false;
	}
	return true;
}
