/**
 * @file prefilter_pass.c
 * The pass of prefilter.h over one text: prefilter_scan.c finds what is in the table, then each is looked at. What few texts need is made when the
 * first entry asks: which keys the text has at all.
 */
#include "rules/prefilter_table.h"

#include <stdlib.h>

#define BLOOM         (1U << TW_PREFILTER_BLOOM_BITS)
#define LOOKS_LEAST   4096U
#define LOOKS_PATTERN 4U /* entries that may be looked at for each pattern there is */

/* A set of small numbers that is emptied by counting on. */
struct seen {
	uint8_t now;
	uint8_t when[BLOOM];
};

struct tw_prefilter_scratch {
	struct tw_text_words words;
	enum tw_text_scan scan;
	uint32_t *stamp; /* the pass in which a pattern became a candidate, or was found to lack something */
	uint32_t pass;
	uint32_t *candidate;
	uint32_t count;
	uint32_t looks; /* entries that may still be looked at */
	bool lost;      /* there were more */
	bool has_keys, has_grams;
	struct seen keys, grams; /* which keys of words the text has, by hash; which of four bytes */
};

/* ---- scratch ---- */

struct tw_prefilter_scratch *tw_prefilter_scratch_new(const struct tw_prefilter *prefilter)
{
	struct tw_prefilter_scratch *scratch = calloc(1, sizeof(*scratch));
	if (!scratch) {
		return NULL;
	}
	scratch->scan = tw_text_scan_best();
	scratch->stamp = calloc((size_t)prefilter->patterns + 1, sizeof(*scratch->stamp));
	scratch->candidate = calloc((size_t)prefilter->patterns + 1, sizeof(*scratch->candidate));
	if (!scratch->stamp || !scratch->candidate) {
		tw_prefilter_scratch_free(scratch);
		return NULL;
	}
	return scratch;
}

void tw_prefilter_scratch_free(struct tw_prefilter_scratch *scratch)
{
	if (scratch) {
		tw_text_words_fini(&scratch->words);
		free(scratch->stamp);
		free(scratch->candidate);
		free(scratch);
	}
}

void tw_prefilter_scratch_scan(struct tw_prefilter_scratch *scratch, enum tw_text_scan scan)
{
	scratch->scan = scan;
}

/* ---- what else a pattern needs ---- */

static void seen_empty(struct seen *seen)
{
	if (++seen->now == 0) {
		memset(seen->when, 0, sizeof(seen->when));
		seen->now = 1;
	}
}

static inline void seen_add(struct seen *seen, uint64_t key)
{
	seen->when[tw_key_mix(key) >> (64 - TW_PREFILTER_BLOOM_BITS)] = seen->now;
}

static void keys_make(struct tw_prefilter_scratch *scratch)
{
	const struct tw_text_words *words = &scratch->words;
	seen_empty(&scratch->keys);
	for (uint32_t i = 0; i < words->count; i++) {
		seen_add(&scratch->keys, tw_key_head(words->word[i]));
		seen_add(&scratch->keys, tw_key_whole(words->word[i]));
		seen_add(&scratch->keys, tw_key_begin(words->word[i]));
		seen_add(&scratch->keys, tw_key_pair(words->word[i], words->word[i + 1]));
	}
	scratch->has_keys = true;
}

static void grams_make(struct tw_prefilter_scratch *scratch)
{
	const char *from = scratch->words.plain - 1;
	seen_empty(&scratch->grams);
	for (uint32_t i = 0; i <= scratch->words.bytes; i++) {
		seen_add(&scratch->grams, tw_prefilter_window(from + i, TW_KEY_GRAM));
	}
	scratch->has_grams = true;
}

static bool has(struct tw_prefilter_scratch *scratch, uint32_t need)
{
	uint32_t place = need % BLOOM;
	if (need & TW_PREFILTER_NEED_GRAM) {
		if (!scratch->has_grams) {
			grams_make(scratch);
		}
		return scratch->grams.when[place] == scratch->grams.now;
	}
	if (!scratch->has_keys) {
		keys_make(scratch);
	}
	return scratch->keys.when[place] == scratch->keys.now;
}

/* Of each further need one key at least. */
static bool needs_met(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint32_t needs)
{
	const uint16_t *at = prefilter->places + needs;
	while (*at) {
		bool one = false;
		for (uint32_t left = *at++; left; left--, at++) {
			one = one || has(scratch, *at);
		}
		if (!one) {
			return false;
		}
	}
	return true;
}

/* ---- looking at what was hit ---- */

static void take(struct tw_prefilter_scratch *scratch, uint32_t pattern)
{
	if (scratch->stamp[pattern] != scratch->pass) {
		scratch->stamp[pattern] = scratch->pass;
		scratch->candidate[scratch->count++] = pattern;
	}
}

