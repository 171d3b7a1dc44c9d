/** @file name_detail.c  See name_detail.h. */
#include "feeds/name_detail.h"

#define PPM         1000000U
#define OTHER_BITS  4352 /* a letter of another script or with an accent: as a Latin one in the middle */
#define GAP_BITS    2600 /* between two words, as an e; the edge of a text as well */
#define SIGN_BITS   1300 /* a hyphen, a full stop: half as much. Project's choice, as that of the two above */
#define SYMBOL_BITS 6
#define SYMBOLS     (1U << SYMBOL_BITS)

static struct tw_slice cut(struct tw_slice text)
{
	text.len = text.len < TW_NAME_DETAIL_BYTES_MAX ? text.len : TW_NAME_DETAIL_BYTES_MAX;
	return text;
}

/* By letter, 1024 times the binary logarithm of how many letters there are to one of it: so fine that hardly two names say the same. Source: 423,911
 * letters of the names of the sample lists (feeds/sample/lists), accents off. */
static const uint16_t letter_bits[26] = {2651, 5462, 5332, 4693, 3990, 6466, 5891, 4519, 3661, 6964, 5988, 4289, 4395,
                                         4054, 4199, 6213, 8093, 4122, 4321, 4727, 4973, 6548, 7693, 9752, 5979, 6718};

/* The same of digits. Source: the 487 digits of those names. */
static const uint16_t digit_bits[10] = {3730, 2744, 2544, 2930, 3692, 3222, 3768, 4329, 4510, 3848};

/* The digits of a number from the first: ships of one fleet begin alike, so each counts once more than the one before, up to here. */
#define PLACES_MAX 4

uint32_t tw_name_information(struct tw_slice text)
{
	uint32_t says = 0, place = 0;
	text = cut(text);
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i], lower = (unsigned char)(c | 0x20);
		bool digit = c >= '0' && c <= '9';
		place = !digit ? 0 : place < PLACES_MAX ? place + 1 : place;
		if (lower >= 'a' && lower <= 'z') {
			says += letter_bits[lower - 'a'];
		} else if (digit) {
			says += digit_bits[c - '0'] * place;
		} else if (c >= 0xc3 && c != 0xe2) { /* the first byte of a letter; U+2000 to U+2FFF are signs */
			says += OTHER_BITS;
		}
	}
	return says;
}

/* 0 is what stands before and behind a text. Bytes of other letters share symbols: they are told apart by their neighbours. */
static uint32_t symbol(unsigned char c)
{
	if (c >= 'a' && c <= 'z') {
		return (uint32_t)(c - 'a') + 1;
	}
	if (c >= 'A' && c <= 'Z') {
		return (uint32_t)(c - 'A') + 1;
	}
	if (c >= '0' && c <= '9') {
		return (uint32_t)(c - '0') + 27;
	}
	return c == ' ' ? 37 : c < 0x80 ? 38 : 39 + c % (SYMBOLS - 39);
}

/* What a symbol says, in 1024ths of a bit. */
static uint32_t symbol_bits(uint32_t symbol)
{
	if (symbol >= 1 && symbol <= 26) {
		return letter_bits[symbol - 1];
	}
	if (symbol >= 27 && symbol <= 36) {
		return digit_bits[symbol - 27];
	}
	return symbol <= 37 ? GAP_BITS : symbol == 38 ? SIGN_BITS : OTHER_BITS / 2; /* a letter of two bytes is two symbols */
}

/* Count the pairs of a text up or down. @return what those say that meet one that was counted up before; `all`: and all of them */
static uint32_t count_pairs(struct tw_slice text, int8_t *pairs, bool up, uint32_t *all)
{
	uint32_t before = 0, met = 0;
	for (uint32_t i = 0; i <= text.len; i++) {
		uint32_t after = i < text.len ? symbol((unsigned char)text.ptr[i]) : 0, says = symbol_bits(before) + symbol_bits(after);
		int8_t *pair = &pairs[before << SYMBOL_BITS | after];
		*all += says;
		if (up) {
			*pair = (int8_t)(*pair + (*pair < INT8_MAX));
		} else if (*pair > 0) {
			met += says;
			*pair = (int8_t)(*pair - 1);
		}
		before = after;
	}
	return met;
}

uint32_t tw_name_written_alike(struct tw_slice a, struct tw_slice b)
{
	int8_t pairs[SYMBOLS * SYMBOLS] = {0};
	uint32_t all = 0;
	count_pairs(cut(a), pairs, true, &all);
	uint32_t met = count_pairs(cut(b), pairs, false, &all);
	return (uint32_t)(2 * (uint64_t)met * PPM / all);
}
