/**
 * @file prefilter.c
 * Builds what prefilter.h describes: for every pattern the keys that it stands under, then the table of all of them.
 */
#include "rules/prefilter_table.h"

#include <stdlib.h>

#include "engine/base/arena.h"

#define BITS_MIN      12U
#define BITS_MAX      20U /* 128 KiB: stays in the second cache */
#define BITS_A_KEY    32U
#define WORD_OF_BITS  6U /* 64 of them */
#define START_LESS    4U /* bits fewer for the hash by which entries are found: about one key each */
#define COUNTS_BITS   16U
#define COUNT_OF_NONE 4U
#define COST_BITS     24U
#define COST_HALVES   4U  /* the square root of what the letters say, which know no words */
#define COST_GRAM     40U /* bits, more than any word's: a window that slides costs every text */
#define COST_OPEN     2U  /* times: many entries */

/* Every byte that a form may hold. */
static const char symbols[] = " 0123456789abcdefghijklmnopqrstuvwxyz_";

/* Entries while they are gathered. */
struct building {
	struct tw_prefilter_entry *entry;
	size_t count, room;
	uint32_t *counts; /* of patterns, by a hash of the key */
	bool failed;
};

/* ---- which keys a pattern stands under ---- */

static uint32_t *count_of(const struct building *building, uint64_t key)
{
	return &building->counts[tw_prefilter_mix(key) >> (64 - COUNTS_BITS)];
}

static bool is_foreign(const struct tw_required_text *text)
{
	return text->bytes[0] == TW_REQUIRED_FOREIGN;
}

static bool foreign(const struct tw_required *required)
{
	for (uint32_t i = 0; i < required->count; i++) {
		if (is_foreign(&required->text[i])) {
			return true;
		}
	}
	return false;
}

static void counts_make(const struct building *building, const struct tw_required *required)
{
	struct tw_required_key keys[TW_KEYS_MAX];
	for (uint32_t i = 0; i < required->count; i++) {
		uint32_t count = is_foreign(&required->text[i]) ? 0 : tw_required_keys(&required->text[i], keys);
		for (uint32_t j = 0; j < count; j++) {
			++*count_of(building, keys[j].key);
		}
	}
	for (uint32_t i = 0; i < required->also_count; i++) {
		for (uint32_t j = 0; j < required->also[i].count; j++) {
			++*count_of(building, required->also[i].key[j]);
		}
	}
}

/* A key that many patterns have is a common word's, however rare its letters; its entries are many to look at too. */
static uint64_t cost_of(const struct building *building, uint64_t key, uint32_t rarity)
{
	uint64_t count = *count_of(building, key) + COUNT_OF_NONE;
	uint64_t cost = ((count << COST_BITS) >> rarity / COST_HALVES) + 1;
	return tw_key_of_word(key) ? cost : cost + (1ULL << COST_GRAM);
}

static uint32_t rarity_of(uint64_t key)
{
	char bytes[sizeof(key)];
	uint64_t plain = key & ~TW_KEY_SHORT, known = 0;
	memcpy(bytes, &plain, sizeof(bytes));
	for (uint32_t i = 0; i < sizeof(bytes); i++) {
		if (bytes[i]) {
			bytes[known++] = bytes[i];
		}
	}
	return tw_required_rarity(bytes, (uint32_t)known) + (tw_key_of_word(key) ? tw_required_rarity(" ", 1) : 0);
}

/* The key that a literal is best found by. @return its cost */
static uint64_t cheapest(const struct building *building, const struct tw_required_text *text, struct tw_required_key *out)
{
	struct tw_required_key keys[TW_KEYS_MAX];
	uint32_t count = tw_required_keys(text, keys);
	uint64_t least = UINT64_MAX;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t cost = cost_of(building, keys[i].key, keys[i].rarity) * (keys[i].open ? COST_OPEN : 1);
		if (cost < least) {
			least = cost;
			*out = keys[i];
		}
	}
	return least;
}

