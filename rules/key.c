/**
 * @file key.c
 * HS codes and places as numbers, so that "starts with" is one comparison of whole numbers; see program.h.
 *
 *     930330 -> 9303300000 | 6        prefix 93 -> 9300000000 | 2 ... 9399999999 | 15
 *
 * Source: HS codes have at most ten digits in the event contract; UN/LOCODE is two letters of a country and three letters or digits.
 */
#include "rules/program.h"

#define HS_DIGITS     10U
#define HS_LENGTHS    16 /* the count of digits, cut at 15 */
#define PLACE_CHARS   5U
#define PLACE_LENGTHS 8
#define PLACE_BASE    38 /* nothing, ten digits, 26 letters, anything else */

struct key {
	int64_t head; /* left-aligned */
	int64_t unit; /* of the last place that was filled */
	int64_t length;
};

static struct key hs(struct tw_slice text)
{
	struct key key = {0, 10000000000LL, 0};
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c < '0' || c > '9') {
			continue;
		}
		if (key.length < HS_DIGITS) {
			key.unit /= 10;
			key.head += key.unit * (c - '0');
		}
		key.length += key.length < HS_LENGTHS - 1;
	}
	return key;
}

static int64_t place_char(char c)
{
	if (c >= '0' && c <= '9') {
		return 1 + (c - '0');
	}
	if (c >= 'A' && c <= 'Z') {
		return 11 + (c - 'A');
	}
	return c >= 'a' && c <= 'z' ? 11 + (c - 'a') : PLACE_BASE - 1;
}

static struct key place(struct tw_slice text)
{
	struct key key = {0, (int64_t)PLACE_BASE * PLACE_BASE * PLACE_BASE * PLACE_BASE * PLACE_BASE, 0};
	for (uint32_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ' ') {
			continue;
		}
		if (key.length < PLACE_CHARS) {
			key.unit /= PLACE_BASE;
			key.head += key.unit * place_char(text.ptr[i]);
		}
		key.length += key.length < PLACE_LENGTHS - 1;
	}
	return key;
}

int64_t tw_hs_key(struct tw_slice text)
{
	struct key key = hs(text);
	return key.head * HS_LENGTHS + key.length;
}

int64_t tw_place_key(struct tw_slice text)
{
	struct key key = place(text);
	return key.head * PLACE_LENGTHS + key.length;
}

struct tw_key_span tw_hs_span(struct tw_slice prefix)
{
	struct key key = hs(prefix);
	return (struct tw_key_span){key.head * HS_LENGTHS + key.length, (key.head + key.unit) * HS_LENGTHS - 1};
}

struct tw_key_span tw_place_span(struct tw_slice prefix)
{
	struct key key = place(prefix);
	return (struct tw_key_span){key.head * PLACE_LENGTHS + key.length, (key.head + key.unit) * PLACE_LENGTHS - 1};
}

const char *tw_key_text(enum tw_class class, int64_t key, char out[TW_KEY_TEXT_BYTES])
{
	static const char alphabet[] = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ?";
	bool is_hs = class == TW_CLASS_HS;
	int64_t lengths = is_hs ? HS_LENGTHS : PLACE_LENGTHS, base = is_hs ? 10 : PLACE_BASE, head = key / lengths;
	uint32_t room = is_hs ? HS_DIGITS : PLACE_CHARS, length = (uint32_t)(key % lengths);
	for (uint32_t i = room; i--; head /= base) {
		out[i] = is_hs ? (char)('0' + head % base) : alphabet[head % base];
	}
	out[length < room ? length : room] = '\0';
	return out;
}
