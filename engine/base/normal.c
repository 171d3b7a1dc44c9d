/**
 * @file normal.c
 * See normal.h. Characters one by one, and at the end of each word its look-alikes.
 */
#include "engine/base/normal.h"

#include <utf8proc.h>

#include "engine/base/letter.h"
#include "engine/base/text.h"

struct building {
	struct tw_normal_unit *unit;
	uint32_t count, word; /* where the word at hand begins */
	struct tw_letters_seen seen;
	bool changed;
};

/* ---- what a character stands for ---- */

static bool within(int32_t code, int32_t first, int32_t last)
{
	return code >= first && code <= last;
}

/* Scripts in which a mark makes another letter: Cyrillic, Armenian; India, Thailand, Hangul; kana; Chinese, Hangul. */
static bool is_kept(int32_t code)
{
	return within(code, 0x400, 0x58F) || within(code, 0x900, 0x1CFF) || within(code, 0x3041, 0x31FF) || within(code, 0x3400, 0xF8FF);
}

/* Marks that belong to whatever stands before them; the others belong to a script. */
static bool is_common_mark(int32_t code)
{
	return within(code, 0x300, 0x36F) || within(code, 0x483, 0x487) || within(code, 0x3099, 0x309A) || within(code, 0x1AB0, 0x1AFF) ||
	       within(code, 0x1DC0, 0x1DFF) || within(code, 0x20D0, 0x20FF) || within(code, 0xFE20, 0xFE2F);
}

/* Of what is neither letter nor digit. */
static int32_t between_of(int32_t code)
{
	switch (code) {
	case 0x02B9: /* primes and apostrophes that are letters by their category */
	case 0x02BB:
	case 0x02BC:
	case 0x02BD:
	case 0x2032:
	case 0x00B4:
	case 0x2018:
	case 0x2019:
	case 0x201A:
	case 0x201B:
	case 0x2039:
	case 0x203A:
		return '\'';
	case 0x2033:
	case 0x3003:
		return '"';
	case 0x00D7: /* 7,62×39 */
		return 'x';
	case 0x2044: /* fraction slash, division slash */
	case 0x2215:
		return '/';
	case 0x2212: /* minus */
	case 0x2043: /* hyphen bullet */
		return '-';
	default:
		break;
	}
	utf8proc_category_t category = utf8proc_category(code);
	bool blank = category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
	bool quote = category == UTF8PROC_CATEGORY_PI || category == UTF8PROC_CATEGORY_PF || code == 0x201E || code == 0x201F;
	return blank ? ' ' : category == UTF8PROC_CATEGORY_PD ? '-' : quote ? '"' : code;
}

/* ---- the end of a word ---- */

static void word_end(struct building *building)
{
	enum tw_script script = tw_letters_script(&building->seen);
	struct tw_normal_unit *unit = building->unit;
	bool whole = script != TW_SCRIPT_OTHER;
	for (uint32_t i = building->word; whole && i < building->count; i++) {
		whole = tw_letter_as(script, unit[i].code) != 0;
	}
	for (uint32_t i = building->word; whole && i < building->count; i++) {
		int32_t code = tw_letter_as(script, unit[i].code);
		building->changed |= code != unit[i].code;
		unit[i].code = code;
	}
	building->word = building->count;
	building->seen = (struct tw_letters_seen){0};
}

/* ---- characters ---- */

static void unit_add(struct building *building, int32_t code, uint32_t from, uint32_t to)
{
	bool word = tw_text_is_word(code);
	if (!word) {
		word_end(building);
	}
	building->unit[building->count++] = (struct tw_normal_unit){code, from, to};
	if (word) {
		tw_letters_see(&building->seen, code >= 'A' && code <= 'Z' ? code + 32 : code);
	} else {
		building->word = building->count;
	}
}

