/**
 * @file contact.c
 * See contact.h.
 */
#include "engine/event/contact.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"

#define PHONE_DIGITS_MIN 6U  /* shorter ones are extensions and services */
#define PHONE_DIGITS_MAX 15U /* E.164 */

static const struct tw_slice nothing = {"", 0};

/* The digits up to the first letter: "ext. 7" is no part of the number. @return how many, one above the limit for more */
static uint32_t digits_of(struct tw_slice phone, char out[PHONE_DIGITS_MAX + 3])
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < phone.len && count < PHONE_DIGITS_MAX + 3; i++) {
		char c = phone.ptr[i];
		if (c >= '0' && c <= '9') {
			out[count++] = c;
		} else if ((c | 32) >= 'a' && (c | 32) <= 'z' && count) {
			break;
		}
	}
	return count;
}

static bool begins_with_plus(struct tw_slice phone)
{
	uint32_t i = 0;
	while (i < phone.len && (phone.ptr[i] == ' ' || phone.ptr[i] == '(')) {
		i++;
	}
	return i < phone.len && phone.ptr[i] == '+';
}

struct tw_slice tw_key_phone(struct tw_slice phone, struct tw_slice country, struct tw_arena *arena)
{
	char digits[PHONE_DIGITS_MAX + 3];
	uint32_t count = digits_of(phone, digits), from = 0;
	bool international = begins_with_plus(phone);
	if (!international && count > 2 && digits[0] == '0' && digits[1] == '0') {
		international = true;
		from = 2;
	}
	if (count < from + PHONE_DIGITS_MIN || count > from + PHONE_DIGITS_MAX) {
		return nothing;
	}
	if (international) {
		return tw_arena_format(arena, "+%.*s", (int)(count - from), digits + from);
	}
	char letters[TW_COUNTRY_BYTES];
	tw_country_letters(tw_country_code(country), letters);
	return tw_arena_format(arena, "%.*s|%s", (int)count, digits, letters);
}

/* "A. Sample <a@example.org>": what stands between the brackets. */
static struct tw_slice inside_brackets(struct tw_slice email)
{
	const char *open = email.len ? memchr(email.ptr, '<', email.len) : NULL;
	if (!open) {
		return email;
	}
	struct tw_slice rest = {open + 1, email.len - (uint32_t)(open + 1 - email.ptr)};
	const char *close = rest.len ? memchr(rest.ptr, '>', rest.len) : NULL;
	return close ? (struct tw_slice){rest.ptr, (uint32_t)(close - rest.ptr)} : rest;
}

struct tw_slice tw_key_email(struct tw_slice email, struct tw_arena *arena)
{
	struct tw_slice text = inside_brackets(email);
	uint32_t length = 0, at_sign = UINT32_MAX, signs = 0;
	if (text.len > TW_KEY_BYTES_MAX) {
		return nothing;
	}
	char *out = tw_arena_alloc_raw(arena, (size_t)text.len + 1);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == ' ' || c == '\t') {
			continue;
		}
		if (c == '@') {
			at_sign = length;
			signs++;
		}
		out[length++] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
	}
	out[length] = '\0';
	bool whole = signs == 1 && at_sign > 0 && at_sign + 1 < length;
	return whole ? (struct tw_slice){out, length} : nothing;
}
