/**
 * @file prefilter.c
 * Builds what prefilter.h describes: the table of all keys that patterns stand under (prefilter_entries.c).
 */
#include "rules/prefilter_building.h"

#include <stdlib.h>

#include "engine/base/arena.h"

#define BITS_MIN       12U
#define BITS_MAX       20U /* 128 KiB: stays in the second cache */
#define BITS_MAX_WORDS 21U
#define BITS_A_KEY     32U
#define BITS_A_GRAM    128U
#define WORD_OF_BITS   6U        /* 64 of them */
#define START_LESS     4U        /* bits fewer for the hash by which entries are found: about one key each */
#define LIKE_BYTES     0x7F7F7FU /* of a gram, by which it is like another */

/* ---- the table ---- */

static int by_text(const struct tw_prefilter_draft *a, const struct tw_prefilter_draft *b)
{
	if (!a->text || !b->text) {
		return (a->text != NULL) - (b->text != NULL);
	}
	uint32_t shorter = a->text->len < b->text->len ? a->text->len : b->text->len;
	int order = memcmp(a->text->bytes, b->text->bytes, shorter);
	order = order ? order : (a->text->len > b->text->len) - (a->text->len < b->text->len);
	return order ? order : (a->before > b->before) - (a->before < b->before);
}

static int by_key(const void *left, const void *right)
{
	const struct tw_prefilter_draft *a = left, *b = right;
	int order = (a->mixed > b->mixed) - (a->mixed < b->mixed);
	order = order ? order : by_text(a, b);
	return order ? order : (a->pattern > b->pattern) - (a->pattern < b->pattern);
}

/* The multiplier's inverse gives the key back. */
static uint64_t key_of(uint64_t mixed)
{
	uint64_t inverse = TW_KEY_MULTIPLIER; /* Newton: each step doubles the bits that are right */
	for (int i = 0; i < 5; i++) {
		inverse *= 2 - TW_KEY_MULTIPLIER * inverse;
	}
	return mixed * inverse;
}

static uint32_t bits_for(size_t count, size_t each, uint32_t most)
{
	uint32_t bits = BITS_MIN;
	while (bits < most && 1U << bits < count * each) {
		bits++;
	}
	return bits;
}

/* Words are looked up far more often than their entries, and grams are few: each its own number of bits. */
static bool table_alloc(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_prefilter_building *building)
{
	size_t count = building->count, grams = 0;
	for (size_t i = 0; i < count; i++) {
		grams += !tw_key_of_word(key_of(building->draft[i].mixed));
	}
	prefilter->gram_bits = bits_for(grams, BITS_A_GRAM, BITS_MAX);
	prefilter->word_bits = bits_for(count, BITS_A_KEY, BITS_MAX_WORDS) - WORD_OF_BITS;
	prefilter->start_bits = bits_for(count, BITS_A_KEY, BITS_MAX) - START_LESS;
	prefilter->entry = tw_arena_alloc(arena, (count + 1) * sizeof(*prefilter->entry)); /* one that is only read */
	prefilter->words = tw_arena_alloc(arena, sizeof(*prefilter->words) << prefilter->word_bits);
	prefilter->grams = tw_arena_alloc(arena, (1U << prefilter->gram_bits) / 8);
	prefilter->start = tw_arena_alloc(arena, ((1U << prefilter->start_bits) + 1) * sizeof(*prefilter->start));
	return prefilter->entry && prefilter->words && prefilter->grams && prefilter->start;
}

/* @param at, of which of how many beginnings */
static void letters_note(struct tw_prefilter_letters *letters, uint64_t key, uint32_t bytes, uint32_t at, uint32_t of)
{
	uint8_t group = (uint8_t)(1U << (uint64_t)at * TW_PREFILTER_GROUPS / of);
	for (uint32_t i = 0; i < bytes; i++) {
		letters->group[i][key >> 8 * i & 0x7F] |= group;
	}
	for (uint32_t i = 0; i + 1 < bytes; i++) {
		letters->two[i][tw_prefilter_two(key >> 8 * i & 0x7F, key >> 8 * (i + 1) & 0x7F)] |= group;
	}
}