/* Two that are written as one; a mark that makes no letter of the one before is an accent. @return false: it is another character */
static bool joined(struct building *building, int32_t code, uint32_t to)
{
	struct tw_normal_unit *last = building->count ? &building->unit[building->count - 1] : NULL;
	bool mark = is_common_mark(code), jamo = within(code, 0x1160, 0x11FF);
	int32_t pair[2] = {last ? last->code : 0, code};
	if (!mark && !jamo) {
		return false;
	}
	if (last && is_kept(last->code) && utf8proc_normalize_utf32(pair, 2, (utf8proc_option_t)(UTF8PROC_COMPOSE | UTF8PROC_STABLE)) == 1) {
		*last = (struct tw_normal_unit){pair[0] == 0x451 ? 0x435 : pair[0], last->from, to};
		tw_letters_see(&building->seen, last->code);
		building->changed = true;
		return true;
	}
	if (mark) {
		if (last) {
			last->to = to;
		}
		building->changed = true;
	}
	return mark;
}

static void kept_add(struct building *building, int32_t code, uint32_t from, uint32_t to)
{
	int32_t small = utf8proc_tolower(code);
	small = small == 0x451 ? 0x435 : small == 0x491 ? 0x433 : small; /* ё, ґ */
	building->changed |= small != code && small != utf8proc_tolower(code);
	unit_add(building, small, from, to);
}

static void folded_add(struct building *building, int32_t code, uint32_t from, uint32_t to)
{
	int32_t codes[TW_TEXT_STEP_CODES] = {between_of(code)};
	uint32_t before = building->count, count = codes[0] == code ? tw_text_decompose(code, codes) : 1;
	if (count == 0 && !tw_text_is_ignorable(code)) { /* it is no character */
		codes[count++] = ' ';
	}
	for (uint32_t i = 0; i < count; i++) {
		int32_t between = between_of(codes[i]), plain = between == codes[i] ? tw_letter_plain(between) : between;
		if (plain && !joined(building, plain, to)) {
			unit_add(building, plain, from, to);
		}
	}
	int32_t now = building->count == before + 1 ? building->unit[before].code : 0;
	building->changed |= now != code && !(now == utf8proc_tolower(code) && utf8proc_toupper(now) == code);
}

uint32_t tw_normal_of(struct tw_slice text, struct tw_normal_unit *unit, bool *changed)
{
	struct building building = {.unit = unit};
	uint32_t size;
	for (uint32_t at = 0; at < text.len; at += size) {
		int32_t code = (unsigned char)text.ptr[at];
		utf8proc_ssize_t got =
		    code < 0x80 ? 1 : utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at, (utf8proc_ssize_t)(text.len - at), &code);
		size = got > 0 ? (uint32_t)got : 1;
		if (got <= 0) {
			unit_add(&building, ' ', at, at + size);
			building.changed = true;
		} else if (code < 0x80) {
			unit_add(&building, code, at, at + size);
		} else if (joined(&building, code, at + size)) {
			continue;
		} else if (is_kept(code)) {
			kept_add(&building, code, at, at + size);
		} else {
			folded_add(&building, code, at, at + size);
		}
	}
	word_end(&building);
	*changed = building.changed;
	return building.count;
}

/* ---- as bytes ---- */

uint32_t tw_normal_encode(const struct tw_normal_unit *unit, uint32_t count, char *out)
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < count; i++) {
		length += (uint32_t)utf8proc_encode_char(unit[i].code, (utf8proc_uint8_t *)out + length);
	}
	return length;
}

static uint32_t encoded_bytes(int32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

struct tw_span tw_normal_source(const struct tw_normal_unit *unit, uint32_t count, struct tw_span part)
{
	struct tw_span out = {0, 0};
	uint32_t at = 0;
	for (uint32_t i = 0; i < count && at < part.to; i++) {
		if (at <= part.from) {
			out = (struct tw_span){unit[i].from, unit[i].from};
		}
		at += encoded_bytes(unit[i].code);
		out.to = at > part.from && unit[i].to > out.to ? unit[i].to : out.to;
	}
	return out;
}
