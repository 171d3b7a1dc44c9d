/**
 * @file digits.c
 * See digits.h.
 */
#include "engine/base/digits.h"

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
