/**
 * @file check.c
 * Check digits of container and ship numbers, as people write them: spaces, dashes, slashes and letter case do not matter.
 * Source: ISO 6346:1995 annex A; IMO resolution A.1117(30), IMO Ship Identification Number Scheme.
 */
#include "engine/decode/decode.h"

#define CONTAINER_LETTERS 4
#define CONTAINER_CHARS   11
#define IMO_DIGITS        7

/* Upper-case letters and digits of `number` into `out`. @return how many, `room` + 1 when there are more or others */
static uint32_t compact(struct tw_slice number, char *out, uint32_t room)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < number.len; i++) {
		char c = number.ptr[i];
		if (c == ' ' || c == '-' || c == '/') {
			continue;
		}
		if (c >= 'a' && c <= 'z') {
			c = (char)(c - 'a' + 'A');
		}
		bool known = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!known || count == room) {
			return room + 1;
		}
		out[count++] = c;
	}
	return count;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A is 10, B 12, C 13 ...: the multiples of 11 are left out. Source: ISO 6346:1995 annex A, table A.1. */
static uint32_t letter_value(char c)
{
	uint32_t value = (uint32_t)(c - 'A') + 10;
	value += value > 10;
	value += value > 21;
	value += value > 32;
	return value;
}

bool tw_container_check(struct tw_slice number)
{
	char chars[CONTAINER_CHARS];
	if (compact(number, chars, CONTAINER_CHARS) != CONTAINER_CHARS) {
		return false;
	}
	uint32_t sum = 0;
	for (uint32_t i = 0; i < CONTAINER_CHARS - 1; i++) {
		if (is_digit(chars[i]) != (i >= CONTAINER_LETTERS)) {
			return false;
		}
		uint32_t value = i < CONTAINER_LETTERS ? letter_value(chars[i]) : (uint32_t)(chars[i] - '0');
		sum += value << i;
	}
	return is_digit(chars[CONTAINER_CHARS - 1]) && sum % 11 % 10 == (uint32_t)(chars[CONTAINER_CHARS - 1] - '0');
}

bool tw_imo_check(struct tw_slice number)
{
	char chars[3 + IMO_DIGITS];
	uint32_t count = compact(number, chars, sizeof(chars));
	if (count > sizeof(chars)) {
		return false;
	}
	bool prefixed = count == sizeof(chars) && memcmp(chars, "IMO", 3) == 0;
	const char *digits = prefixed ? chars + 3 : chars;
	if (!prefixed && count != IMO_DIGITS) {
		return false;
	}
	uint32_t sum = 0;
	for (uint32_t i = 0; i < IMO_DIGITS; i++) {
		if (!is_digit(digits[i])) {
			return false;
		}
		sum += i < IMO_DIGITS - 1 ? (uint32_t)(digits[i] - '0') * (IMO_DIGITS - i) : 0;
	}
	return sum % 10 == (uint32_t)(digits[IMO_DIGITS - 1] - '0');
}
