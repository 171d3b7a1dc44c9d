/**
 * @file text.c
 * Folding over utf8proc; see text.h. ASCII input never reaches the tables.
 */
#include "engine/base/text.h"

#include <utf8proc.h>

#include "engine/base/arena.h"

#define EXPANSION_MAX TW_TEXT_STEP_CODES

bool tw_utf8_valid(struct tw_slice bytes, uint32_t *at)
{
	const utf8proc_uint8_t *text = (const utf8proc_uint8_t *)bytes.ptr;
	uint32_t i = 0;
	while (i < bytes.len) {
		if (text[i] < 0x80) {
			i++;
			continue;
		}
		utf8proc_int32_t code;
		utf8proc_ssize_t length = utf8proc_iterate(text + i, (utf8proc_ssize_t)(bytes.len - i), &code);
		if (length <= 0) {
			if (at) {
				*at = i;
			}
			return false;
		}
		i += (uint32_t)length;
	}
	return true;
}

char *tw_text_tame(char *text)
{
	uint32_t left = (uint32_t)strlen(text), sound;
	for (char *at = text; left; at += sound + 1, left -= sound + 1) {
		if (tw_utf8_valid((struct tw_slice){at, left}, &sound)) {
			sound = left;
		}
		for (uint32_t i = 0; i < sound; i++) {
			at[i] = tw_text_is_control(at[i]) ? '?' : at[i];
		}
		if (sound == left) {
			break;
		}
		at[sound] = '?';
	}
	return text;
}

