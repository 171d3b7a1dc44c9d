/**
 * @file json.c
 * See json.h. Bytes go straight into a buffer that doubles inside the arena; what is left behind goes with the arena's reset.
 *
 * What stands before the next value follows from the innermost object or array: nothing, a comma, a colon. One byte a level says which.
 * A text is looked through once: until a byte that JSON escapes it is copied as it is, and only where one is not ASCII is it checked for UTF-8.
 */
#include "engine/emit/json.h"

#include "engine/base/arena.h"
#include "engine/base/digits.h"
#include "engine/base/text.h"

#define FIRST_BYTES   4096U
#define ESCAPED_BYTES 6U /* "\\u0001": of one byte, at most */

enum place { ALONE, FIRST_ELEMENT, ELEMENT, FIRST_NAME, NAME, VALUE, VALUE_AT_ONCE };

/* Before whatever comes next, and what comes after that. */
static const struct {
	char mark;
	unsigned char after;
} places[] = {
    [ALONE] = {'\0', ALONE}, [FIRST_ELEMENT] = {'\0', ELEMENT}, [ELEMENT] = {',', ELEMENT}, [FIRST_NAME] = {'\0', VALUE}, [NAME] = {',', VALUE},
    [VALUE] = {':', NAME},   [VALUE_AT_ONCE] = {'\0', NAME},
};

static bool room_grow(struct tw_json *json, size_t more)
{
	size_t capacity = json->capacity * 2 > FIRST_BYTES ? json->capacity * 2 : FIRST_BYTES;
	capacity = capacity > json->length + more + 1 ? capacity : json->length + more + 1;
	char *grown = capacity > UINT32_MAX ? NULL : tw_arena_alloc_raw(json->arena, capacity);
	if (!grown) {
		json->failed = true;
		return false;
	}
	if (json->length) {
		memcpy(grown, json->bytes, json->length);
	}
	json->bytes = grown;
	json->capacity = capacity;
	return true;
}

static inline bool room_make(struct tw_json *json, size_t more)
{
	return json->capacity - json->length > more || room_grow(json, more);
}

static void put(struct tw_json *json, const char *bytes, size_t length)
{
	if (!json->failed && length && room_make(json, length)) {
		memcpy(json->bytes + json->length, bytes, length);
		json->length += length;
	}
}

static bool is_name(enum place place)
{
	return place == FIRST_NAME || place == NAME;
}

/*
 * Before a value, or a name. @param is_text what may be a name @param more room that it needs
 * @return false when nothing may stand here, or nothing more is written
 */
static bool separate(struct tw_json *json, bool is_text, size_t more)
{
	unsigned char *place = &json->place[json->depth];
	json->failed = json->failed || (!is_text && is_name((enum place) * place));
	if (json->failed || !room_make(json, more + 1)) {
		return false;
	}
	if (places[*place].mark) {
		json->bytes[json->length++] = places[*place].mark;
	}
	*place = places[*place].after;
	return true;
}

static void bracket_open(struct tw_json *json, char bracket, enum place inside)
{
	if (!separate(json, false, 1)) {
		return;
	}
	if (json->depth + 1 == TW_JSON_DEPTH_MAX) {
		json->failed = true;
		return;
	}
	json->place[++json->depth] = (unsigned char)inside;
	put(json, &bracket, 1);
}

static void bracket_close(struct tw_json *json, char bracket, enum place first, enum place later)
{
	bool fits = json->depth && (json->place[json->depth] == first || json->place[json->depth] == later);
	json->failed = json->failed || !fits;
	json->depth -= fits;
	put(json, &bracket, 1);
}

void tw_json_begin(struct tw_json *json, struct tw_arena *arena)
{
	*json = (struct tw_json){.arena = arena};
}

enum tw_code tw_json_end(struct tw_json *json, struct tw_slice *out, struct tw_error *err)
{
	if (json->failed || !room_make(json, 0)) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to write a record", NULL, "%zu bytes written", json->length);
	}
	json->bytes[json->length] = '\0';
	*out = (struct tw_slice){json->bytes, (uint32_t)json->length};
	return TW_OK;
}

void tw_json_object(struct tw_json *json)
{
	bracket_open(json, '{', FIRST_NAME);
}

void tw_json_object_end(struct tw_json *json)
{
	bracket_close(json, '}', FIRST_NAME, NAME);
}

void tw_json_array(struct tw_json *json)
{
	bracket_open(json, '[', FIRST_ELEMENT);
}

void tw_json_array_end(struct tw_json *json)
{
	bracket_close(json, ']', FIRST_ELEMENT, ELEMENT);
}

/* Each ill-formed byte becomes U+FFFD, three bytes. */
static struct tw_slice repaired(struct tw_arena *arena, struct tw_slice text)
{
	char *out = tw_arena_alloc_raw(arena, (size_t)text.len * 3 + 1);
	uint32_t length = 0, bad = 0;
	if (!out || text.len > UINT32_MAX / 3 - 1) {
		return (struct tw_slice){NULL, 0};
	}
	while (!tw_utf8_valid(text, &bad)) {
		memcpy(out + length, text.ptr, bad);
		memcpy(out + length + bad, "\xEF\xBF\xBD", 3);
		length += bad + 3;
		text = (struct tw_slice){text.ptr + bad + 1, text.len - bad - 1};
	}
	memcpy(out + length, text.ptr, text.len);
	return (struct tw_slice){out, length + text.len};
}

