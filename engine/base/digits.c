/**
 * @file digits.c
 * See digits.h.
 */
#include "engine/base/digits.h"

#include <stdbool.h>
#include <string.h>

uint32_t tw_digits_write(char *to, uint64_t number)
{
	char digits[TW_DIGITS_MAX];
	uint32_t at = TW_DIGITS_MAX;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	memcpy(to, digits + at, TW_DIGITS_MAX - at);
	return TW_DIGITS_MAX - at;
}

uint32_t tw_digits_signed(char *to, int64_t number)
{
	bool below = number < 0;
	*to = '-';
	return below + tw_digits_write(to + below, below ? 0 - (uint64_t)number : (uint64_t)number);
}

uint32_t tw_digits_amount(char *to, int64_t e4)
{
	uint64_t magnitude = e4 < 0 ? 0 - (uint64_t)e4 : (uint64_t)e4;
	uint32_t length = e4 < 0;
	*to = '-';
	length += tw_digits_write(to + length, magnitude / 10000);
	to[length++] = '.';
	tw_digits_padded(to + length, magnitude % 10000, 4);
	length += 4;
	while (to[length - 1] == '0') {
		length--;
	}
	return length - (to[length - 1] == '.');
}

char *tw_digits_padded(char *to, uint64_t number, uint32_t width)
{
	for (uint32_t at = width; at; at--) {
		to[at - 1] = (char)('0' + number % 10);
		number /= 10;
	}
	return to + width;
}

char *tw_hex_padded(char *to, uint64_t number, uint32_t width)
{
	for (uint32_t at = width; at; at--) {
		to[at - 1] = "0123456789abcdef"[number & 15];
		number >>= 4;
	}
	return to + width;
}
