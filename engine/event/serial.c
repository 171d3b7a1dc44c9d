/**
 * @file serial.c
 * See serial.h.
 */
#include "engine/event/serial.h"

#include <tidewaiter/limits.h>

#define ONE_E4     INT64_C(10000)
#define PIECES_MAX (TW_AMOUNT_E4_MAX / ONE_E4)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_separator(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '_';
}

static bool reduce(struct tw_slice text, struct tw_serial *out)
{
	out->length = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		if (is_separator(c)) {
			continue;
		}
		if (out->length == TW_SERIAL_BYTES || !(is_digit(c) || (c >= 'A' && c <= 'Z'))) {
			return false;
		}
		out->text[out->length++] = c;
	}
	return true;
}

bool tw_serial_read(struct tw_slice text, struct tw_serial *out)
{
	if (!reduce(text, out)) {
		return false;
	}
	out->digits = 0;
	while (out->digits < out->length && is_digit(out->text[out->length - 1 - out->digits])) {
		out->digits++;
	}
	out->number = 0;
	for (uint32_t i = out->length - out->digits; i < out->length && out->digits <= TW_SERIAL_DIGITS; i++) {
		out->number = out->number * 10 + (uint64_t)(out->text[i] - '0');
	}
	return out->digits > 0 && out->digits <= TW_SERIAL_DIGITS;
}

bool tw_serial_alike(const struct tw_serial *a, const struct tw_serial *b)
{
	uint32_t before = a->length - a->digits;
	return a->digits == b->digits && a->length == b->length && memcmp(a->text, b->text, before) == 0;
}

/* AB99 to AB100 go on without noughts before them. */
static bool is_run(const struct tw_serial *from, const struct tw_serial *to)
{
	uint32_t before = from->length - from->digits;
	bool grows =
	    to->digits > from->digits && from->text[before] != '0' && to->length - to->digits == before && memcmp(from->text, to->text, before) == 0;
	return grows || tw_serial_alike(from, to);
}

static int64_t numbers_of(const struct tw_marking *marking)
{
	struct tw_serial from, to;
	if (!tw_serial_read(tw_slice_of(marking->from), &from) || !tw_serial_read(tw_slice_of(marking->to), &to) || !is_run(&from, &to) ||
	    from.number > to.number || to.number - from.number >= (uint64_t)PIECES_MAX) {
		return 0;
	}
	return (int64_t)(to.number - from.number) + 1;
}

void tw_serial_count(struct tw_marking *marking)
{
	marking->pieces = (struct tw_amount){.e4 = 0};
	if (marking->kind.value == TW_MARKING_SERIAL && tw_stated(marking->value.span)) {
		marking->pieces = (struct tw_amount){.e4 = ONE_E4, .span = marking->value.span};
	} else if (marking->kind.value == TW_MARKING_SERIAL_RANGE && tw_stated(marking->from.span) && tw_stated(marking->to.span)) {
		int64_t numbers = numbers_of(marking);
		if (numbers) {
			marking->pieces = (struct tw_amount){.e4 = numbers * ONE_E4, .span = marking->to.span};
		}
	}
}
