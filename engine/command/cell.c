/**
 * @file cell.c
 * See cell.h.
 */
#include "engine/command/cell.h"

#include <stdbool.h>

#define WRAP_COLUMNS_MIN 10U

static const char blank[] = " ";
static const char unreadable[] = "\xEF\xBF\xBD";
static const char ellipsis[] = "\xE2\x80\xA6";

struct range {
	uint32_t first;
	uint32_t last;
};

/* Source: Unicode, UAX #11, East_Asian_Width W and F, the blocks in use. */
static const struct range wide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};
/* Marks that sit on the character before them: Latin, Cyrillic, Hebrew, Arabic, Devanagari, Thai, symbols. */
static const struct range combining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},
    {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};
/* Formatting that nobody sees: soft hyphen, joiners, bidirectional controls, byte-order mark, interlinear and tag characters. */
static const struct range invisible[] = {
    {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
};

static bool within(const struct range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= ranges[i].first && code <= ranges[i].last) {
			return true;
		}
	}
	return false;
}
#define WITHIN(ranges, code) within(ranges, sizeof(ranges) / sizeof((ranges)[0]), code)

/* One UTF-8 character. @return its bytes, 0 when ill-formed */
static uint32_t decode(struct tw_slice text, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = (unsigned char)text.ptr[0];
	uint32_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (size > text.len || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4) {
		return 0;
	}
	*code = size == 1 ? lead : lead & (0x7FU >> size);
	for (uint32_t i = 1; i < size; i++) {
		unsigned char next = (unsigned char)text.ptr[i];
		if ((next & 0xC0) != 0x80) {
			return 0;
		}
		*code = *code << 6 | (next & 0x3FU);
	}
	return *code < least[size] || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000) ? 0 : size;
}

/* Take one character off `rest`. @return its columns; `piece` is what may be printed for it */
static uint32_t take(struct tw_slice *rest, struct tw_slice *piece)
{
	uint32_t code = 0, size = decode(*rest, &code), columns = 1;
	*piece = (struct tw_slice){rest->ptr, size};
	if (size == 0) {
		*piece = (struct tw_slice){unreadable, sizeof(unreadable) - 1};
	} else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
		*piece = (struct tw_slice){blank, 1};
	} else if (code >= 0x80 && WITHIN(invisible, code)) {
		*piece = (struct tw_slice){NULL, 0};
		columns = 0;
	} else if (code >= 0x300) {
		columns = WITHIN(combining, code) ? 0 : WITHIN(wide, code) ? 2 : 1;
	}
	size = size ? size : 1;
	*rest = (struct tw_slice){rest->ptr + size, rest->len - size};
	return columns;
}

static void write_piece(FILE *out, struct tw_slice piece)
{
	if (piece.len) {
		fwrite(piece.ptr, 1, piece.len, out);
	}
}

uint32_t tw_cell_width(struct tw_slice text)
{
	struct tw_slice piece;
	uint32_t columns = 0;
	while (text.len) {
		columns += take(&text, &piece);
	}
	return columns;
}

uint32_t tw_cell_print(FILE *out, struct tw_slice text, uint32_t columns)
{
	struct tw_slice piece;
	bool cut = tw_cell_width(text) > columns;
	uint32_t room = cut && columns ? columns - 1 : columns, used = 0;
	while (text.len) {
		uint32_t next = take(&text, &piece);
		if (used + next > room) {
			break;
		}
		used += next;
		write_piece(out, piece);
	}
	if (cut && columns) {
		fputs(ellipsis, out);
		used++;
	}
	return used;
}

void tw_cell_pad(FILE *out, struct tw_slice text, uint32_t columns)
{
	for (uint32_t used = tw_cell_print(out, text, columns); used < columns; used++) {
		fputc(' ', out);
	}
}

static bool is_blank(struct tw_slice piece)
{
	return piece.len == 1 && piece.ptr[0] == ' ';
}

/* The next run without blanks; leading blanks are passed over. */
static struct tw_slice word_take(struct tw_slice *rest)
{
	struct tw_slice piece, ahead = *rest;
	while (ahead.len) {
		take(&ahead, &piece);
		if (!is_blank(piece)) {
			break;
		}
		*rest = ahead;
	}
	struct tw_slice word = {rest->ptr, 0};
	for (ahead = *rest; ahead.len;) {
		take(&ahead, &piece);
		if (is_blank(piece)) {
			break;
		}
		word.len = rest->len - ahead.len;
	}
	*rest = (struct tw_slice){rest->ptr + word.len, rest->len - word.len};
	return word;
}

static void line_break(FILE *out, uint32_t indent)
{
	fprintf(out, "\n%*s", (int)indent, "");
}

static uint32_t word_print(FILE *out, struct tw_slice word, uint32_t used, uint32_t indent, uint32_t room)
{
	struct tw_slice piece;
	while (word.len) {
		uint32_t columns = take(&word, &piece);
		if (used + columns > room) {
			line_break(out, indent);
			used = 0;
		}
		used += columns;
		write_piece(out, piece);
	}
	return used;
}

void tw_cell_wrap(FILE *out, struct tw_slice text, uint32_t indent, uint32_t width)
{
	uint32_t room = width > indent + WRAP_COLUMNS_MIN ? width - indent : WRAP_COLUMNS_MIN, used = 0;
	for (struct tw_slice word = word_take(&text); word.len; word = word_take(&text)) {
		if (used && used + 1 + tw_cell_width(word) > room) {
			line_break(out, indent);
			used = 0;
		} else if (used) {
			fputc(' ', out);
			used++;
		}
		used = word_print(out, word, used, indent, room);
	}
	fputc('\n', out);
}
