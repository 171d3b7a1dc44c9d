/**
 * @file check.c
 * Check digits of container and ship numbers, as people write them: spaces, dashes, slashes and letter case do not matter.
 * Source: ISO 6346:1995 annex A; IMO resolution A.1117(30), IMO Ship Identification Number Scheme.
 */
#include "engine/decode/decode.h"

#include "engine/base/text.h"

#define CONTAINER_LETTERS 4
#define CONTAINER_CHARS   11
#define IMO_DIGITS        7

#define APART (-1) /* what people write between the parts of a number */
#define OTHER 0

/* Letters in upper case, digits as they are. */
static const signed char signs[256] = {
    [' '] = APART, ['-'] = APART, ['/'] = APART, ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7',   ['8'] = '8',   ['9'] = '9',   ['A'] = 'A', ['B'] = 'B', ['C'] = 'C', ['D'] = 'D', ['E'] = 'E', ['F'] = 'F', ['G'] = 'G',
    ['H'] = 'H',   ['I'] = 'I',   ['J'] = 'J',   ['K'] = 'K', ['L'] = 'L', ['M'] = 'M', ['N'] = 'N', ['O'] = 'O', ['P'] = 'P', ['Q'] = 'Q',
    ['R'] = 'R',   ['S'] = 'S',   ['T'] = 'T',   ['U'] = 'U', ['V'] = 'V', ['W'] = 'W', ['X'] = 'X', ['Y'] = 'Y', ['Z'] = 'Z', ['a'] = 'A',
    ['b'] = 'B',   ['c'] = 'C',   ['d'] = 'D',   ['e'] = 'E', ['f'] = 'F', ['g'] = 'G', ['h'] = 'H', ['i'] = 'I', ['j'] = 'J', ['k'] = 'K',
    ['l'] = 'L',   ['m'] = 'M',   ['n'] = 'N',   ['o'] = 'O', ['p'] = 'P', ['q'] = 'Q', ['r'] = 'R', ['s'] = 'S', ['t'] = 'T', ['u'] = 'U',
    ['v'] = 'V',   ['w'] = 'W',   ['x'] = 'X',   ['y'] = 'Y', ['z'] = 'Z',
};

/* Upper-case letters and digits of `number` into `out`. @return how many, `room` + 1 when there are more or others */
static uint32_t compact(struct tw_slice number, char *out, uint32_t room)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < number.len; i++) {
		signed char sign = signs[(unsigned char)number.ptr[i]];
		if (sign == APART) {
			continue;
		}
		if (sign == OTHER || count == room) {
			return room + 1;
		}
		out[count++] = (char)sign;
	}
	return count;
}

/* A is 10, B 12, C 13 ...: the multiples of 11 are left out. Source: ISO 6346:1995 annex A, table A.1. */
static const uint8_t letter_values[] = {10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38};

bool tw_container_check(struct tw_slice number)
{
	char chars[CONTAINER_CHARS];
	if (compact(number, chars, CONTAINER_CHARS) != CONTAINER_CHARS) {
		return false;
	}
	uint32_t sum = 0;
	for (uint32_t i = 0; i < CONTAINER_CHARS - 1; i++) {
		if (tw_text_is_digit(chars[i]) != (i >= CONTAINER_LETTERS)) {
			return false;
		}
		uint32_t value = i < CONTAINER_LETTERS ? letter_values[chars[i] - 'A'] : (uint32_t)(chars[i] - '0');
		sum += value << i;
	}
	return tw_text_is_digit(chars[CONTAINER_CHARS - 1]) && sum % 11 % 10 == (uint32_t)(chars[CONTAINER_CHARS - 1] - '0');
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
		if (!tw_text_is_digit(digits[i])) {
			return false;
		}
		sum += i < IMO_DIGITS - 1 ? (uint32_t)(digits[i] - '0') * (IMO_DIGITS - i) : 0;
	}
	return sum % 10 == (uint32_t)(digits[IMO_DIGITS - 1] - '0');
}