bool tw_text_is_ascii(struct tw_slice text)
{
	uint32_t i = 0;
	for (; i + 8 <= text.len; i += 8) {
		uint64_t word;
		memcpy(&word, text.ptr + i, 8);
		if (word & 0x8080808080808080ULL) {
			return false;
		}
	}
	for (; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

static bool ascii_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static char ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

/* What the three folds do differently; everything else they share. */
struct fold_style {
	bool spaces;       /* separators become one space, else nothing */
	bool upper;        /* upper case, else lower */
	bool confusables;  /* look-alikes made one */
	const char *ascii; /* the same three worked out: what each ASCII character folds to, 0 for a separator */
};

/* From '0' to 'z', with what stands between figures, capitals and small letters left out. */
static const char to_lower[] = "0123456789\0\0\0\0\0\0\0abcdefghijklmnopqrstuvwxyz\0\0\0\0\0\0abcdefghijklmnopqrstuvwxyz";
static const char to_upper[] = "0123456789\0\0\0\0\0\0\0ABCDEFGHIJKLMNOPQRSTUVWXYZ\0\0\0\0\0\0ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char to_shape[] = "0123456789\0\0\0\0\0\0\0A8CDEFGH1JK1MN0PQR5TUVWXY2\0\0\0\0\0\0A8CDEFGH1JK1MN0PQR5TUVWXY2";
#define ASCII_FOLDED (sizeof(to_lower) - 1)

static const struct fold_style folded_words = {.spaces = true, .ascii = to_lower};
static const struct fold_style mark_letters = {.upper = true, .ascii = to_upper};
static const struct fold_style mark_shapes = {.upper = true, .confusables = true, .ascii = to_shape};

/* Source: Unicode UTS #39 confusables.txt, restricted to capitals that look like Latin capitals in print. */
static utf8proc_int32_t latin_of(utf8proc_int32_t code)
{
	static const struct {
		utf8proc_int32_t from;
		char to;
	} pairs[] = {
	    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'}, {0x039A, 'K'}, {0x039C, 'M'},
	    {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'}, {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x0405, 'S'}, {0x0406, 'I'},
	    {0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x0417, '3'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'},
	    {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'}, {0x04AE, 'Y'}, {0x04C0, 'I'},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i].from == code) {
			return pairs[i].to;
		}
	}
	return code;
}

static utf8proc_int32_t confusable_of(utf8proc_int32_t code)
{
	code = latin_of(code);
	switch (code) {
	case 'O':
		return '0';
	case 'I':
	case 'L':
		return '1';
	case 'S':
		return '5';
	case 'B':
		return '8';
	case 'Z':
		return '2';
	default:
		return code;
	}
}

static struct tw_slice fold_ascii(struct tw_slice text, const struct fold_style *style, char *out)
{
	const char *const folded = style->ascii;
	const char gap = style->spaces ? ' ' : '\0';
	char before = '\0'; /* a space, once a separator has come behind a letter */
	uint32_t length = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		size_t at = (size_t)(unsigned char)text.ptr[i] - '0'; /* what comes before wraps around */
		char c = at < ASCII_FOLDED ? folded[at] : '\0';
		if (!c) {
			before = length ? gap : '\0';
			continue;
		}
		if (before) {
			out[length++] = before;
			before = '\0';
		}
		out[length++] = c;
	}
	out[length] = '\0';
	return (struct tw_slice){out, length};
}

bool tw_text_is_word(int32_t code)
{
	if (code < 0x80) {
		return ascii_alnum((char)code);
	}
	utf8proc_category_t category = utf8proc_category(code);
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

uint32_t tw_text_decompose(int32_t code, int32_t codes[TW_TEXT_STEP_CODES])
{
	const utf8proc_option_t options =
	    (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
	int boundary = 0;
	utf8proc_ssize_t count = utf8proc_decompose_char(code, codes, EXPANSION_MAX, options, &boundary);
	return count < 0 || count > EXPANSION_MAX ? 0 : (uint32_t)count;
}

bool tw_text_is_ignorable(int32_t code)
{
	const utf8proc_property_t *property = utf8proc_get_property(code);
	utf8proc_category_t category = utf8proc_category(code);
	return property->ignorable || category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

static uint32_t append(char *out, uint32_t length, utf8proc_int32_t code, const struct fold_style *style)
{
	code = style->upper ? utf8proc_toupper(code) : code;
	code = style->confusables ? confusable_of(code) : code;
	return length + (uint32_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)out + length);
}

void tw_text_step(struct tw_slice text, uint32_t at, struct tw_text_step *out)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at, (utf8proc_ssize_t)(text.len - at), &code);
	uint32_t count = size > 0 ? tw_text_decompose(code, out->code) : 0;
	out->bytes = size > 0 ? (uint32_t)size : 1;
	out->count = count;
	if (size <= 0 || (count == 0 && !tw_text_is_ignorable(code))) {
		out->code[out->count++] = 0;
	}
	for (uint32_t k = 0; k < count; k++) {
		out->code[k] = tw_text_is_word(out->code[k]) ? out->code[k] : 0;
	}
}

char tw_text_latin(int32_t code)
{
	utf8proc_int32_t latin = code < 0x80 ? 0 : latin_of(utf8proc_toupper(code));
	return latin >= 'A' && latin <= 'Z' ? (char)latin : 0;
}

static struct tw_slice fold_unicode(struct tw_slice text, const struct fold_style *style, char *out)
{
	uint32_t length = 0;
	bool gap = false;
	struct tw_text_step step;
	for (uint32_t i = 0; i < text.len; i += step.bytes) {
		tw_text_step(text, i, &step);
		for (uint32_t k = 0; k < step.count; k++) {
			if (!step.code[k]) {
				gap = true;
				continue;
			}
			if (gap && style->spaces && length) {
				out[length++] = ' ';
			}
			gap = false;
			length = append(out, length, step.code[k], style);
		}
	}
	out[length] = '\0';
	return (struct tw_slice){out, length};
}

static struct tw_slice fold(struct tw_slice text, const struct fold_style *style, struct tw_arena *arena)
{
	bool ascii = tw_text_is_ascii(text);
	/* worst case: every source byte is a character of its own that expands, 4 bytes each and a space between */
	size_t room = ascii ? (size_t)text.len + 1 : (size_t)text.len * EXPANSION_MAX * 2 + 8;
	char *out = tw_arena_alloc_raw(arena, room);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	struct tw_slice folded = ascii ? fold_ascii(text, style, out) : fold_unicode(text, style, out);
	return folded;
}

struct tw_slice tw_text_fold(struct tw_slice text, struct tw_arena *arena)
{
	return fold(text, &folded_words, arena);
}

struct tw_slice tw_text_alnum(struct tw_slice text, struct tw_arena *arena)
{
	return fold(text, &mark_letters, arena);
}

struct tw_slice tw_text_confusable(struct tw_slice text, struct tw_arena *arena)
{
	return fold(text, &mark_shapes, arena);
}

uint16_t tw_country_code(struct tw_slice text)
{
	while (text.len && text.ptr[0] == ' ') {
		text.ptr++;
		text.len--;
	}
	while (text.len && text.ptr[text.len - 1] == ' ') {
		text.len--;
	}
	if (text.len != 2) {
		return 0;
	}
	char first = ascii_upper(text.ptr[0]), second = ascii_upper(text.ptr[1]);
	if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z') {
		return 0;
	}
	return (uint16_t)((unsigned)first << 8 | (unsigned char)second);
}

struct tw_slice tw_country_letters(uint16_t code, char out[TW_COUNTRY_BYTES])
{
	out[0] = (char)(code >> 8);
	out[1] = (char)(code & 0xFF);
	out[2] = '\0';
	return (struct tw_slice){out, code ? 2 : 0};
}

const char *tw_text_library(void)
{
	return utf8proc_version();
}
