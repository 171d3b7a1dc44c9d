/**
 * @file spelling.c
 * Plurals and missing gaps; see words.h.
 *
 * A listed word gives its plurals, never its singular: "arms" must not stand for an arm. Which endings: -s; -es after a consonant
 * (boxes, cañones); -ies for -y, -ves for -f and -fe, -eaux for -eau. A wrong plural costs a table entry and is written by nobody.
 */
#include "rules/spelling.h"

#include <string.h>

#include "rules/words.h"

#define FORMS    4U /* the word, and three ways of making a plural */
#define GAPS_MAX 3U /* phrases with more gaps are written with all or none of them */

enum where { NOWHERE, LAST, FIRST, EVERYWHERE, WHERES };

static bool ends(struct tw_slice word, const char *with)
{
	size_t length = strlen(with);
	return word.len > length && memcmp(word.ptr + word.len - length, with, length) == 0;
}

/* @return how many letters go, and what comes; NULL where the word has no such plural */
static const char *plural(struct tw_slice word, uint32_t form, uint32_t *drop)
{
	unsigned char last = (unsigned char)word.ptr[word.len - 1];
	bool vowel = strchr("aeiou", last) != NULL;
	*drop = 0;
	if (last >= 0x80) {
		return NULL;
	}
	if (form == 1) {
		return "s";
	}
	if (form == 2) {
		return vowel ? NULL : "es";
	}
	*drop = ends(word, "fe") ? 2 : 1;
	if (ends(word, "eau")) {
		*drop = 0;
		return "x";
	}
	return last == 'y' ? "ies" : ends(word, "f") || ends(word, "fe") ? "ves" : NULL;
}

static struct tw_slice word_of(const struct tw_plain *phrase, uint32_t at)
{
	return (struct tw_slice){phrase->text + phrase->word[at].from, phrase->word[at].to - phrase->word[at].from};
}

static bool is_plural(const struct tw_plain *phrase, uint32_t at, enum where where, bool stem)
{
	bool last = at + 1 == phrase->count;
	return !(stem && last) && ((where == LAST && last) || (where == FIRST && at == 0) || where == EVERYWHERE);
}

/* @return false where there is no room for it and one byte more */
static bool append(char *out, uint32_t *length, const char *text, size_t size)
{
	if (size >= TW_SPELLING_BYTES_MAX - *length) {
		return false;
	}
	memcpy(out + *length, text, size);
	*length += (uint32_t)size;
	return true;
}

/* One spelling. @param gaps bit i: the gap behind word i stays @return false when the words have no such plural or there is no room */
static bool spell(const struct tw_plain *phrase, enum where where, uint32_t form, uint32_t gaps, bool stem, char *out, uint32_t *length)
{
	*length = 0;
	for (uint32_t i = 0; i < phrase->count; i++) {
		struct tw_slice word = word_of(phrase, i);
		uint32_t drop = 0;
		const char *ending = is_plural(phrase, i, where, stem) ? plural(word, form, &drop) : "";
		if (!ending && where != EVERYWHERE) {
			return false;
		}
		bool gap = i + 1 < phrase->count && (gaps >> i & 1);
		word.len -= ending ? drop : 0;
		if (!append(out, length, word.ptr, word.len) || (ending && !append(out, length, ending, strlen(ending))) ||
		    (gap && !append(out, length, " ", 1))) {
			return false;
		}
	}
	return true;
}

/* An ideograph is a word to itself on both sides: there is no gap to leave out. */
static bool may_join(const struct tw_plain *phrase)
{
	for (uint32_t i = 0; i < phrase->count; i++) {
		if (tw_plain_is_ideograph(word_of(phrase, i))) {
			return false;
		}
	}
	return true;
}

bool tw_spellings(const struct tw_plain *phrase, bool stem, tw_spelling_take take, void *context)
{
	char room[TW_SPELLING_BYTES_MAX];
	uint32_t gaps = phrase->count - 1, all = (1U << gaps) - 1, length;
	bool join = may_join(phrase);
	if (!spell(phrase, NOWHERE, 0, all, stem, room, &length)) {
		return false;
	}
	for (uint32_t mask = 0; mask <= all; mask++) {
		if (mask != all && (!join || (gaps > GAPS_MAX && mask != 0))) {
			continue;
		}
		for (enum where where = NOWHERE; where < WHERES; where++) {
			for (uint32_t form = where == NOWHERE ? 0 : 1; form < (where == NOWHERE ? 1 : FORMS); form++) {
				if (spell(phrase, where, form, mask, stem, room, &length) && !take(context, (struct tw_slice){room, length})) {
					return false;
				}
			}
		}
	}
	return true;
}
