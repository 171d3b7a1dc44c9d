/**
 * @file list_text.c
 * The habits of list_text.h, each a few lines. Seen in: UN consolidated list 2020 and 2026, OFAC SDN 2019 and 2024.
 */
#include "feeds/list_text.h"

#include <strings.h>

#include "engine/base/arena.h"
#include "feeds/lists.h"

#define BRACKET_DEPTH_MAX 4

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct tw_slice tw_list_trim(struct tw_slice text)
{
	while (text.len && is_blank(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	while (text.len && is_blank(text.ptr[text.len - 1])) {
		text.len--;
	}
	return text;
}

struct tw_slice tw_list_squeeze(struct tw_slice text, struct tw_arena *arena)
{
	text = tw_list_trim(text);
	char *out = tw_arena_alloc_raw(arena, (size_t)text.len + 1);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	uint32_t length = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		if (!is_blank(text.ptr[i])) {
			out[length++] = text.ptr[i];
		} else if (out[length - 1] != ' ') {
			out[length++] = ' ';
		}
	}
	out[length] = '\0';
	return (struct tw_slice){out, length};
}

/* Offset of `word` in `text` at or after `from`, ASCII case folded; text.len when it does not occur. */
static uint32_t find(struct tw_slice text, uint32_t from, const char *word)
{
	uint32_t length = (uint32_t)strlen(word);
	for (uint32_t i = from; i + length <= text.len; i++) {
		if (strncasecmp(text.ptr + i, word, length) == 0) {
			return i;
		}
	}
	return text.len;
}

static struct tw_slice part_of(struct tw_slice text, uint32_t from, uint32_t to)
{
	return (struct tw_slice){text.ptr + from, to - from};
}

/* Offset of the bracket that closes the one at `open`; text.len when none does. */
static uint32_t closing(struct tw_slice text, uint32_t open)
{
	uint32_t depth = 0;
	for (uint32_t i = open; i < text.len; i++) {
		depth += text.ptr[i] == '(';
		depth -= text.ptr[i] == ')';
		if (depth == 0) {
			return i;
		}
	}
	return text.len;
}

/* A letter of a script that is not Latin: lead bytes from U+0370 on, but for Latin Extended Additional and general punctuation. */
bool tw_list_is_foreign(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		unsigned char next = i + 1 < text.len ? (unsigned char)text.ptr[i + 1] : 0;
		if (c >= 0xcd && c != 0xe2 && !(c == 0xe1 && next >= 0xb8 && next <= 0xbb)) {
			return true;
		}
	}
	return false;
}

static bool holds_letters(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
			return true;
		}
	}
	return false;
}

/* A bracket holds names of its own when it lists several, or when it changes the script. */
static bool stands_apart(struct tw_slice inside, struct tw_slice before)
{
	if (inside.len == 0 || memchr(inside.ptr, ';', inside.len)) {
		return inside.len != 0;
	}
	bool other_script = tw_list_trim(before).len && holds_letters(inside) && tw_list_is_foreign(inside) != tw_list_is_foreign(before);
	bool word_alone = !tw_list_is_foreign(inside) && !memchr(inside.ptr, ' ', inside.len); /* "(Tigrinya)" names the script */
	return other_script && !word_alone;
}

static void add_part(struct tw_list_parts *out, struct tw_slice text)
{
	text = tw_list_trim(text);
	if (!holds_letters(text)) {
		return;
	}
	if (out->count == TW_LIST_PARTS_MAX) {
		out->overflow = true;
		return;
	}
	out->part[out->count++] = text;
}

/* Bytes of a separator between names at `at`: ";", " / ", " b) "; 0 when there is none. */
static uint32_t separator_bytes(struct tw_slice text, uint32_t at)
{
	const char *p = text.ptr + at;
	uint32_t left = text.len - at;
	if (p[0] == ';') {
		return 1;
	}
	if (left >= 3 && p[0] == ' ' && p[1] == '/' && p[2] == ' ') {
		return 3;
	}
	if (at == 0 && left >= 3 && p[0] >= 'a' && p[0] <= 'z' && p[1] == ')' && p[2] == ' ') {
		return 3;
	}
	return left >= 4 && p[0] == ' ' && p[1] >= 'a' && p[1] <= 'z' && p[2] == ')' && p[3] == ' ' ? 4 : 0;
}

/* Brackets that stand apart, kept until the text around them is cut, so that names come in the order they stand. */
struct brackets {
	struct tw_slice inside[TW_LIST_PARTS_MAX];
	uint32_t count;
};

