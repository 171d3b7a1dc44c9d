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

/* A key of the text that is in the table or seems to be. */
struct look {
	uint64_t mixed;
	int64_t at;           /* its place in the text */
	uint32_t first, last; /* entries of its hash */
};

#define LOOKS_A_WORD  3U /* keys of a word */
#define LOOKS_AT_ONCE 32U
#define LOOKS_ROOM    (LOOKS_AT_ONCE + LOOKS_A_WORD)

struct tw_prefilter_scratch {
	struct tw_text_words words;
	enum tw_text_scan scan;
	uint32_t *stamp; /* the pass in which a pattern became a candidate, or was found to lack something */
	uint32_t pass;
	uint32_t *candidate;
	uint32_t count;
	uint32_t looks; /* entries that may still be looked at */
	bool lost;      /* there were more */
	bool has_signs, has_keys, has_grams;
	uint64_t begins, letters;     /* signs: the first look of what else a pattern needs */
	struct look look[LOOKS_ROOM]; /* found and not yet looked at */
	uint32_t look_count;
	struct seen keys, grams; /* the second: which keys of words the text has, by hash; which of four bytes */
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
	seen->when[tw_prefilter_place(key)] = seen->now;
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

/* The letters say of most grams that the text has them not. */
static bool has_gram(struct tw_prefilter_scratch *scratch, uint32_t gram)
{
	uint64_t letters = scratch->letters;
	if (!(letters >> tw_prefilter_letter(gram & 0x7F) & letters >> tw_prefilter_letter(gram >> 8 & 0x7F) &
	      letters >> tw_prefilter_letter(gram >> 16 & 0x7F) & letters >> tw_prefilter_letter(gram >> 24 & 0x7F) & 1)) {
		return false;
	}
	if (!scratch->has_grams) {
		grams_make(scratch);
	}
	return scratch->grams.when[tw_prefilter_place(gram)] == scratch->grams.now;
}

static bool grams_met(struct tw_prefilter_scratch *scratch, const uint32_t *gram, uint32_t count)
{
	bool one = false;
	for (uint32_t i = 0; !one && i < count; i++) {
		one = has_gram(scratch, gram[i]);
	}
	return one;
}

/* What the text's words begin with says of most needs that none of the keys is there, of all at once. */
static bool words_met(struct tw_prefilter_scratch *scratch, const uint32_t *need)
{
	bool one = false;
	if (!((need[1] | (uint64_t)need[2] << 32) & scratch->begins)) {
		return false;
	}
	if (!scratch->has_keys) {
		keys_make(scratch);
	}
	for (uint32_t i = 0; !one && i < (need[0] & TW_PREFILTER_NEED_WORDS); i++) {
		one = scratch->keys.when[need[TW_PREFILTER_NEED_HEAD + i]] == scratch->keys.now;
	}
	return one;
}

/* Of each further need one key at least. */
static bool needs_met(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint32_t needs)
{
	const uint32_t *need = prefilter->asked + needs;
	while (*need) {
		const uint32_t *gram = need + TW_PREFILTER_NEED_HEAD + (*need & TW_PREFILTER_NEED_WORDS);
		uint32_t grams = *need >> TW_PREFILTER_NEED_GRAMS;
		if (!words_met(scratch, need) && !grams_met(scratch, gram, grams)) {
			return false;
		}
		need = gram + grams;
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

static void look_at(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, const struct look *look)
{
	uint32_t asked = UINT32_MAX;
	bool holds = false;
	if (scratch->looks < look->last - look->first) {
		scratch->lost = true;
		return;
	}
	scratch->looks -= look->last - look->first;
	for (uint32_t i = look->first; i < look->last; i++) {
		const struct tw_prefilter_entry *entry = &prefilter->entry[i];
		/* almost none is left, and nothing is to be guessed before */
		if ((entry->mixed ^ look->mixed) | (entry->letters & ~scratch->letters) | !(entry->begins & scratch->begins)) {
			continue;
		}
		if (entry->literal != asked) {
			asked = entry->literal;
			holds = entry_holds(prefilter, scratch, entry, look->at);
		}
		if (holds) {
			entry_met(prefilter, scratch, entry);
		}
	}
}

/* Asks memory for all entries at once: what is far away is waited for once, not once a key. */
static void looks_do(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch)
{
	const struct look *end = scratch->look + scratch->look_count;
	for (struct look *look = scratch->look; look < end; look++) {
		uint64_t hash = look->mixed >> (64 - prefilter->start_bits);
		look->first = prefilter->start[hash];
		look->last = prefilter->start[hash + 1];
		__builtin_prefetch(&prefilter->entry[look->first]);
	}
	if (!scratch->has_signs) {
		scratch->begins = tw_prefilter_scan_begins(&scratch->words, scratch->scan);
		scratch->letters = tw_prefilter_scan_letters(&scratch->words, scratch->scan);
		scratch->has_signs = true;
	}
	for (struct look *look = scratch->look; look < end; look++) {
		look_at(prefilter, scratch, look);
	}
	scratch->look_count = 0;
}

static inline void look_add(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint64_t mixed, int64_t at, bool wanted)
{
	scratch->look[scratch->look_count] = (struct look){.mixed = mixed, .at = at};
	scratch->look_count += wanted;
	__builtin_prefetch(&prefilter->start[mixed >> (64 - prefilter->start_bits)]);
}

/* A word that has a bit, its own or that of a pair. */
static void word_add(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint32_t at)
{
	const struct tw_text_words *words = &scratch->words;
	uint64_t word = words->word[at], pair = tw_key_pair(word, words->word[at + 1]), lower = tw_prefilter_lower(word);
	uint64_t of = prefilter->words[tw_prefilter_hash(lower, prefilter->word_bits)], head = tw_prefilter_bits(lower);
	uint64_t whole = tw_prefilter_bits_whole(lower ^ tw_prefilter_upper(word)), with = lower ^ tw_prefilter_upper(pair),
	         both = tw_prefilter_bits(with);
	uint64_t of_pair = prefilter->words[tw_prefilter_hash(with, prefilter->word_bits)];
	look_add(prefilter, scratch, tw_key_mix(tw_key_head(word)), words->start[at], (of & head) == head);
	look_add(prefilter, scratch, tw_key_mix(pair), words->start[at], (of_pair & both) == both);
	look_add(prefilter, scratch, tw_key_mix(tw_key_whole(word)), words->start[at], word >> 32 && (of & whole) == whole);
}

static void words_look(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch)
{
	for (uint32_t from = 0; from < scratch->words.count; from += TW_PREFILTER_AT_ONCE) {
		uint64_t some = tw_prefilter_scan_words(prefilter, &scratch->words, from, scratch->scan);
		for (; some; some &= some - 1) {
			word_add(prefilter, scratch, from + (uint32_t)__builtin_ctzll(some));
			if (scratch->look_count >= LOOKS_AT_ONCE) {
				looks_do(prefilter, scratch);
			}
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
			look_add(prefilter, scratch, tw_key_mix(tw_prefilter_window(scratch->words.plain + at, kind)), at, true);
			if (scratch->look_count >= LOOKS_AT_ONCE) {
				looks_do(prefilter, scratch);
			}
		}
	}
}

/* ---- the pass ---- */

static void next_pass(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch)
{
	scratch->count = scratch->look_count = 0;
	scratch->has_signs = scratch->has_keys = scratch->has_grams = scratch->lost = false;
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
	if (scratch->look_count) {
		looks_do(prefilter, scratch);
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