/* @return the cheapest of the further needs; also_count: the literals are cheaper */
static uint32_t stands_under(const struct building *building, const struct tw_required *required)
{
	uint32_t best = required->also_count;
	uint64_t least = 0;
	for (uint32_t i = 0; i < required->count; i++) {
		struct tw_required_key key;
		least += cheapest(building, &required->text[i], &key);
	}
	for (uint32_t i = 0; i < required->also_count; i++) {
		uint64_t cost = 0;
		for (uint32_t j = 0; j < required->also[i].count; j++) {
			cost += cost_of(building, required->also[i].key[j], rarity_of(required->also[i].key[j]));
		}
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

/* ---- entries ---- */

static void entry_add(struct building *building, uint64_t key, struct tw_prefilter_entry entry)
{
	if (building->count == building->room) {
		size_t room = building->room ? building->room * 2 : 1024;
		struct tw_prefilter_entry *larger = realloc(building->entry, room * sizeof(*larger));
		if (!larger) {
			building->failed = true;
			return;
		}
		building->entry = larger;
		building->room = room;
	}
	entry.mixed = tw_prefilter_mix(key);
	building->entry[building->count++] = entry;
}

static void literal_add(struct building *building, uint32_t pattern, const struct tw_required_text *text)
{
	struct tw_required_key found = {0};
	(void)cheapest(building, text, &found);
	struct tw_prefilter_entry entry = {.pattern = pattern, .before = found.before, .text = text};
	if (!found.open) {
		entry_add(building, found.key, entry);
		return;
	}
	for (const char *symbol = symbols; *symbol; symbol++) {
		const char fourth[TW_KEY_BYTES] = {0, 0, 0, *symbol};
		entry_add(building, found.key | tw_key_load(fourth), entry);
	}
}

static void entries_of(struct building *building, const struct tw_required *required, uint32_t pattern)
{
	uint32_t under = foreign(required) ? required->also_count : stands_under(building, required);
	if (under < required->also_count) {
		const struct tw_required_also *also = &required->also[under];
		for (uint32_t i = 0; i < also->count; i++) {
			entry_add(building, also->key[i], (struct tw_prefilter_entry){.pattern = pattern});
		}
		return;
	}
	for (uint32_t i = 0; i < required->count; i++) {
		if (!is_foreign(&required->text[i])) {
			literal_add(building, pattern, &required->text[i]);
		}
	}
}

/* ---- the table ---- */

static int by_key(const void *left, const void *right)
{
	const struct tw_prefilter_entry *a = left, *b = right;
	int order = (a->mixed > b->mixed) - (a->mixed < b->mixed);
	return order ? order : (a->pattern > b->pattern) - (a->pattern < b->pattern);
}

static uint32_t bits_for(size_t count)
{
	uint32_t bits = BITS_MIN;
	while (bits < BITS_MAX && 1U << bits < count * BITS_A_KEY) {
		bits++;
	}
	return bits;
}

static bool table_alloc(struct tw_prefilter *prefilter, struct tw_arena *arena, size_t count)
{
	prefilter->gram_bits = bits_for(count);
	prefilter->word_bits = prefilter->gram_bits - WORD_OF_BITS;
	prefilter->start_bits = prefilter->gram_bits - START_LESS;
	prefilter->entry = tw_arena_alloc(arena, count * sizeof(*prefilter->entry));
	prefilter->words = tw_arena_alloc(arena, sizeof(*prefilter->words) << prefilter->word_bits);
	prefilter->grams = tw_arena_alloc(arena, (1U << prefilter->gram_bits) / 8);
	prefilter->start = tw_arena_alloc(arena, ((1U << prefilter->start_bits) + 1) * sizeof(*prefilter->start));
	return prefilter->entry && prefilter->words && prefilter->grams && prefilter->start;
}

static void key_note(struct tw_prefilter *prefilter, uint64_t mixed, uint64_t key)
{
	if (tw_key_of_word(key)) {
		uint64_t head = tw_prefilter_mix(key & UINT32_MAX), before = tw_prefilter_mix(key >> 32);
		prefilter->words[head >> (64 - prefilter->word_bits)] |=
		    1ULL << (before ? tw_prefilter_pair_bit(before, head) : tw_prefilter_word_bit(head));
		prefilter->has_words = true;
		return;
	}
	uint64_t hash = mixed >> (64 - prefilter->gram_bits);
	prefilter->grams[hash / 64] |= 1ULL << hash % 64;
	prefilter->has_shorts |= (key & TW_KEY_SHORT) == TW_KEY_SHORT;
	prefilter->has_grams |= (key & TW_KEY_SHORT) == TW_KEY_GRAM;
}

/* The multiplier's inverse gives the key back. */
static uint64_t key_of(uint64_t mixed)
{
	uint64_t inverse = TW_PREFILTER_MULTIPLIER; /* Newton: each step doubles the bits that are right */
	for (int i = 0; i < 5; i++) {
		inverse *= 2 - TW_PREFILTER_MULTIPLIER * inverse;
	}
	return mixed * inverse;
}

/* Entries in the order of their hash, whole keys together. */
static bool table_seal(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct building *building)
{
	if (building->count == 0) {
		return true;
	}
	if (!table_alloc(prefilter, arena, building->count)) {
		return false;
	}
	qsort(building->entry, building->count, sizeof(*building->entry), by_key);
	memcpy(prefilter->entry, building->entry, building->count * sizeof(*building->entry));
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
	return true;
}

static bool table_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required, uint32_t count)
{
	struct building building = {.counts = calloc(1U << COUNTS_BITS, sizeof(*building.counts))};
	bool good = building.counts != NULL;
	for (uint32_t i = 0; good && i < count; i++) {
		counts_make(&building, required[i]);
	}
	for (uint32_t i = 0; good && i < count; i++) {
		entries_of(&building, required[i], i);
	}
	good = good && !building.failed && table_seal(prefilter, arena, &building);
	free(building.entry);
	free(building.counts);
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
		} else if (foreign(required[i])) {
			beyond[prefilter->foreign_count++] = i;
		}
	}
	prefilter->always = always;
	prefilter->foreign = beyond;
	return true;
}

