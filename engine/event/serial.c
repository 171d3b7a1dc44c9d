/**
 * @file serial.c
 * See serial.h.
 */
#include "engine/event/serial.h"

#include <tidewaiter/limits.h>

#include "engine/base/text.h"

#define ONE_E4     INT64_C(10000)
#define PIECES_MAX (TW_AMOUNT_E4_MAX / ONE_E4)

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
		if (out->length == TW_SERIAL_BYTES || !(tw_text_is_digit(c) || (c >= 'A' && c <= 'Z'))) {
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
	while (out->digits < out->length && tw_text_is_digit(out->text[out->length - 1 - out->digits])) {
		out->digits++;
	}
	out->number = 0;
	for (uint32_t i = out->length - out->digits; i < out->length && out->digits <= TW_SERIAL_DIGITS; i++) {
		out->number = out->number * 10 + (uint64_t)(out->text[i] - '0');
	}
	return out->digits > 0 && out->digits <= TW_SERIAL_DIGITS;
}

bool tw_serial_is_partial(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		if (tw_serial_is_unread(text.ptr[i])) {
			return true;
		}
	}
	return false;
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

/* ---- components ---- */

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* @return the next sign that counts, 0 at the end; letters of other scripts count byte by byte */
static char next_sign(struct tw_text text, uint32_t *at)
{
	while (*at < text.len) {
		char c = upper(text.ptr[(*at)++]);
		if (tw_text_is_digit(c) || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80) {
			return c;
		}
	}
	return '\0';
}

/* @param begins one that begins the other is the same */
static bool is_same(struct tw_text a, struct tw_text b, bool begins)
{
	uint32_t i = 0, k = 0;
	for (;;) {
		char left = next_sign(a, &i), right = next_sign(b, &k);
		if (left != right || !left) {
			return left == right || (begins && (!left || !right));
		}
	}
}

/* The texts that are told apart. */
struct told {
	struct tw_text text[TW_COMPONENTS_TOLD];
	uint32_t count;
};

static void tell(struct told *told, struct tw_text text, bool begins)
{
	for (uint32_t i = 0; i < told->count; i++) {
		if (is_same(told->text[i], text, begins)) {
			return;
		}
	}
	if (tw_stated(text.span) && told->count < TW_COMPONENTS_TOLD) {
		told->text[told->count++] = text;
	}
}

static struct tw_count count_of(const struct told *told)
{
	/* the last that was told is the first that differs: evidence */
	return told->count ? (struct tw_count){told->count, told->text[told->count - 1].span} : (struct tw_count){.value = 0};
}

void tw_serial_components(const struct tw_list *marks, struct tw_text make, struct tw_count *serials, struct tw_count *makes)
{
	const struct tw_marking *mark = marks->data;
	if (marks->count == 0) {
		*serials = *makes = (struct tw_count){.value = 0};
		return;
	}
	struct told values = {.count = 0}, names = {.count = 0};
	for (uint32_t i = 0; i < marks->count; i++) {
		bool serial = !tw_stated(mark[i].kind.span) || mark[i].kind.value == TW_MARKING_SERIAL;
		if (serial && tw_stated(mark[i].component.span) && tw_stated(mark[i].value.span)) {
			tell(&values, mark[i].value, false);
			tell(&names, tw_stated(mark[i].make.span) ? mark[i].make : make, true);
		}
	}
	*serials = count_of(&values);
	*makes = count_of(&names);
}
