/**
 * @file address_key.c
 * Which numbers and words of an address go into its keys; see address_key.h.
 */
#include "feeds/address_key.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "feeds/address.h"
#include "feeds/name.h"

#define HOUSE_DIGITS 4U /* a number with more is a postcode, or a telephone's: a whole quarter has it */
#define ASKED_WORDS  6U

/* Numbers of houses before other ones, those by length, and long words before short ones; each once, equal ones in their order. */
struct marks {
	struct tw_slice number[TW_NAME_TOKENS_MAX], word[TW_NAME_TOKENS_MAX];
	uint32_t number_count, houses, word_count;
	uint32_t outside; /* words that are not of the town */
};

struct reading {
	struct tw_name_tokens tokens, town;
	bool with_town; /* its words are marks too */
	struct marks marks;
};

/* Behind these a number tells where in a house: many houses have it. */
static bool tells_part(struct tw_slice before)
{
	static const char *const parts[] = {"apartment", "block", "fax", "floor", "level", "office", "room", "shop", "suite", "tel", "unit"};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (tw_slice_is(before, parts[i])) {
			return true;
		}
	}
	return false;
}

/* By length, the longest first, behind the first `from`; none twice. */
static bool insert(struct tw_slice *texts, uint32_t *count, uint32_t from, struct tw_slice text)
{
	for (uint32_t i = 0; i < *count; i++) {
		if (tw_slice_equal(texts[i], text)) {
			return false;
		}
	}
	uint32_t at = (*count)++;
	for (; at > from && texts[at - 1].len < text.len; at--) {
		texts[at] = texts[at - 1];
	}
	texts[at] = text;
	return true;
}

static void mark_number(struct marks *marks, struct tw_slice number, struct tw_slice before)
{
	if (number.len > HOUSE_DIGITS || tells_part(before)) {
		(void)insert(marks->number, &marks->number_count, marks->houses, number);
	} else if (insert(marks->number, &marks->number_count, marks->number_count, number)) {
		for (uint32_t at = marks->number_count - 1; at > marks->houses; at--) {
			marks->number[at] = marks->number[at - 1];
		}
		marks->number[marks->houses++] = number;
	}
}

static bool in_town(const struct reading *reading, struct tw_slice text)
{
	for (uint32_t i = 0; i < reading->town.count; i++) {
		if (tw_slice_equal(reading->town.token[i].text, text)) {
			return true;
		}
	}
	return false;
}

static void mark_all(struct reading *reading)
{
	struct marks *marks = &reading->marks;
	struct tw_slice before = {"", 0};
	for (uint32_t i = 0; i < reading->tokens.count; i++) {
		struct tw_slice word = reading->tokens.token[i].text;
		bool of_town = in_town(reading, word);
		enum tw_address_word kind = tw_address_word(&word);
		if (kind == TW_ADDRESS_NUMBER && !tw_slice_is(before, "box")) {
			mark_number(marks, word, before);
		} else if (kind == TW_ADDRESS_PLACE && (!of_town || reading->with_town)) {
			marks->outside += insert(marks->word, &marks->word_count, 0, word) && !of_town;
		}
		before = tw_slice_is(word, "no") || tw_slice_is(word, "number") ? before : word; /* "P.O. Box No. 12" */
	}
}

/* Is there more than a town, a postcode, a number in a house? */
static bool says_enough(const struct reading *reading)
{
	const struct marks *marks = &reading->marks;
	uint32_t least = (reading->town.count ? 1U : 2U) + (marks->houses ? 0U : 1U);
	return marks->number_count && marks->outside >= least;
}

/* @return false: no memory */
static bool read_marks(struct tw_slice text, struct tw_slice town, bool with_town, struct tw_arena *arena, struct reading *out)
{
	out->with_town = with_town;
	out->marks.number_count = out->marks.houses = out->marks.word_count = out->marks.outside = 0;
	if (!tw_name_split(text, arena, &out->tokens) || !tw_name_split(town, arena, &out->town)) {
		return false;
	}
	mark_all(out);
	return true;
}

/* "17 quay" */
static bool make_key(struct tw_slice number, struct tw_slice word, struct tw_arena *arena, struct tw_slice *out)
{
	char *key = tw_arena_alloc_raw(arena, (size_t)number.len + 1 + word.len);
	if (!key) {
		return false;
	}
	memcpy(key, number.ptr, number.len);
	key[number.len] = ' ';
	memcpy(key + number.len + 1, word.ptr, word.len);
	*out = (struct tw_slice){key, number.len + 1 + word.len};
	return true;
}

bool tw_address_key(struct tw_slice text, struct tw_slice town, struct tw_arena *arena, struct tw_slice *out)
{
	struct reading reading;
	*out = (struct tw_slice){"", 0};
	if (!read_marks(text, town, false, arena, &reading)) {
		return false;
	}
	return !says_enough(&reading) || make_key(reading.marks.number[0], reading.marks.word[0], arena, out);
}

bool tw_address_keys(struct tw_slice text, struct tw_slice town, struct tw_arena *arena, struct tw_address_keys *out)
{
	struct reading reading;
	out->count = 0;
	if (!read_marks(text, town, true, arena, &reading)) {
		return false;
	}
	const struct marks *marks = &reading.marks;
	uint32_t words = marks->word_count < ASKED_WORDS ? marks->word_count : ASKED_WORDS;
	uint32_t most = words ? TW_ADDRESS_KEYS_MAX / words : 0, numbers = marks->number_count < most ? marks->number_count : most;
	bool fits = true;
	for (uint32_t i = 0; fits && says_enough(&reading) && i < numbers * words; i++) {
		fits = make_key(marks->number[i / words], marks->word[i % words], arena, &out->key[out->count]);
		out->count += fits;
	}
	return fits;
}