static uint16_t place_of(uint64_t key)
{
	uint64_t place = tw_prefilter_mix(key) >> (64 - TW_PREFILTER_BLOOM_BITS);
	return (uint16_t)(tw_key_of_word(key) ? place : place | TW_PREFILTER_NEED_GRAM);
}

static bool needs_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required, uint32_t count)
{
	size_t used = 0, needed = 0;
	for (uint32_t i = 0; i < count; i++) {
		needed += (size_t)required[i]->also_count * (TW_REQUIRED_GRAMS_MAX + 1) + 1;
	}
	prefilter->also = tw_arena_alloc(arena, ((size_t)count + 1) * sizeof(*prefilter->also));
	prefilter->places = tw_arena_alloc(arena, (needed + 1) * sizeof(*prefilter->places));
	if (!prefilter->also || !prefilter->places) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		prefilter->also[i] = (uint32_t)used;
		for (uint32_t j = 0; j < required[i]->also_count; j++) {
			const struct tw_required_also *also = &required[i]->also[j];
			prefilter->places[used++] = (uint16_t)also->count;
			for (uint32_t k = 0; k < also->count; k++) {
				prefilter->places[used++] = place_of(also->key[k]);
			}
		}
		prefilter->places[used++] = 0;
	}
	return true;
}

struct tw_prefilter *tw_prefilter_new(struct tw_arena *arena, const struct tw_required *const *required, uint32_t count)
{
	struct tw_prefilter *prefilter = tw_arena_alloc(arena, sizeof(*prefilter));
	if (!prefilter) {
		return NULL;
	}
	prefilter->patterns = count;
	return lists_make(prefilter, arena, required, count) && needs_make(prefilter, arena, required, count) &&
	               table_make(prefilter, arena, required, count)
	           ? prefilter
	           : NULL;
}
