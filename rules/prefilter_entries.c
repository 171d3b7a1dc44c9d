/**
 * @file prefilter_entries.c
 * See prefilter_building.h: for every pattern the keys that it stands under, and what else it needs.
 */
#include "rules/prefilter_building.h"

#include <stdlib.h>

#include "engine/base/arena.h"

#define COUNT_OF_NONE 16U
#define COST_BITS     24U
#define COST_HALVES   4U  /* the square root of what the letters say, which know no words */
#define COST_GRAM     40U /* bits, more than any word's: a window that slides costs every text */
#define COST_NEVER    (1ULL << 56)
#define COST_OPEN     2U /* times: many entries */

/* Every byte that a form may hold. */
static const char symbols[] = " 0123456789abcdefghijklmnopqrstuvwxyz_";

/* ---- which keys a pattern stands under ---- */

static uint32_t *count_of(const struct tw_prefilter_building *building, uint64_t key)
{
	return &building->counts[tw_key_mix(key) >> (64 - TW_PREFILTER_COUNTS_BITS)];
}

static bool is_foreign(const struct tw_required_text *text)
{
	return text->bytes[0] == TW_REQUIRED_FOREIGN;
}

bool tw_prefilter_foreign(const struct tw_required *required)
{
	for (uint32_t i = 0; i < required->count; i++) {
		if (is_foreign(&required->text[i])) {
			return true;
		}
	}
	return false;
}

void tw_prefilter_counts_make(const struct tw_prefilter_building *building, const struct tw_required *required)
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
static uint64_t cost_of(const struct tw_prefilter_building *building, uint64_t key, uint32_t rarity)
{
	if (tw_key_is_begin(key)) {
		return COST_NEVER;
	}
	uint64_t count = *count_of(building, key) + COUNT_OF_NONE;
	uint64_t cost = ((count << COST_BITS) >> rarity / COST_HALVES) + 1;
	return tw_key_of_word(key) ? cost : cost + (1ULL << COST_GRAM);
}

/* The key that a literal is best found by. @return its cost */
static uint64_t cheapest(const struct tw_prefilter_building *building, const struct tw_required_text *text, struct tw_required_key *out)
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
static uint32_t stands_under(const struct tw_prefilter_building *building, const struct tw_required *required)
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

static void entry_add(struct tw_prefilter_building *building, uint64_t key, struct tw_prefilter_draft draft)
{
	if (building->count == building->room) {
		size_t room = building->room ? building->room * 2 : 1024;
		struct tw_prefilter_draft *larger = realloc(building->draft, room * sizeof(*larger));
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

static void literal_add(struct tw_prefilter_building *building, uint32_t pattern, const struct tw_required_text *text)
{
	struct tw_required_key found = {0};
	(void)cheapest(building, text, &found);
	struct tw_prefilter_draft draft = {.pattern = pattern, .before = found.before, .text = found.all ? NULL : text};
	if (!found.open) {
		entry_add(building, found.key, draft);
		return;
	}
	for (const char *symbol = symbols; *symbol; symbol++) {
		const char fourth[TW_KEY_BYTES] = {0, 0, 0, *symbol};
		entry_add(building, found.key | tw_key_load(fourth), draft);
	}
}

void tw_prefilter_entries_of(struct tw_prefilter_building *building, const struct tw_required *required, uint32_t pattern)
{
	uint32_t under = tw_prefilter_foreign(required) ? required->also_count : stands_under(building, required);
	building->under[pattern] = (uint8_t)under;
	if (under < required->also_count) {
		const struct tw_required_also *also = &required->also[under];
		for (uint32_t i = 0; i < also->count; i++) {
			entry_add(building, also->key[i], (struct tw_prefilter_draft){.pattern = pattern});
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

uint64_t tw_prefilter_letters_of(const struct tw_required_text *text)
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
		letters &= is_foreign(&required->text[i]) ? 1 : tw_prefilter_letters_of(&required->text[i]);
	}
	return letters;
}

/* What a text must have that meets the needs: of each the letters that all of its keys have, and one of the beginnings of the shortest. */
static void first_put(const struct tw_required *required, uint32_t under, struct tw_prefilter_first *out)
{
	uint32_t least = UINT32_MAX;
	*out = (struct tw_prefilter_first){letters_of_literals(required), UINT64_MAX};
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

bool tw_prefilter_needs_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required,
                             const struct tw_prefilter_building *building)
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
