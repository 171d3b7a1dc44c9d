/**
 * @file tokens.c
 * An event's text, token by token, where nothing is odd about it: yajl looks at every byte through a function, and that was a quarter of all that an
 * event took. This reads less than yajl does, and refuses nothing: whatever it does not know at once, and whatever a callback stops at, is left to
 * yajl, from the event's first byte on (decode.c). So every refusal, its byte and its words are yajl's.
 *
 *     taken here     objects, arrays, the four blanks, numbers, true, false, null, strings, escapes of whole characters
 *     left to yajl   faults of syntax, other blanks, NUL, half a surrogate pair
 *
 * The source is UTF-8 already. Invariant: inside a callback decoder->at is the end of its token, as yajl's count is.
 * Source: RFC 8259.
 */
#include <endian.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "engine/base/arena.h"
#include "engine/decode/decoder.h"

#define EACH UINT64_C(0x0101010101010101)
#define HIGH (EACH << 7)

static uint32_t blanks_pass(const struct tw_decoder *decoder, uint32_t at)
{
	const char *text = decoder->source.ptr;
	while (at < decoder->source.len && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
		at++;
	}
	return at;
}

/* What stands there, behind blanks; NUL where the source ends. Most events are written without any. */
static inline char next_token(struct tw_decoder *decoder, uint32_t at)
{
	if (at < decoder->source.len && (unsigned char)decoder->source.ptr[at] > ' ') {
		decoder->at = at;
		return decoder->source.ptr[at];
	}
	decoder->at = blanks_pass(decoder, at);
	return decoder->at < decoder->source.len ? decoder->source.ptr[decoder->at] : '\0';
}

/* A mark in every byte that is nought; above the lowest one perhaps in others as well. */
static inline uint64_t noughts(uint64_t word)
{
	return (word - EACH) & ~word & HIGH;
}

#ifdef __SSE2__
#define STEP 16U
/* A bit for every byte that is a quote, a backslash or a control character. */
static inline uint32_t odd_bytes(const char *at)
{
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at), control = _mm_set1_epi8(' ' - 1);
	const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), escape = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
	return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, escape), _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes)));
}
#endif

/* As plain_end, of what stands in the source's last bytes, or where there is no SSE2. */
static uint32_t plain_end_by_words(const struct tw_decoder *decoder, uint32_t at)
{
	const char *text = decoder->source.ptr;
	const uint32_t len = decoder->source.len;
	for (; at + sizeof(uint64_t) <= len; at += (uint32_t)sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, text + at, sizeof(word));
		word = le64toh(word);
		uint64_t marks = noughts(word ^ EACH * '"') | noughts(word ^ EACH * '\\') | ((word - EACH * ' ') & ~word & HIGH);
		if (marks) {
			return at + (uint32_t)__builtin_ctzll(marks) / 8;
		}
	}
	while (at < len && text[at] != '"' && text[at] != '\\' && (unsigned char)text[at] >= ' ') {
		at++;
	}
	return at;
}

/* @return where the next quote, backslash or control character stands; the source's length when there is none */
static inline uint32_t plain_end(const struct tw_decoder *decoder, uint32_t at)
{
#ifdef __SSE2__
	for (; at + STEP <= decoder->source.len; at += STEP) {
		uint32_t odd = odd_bytes(decoder->source.ptr + at);
		if (odd) {
			return at + (uint32_t)__builtin_ctz(odd);
		}
	}
#endif
	return plain_end_by_words(decoder, at);
}

/* ---- escapes ---- */

/* @return false where they are not four hexadecimal digits */
static bool unit_read(const char *at, const char *end, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++) {
		uint32_t c = at + i < end ? (unsigned char)at[i] : 0, letter = (c | 0x20) - 'a';
		if (c - '0' > 9 && letter > 5) {
			return false;
		}
		*unit = *unit << 4 | (c - '0' <= 9 ? c - '0' : letter + 10);
	}
	return true;
}

/* @param at behind the "\u"; moves on @return 0 where yajl has to see it */
static uint32_t code_read(const char **at, const char *end)
{
	uint32_t unit, low;
	if (!unit_read(*at, end, &unit)) {
		return 0;
	}
	*at += 4;
	if (unit >> 11 != 0x1B) { /* no half of a pair */
		return unit;
	}
	bool pair = unit >> 10 == 0x36 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' && unit_read(*at + 2, end, &low) && low >> 10 == 0x37;
	*at += pair ? 6 : 0;
	return pair ? 0x10000U + ((unit & 0x3FFU) << 10) + (low & 0x3FFU) : 0;
}

static char *code_put(char *to, uint32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	uint32_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
	*to++ = (char)(lead[more] | code >> 6 * more);
	while (more--) {
		*to++ = (char)(0x80U | (code >> 6 * more & 0x3FU));
	}
	return to;
}

/* @param at behind the backslash; moves on @return NULL where yajl has to see it */
static char *escape_put(char *to, const char **at, const char *end)
{
	static const char letters[] = "\"\\/bfnrt", stand_for[] = "\"\\/\b\f\n\r\t";
	char letter = *at < end ? *(*at)++ : '\0';
	const char *found = letter ? strchr(letters, letter) : NULL;
	if (found) {
		*to = stand_for[found - letters];
		return to + 1;
	}
	uint32_t code = letter == 'u' ? code_read(at, end) : 0;
	return code ? code_put(to, code) : NULL;
}