static void key_note(struct tw_prefilter *prefilter, uint64_t mixed, uint64_t key)
{
	if (tw_key_of_word(key)) {
		uint64_t lower = tw_prefilter_lower(tw_key_head_of(key)), both = lower ^ tw_prefilter_upper(key);
		bool pair = key & TW_KEY_PAIR, whole = !pair && key >> 32;
		prefilter->words[tw_prefilter_hash(pair ? both : lower, prefilter->word_bits)] |=
		    whole ? tw_prefilter_bits_whole(both) : tw_prefilter_bits(pair ? both : lower);
		prefilter->has_words = true;
		return;
	}
	uint64_t hash = mixed >> (64 - prefilter->gram_bits);
	prefilter->grams[hash / 64] |= 1ULL << hash % 64;
}

static int by_bytes(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;
	uint64_t first = __builtin_bswap64(*a), second = __builtin_bswap64(*b); /* a gram's first byte is its key's lowest */
	return (first > second) - (first < second);
}

/* Does the gram begin as the one before it? What stands for any fourth byte is then no more than one. */
static bool begins_as(const uint64_t *key, uint32_t at)
{
	return at && ((key[at] ^ key[at - 1]) & LIKE_BYTES) == 0;
}

/* Grams that begin alike stand one after the other, in groups of as many beginnings. @param key of all grams of one kind */
static void letters_make(struct tw_prefilter_letters *letters, uint64_t *key, uint32_t count, uint32_t bytes)
{
	uint32_t beginnings = 0, at = 0;
	qsort(key, count, sizeof(*key), by_bytes);
	for (uint32_t i = 0; i < count; i++) {
		beginnings += !begins_as(key, i);
	}
	for (uint32_t i = 0; i < count; i++) {
		at += i && !begins_as(key, i);
		letters_note(letters, key[i], bytes, at, beginnings);
	}
}

/* @param kind TW_KEY_GRAM or TW_KEY_SHORT @param room for as many keys as there are entries @return whether there is one */
static bool groups_of(const struct tw_prefilter *prefilter, uint64_t kind, uint64_t *room, struct tw_prefilter_letters *out)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < prefilter->entry_count; i++) {
		uint64_t key = key_of(prefilter->entry[i].mixed);
		if ((key & TW_KEY_SHORT) == kind && (i == 0 || prefilter->entry[i].mixed != prefilter->entry[i - 1].mixed)) {
			room[count++] = key;
		}
	}
	letters_make(out, room, count, kind == TW_KEY_GRAM ? TW_KEY_BYTES : 2);
	return count > 0;
}

static bool grams_seal(struct tw_prefilter *prefilter)
{
	uint64_t *room = malloc(prefilter->entry_count * sizeof(*room));
	if (!room) {
		return false;
	}
	prefilter->has_grams = groups_of(prefilter, TW_KEY_GRAM, room, &prefilter->of_grams);
	prefilter->has_shorts = groups_of(prefilter, TW_KEY_SHORT, room, &prefilter->of_shorts);
	free(room);
	return true;
}

