/**
 * @file reference.c
 * Look-ups in the tables of reference_table.h. None allocates, but for a country by its name, which is folded first.
 */
#include "feeds/reference.h"

#include <stdlib.h>

#include "engine/base/text.h"
#include "feeds/reference_table.h"

uint32_t tw_letter_pair(uint16_t code)
{
	uint32_t first = (uint32_t)(code >> 8) - 'A', second = (uint32_t)(code & 0xff) - 'A';
	return first < TW_LETTERS && second < TW_LETTERS ? first * TW_LETTERS + second : TW_LETTER_PAIRS;
}

uint32_t tw_owner_number(struct tw_slice code)
{
	if (code.len < 3) {
		return TW_OWNERS;
	}
	uint32_t value = 0;
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t letter = (uint32_t)(code.ptr[i] & ~0x20) - 'A';
		if (letter >= TW_LETTERS) {
			return TW_OWNERS;
		}
		value = value * TW_LETTERS + letter;
	}
	return value;
}

bool tw_locode_of(struct tw_slice text, char out[TW_LOCODE_BYTES])
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == ' ') {
			continue;
		}
		c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		if (length == TW_LOCODE_BYTES || !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
			return false;
		}
		out[length++] = c;
	}
	return length == TW_LOCODE_BYTES;
}

int tw_spelling_order(const void *a, const void *b)
{
	return tw_slice_compare(((const struct tw_spelling *)a)->folded, ((const struct tw_spelling *)b)->folded);
}

int tw_heading_order(const void *a, const void *b)
{
	return tw_slice_compare(((const struct tw_heading *)a)->code, ((const struct tw_heading *)b)->code);
}

int tw_place_order(const void *a, const void *b)
{
	return memcmp(((const struct tw_place *)a)->code, ((const struct tw_place *)b)->code, TW_LOCODE_BYTES);
}

static bool user_assigned(uint16_t code)
{
	char first = (char)(code >> 8), second = (char)(code & 0xff);
	/* Source: ISO 3166-1, clause 8.1.3: AA, QM to QZ, XA to XZ, ZZ are left to users. */
	return (first == 'A' && second == 'A') || (first == 'Q' && second >= 'M') || first == 'X' || (first == 'Z' && second == 'Z');
}

struct tw_slice tw_reference_digest(const struct tw_reference *reference)
{
	return tw_slice_str(reference->digest);
}

static const struct tw_country *country_of(const struct tw_reference *reference, uint16_t code)
{
	uint32_t pair = tw_letter_pair(code);
	uint32_t row = pair < TW_LETTER_PAIRS ? reference->country_row[pair] : TW_NO_ROW;
	return row == TW_NO_ROW ? NULL : (const struct tw_country *)reference->countries.data + row;
}

bool tw_reference_country(const struct tw_reference *reference, uint16_t code)
{
	return tw_letter_pair(code) < TW_LETTER_PAIRS && (country_of(reference, code) != NULL || user_assigned(code));
}

struct tw_slice tw_reference_country_name(const struct tw_reference *reference, uint16_t code)
{
	const struct tw_country *country = country_of(reference, code);
	return country ? country->name : tw_slice_str("");
}

uint16_t tw_reference_country_named(const struct tw_reference *reference, struct tw_slice name)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 1024, 0);
	const struct tw_spelling key = {tw_text_fold(name, &arena), 0};
	const struct tw_spelling *found =
	    key.folded.len ? bsearch(&key, reference->spellings.data, reference->spellings.count, sizeof(key), tw_spelling_order) : NULL;
	uint16_t code = found ? found->code : 0;
	tw_arena_fini(&arena);
	return code;
}

bool tw_reference_borders(const struct tw_reference *reference, uint16_t a, uint16_t b)
{
	uint32_t row = tw_letter_pair(a), column = tw_letter_pair(b);
	return row < TW_LETTER_PAIRS && column < TW_LETTER_PAIRS && (reference->border[row][column / 8] >> (column % 8) & 1);
}

static uint16_t pair_code(uint32_t pair)
{
	return (uint16_t)(('A' + pair / TW_LETTERS) << 8 | ('A' + pair % TW_LETTERS));
}