/* @param to the closing quote; what is written is never longer than what stands there @return its length; UINT32_MAX: left to yajl */
static uint32_t unescape(const struct tw_decoder *decoder, uint32_t from, uint32_t to, char *out)
{
	const char *at = decoder->source.ptr + from, *end = decoder->source.ptr + to;
	char *put = out;
	while (put && at < end) {
		if (*at != '\\') {
			*put++ = *at++;
			continue;
		}
		at++;
		put = escape_put(put, &at, end);
	}
	return put ? (uint32_t)(put - out) : UINT32_MAX;
}

/* ---- tokens ---- */

typedef int text_taker(void *context, const unsigned char *bytes, size_t size);

/* @param first its first backslash */
static bool escaped_read(struct tw_decoder *decoder, uint32_t from, uint32_t first, text_taker *take)
{
	uint32_t end = first;
	while (end < decoder->source.len && decoder->source.ptr[end] == '\\') {
		end = plain_end(decoder, end + 2);
	}
	if (end >= decoder->source.len || decoder->source.ptr[end] != '"') {
		return false;
	}
	char *text = tw_arena_alloc_raw(decoder->arena, end - from);
	uint32_t length = text ? unescape(decoder, from, end, text) : UINT32_MAX;
	decoder->at = end + 1;
	return length != UINT32_MAX && take(decoder, (const unsigned char *)text, length);
}

/* @param take a value's, or a name's */
static inline bool string_read(struct tw_decoder *decoder, text_taker *take)
{
	const char *text = decoder->source.ptr;
	uint32_t from = decoder->at + 1, end = plain_end(decoder, from);
	if (end < decoder->source.len && text[end] == '"') {
		decoder->at = end + 1;
		return take(decoder, (const unsigned char *)text + from, end - from);
	}
	return end < decoder->source.len && text[end] == '\\' && escaped_read(decoder, from, end, take);
}

/* A number or a word ends where something else begins: inside an object there is always something behind it. */
static bool ends_token(const struct tw_decoder *decoder, uint32_t at)
{
	char c = at < decoder->source.len ? decoder->source.ptr[at] : '\0';
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static uint32_t digits_pass(const struct tw_decoder *decoder, uint32_t at)
{
	while (at < decoder->source.len && (unsigned char)(decoder->source.ptr[at] - '0') <= 9) {
		at++;
	}
	return at;
}

static bool is_at(const struct tw_decoder *decoder, uint32_t at, char one, char other)
{
	return at < decoder->source.len && (decoder->source.ptr[at] == one || decoder->source.ptr[at] == other);
}

static bool number_read(struct tw_decoder *decoder)
{
	const uint32_t from = decoder->at, whole = from + is_at(decoder, from, '-', '-');
	uint32_t end = digits_pass(decoder, whole);
	bool sound = end > whole && (end == whole + 1 || decoder->source.ptr[whole] != '0');
	if (sound && is_at(decoder, end, '.', '.')) {
		uint32_t part = end + 1;
		end = digits_pass(decoder, part);
		sound = end > part;
	}
	if (sound && is_at(decoder, end, 'e', 'E')) {
		uint32_t power = end + 1 + is_at(decoder, end + 1, '+', '-');
		end = digits_pass(decoder, power);
		sound = end > power;
	}
	decoder->at = end;
	return sound && ends_token(decoder, end) && tw_decode_callbacks.yajl_number(decoder, decoder->source.ptr + from, end - from);
}

static bool word_is(struct tw_decoder *decoder, const char *word, uint32_t length)
{
	bool is = decoder->source.len - decoder->at >= length && memcmp(decoder->source.ptr + decoder->at, word, length) == 0;
	decoder->at += is ? length : 0;
	return is && ends_token(decoder, decoder->at);
}

/* @param opened out: a bracket, whose content comes next */
static bool value_read(struct tw_decoder *decoder, char first, bool *opened)
{
	const yajl_callbacks *take = &tw_decode_callbacks;
	*opened = first == '{' || first == '[';
	switch (first) {
	case '"':
		return string_read(decoder, take->yajl_string);
	case '{':
		decoder->at++;
		return take->yajl_start_map(decoder);
	case '[':
		decoder->at++;
		return take->yajl_start_array(decoder);
	case 't':
		return word_is(decoder, "true", 4) && take->yajl_boolean(decoder, 1);
	case 'f':
		return word_is(decoder, "false", 5) && take->yajl_boolean(decoder, 0);
	case 'n':
		return word_is(decoder, "null", 4) && take->yajl_null(decoder);
	default:
		return number_read(decoder);
	}
}

static bool name_read(struct tw_decoder *decoder, char first)
{
	return first == '"' && string_read(decoder, tw_decode_callbacks.yajl_map_key) && next_token(decoder, decoder->at) == ':';
}

bool tw_decode_tokens(struct tw_decoder *decoder)
{
	bool opened = true;
	if (next_token(decoder, 0) != '{' || !value_read(decoder, '{', &opened)) {
		return false;
	}
	while (decoder->depth) {
		bool object = decoder->top->kind == TW_FRAME_OBJECT || decoder->top->kind == TW_FRAME_SKIP_OBJECT;
		char c = next_token(decoder, decoder->at);
		if (c == (object ? '}' : ']')) {
			decoder->at++;
			if (!(object ? tw_decode_callbacks.yajl_end_map(decoder) : tw_decode_callbacks.yajl_end_array(decoder))) {
				return false;
			}
			opened = false;
			continue;
		}
		if (!opened && c != ',') {
			return false;
		}
		c = opened ? c : next_token(decoder, decoder->at + 1);
		if (object && !name_read(decoder, c)) {
			return false;
		}
		c = object ? next_token(decoder, decoder->at + 1) : c;
		if (!value_read(decoder, c, &opened)) {
			return false;
		}
	}
	return decoder->closed;
}