/* The byte as JSON writes it inside a string. @param out room for ESCAPED_BYTES @return how many; 0: as it is */
static uint32_t escape(unsigned char c, char *out)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	char letter = c == '"' || c == '\\' ? (char)c : c < sizeof(letters) ? letters[c] : '\0';
	out[0] = '\\';
	if (letter) {
		out[1] = letter;
		return 2;
	}
	if (c >= 0x20) {
		return 0;
	}
	memcpy(out + 1, "u00", 3);
	out[4] = hex[c >> 4];
	out[5] = hex[c & 15];
	return ESCAPED_BYTES;
}

#define EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Whether one of eight bytes is below 0x20, a quote or a backslash: the high bit of a byte shows what borrowed from it. */
static bool has_escaped(uint64_t word)
{
	uint64_t quote = word ^ EACH_BYTE('"'), backslash = word ^ EACH_BYTE('\\');
	uint64_t low = (word - EACH_BYTE(0x20)) & ~word;
	uint64_t met = ((quote - EACH_BYTE(1)) & ~quote) | ((backslash - EACH_BYTE(1)) & ~backslash) | low;
	return (met & EACH_BYTE(0x80)) != 0;
}

/* The same of the less than eight bytes behind `at`: in one word with what stands before them, or of two halves that may overlap. */
static bool tail_is_plain(struct tw_slice text, uint32_t at, uint64_t wide)
{
	uint32_t left = text.len - at, low, high;
	uint64_t word;
	if (text.len >= sizeof(word)) {
		memcpy(&word, text.ptr + text.len - sizeof(word), sizeof(word));
	} else if (left >= sizeof(low)) {
		memcpy(&low, text.ptr + at, sizeof(low));
		memcpy(&high, text.ptr + text.len - sizeof(high), sizeof(high));
		word = (uint64_t)high << 32 | low;
	} else {
		return left == 0;
	}
	return !(word & wide) && !has_escaped(word);
}

/* The first byte from `at` on that is not written as it is, or is not ASCII and not seen to be well-formed. */
static uint32_t plain_end(struct tw_slice text, uint32_t at, bool checked)
{
	uint64_t word, wide = checked ? 0 : EACH_BYTE(0x80);
	for (; text.len - at >= sizeof(word); at += (uint32_t)sizeof(word)) {
		memcpy(&word, text.ptr + at, sizeof(word));
		if ((word & wide) || has_escaped(word)) {
			break;
		}
	}
	if (text.len - at < sizeof(word) && tail_is_plain(text, at, wide)) {
		return text.len;
	}
	for (; at < text.len; at++) {
		unsigned char c = (unsigned char)text.ptr[at];
		if (c < 0x20 || c == '"' || c == '\\' || (c >= 0x80 && !checked)) {
			break;
		}
	}
	return at;
}

static void text_put(struct tw_json *json, struct tw_slice text)
{
	bool checked = false;
	uint32_t from = 0;
	while (!json->failed) {
		uint32_t at = plain_end(text, from, checked);
		if (at < text.len && (unsigned char)text.ptr[at] >= 0x80) {
			text = (struct tw_slice){text.ptr + from, text.len - from};
			text = tw_utf8_valid(text, NULL) ? text : repaired(json->arena, text);
			json->failed = !text.ptr;
			checked = true;
			from = 0;
			continue;
		}
		put(json, text.ptr + from, at - from);
		if (at == text.len) {
			return;
		}
		char escaped[ESCAPED_BYTES];
		put(json, escaped, escape((unsigned char)text.ptr[at], escaped));
		from = at + 1;
	}
}

void tw_json_text(struct tw_json *json, struct tw_slice text)
{
	if (separate(json, true, (size_t)text.len + 2)) { /* mostly all that it takes */
		json->bytes[json->length++] = '"';
		text_put(json, text);
		put(json, "\"", 1);
	}
}

void tw_json_name(struct tw_json *json, struct tw_slice name)
{
	unsigned char *place = &json->place[json->depth];
	if (!is_name((enum place) * place)) {
		tw_json_text(json, name);
		return;
	}
	if (separate(json, true, (size_t)name.len + 3)) {
		char *at = json->bytes + json->length;
		at[0] = '"';
		memcpy(at + 1, name.ptr, name.len);
		at[name.len + 1] = '"';
		at[name.len + 2] = ':';
		json->length += (size_t)name.len + 3;
		*place = VALUE_AT_ONCE;
	}
}

void tw_json_raw(struct tw_json *json, struct tw_slice value)
{
	if (separate(json, false, value.len)) {
		put(json, value.ptr, value.len);
	}
}

void tw_json_integer(struct tw_json *json, int64_t number)
{
	char digits[TW_DIGITS_SIGNED_MAX];
	tw_json_raw(json, (struct tw_slice){digits, tw_digits_signed(digits, number)});
}

void tw_json_amount(struct tw_json *json, int64_t e4)
{
	char digits[TW_DIGITS_AMOUNT_MAX];
	tw_json_raw(json, (struct tw_slice){digits, tw_digits_amount(digits, e4)});
}

void tw_json_flag(struct tw_json *json, bool flag)
{
	tw_json_raw(json, flag ? (struct tw_slice){"true", 4} : (struct tw_slice){"false", 5});
}

struct tw_slice tw_json_cut(struct tw_slice text, uint32_t bytes)
{
	if (text.len <= bytes) {
		return text;
	}
	/* a character has at most three continuation bytes: ill-formed text is cut where it was asked for */
	uint32_t end = bytes;
	while (end > 0 && bytes - end < 3 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
		end--;
	}
	bool inside = ((unsigned char)text.ptr[end] & 0xC0) == 0x80;
	return (struct tw_slice){text.ptr, inside ? bytes : end};
}
