/**
 * @file envelope.c
 * The scanner behind envelope.h: a cursor over one line, a flat step over values, escapes undone where they stand.
 * Invariant: the cursor never passes `end`; nothing is written before the whole line has been accepted.
 */
#include "engine/io/envelope.h"

enum member { MEMBER_TOPIC, MEMBER_KEY, MEMBER_VALUE, MEMBER_PARTITION, MEMBER_OFFSET, MEMBER_HEADERS, MEMBERS };
enum header { HEADER_ID, HEADER_TYPE, HEADER_TIME, HEADER_SOURCE, HEADERS };

/* A string as it stands in the line, quotes excluded. */
struct raw_text {
	char *from;
	uint32_t length;
	bool escaped;
	bool stated;
};

struct scanner {
	char *at;
	char *end;
	const char *refused;
	struct raw_text topic, key, headers[HEADERS];
	unsigned members_seen, headers_seen;
};

static const char TOO_EARLY[] = "the line ends inside its envelope";
static const char BAD_ESCAPE[] = "the envelope has a broken escape";

static bool refuse(struct scanner *s, const char *why)
{
	s->refused = s->refused ? s->refused : why;
	return false;
}

static void blanks_skip(struct scanner *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n')) {
		s->at++;
	}
}

/* Past blanks, and past `expected` when that is what stands there. */
static bool accept(struct scanner *s, char expected)
{
	blanks_skip(s);
	if (s->at < s->end && *s->at == expected) {
		s->at++;
		return true;
	}
	return false;
}

static bool word_accept(struct scanner *s, const char *word, size_t length)
{
	if ((size_t)(s->end - s->at) >= length && memcmp(s->at, word, length) == 0) {
		s->at += length;
		return true;
	}
	return false;
}

/* The cursor stands after the opening quote; leaves it after the closing one. */
static bool text_rest(struct scanner *s, struct raw_text *out)
{
	*out = (struct raw_text){.from = s->at, .stated = true};
	for (;;) {
		while (s->at < s->end && *s->at != '"' && *s->at != '\\') {
			s->at++;
		}
		if (s->at >= s->end) {
			return refuse(s, TOO_EARLY);
		}
		if (*s->at == '"') {
			out->length = (uint32_t)(s->at - out->from);
			s->at++;
			return true;
		}
		out->escaped = true;
		s->at += s->end - s->at >= 2 ? 2 : 1;
	}
}

static bool text_read(struct scanner *s, struct raw_text *out, const char *otherwise)
{
	if (accept(s, '"')) {
		return text_rest(s, out);
	}
	blanks_skip(s);
	return refuse(s, s->at < s->end ? otherwise : TOO_EARLY);
}

/* As text_read, but null leaves `out` not stated. */
static bool text_or_null(struct scanner *s, struct raw_text *out, const char *otherwise)
{
	blanks_skip(s);
	return word_accept(s, "null", 4) || text_read(s, out, otherwise);
}

/* Object, array: to the bracket that closes the first. Which bracket closes which is the decoder's question. */
static bool nested_skip(struct scanner *s)
{
	static const unsigned char interesting[256] = {['"'] = 1, ['{'] = 1, ['['] = 1, ['}'] = 1, [']'] = 1};
	uint32_t depth = 0;
	struct raw_text ignored;
	do {
		while (s->at < s->end && !interesting[(unsigned char)*s->at]) {
			s->at++;
		}
		if (s->at >= s->end) {
			return refuse(s, TOO_EARLY);
		}
		char c = *s->at++;
		if (c == '"') {
			if (!text_rest(s, &ignored)) {
				return false;
			}
		} else if (c == '{' || c == '[') {
			depth++;
		} else {
			depth--;
		}
	} while (depth);
	return true;
}

static bool value_skip(struct scanner *s, struct tw_slice *out)
{
	struct raw_text ignored;
	blanks_skip(s);
	char *from = s->at;
	if (from >= s->end) {
		return refuse(s, TOO_EARLY);
	}
	if (*from == '{' || *from == '[') {
		if (!nested_skip(s)) {
			return false;
		}
	} else if (*from == '"') {
		s->at++;
		if (!text_rest(s, &ignored)) {
			return false;
		}
	} else {
		while (s->at < s->end && !strchr(",}] \t\r\n", *s->at)) {
			s->at++;
		}
		if (s->at == from) {
			return refuse(s, "the envelope is no JSON: a value is missing");
		}
	}
	*out = (struct tw_slice){from, (uint32_t)(s->at - from)};
	return true;
}

