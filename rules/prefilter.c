/**
 * @file prefilter.c
 * Builds what prefilter.h describes: for every pattern the keys that it stands under, then the table of all of them.
 */
#include "rules/prefilter_table.h"

#include <stdlib.h>

#include "engine/base/arena.h"

#define BITS_MIN       12U
#define BITS_MAX       20U /* 128 KiB: stays in the second cache */
#define BITS_MAX_WORDS 21U
#define BITS_A_KEY     32U
#define BITS_A_GRAM    128U
#define WORD_OF_BITS   6U /* 64 of them */
#define START_LESS     4U /* bits fewer for the hash by which entries are found: about one key each */
#define COUNTS_BITS    16U
#define COUNT_OF_NONE  16U
#define COST_BITS      24U
#define COST_HALVES    4U        /* the square root of what the letters say, which know no words */
#define COST_GRAM      40U       /* bits, more than any word's: a window that slides costs every text */
#define LIKE_BYTES     0x7F7F7FU /* of a gram, by which it is like another */
#define COST_NEVER     (1ULL << 56)
#define COST_OPEN      2U /* times: many entries */

/* Every byte that a form may hold. */
static const char symbols[] = " 0123456789abcdefghijklmnopqrstuvwxyz_";

/* An entry while they are gathered. */
struct draft {
	uint64_t mixed;
	const struct tw_required_text *text; /* the literal around the key; NULL: the key says it all */
	uint32_t pattern, before;
};

/* As struct tw_prefilter_entry has them, of a pattern's further needs. */
struct first {
	uint64_t letters, begins;
};

struct building {
	struct draft *draft;
	size_t count, room;
	uint32_t *counts;    /* of patterns, by a hash of the key */
	uint8_t *under;      /* of each pattern: which of its needs the entries are of */
	uint32_t *needs;     /* where its others begin */
	struct first *first; /* what is asked first of them */
	bool failed;
};

/* ---- which keys a pattern stands under ---- */

static uint32_t *count_of(const struct building *building, uint64_t key)
{
	return &building->counts[tw_key_mix(key) >> (64 - COUNTS_BITS)];
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
	if (tw_key_is_begin(key)) {
		return COST_NEVER;
	}
	uint64_t count = *count_of(building, key) + COUNT_OF_NONE;
	uint64_t cost = ((count << COST_BITS) >> rarity / COST_HALVES) + 1;
	return tw_key_of_word(key) ? cost : cost + (1ULL << COST_GRAM);
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
			cost += cost_of(building, required->also[i].key[j], required->also[i].rarity[j]);
		}
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

/* ---- entries ---- */

static void entry_add(struct building *building, uint64_t key, struct draft draft)
{
	if (building->count == building->room) {
		size_t room = building->room ? building->room * 2 : 1024;
		struct draft *larger = realloc(building->draft, room * sizeof(*larger));
		if (!larger) {
			building->failed = true;
			return;
		}
		building->draft = larger;
		building->room = room;
	}
	draft.mixed = tw_key_mix(key);
	building->draft[building->count++] = draft;
}

static void literal_add(struct building *building, uint32_t pattern, const struct tw_required_text *text)
{
	struct tw_required_key found = {0};
	(void)cheapest(building, text, &found);
	struct draft draft = {.pattern = pattern, .before = found.before, .text = found.all ? NULL : text};
	if (!found.open) {
		entry_add(building, found.key, draft);
		return;
	}
	for (const char *symbol = symbols; *symbol; symbol++) {
		const char fourth[TW_KEY_BYTES] = {0, 0, 0, *symbol};
		entry_add(building, found.key | tw_key_load(fourth), draft);
	}
}

static void entries_of(struct building *building, const struct tw_required *required, uint32_t pattern)
{
	uint32_t under = foreign(required) ? required->also_count : stands_under(building, required);
	building->under[pattern] = (uint8_t)under;
	if (under < required->also_count) {
		const struct tw_required_also *also = &required->also[under];
		for (uint32_t i = 0; i < also->count; i++) {
			entry_add(building, also->key[i], (struct draft){.pattern = pattern});
		}
		return;
	}
	for (uint32_t i = 0; i < required->count; i++) {
		if (!is_foreign(&required->text[i])) {
			literal_add(building, pattern, &required->text[i]);
		}
	}
}

/* ---- what else a pattern needs ---- */

/* Is the need that of the pattern's literals, said in keys? */
static bool of_literals(const struct tw_required *required, const struct tw_required_also *also)
{
	bool same = also->count == required->count;
	for (uint32_t i = 0; same && i < also->count; i++) {
		struct tw_required_key best;
		same = !is_foreign(&required->text[i]) && tw_required_key_best(&required->text[i], &best) && best.key == also->key[i];
	}
	return same;
}

/* What is met where an entry of the pattern is, is no further need. */
static bool further(const struct tw_required *required, uint32_t under, uint32_t need)
{
	return need != under && (under < required->also_count || !of_literals(required, &required->also[need]));
}

/* Is the need told from a text's words alone? Its grams cost a look at every byte. */
static bool of_words(const struct tw_required_also *also)
{
	bool all = true;
	for (uint32_t k = 0; all && k < also->count; k++) {
		all = tw_key_of_word(also->key[k]);
	}
	return all;
}

/* @param out written behind each other @return how many were */
static uint32_t need_put(const struct tw_required_also *also, uint32_t *out)
{
	uint32_t used = TW_PREFILTER_NEED_HEAD, words = 0;
	uint64_t begins = 0;
	for (uint32_t k = 0; k < also->count; k++) {
		if (tw_key_of_word(also->key[k])) {
			begins |= 1ULL << tw_prefilter_begin(also->key[k]);
			out[used++] = tw_prefilter_place(also->key[k]);
			words++;
		}
	}
	for (uint32_t k = 0; k < also->count; k++) {
		if (!tw_key_of_word(also->key[k])) {
			out[used++] = (uint32_t)also->key[k];
		}
	}
	out[0] = words | (also->count - words) << TW_PREFILTER_NEED_GRAMS;
	out[1] = (uint32_t)begins;
	out[2] = (uint32_t)(begins >> 32);
	return used;
}