static void cut_names(struct tw_slice text, char *outside, struct tw_list_parts *out, struct brackets *apart)
{
	uint32_t start = 0, length = 0, i = 0;
	while (i < text.len) {
		uint32_t separator = separator_bytes(text, i);
		uint32_t close = text.ptr[i] == '(' ? closing(text, i) : text.len;
		struct tw_slice inside = close < text.len ? part_of(text, i + 1, close) : (struct tw_slice){"", 0};
		if (separator) {
			add_part(out, (struct tw_slice){outside + start, length - start});
			start = length;
			i += separator;
		} else if (close < text.len && apart->count < TW_LIST_PARTS_MAX && stands_apart(inside, part_of(text, 0, i))) {
			apart->inside[apart->count++] = inside;
			i = close + 1;
		} else if (close < text.len) {
			memcpy(outside + length, text.ptr + i, close + 1 - i);
			length += close + 1 - i;
			i = close + 1;
		} else {
			outside[length++] = text.ptr[i++];
		}
	}
	add_part(out, (struct tw_slice){outside + start, length - start});
}

static bool names_in(struct tw_slice text, uint32_t depth, struct tw_arena *arena, struct tw_list_parts *out)
{
	if (text.len == 0 || tw_slice_is(tw_list_trim(text), "original script")) {
		return true;
	}
	if (find(text, 0, "original script:") == 0) {
		text = part_of(text, (uint32_t)strlen("original script:"), text.len);
	}
	char *outside = tw_arena_alloc_raw(arena, text.len);
	struct brackets *apart = tw_arena_alloc(arena, sizeof(*apart));
	if (!outside || !apart) {
		return false;
	}
	cut_names(text, outside, out, apart);
	for (uint32_t i = 0; i < apart->count && depth < BRACKET_DEPTH_MAX; i++) {
		if (!names_in(apart->inside[i], depth + 1, arena, out)) {
			return false;
		}
	}
	return true;
}

bool tw_list_names_in(struct tw_slice text, struct tw_arena *arena, struct tw_list_parts *out)
{
	out->count = 0;
	out->overflow = false;
	return names_in(part_of(text, 0, find(text, 0, ", born ")), 0, arena, out);
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static bool is_letter(char c)
{
	return upper(c) >= 'A' && upper(c) <= 'Z';
}

/* The letters of `word` occur in `text` in that order, from `at` on. */
static bool is_spelled_from(struct tw_slice word, struct tw_slice text, uint32_t at)
{
	uint32_t spelled = 0;
	for (uint32_t i = at; i < text.len && spelled < word.len; i++) {
		spelled += upper(text.ptr[i]) == word.ptr[spelled];
	}
	return spelled == word.len;
}

static bool is_abbreviation(struct tw_slice word, struct tw_slice before)
{
	if (word.len < 3 || word.len > 12) {
		return false;
	}
	for (uint32_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < 'A' || word.ptr[i] > 'Z') {
			return false;
		}
	}
	for (uint32_t i = 0; i < before.len; i++) {
		bool head = i == 0 || !is_letter(before.ptr[i - 1]);
		if (head && upper(before.ptr[i]) == word.ptr[0]) {
			return is_spelled_from(word, before, i);
		}
	}
	return false;
}

struct tw_slice tw_list_unabbreviated(struct tw_slice text, struct tw_arena *arena)
{
	const char *open = text.len ? memchr(text.ptr, '(', text.len) : NULL;
	for (uint32_t at = open ? (uint32_t)(open - text.ptr) : text.len; at < text.len; at++) {
		uint32_t close = text.ptr[at] == '(' ? closing(text, at) : text.len;
		if (close == text.len || !is_abbreviation(part_of(text, at + 1, close), part_of(text, 0, at))) {
			continue;
		}
		char *out = tw_arena_alloc_raw(arena, text.len);
		if (!out) {
			return (struct tw_slice){NULL, 0};
		}
		memcpy(out, text.ptr, at);
		out[at] = ' ';
		memcpy(out + at + 1, text.ptr + close + 1, text.len - close - 1);
		return (struct tw_slice){out, text.len - (close - at)};
	}
	return text;
}

static bool holds_digit(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9') {
			return true;
		}
	}
	return false;
}

/* Past the last of the words that introduce a number, if a digit follows it. */
static struct tw_slice after_introduction(struct tw_slice text)
{
	static const char *const words[] = {"number", "no.", "no:", ":"};
	uint32_t from = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (uint32_t at = find(text, 0, words[i]); at < text.len; at = find(text, at + 1, words[i])) {
			uint32_t end = at + (uint32_t)strlen(words[i]);
			from = end > from && holds_digit(part_of(text, end, text.len)) ? end : from;
		}
	}
	return tw_list_trim(part_of(text, from, text.len));
}