/* Entries of one literal share its bytes. @return false without memory */
static bool literals_put(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_prefilter_building *building)
{
	char *literals = tw_arena_alloc(arena, building->count * TW_REQUIRED_BYTES_MAX + 1);
	const struct tw_prefilter_draft *last = NULL;
	uint32_t used = 1, begins = 0; /* 0: of an entry without literal */
	for (size_t i = 0; literals && i < building->count; i++) {
		const struct tw_prefilter_draft *draft = &building->draft[i];
		const struct tw_prefilter_first *first = &building->first[draft->pattern];
		uint8_t length = draft->text ? draft->text->len : 0;
		if (length && (!last || last->mixed != draft->mixed || by_text(last, draft) != 0)) {
			begins = used;
			memcpy(literals + used, draft->text->bytes, length);
			used += length;
		}
		prefilter->entry[i] =
		    (struct tw_prefilter_entry){.mixed = draft->mixed,
		                                .letters = first->letters | (draft->text ? tw_prefilter_letters_of(draft->text) : 1),
		                                .begins = first->begins,
		                                .pattern = draft->pattern,
		                                .literal = length ? begins : 0,
		                                .needs = building->needs[draft->pattern],
		                                .length = length,
		                                .before = (uint8_t)draft->before};
		last = draft;
	}
	prefilter->literals = literals;
	return literals != NULL;
}

/* Entries in the order of their hash, whole keys together. */
static bool table_seal(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_prefilter_building *building)
{
	if (building->count == 0) {
		return true;
	}
	qsort(building->draft, building->count, sizeof(*building->draft), by_key);
	if (!table_alloc(prefilter, arena, building) || !literals_put(prefilter, arena, building)) {
		return false;
	}
	prefilter->entry_count = (uint32_t)building->count;
	for (uint32_t hash = 0, at = 0; hash <= 1U << prefilter->start_bits; hash++) {
		while (at < building->count && prefilter->entry[at].mixed >> (64 - prefilter->start_bits) < hash) {
			at++;
		}
		prefilter->start[hash] = at;
	}
	for (size_t i = 0; i < building->count; i++) {
		key_note(prefilter, prefilter->entry[i].mixed, key_of(prefilter->entry[i].mixed));
	}
	return grams_seal(prefilter);
}

static bool table_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required)
{
	struct tw_prefilter_building building = {.counts = calloc(1U << TW_PREFILTER_COUNTS_BITS, sizeof(*building.counts)),
	                                         .under = calloc((size_t)prefilter->patterns + 1, 1),
	                                         .needs = calloc((size_t)prefilter->patterns + 1, sizeof(*building.needs)),
	                                         .first = calloc((size_t)prefilter->patterns + 1, sizeof(*building.first))};
	bool good = building.counts && building.under && building.needs && building.first;
	for (uint32_t i = 0; good && i < prefilter->patterns; i++) {
		tw_prefilter_counts_make(&building, required[i]);
	}
	for (uint32_t i = 0; good && i < prefilter->patterns; i++) {
		tw_prefilter_entries_of(&building, required[i], i);
	}
	good = good && !building.failed && tw_prefilter_needs_make(prefilter, arena, required, &building) && table_seal(prefilter, arena, &building);
	free(building.draft);
	free(building.counts);
	free(building.under);
	free(building.needs);
	free(building.first);
	return good;
}

/* ---- beside the table ---- */

/* The patterns without literals, and those that a character beyond ASCII may be enough for. */
static bool lists_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required, uint32_t count)
{
	uint32_t *always = tw_arena_alloc(arena, ((size_t)count + 1) * sizeof(*always));
	uint32_t *beyond = tw_arena_alloc(arena, ((size_t)count + 1) * sizeof(*beyond));
	if (!always || !beyond) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (required[i]->count == 0) {
			always[prefilter->always_count++] = i;
		} else if (tw_prefilter_foreign(required[i])) {
			beyond[prefilter->foreign_count++] = i;
		}
	}
	prefilter->always = always;
	prefilter->foreign = beyond;
	return true;
}

struct tw_prefilter *tw_prefilter_new(struct tw_arena *arena, const struct tw_required *const *required, uint32_t count)
{
	struct tw_prefilter *prefilter = tw_arena_alloc(arena, sizeof(*prefilter));
	if (!prefilter) {
		return NULL;
	}
	prefilter->patterns = count;
	return lists_make(prefilter, arena, required, count) && table_make(prefilter, arena, required) ? prefilter : NULL;
}