uint32_t tw_reference_neighbours(const struct tw_reference *reference, uint16_t country, uint16_t *out, uint32_t room)
{
	uint32_t row = tw_letter_pair(country), count = 0;
	for (uint32_t i = 0; row < TW_LETTER_PAIRS && i < sizeof(reference->border[row]); i++) {
		for (uint32_t left = reference->border[row][i]; left; left &= left - 1) {
			if (count < room) {
				out[count] = pair_code(i * 8 + (uint32_t)__builtin_ctz(left));
			}
			count++;
		}
	}
	return count;
}

static const struct tw_place *place_of(const struct tw_reference *reference, const char code[TW_LOCODE_BYTES])
{
	uint32_t pair = tw_letter_pair(tw_country_code((struct tw_slice){code, 2}));
	if (pair >= TW_LETTER_PAIRS) {
		return NULL;
	}
	const struct tw_place *places = reference->places.data;
	struct tw_place key = {.name = {NULL, 0}};
	uint32_t from = reference->place_row[pair], to = reference->place_row[pair + 1];
	memcpy(key.code, code, TW_LOCODE_BYTES);
	return from < to ? bsearch(&key, places + from, to - from, sizeof(key), tw_place_order) : NULL;
}

bool tw_reference_place(const struct tw_reference *reference, struct tw_slice locode)
{
	char code[TW_LOCODE_BYTES];
	if (!tw_locode_of(locode, code)) {
		return false;
	}
	return place_of(reference, code) != NULL || user_assigned(tw_country_code((struct tw_slice){code, 2}));
}

struct tw_slice tw_reference_place_name(const struct tw_reference *reference, struct tw_slice locode)
{
	char code[TW_LOCODE_BYTES];
	const struct tw_place *place = tw_locode_of(locode, code) ? place_of(reference, code) : NULL;
	return place ? place->name : tw_slice_str("");
}

#define HS_DIGITS_MIN TW_HS_HEADING
#define HS_CHAPTER    2U
#define HS_SUBHEADING 6U
#define HS_DIGITS_MAX 10U

/* Digits without dots and spaces. @return how many, 0 when there is anything else or not `least` to 10 of them */
static uint32_t hs_digits(struct tw_slice hs, uint32_t least, char out[HS_DIGITS_MAX])
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < hs.len; i++) {
		if (hs.ptr[i] == '.' || hs.ptr[i] == ' ') {
			continue;
		}
		if (length == HS_DIGITS_MAX || hs.ptr[i] < '0' || hs.ptr[i] > '9') {
			return 0;
		}
		out[length++] = hs.ptr[i];
	}
	return length >= least ? length : 0;
}

/* National digits follow the sixth: the subheading decides, and of a shorter code the heading. */
static const struct tw_heading *heading_of(const struct tw_reference *reference, struct tw_slice hs)
{
	char digits[HS_DIGITS_MAX];
	uint32_t length = hs_digits(hs, HS_DIGITS_MIN, digits);
	if (!length) {
		return NULL;
	}
	const struct tw_heading key = {{digits, length >= HS_SUBHEADING ? HS_SUBHEADING : HS_DIGITS_MIN}, {NULL, 0}};
	return bsearch(&key, reference->headings.data, reference->headings.count, sizeof(key), tw_heading_order);
}

bool tw_reference_hs(const struct tw_reference *reference, struct tw_slice hs)
{
	return heading_of(reference, hs) != NULL;
}

bool tw_reference_hs_begins(const struct tw_reference *reference, struct tw_slice prefix)
{
	const struct tw_heading *headings = reference->headings.data;
	char digits[HS_DIGITS_MAX];
	uint32_t length = hs_digits(prefix, HS_CHAPTER, digits), low = 0, high = reference->headings.count;
	const struct tw_slice begin = {digits, length < HS_SUBHEADING ? length : HS_SUBHEADING};
	while (low < high) { /* the first that is not before the prefix */
		uint32_t middle = low + (high - low) / 2;
		if (tw_slice_compare(headings[middle].code, begin) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return length && low < reference->headings.count && headings[low].code.len >= begin.len &&
	       memcmp(headings[low].code.ptr, begin.ptr, begin.len) == 0;
}

struct tw_slice tw_reference_hs_text(const struct tw_reference *reference, struct tw_slice hs)
{
	const struct tw_heading *heading = heading_of(reference, hs);
	return heading ? heading->text : tw_slice_str("");
}

bool tw_reference_owner(const struct tw_reference *reference, struct tw_slice number)
{
	uint32_t owner = tw_owner_number(number);
	return owner < TW_OWNERS && (reference->owner[owner / 8] >> (owner % 8) & 1);
}
