/**
 * @file name_script_memo.c
 * One place a word, by its letters' hash; the later word takes it. See name_script_memo.h.
 */
#include "feeds/name_script_memo.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/hash.h"

#define WORDS 4096U  /* a power of two: 256 KiB a domain and thread */
#define TERMS 65536U /* 512 KiB more: what common words spell is some hundred terms each */

/* A word's letters: all else of it follows from them. */
struct letters {
	uint16_t character[TW_SCRIPT_LETTERS_MAX]; /* zeros behind the last */
};

struct known {
	struct letters letters;
	uint32_t first, count; /* in `met` */
	uint32_t generation;   /* another than the memo's: it was forgotten */
};

struct tw_script_memo {
	struct known known[WORDS];
	struct tw_script_met met[TERMS];
	uint32_t used, generation;
};

struct tw_script_memo *tw_script_memo_new(void)
{
	struct tw_script_memo *memo = calloc(1, sizeof(*memo));
	if (memo) {
		memo->generation = 1;
	}
	return memo;
}

void tw_script_memo_free(struct tw_script_memo *memo)
{
	free(memo);
}

void tw_script_memo_forget(struct tw_script_memo *memo)
{
	memo->used = 0;
	if (++memo->generation == 0) {
		memset(memo->known, 0, sizeof(memo->known));
		memo->generation = 1;
	}
}

static struct letters letters_of(const struct tw_script_word *word)
{
	struct letters letters = {{0}};
	for (uint32_t i = 0; i < word->count; i++) {
		letters.character[i] = word->letter[i].character;
	}
	return letters;
}

static uint32_t place_of(const struct letters *letters)
{
	return (uint32_t)tw_hash64(letters, sizeof(*letters), 0) & (WORDS - 1);
}

bool tw_script_memo_find(const struct tw_script_memo *memo, const struct tw_script_word *word, const struct tw_script_met **out, uint32_t *count)
{
	if (!memo) {
		return false;
	}
	struct letters letters = letters_of(word);
	const struct known *known = &memo->known[place_of(&letters)];
	if (known->generation != memo->generation || memcmp(&known->letters, &letters, sizeof(letters)) != 0) {
		return false;
	}
	*out = &memo->met[known->first];
	*count = known->count;
	return true;
}

void tw_script_memo_note(struct tw_script_memo *memo, const struct tw_script_word *word, const struct tw_script_met *met, uint32_t count)
{
	if (!memo || count > TERMS) {
		return;
	}
	if (count > TERMS - memo->used) {
		tw_script_memo_forget(memo);
	}
	struct letters letters = letters_of(word);
	memo->known[place_of(&letters)] = (struct known){letters, memo->used, count, memo->generation};
	if (count) {
		memcpy(&memo->met[memo->used], met, count * sizeof(*met));
	}
	memo->used += count;
}