struct tw_slice tw_list_number_in(struct tw_slice text)
{
	uint32_t open = find(text, 0, "(");
	uint32_t close = open < text.len ? closing(text, open) : text.len;
	struct tw_slice number = part_of(text, 0, open);
	if (!holds_digit(number) && close < text.len) {
		number = part_of(text, close + 1, text.len);
	}
	number = after_introduction(number);
	number = tw_list_trim(part_of(number, 0, find(number, 0, ", ")));
	return holds_digit(number) ? number : (struct tw_slice){"", 0};
}

/* Whether `text` has `words` (lower case) anywhere, in any case. */
static bool says(struct tw_slice text, const char *words)
{
	size_t length = strlen(words);
	for (uint32_t from = 0; from + length <= text.len; from++) {
		uint32_t i = 0;
		while (i < length && upper(text.ptr[from + i]) == upper(words[i])) {
			i++;
		}
		if (i == length) {
			return true;
		}
	}
	return false;
}

static uint32_t measures_of(struct tw_slice part)
{
	/* Source: UK Sanctions List, "sanctions imposed" column of 2026; OFAC, BIS and EU notices use the same words */
	static const struct {
		const char *words;
		uint32_t measure;
	} known[] = {
	    {"arms embargo", TW_MEASURE_ARMS_EMBARGO},
	    {"asset freeze", TW_MEASURE_ASSET_FREEZE},
	    {"freezing of", TW_MEASURE_ASSET_FREEZE},
	    {"assets freeze", TW_MEASURE_ASSET_FREEZE},
	    {"travel ban", TW_MEASURE_TRAVEL_BAN},
	    {"export denial", TW_MEASURE_EXPORT_DENIAL},
	    {"shipping", TW_MEASURE_SHIPPING},
	    {"port entry", TW_MEASURE_SHIPPING},
	    {"de-flag", TW_MEASURE_SHIPPING},
	    {"deflag", TW_MEASURE_SHIPPING},
	    {"chartering of ships", TW_MEASURE_SHIPPING},
	    {"crew servicing", TW_MEASURE_SHIPPING},
	};
	uint32_t measures = 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		measures |= says(part, known[i].words) ? known[i].measure : 0;
	}
	return measures || tw_list_trim(part).len == 0 ? measures : TW_MEASURE_OTHER;
}

uint32_t tw_list_measures_in(struct tw_slice text)
{
	uint32_t measures = 0, from = 0;
	for (uint32_t i = 0; i <= text.len; i++) {
		if (i == text.len || text.ptr[i] == '|' || text.ptr[i] == ';') {
			measures |= measures_of((struct tw_slice){text.ptr + from, i - from});
			from = i + 1;
		}
	}
	return measures;
}

static bool is_digit(struct tw_slice text, uint32_t at)
{
	return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

struct tw_slice tw_list_imo_next(struct tw_slice text, uint32_t *at)
{
	for (uint32_t i = *at; i + 10 <= text.len; i++) {
		if (strncasecmp(text.ptr + i, "imo", 3) != 0 || (i && is_letter(text.ptr[i - 1]))) {
			continue;
		}
		uint32_t from = i + 3, digits = 0;
		while (from < text.len && from < i + 27 && !is_digit(text, from)) {
			from++;
		}
		while (is_digit(text, from + digits)) {
			digits++;
		}
		if (digits == 7) {
			*at = from + digits;
			return (struct tw_slice){text.ptr + from, digits};
		}
	}
	*at = text.len;
	return (struct tw_slice){"", 0};
}

struct tw_slice tw_list_ship_name(struct tw_slice text, struct tw_slice *imo)
{
	uint32_t at = 0, from = 0, to = 0;
	text = tw_list_trim(text);
	struct tw_slice number = text.len > 4 && memcmp(text.ptr, "IMO ", 4) == 0 ? tw_list_imo_next(text, &at) : (struct tw_slice){"", 0};
	*imo = (struct tw_slice){"", 0};
	for (uint32_t i = at; number.len && i < text.len; i++) {
		from = !from && text.ptr[i] == '"' ? i + 1 : from;
		to = text.ptr[i] == '"' ? i : to;
	}
	if (!from || to <= from) {
		return text;
	}
	*imo = number;
	return (struct tw_slice){text.ptr + from, to - from};
}
