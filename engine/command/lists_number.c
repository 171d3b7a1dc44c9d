/**
 * @file lists_number.c
 * See lists_number.h.
 */
#include "engine/command/lists_number.h"

#include <string.h>

#include "engine/base/text.h"
#include "feeds/list_index.h"
#include "feeds/list_loader.h"
#include "feeds/list_text.h"

#define IMO_DIGITS   7
#define LEI_CHARS    20
#define LEI_MODULUS  97

static const char *const no_imo = "no IMO number: its check digit fits neither a ship's nor a company's";
static const char *const bare_no_imo = "of seven digits, but no IMO number: its check digit does not fit";
static const char *const no_lei = "no LEI: its check digits do not fit";

static bool all_digits(struct tw_slice text)
{
	uint32_t digits = 0;
	while (digits < text.len && tw_text_is_digit(text.ptr[digits])) {
		digits++;
	}
	return digits == text.len;
}

/* "IMO 9187629" -> "9187629"; what does not begin so stays. */
static struct tw_slice behind_imo(struct tw_slice text)
{
	bool prefixed = text.len > 3 && (text.ptr[0] | 32) == 'i' && (text.ptr[1] | 32) == 'm' && (text.ptr[2] | 32) == 'o';
	return prefixed ? tw_list_trim((struct tw_slice){text.ptr + 3, text.len - 3}) : text;
}

/* Source: ISO 17442-1, 4: the last two characters check the others by ISO/IEC 7064, MOD 97-10; letters count as 10 to 35. */
static bool lei_checks(struct tw_slice text)
{
	uint32_t sum = 0, chars = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		if (tw_text_is_digit(c)) {
			sum = (sum * 10 + (uint32_t)(c - '0')) % LEI_MODULUS;
		} else if (c >= 'A' && c <= 'Z') {
			sum = (sum * 100 + (uint32_t)(c - 'A' + 10)) % LEI_MODULUS;
		} else {
			continue; /* blanks and hyphens are the writer's */
		}
		chars++;
	}
	return chars == LEI_CHARS && sum == 1;
}

static const char *doubt_of(struct tw_slice word, struct tw_list_number number)
{
	bool imo = tw_slice_is(number.scheme, "imo") || tw_slice_is(number.scheme, "imo_company");
	if (imo && !tw_list_imo_scheme(behind_imo(number.value), TW_ENTRY_VESSEL)) {
		return no_imo;
	}
	if (word.len == 3 && (word.ptr[0] | 32) == 'l' && (word.ptr[1] | 32) == 'e' && (word.ptr[2] | 32) == 'i' && !lei_checks(number.value)) {
		return no_lei;
	}
	bool bare = !number.scheme.len && number.value.len == IMO_DIGITS && all_digits(number.value);
	return bare && !tw_list_imo_scheme(number.value, TW_ENTRY_VESSEL) ? bare_no_imo : NULL;
}

bool tw_lists_number_read(struct tw_slice text, struct tw_lists_number *out)
{
	const char *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
	struct tw_slice word = {text.ptr, colon ? (uint32_t)(colon - text.ptr) : 0};
	*out = (struct tw_lists_number){.asked = {{"", 0}, text}};
	if (colon) {
		out->asked.scheme = tw_list_scheme_find(word);
		out->asked.value = tw_list_trim((struct tw_slice){colon + 1, text.len - word.len - 1});
		if (!out->asked.scheme.len || !out->asked.value.len) {
			return false;
		}
	}
	out->doubt = doubt_of(word, out->asked);
	return true;
}

bool tw_lists_number_meant(struct tw_slice text, struct tw_lists_number *out)
{
	bool colon = text.len && memchr(text.ptr, ':', text.len);
	struct tw_slice digits = behind_imo(text);
	if (!colon && digits.len != text.len && digits.len == IMO_DIGITS && all_digits(digits)) {
		out->asked = (struct tw_list_number){tw_slice_str("imo"), digits};
		out->doubt = doubt_of((struct tw_slice){"", 0}, out->asked);
		return true;
	}
	bool some_digit = false;
	for (uint32_t i = 0; i < text.len; i++) {
		some_digit |= tw_text_is_digit(text.ptr[i]);
	}
	return colon && some_digit && tw_lists_number_read(text, out);
}
