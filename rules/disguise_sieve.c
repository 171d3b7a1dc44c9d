/**
 * @file disguise_sieve.c
 * See disguise_sieve.h. A word by itself is turned away by its first and last byte and its length, then by its key. So is every run of words
 * that may have been one, short enough: which of them are joined is for disguise.c to say.
 */
#include "rules/disguise_sieve.h"

#include <string.h>

#include "engine/base/text.h"
#include "rules/disguise.h"

#define GAP_BYTES_MAX    3U /* of what stands between two words that may have been one */
#define LETTER_BYTES_MAX 4U /* of a letter by itself */

/* ---- making ---- */

/* What the byte of a key may have been in the text: see tw_disguise_key. @return how many */
static uint32_t written_as(unsigned char key, unsigned char out[4])
{
	static const char *const others[] = {"o0", "il1", "e3", "a4", "s5", "t7", "b8", "kc"};
	uint32_t count = 0;
	out[count++] = key;
	for (uint32_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		for (const char *other = others[i] + 1; (unsigned char)others[i][0] == key && *other; other++) {
			out[count++] = (unsigned char)*other;
		}
	}
	return count;
}

static void least_put(uint8_t *least, uint32_t length)
{
	if (!*least || *least > length) {
		*least = (uint8_t)length;
	}
}

void tw_disguise_sieve_make(struct tw_disguise_sieve *sieve, const struct tw_phrases *phrases)
{
	const struct tw_phrase *phrase = phrases->phrases.data;
	memset(sieve, 0, sizeof(*sieve));
	for (uint32_t i = 0; i < phrases->phrases.count; i++) {
		struct tw_slice text = phrase[i].text;
		const char *space = memchr(text.ptr, ' ', text.len);
		uint32_t length = space ? (uint32_t)(space - text.ptr) : text.len, least = length < UINT8_MAX ? length : UINT8_MAX;
		unsigned char first[4], last[4];
		uint32_t firsts = written_as((unsigned char)text.ptr[0], first), lasts = written_as((unsigned char)text.ptr[length - 1], last);
		for (uint32_t f = 0; f < firsts; f++) {
			for (uint32_t l = 0; l < lasts; l++) {
				least_put(&sieve->least[first[f]][last[l] % 32], least);
			}
			for (uint32_t l = 0; l < 32 && !space && phrase[i].stem; l++) { /* whatever the word goes on with */
				least_put(&sieve->least[first[f]][l], least);
			}
		}
	}
}

/* ---- asking ---- */

static bool ends_so(const struct tw_disguise_sieve *sieve, char first, char last, uint32_t length)
{
	uint32_t least = sieve->least[(unsigned char)first][(unsigned char)last % 32];
	return least && length >= least;
}

static bool has_digit(struct tw_slice word)
{
	for (uint32_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= '0' && word.ptr[i] <= '9') {
			return true;
		}
	}
	return false;
}

/* In a code its digits are digits. */
static bool key_begins(const struct tw_phrases *phrases, struct tw_slice word)
{
	char key[TW_DISGUISE_JOINED_MAX];
	if (word.len > sizeof(key)) {
		return true;
	}
	return tw_phrases_may_begin(phrases, (struct tw_slice){key, tw_disguise_key(word, true, key)}) ||
	       (has_digit(word) && tw_phrases_may_begin(phrases, (struct tw_slice){key, tw_disguise_key(word, false, key)}));
}

/* May this word and the next have been one? One space is between words, unless both are single letters. */
static bool is_tied(struct tw_slice text, const struct tw_plain_word *word)
{
	uint32_t from = word[0].source_to, to = word[1].source_from;
	if (to == from + 1 && text.ptr[from] == ' ') {
		return from - word[0].source_from <= LETTER_BYTES_MAX && word[1].source_to - to <= LETTER_BYTES_MAX;
	}
	return to <= from + GAP_BYTES_MAX;
}

/* Words from `first` on as one, however many. A letter that is not of ASCII may look like one of another alphabet, and be read anew beside others. */
static bool joined_passes(const struct tw_disguise_sieve *sieve, const struct tw_phrases *phrases, struct tw_slice text, const struct tw_plain *plain,
                          uint32_t first)
{
	const struct tw_plain_word *word = plain->word;
	char joined[TW_DISGUISE_JOINED_MAX];
	uint32_t bytes = 0;
	for (uint32_t at = first; at < plain->count; at++) {
		uint32_t length = word[at].to - word[at].from;
		if (bytes + length > sizeof(joined)) {
			return false;
		}
		if (!tw_text_is_ascii((struct tw_slice){text.ptr + word[at].source_from, word[at].source_to - word[at].source_from})) {
			return true;
		}
		memcpy(joined + bytes, plain->text + word[at].from, length);
		bytes += length;
		if (at > first && ends_so(sieve, joined[0], joined[bytes - 1], bytes) && key_begins(phrases, (struct tw_slice){joined, bytes})) {
			return true;
		}
		if (at + 1 == plain->count || !is_tied(text, &word[at])) {
			return false;
		}
	}
	return false;
}

bool tw_disguise_sieve_passes(const struct tw_disguise_sieve *sieve, const struct tw_phrases *phrases, struct tw_slice text,
                              const struct tw_plain *plain)
{
	const struct tw_plain_word *words = plain->word;
	for (uint32_t i = 0; i < plain->count; i++) {
		struct tw_slice word = {plain->text + words[i].from, words[i].to - words[i].from};
		if ((ends_so(sieve, word.ptr[0], word.ptr[word.len - 1], word.len) && key_begins(phrases, word)) ||
		    (i + 1 < plain->count && is_tied(text, &words[i]) && joined_passes(sieve, phrases, text, plain, i))) {
			return true;
		}
	}
	return false;
}
