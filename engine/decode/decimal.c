/**
 * @file decimal.c
 * A number is its digits and the place of its point: 12.5e2 is the digits 1 2 5 with the point after the fourth place. The answer in
 * ten-thousandths is the digits up to four places behind the point, read as one integer. Nothing is rounded: later digits are dropped,
 * so that no amount is ever shown larger than it was stated.
 */
#include "engine/decode/decimal.h"

#include <tidewaiter/limits.h>

#include "engine/base/text.h"

#define PLACES       4       /* decimals kept */
#define SHORT_DIGITS 13      /* with four places more, below TW_AMOUNT_E4_MAX */
#define DIGITS_MAX   19      /* any 19 digits fit an unsigned 64-bit integer; TW_AMOUNT_E4_MAX has 18 */
#define EXPONENT_MAX 9999999 /* larger ones change nothing: an event has at most 2^20 digits */

/* A number taken apart: whole and fraction are runs of digits in the source. */
struct parts {
	bool negative;
	const char *whole;
	const char *fraction;
	int64_t whole_len;
	int64_t fraction_len;
	int64_t exponent;
};

static const char *digits_end(const char *at, const char *end)
{
	while (at < end && tw_text_is_digit(*at)) {
		at++;
	}
	return at;
}

/* @return the end of the exponent behind 'e', NULL when it has no digit */
static const char *exponent_read(const char *at, const char *end, int64_t *exponent)
{
	bool negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+')) {
		at++;
	}
	const char *start = at;
	int64_t value = 0;
	for (; at < end && tw_text_is_digit(*at); at++) {
		value = value < EXPONENT_MAX ? value * 10 + (*at - '0') : value;
	}
	*exponent = negative ? -value : value;
	return at == start ? NULL : at;
}

static bool parts_read(struct tw_slice text, struct parts *out)
{
	const char *at = text.ptr, *end = text.ptr + text.len;
	*out = (struct parts){.negative = at < end && *at == '-'};
	at += out->negative;
	out->whole = at;
	at = digits_end(at, end);
	out->whole_len = at - out->whole;
	if (out->whole_len == 0 || (out->whole_len > 1 && out->whole[0] == '0')) {
		return false;
	}
	if (at < end && *at == '.') {
		out->fraction = ++at;
		at = digits_end(at, end);
		out->fraction_len = at - out->fraction;
		if (out->fraction_len == 0) {
			return false;
		}
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at = exponent_read(at + 1, end, &out->exponent);
	}
	return at == end;
}

static unsigned digit_at(const struct parts *parts, int64_t place)
{
	if (place < parts->whole_len) {
		return (unsigned)(parts->whole[place] - '0');
	}
	place -= parts->whole_len;
	return place < parts->fraction_len ? (unsigned)(parts->fraction[place] - '0') : 0;
}

/* Nearly all: up to SHORT_DIGITS digits, of those up to four behind a point. @return false when it is another, which may be a number all the same */
static bool short_read(struct tw_slice text, int64_t *e4)
{
	static const int64_t scale[PLACES + 1] = {10000, 1000, 100, 10, 1};
	const char *at = text.ptr, *end = text.ptr + text.len;
	if (text.len == 0 || text.len > SHORT_DIGITS || !tw_text_is_digit(*at) || (*at == '0' && text.len > 1 && at[1] != '.')) {
		return false;
	}
	int64_t value = *at++ - '0';
	while (at < end && tw_text_is_digit(*at)) {
		value = value * 10 + (*at++ - '0');
	}
	int64_t places = 0;
	if (at < end && *at == '.') {
		const char *point = at++;
		while (at < end && tw_text_is_digit(*at)) {
			value = value * 10 + (*at++ - '0');
		}
		places = at - point - 1;
		if (places == 0 || places > PLACES) {
			return false;
		}
	}
	*e4 = value * scale[places];
	return at == end;
}

enum tw_decimal tw_decimal_read(struct tw_slice text, int64_t *e4)
{
	struct parts parts;
	int64_t value_e4;
	if (short_read(text, &value_e4)) {
		*e4 = value_e4;
		return TW_DECIMAL_EXACT;
	}
	if (!parts_read(text, &parts)) {
		return TW_DECIMAL_FORM;
	}
	int64_t count = parts.whole_len + parts.fraction_len, first = 0;
	while (first < count && digit_at(&parts, first) == 0) {
		first++;
	}
	int64_t last = parts.whole_len + parts.exponent + PLACES;
	if (first < count && last - first > DIGITS_MAX) {
		return TW_DECIMAL_RANGE;
	}
	uint64_t value = 0;
	int64_t place = first;
	for (; first < count && place < last; place++) {
		value = value * 10 + digit_at(&parts, place);
	}
	if (value > (uint64_t)TW_AMOUNT_E4_MAX) {
		return TW_DECIMAL_RANGE;
	}
	*e4 = parts.negative ? -(int64_t)value : (int64_t)value;
	while (place < count && digit_at(&parts, place) == 0) {
		place++;
	}
	return place < count ? TW_DECIMAL_CUT : TW_DECIMAL_EXACT;
}