static bool number_read(struct scanner *s, int64_t most, int64_t *out, const char *otherwise)
{
	int64_t value = 0;
	blanks_skip(s);
	if (word_accept(s, "null", 4)) {
		return true;
	}
	char *from = s->at;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9' && s->at - from < 19) {
		value = value <= (INT64_MAX - 9) / 10 ? value * 10 + (*s->at - '0') : INT64_MAX;
		s->at++;
	}
	if (s->at == from || value > most || (s->at < s->end && !strchr(",} \t\r\n", *s->at))) {
		return refuse(s, otherwise);
	}
	*out = value;
	return true;
}

/* "name": with its colon; `at` is the index in `names`, or `count` when it is none of them. Refuses one that is stated twice. */
static bool name_read(struct scanner *s, const char *const *names, unsigned count, unsigned *seen, unsigned *at)
{
	struct raw_text name = {NULL, 0, false, false};
	if (!text_read(s, &name, "the envelope is no JSON: a member's name is missing")) {
		return false;
	}
	for (*at = 0; *at < count; (*at)++) {
		if (tw_slice_is((struct tw_slice){name.from, name.length}, names[*at])) {
			break;
		}
	}
	if (*at < count && (*seen & 1U << *at)) {
		return refuse(s, "the envelope states a member twice");
	}
	*seen |= *at < count ? 1U << *at : 0;
	return accept(s, ':') || refuse(s, s->at < s->end ? "the envelope is no JSON: a colon is missing" : TOO_EARLY);
}

/* After a member: on, or the object's end. */
static bool member_next(struct scanner *s, bool *more)
{
	*more = accept(s, ',');
	return *more || accept(s, '}') || refuse(s, s->at < s->end ? "the envelope is no JSON: a comma or brace is missing" : TOO_EARLY);
}

static bool headers_read(struct scanner *s)
{
	static const char *const names[] = {"ce_id", "ce_type", "ce_time", "ce_source"};
	bool more = true;
	blanks_skip(s);
	if (word_accept(s, "null", 4)) {
		return true;
	}
	if (!accept(s, '{')) {
		return refuse(s, s->at < s->end ? "headers is no object" : TOO_EARLY);
	}
	if (accept(s, '}')) {
		return true;
	}
	while (more) {
		unsigned at;
		struct tw_slice ignored;
		if (!name_read(s, names, HEADERS, &s->headers_seen, &at)) {
			return false;
		}
		if (!(at < HEADERS ? text_or_null(s, &s->headers[at], "a ce_ header is no string") : value_skip(s, &ignored))) {
			return false;
		}
		if (!member_next(s, &more)) {
			return false;
		}
	}
	return true;
}

static bool member_read(struct scanner *s, struct tw_line_envelope *out)
{
	static const char *const names[] = {"topic", "key", "value", "partition", "offset", "headers"};
	unsigned at;
	struct tw_slice ignored;
	if (!name_read(s, names, MEMBERS, &s->members_seen, &at)) {
		return false;
	}
	switch (at) {
	case MEMBER_TOPIC:
		return text_read(s, &s->topic, "topic is no string");
	case MEMBER_KEY:
		return text_or_null(s, &s->key, "key is no string");
	case MEMBER_VALUE:
		return value_skip(s, &out->value);
	case MEMBER_PARTITION:
		return number_read(s, INT32_MAX, &out->partition, "partition is no whole number of 31 bits");
	case MEMBER_OFFSET:
		return number_read(s, INT64_MAX - 1, &out->offset, "offset is no whole number of 63 bits");
	case MEMBER_HEADERS:
		return headers_read(s);
	default:
		return value_skip(s, &ignored);
	}
}