static void entry_met(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, const struct tw_prefilter_entry *entry)
{
	if (scratch->stamp[entry->pattern] == scratch->pass) {
		return;
	}
	if (needs_met(prefilter, scratch, entry->needs)) {
		take(scratch, entry->pattern);
	}
	scratch->stamp[entry->pattern] = scratch->pass; /* whatever it lacks, this text has not */
}

/* The key of an entry is in the text: is its literal there? */
static bool entry_holds(const struct tw_prefilter *prefilter, const struct tw_prefilter_scratch *scratch, const struct tw_prefilter_entry *entry,
                        int64_t at)
{
	return entry->length == 0 || tw_text_words_hold(&scratch->words, prefilter->literals + entry->literal, entry->length, at, entry->before);
}

static void key_look(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint64_t key, int64_t at)
{
	uint64_t mixed = tw_key_mix(key);
	uint32_t hash = (uint32_t)(mixed >> (64 - prefilter->start_bits)), asked = UINT32_MAX;
	bool holds = false;
	for (uint32_t i = prefilter->start[hash]; i < prefilter->start[hash + 1]; i++) {
		const struct tw_prefilter_entry *entry = &prefilter->entry[i];
		if (entry->mixed != mixed) {
			continue;
		}
		if (scratch->looks == 0) {
			scratch->lost = true;
			return;
		}
		scratch->looks--;
		if (entry->literal != asked) {
			asked = entry->literal;
			holds = entry_holds(prefilter, scratch, entry, at);
		}
		if (holds) {
			entry_met(prefilter, scratch, entry);
		}
	}
}

/* A word that has a bit, its own or that of a pair. */
static void word_look(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint32_t at)
{
	const struct tw_text_words *words = &scratch->words;
	uint64_t word = words->word[at], head = tw_key_head(word), whole = tw_key_whole(word), pair = tw_key_pair(word, words->word[at + 1]);
	uint64_t bits = prefilter->words[tw_key_mix(head) >> (64 - prefilter->word_bits)];
	const uint64_t keys[] = {head, pair, whole};
	for (uint32_t i = 0; i < (whole == head ? 2 : 3); i++) {
		if (tw_prefilter_has(bits, tw_key_mix(keys[i]))) {
			key_look(prefilter, scratch, keys[i], words->start[at]);
		}
	}
}

static void words_look(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch)
{
	for (uint32_t from = 0; from < scratch->words.count; from += TW_PREFILTER_AT_ONCE) {
		uint64_t some = tw_prefilter_scan_words(prefilter, &scratch->words, from, scratch->scan);
		for (; some; some &= some - 1) {
			word_look(prefilter, scratch, from + (uint32_t)__builtin_ctzll(some));
		}
	}
}

/* The window over all bytes, from the blank before the first. */
static void slide(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint64_t kind)
{
	for (uint32_t from = 0; from <= scratch->words.bytes; from += TW_PREFILTER_AT_ONCE) {
		uint64_t some = tw_prefilter_scan_grams(prefilter, &scratch->words, kind, from, scratch->scan);
		for (; some; some &= some - 1) {
			int64_t at = (int64_t)from + __builtin_ctzll(some) - 1;
			key_look(prefilter, scratch, tw_prefilter_window(scratch->words.plain + at, kind), at);
		}
	}
}

/* ---- the pass ---- */

static void next_pass(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch)
{
	scratch->count = 0;
	scratch->has_keys = scratch->has_grams = scratch->lost = false;
	scratch->looks = LOOKS_LEAST + LOOKS_PATTERN * prefilter->patterns;
	if (++scratch->pass == 0) {
		memset(scratch->stamp, 0, (size_t)prefilter->patterns * sizeof(*scratch->stamp));
		scratch->pass = 1;
	}
}

static void every(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch)
{
	scratch->count = prefilter->patterns;
	for (uint32_t i = 0; i < prefilter->patterns; i++) {
		scratch->candidate[i] = i;
	}
}

uint32_t tw_prefilter_pass(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, struct tw_slice text, const uint32_t **out)
{
	*out = scratch->candidate;
	if (!tw_text_words_of(&scratch->words, text, scratch->scan)) {
		return UINT32_MAX;
	}
	next_pass(prefilter, scratch);
	for (uint32_t i = 0; i < prefilter->always_count; i++) {
		take(scratch, prefilter->always[i]);
	}
	for (uint32_t i = 0; !scratch->words.ascii && i < prefilter->foreign_count; i++) {
		take(scratch, prefilter->foreign[i]);
	}
	if (prefilter->has_words) {
		words_look(prefilter, scratch);
	}
	if (prefilter->has_grams) {
		slide(prefilter, scratch, TW_KEY_GRAM);
	}
	if (prefilter->has_shorts) {
		slide(prefilter, scratch, TW_KEY_SHORT);
	}
	if (scratch->lost) {
		every(prefilter, scratch);
	}
	return scratch->count;
}

bool tw_prefilter_sure(const struct tw_prefilter_scratch *scratch)
{
	return scratch->words.ascii && !scratch->lost;
}