/* The cheap ones first. */
static uint32_t needs_put(const struct tw_required *required, uint32_t under, uint32_t *out)
{
	uint32_t used = 0;
	for (int grams = 0; grams < 2; grams++) {
		for (uint32_t i = 0; i < required->also_count; i++) {
			if (further(required, under, i) && of_words(&required->also[i]) == !grams) {
				used += need_put(&required->also[i], out + used);
			}
		}
	}
	if (used) {
		out[used++] = 0;
	}
	return used;
}

/* The letters of a key: of a pair whose first word is long, what is of that word alone. */
static uint64_t letters_of_key(uint64_t key)
{
	bool mixed = key & TW_KEY_PAIR && key >> 40 & UINT8_MAX;
	uint64_t letters = 1, bytes = mixed ? key & UINT32_MAX : key;
	for (; bytes; bytes >>= 8) {
		letters |= 1ULL << tw_prefilter_letter(bytes & 0x7F);
	}
	return letters;
}

static uint64_t letters_of(const struct tw_required_text *text)
{
	uint64_t letters = 1; /* the blank, which every text has */
	for (uint32_t i = 0; i < text->len; i++) {
		letters |= 1ULL << tw_prefilter_letter((unsigned char)text->bytes[i]);
	}
	return letters;
}

/* Those that all literals have. */
static uint64_t letters_of_literals(const struct tw_required *required)
{
	uint64_t letters = UINT64_MAX;
	for (uint32_t i = 0; i < required->count; i++) {
		letters &= is_foreign(&required->text[i]) ? 1 : letters_of(&required->text[i]);
	}
	return letters;
}

/* What a text must have that meets the needs: of each the letters that all of its keys have, and one of the beginnings of the shortest. */
static void first_put(const struct tw_required *required, uint32_t under, struct first *out)
{
	uint32_t least = UINT32_MAX;
	*out = (struct first){letters_of_literals(required), UINT64_MAX};
	for (uint32_t i = 0; i < required->also_count; i++) {
		const struct tw_required_also *also = &required->also[i];
		uint64_t letters = UINT64_MAX, begins = 0;
		for (uint32_t k = 0; k < also->count; k++) {
			letters &= letters_of_key(also->key[k]);
			begins |= 1ULL << tw_prefilter_begin(also->key[k]);
		}
		if (!also->count || !further(required, under, i)) {
			continue;
		}
		out->letters |= letters;
		if (of_words(also) && also->count < least) {
			least = also->count;
			out->begins = begins;
		}
	}
}

static bool needs_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required,
                       const struct building *building)
{
	size_t most = 1;
	for (uint32_t i = 0; i < prefilter->patterns; i++) {
		most += (size_t)required[i]->also_count * (TW_REQUIRED_GRAMS_MAX + TW_PREFILTER_NEED_HEAD) + 1;
	}
	uint32_t *asked = tw_arena_alloc(arena, most * sizeof(*asked));
	if (!asked) {
		return false;
	}
	uint32_t used = 1; /* who needs nothing more begins at the 0 before */
	asked[0] = 0;
	for (uint32_t i = 0; i < prefilter->patterns; i++) {
		uint32_t count = needs_put(required[i], building->under[i], asked + used);
		first_put(required[i], building->under[i], &building->first[i]);
		building->needs[i] = count ? used : 0;
		used += count;
	}
	prefilter->asked = asked;
	return true;
}

/* ---- the table ---- */

static int by_text(const struct draft *a, const struct draft *b)
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
	const struct draft *a = left, *b = right;
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
static bool table_alloc(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct building *building)
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
static bool literals_put(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct building *building)
{
	char *literals = tw_arena_alloc(arena, building->count * TW_REQUIRED_BYTES_MAX + 1);
	const struct draft *last = NULL;
	uint32_t used = 1, begins = 0; /* 0: of an entry without literal */
	for (size_t i = 0; literals && i < building->count; i++) {
		const struct draft *draft = &building->draft[i];
		const struct first *first = &building->first[draft->pattern];
		uint8_t length = draft->text ? draft->text->len : 0;
		if (length && (!last || last->mixed != draft->mixed || by_text(last, draft) != 0)) {
			begins = used;
			memcpy(literals + used, draft->text->bytes, length);
			used += length;
		}
		prefilter->entry[i] = (struct tw_prefilter_entry){.mixed = draft->mixed,
		                                                  .letters = first->letters | (draft->text ? letters_of(draft->text) : 1),
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
static bool table_seal(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct building *building)
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
	struct building building = {.counts = calloc(1U << COUNTS_BITS, sizeof(*building.counts)),
	                            .under = calloc((size_t)prefilter->patterns + 1, 1),
	                            .needs = calloc((size_t)prefilter->patterns + 1, sizeof(*building.needs)),
	                            .first = calloc((size_t)prefilter->patterns + 1, sizeof(*building.first))};
	bool good = building.counts && building.under && building.needs && building.first;
	for (uint32_t i = 0; good && i < prefilter->patterns; i++) {
		counts_make(&building, required[i]);
	}
	for (uint32_t i = 0; good && i < prefilter->patterns; i++) {
		entries_of(&building, required[i], i);
	}
	good = good && !building.failed && needs_make(prefilter, arena, required, &building) && table_seal(prefilter, arena, &building);
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
		} else if (foreign(required[i])) {
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