static bool line_read(struct scanner *s, struct tw_line_envelope *out)
{
	bool more = true;
	if (!accept(s, '{')) {
		return refuse(s, "the line is no JSON object");
	}
	if (accept(s, '}')) {
		more = false;
	}
	while (more) {
		if (!member_read(s, out) || !member_next(s, &more)) {
			return false;
		}
	}
	blanks_skip(s);
	if (s->at < s->end) {
		return refuse(s, "bytes follow the envelope");
	}
	if (!s->topic.stated || s->topic.escaped || s->topic.length == 0) {
		return refuse(s, s->topic.escaped ? "topic has an escape" : "the envelope has no topic");
	}
	return out->value.ptr || refuse(s, "the envelope has no value");
}

/* Four hex digits, or -1. */
static int32_t hex4(const char *at, const char *end)
{
	int32_t value = 0;
	if (end - at < 4) {
		return -1;
	}
	for (int i = 0; i < 4; i++) {
		char c = at[i];
		int32_t digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
		if (digit < 0) {
			return -1;
		}
		value = value * 16 + digit;
	}
	return value;
}

/* One \uXXXX, or a surrogate pair of them; `at` stands after the u. @return the code point, -1 when it is none */
static int32_t code_point(const char **at, const char *end)
{
	int32_t high = hex4(*at, end);
	if (high < 0 || (high >= 0xDC00 && high <= 0xDFFF)) {
		return -1;
	}
	*at += 4;
	if (high < 0xD800 || high > 0xDBFF) {
		return high;
	}
	int32_t low = end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' ? hex4(*at + 2, end) : -1;
	if (low < 0xDC00 || low > 0xDFFF) {
		return -1;
	}
	*at += 6;
	return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* At most 4 bytes, fewer than the escape took. */
static uint32_t utf8_put(char *out, int32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	uint32_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (uint32_t i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	out[0] = (char)((0xF00 >> length & 0xFF) | code);
	return length;
}

/* Undoes escapes from `text` into `out`, which may be text.from itself, or NULL to only look. @return false for a broken escape */
static bool unescape(const struct raw_text *text, char *out, uint32_t *length)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = text->from, *end = text->from + text->length;
	char scratch[4];
	*length = 0;
	while (at && at < end) {
		char *put = out ? out + *length : scratch;
		if (*at != '\\') {
			*put = *at++;
			*length += 1;
			continue;
		}
		at++;
		const char *simple = at < end && *at ? strchr(from, *at) : NULL;
		if (simple) {
			*put = to[simple - from];
			*length += 1;
			at++;
			continue;
		}
		if (at >= end || *at != 'u') {
			return false;
		}
		at++;
		int32_t code = code_point(&at, end);
		if (code < 0) {
			return false;
		}
		*length += utf8_put(put, code);
	}
	return true;
}

static struct tw_slice text_take(const struct raw_text *text)
{
	uint32_t length = text->length;
	if (text->escaped && !unescape(text, text->from, &length)) {
		length = 0;
	}
	return (struct tw_slice){text->from, length};
}

/* Escapes are undone in place, through the pointers that the scanner made of it. NOLINTNEXTLINE(readability-non-const-parameter) */
const char *tw_envelope_split(char *line, uint32_t length, struct tw_line_envelope *out)
{
	struct scanner s = {.at = line, .end = line + length};
	struct tw_line_envelope found = {.partition = -1, .offset = -1};
	uint32_t ignored;
	if (!line_read(&s, &found)) {
		return s.refused;
	}
	bool sound = !s.key.escaped || unescape(&s.key, NULL, &ignored);
	for (int i = 0; i < HEADERS; i++) {
		sound = sound && (!s.headers[i].escaped || unescape(&s.headers[i], NULL, &ignored));
	}
	if (!sound) {
		return BAD_ESCAPE;
	}
	found.topic = (struct tw_slice){s.topic.from, s.topic.length};
	found.key = text_take(&s.key);
	found.ce_id = text_take(&s.headers[HEADER_ID]);
	found.ce_type = text_take(&s.headers[HEADER_TYPE]);
	found.ce_time = text_take(&s.headers[HEADER_TIME]);
	found.ce_source = text_take(&s.headers[HEADER_SOURCE]);
	*out = found;
	return NULL;
}
