/**
 * @file prefilter.c
 * See prefilter.h. The pass has two steps: places whose gram is in the bitmap are written down without a branch, then each is looked at.
 */
#include "rules/prefilter.h"

#include <stdlib.h>

#include "engine/base/arena.h"

#define GRAM_MAX      4U
#define SHORT         3U
#define GRAM_MIN      2U
#define BITS_MIN      12U
#define BITS_MAX      18U /* 32 KiB: stays in the first cache */
#define BITS_A_GRAM   16U
#define GRAMS_BITS    12U
#define GRAMS         (1U << GRAMS_BITS)
#define COUNTS_BITS   16U
#define PLACES        256U
#define MARGIN        8U /* readable bytes behind a form */
#define FORM_BYTES    4096U
#define COUNT_OF_NONE 4U
#define COST_BITS     24U
#define COST_HALVES   4U /* the square root of what the letters say, which know no words */
#define MULTIPLIER    0x9E3779B1U

/* A pattern under a gram that it needs. */
struct entry {
	uint32_t gram;
	uint32_t pattern;
	const struct tw_required_text *text; /* the literal around it; NULL: the gram says it all */
	uint32_t before;                     /* bytes of the literal before the gram */
};

/* All literals whose gram has so many bytes. */
struct table {
	uint32_t bits; /* of a hash; 0: no literal */
	uint64_t *bitmap;
	uint32_t *start; /* of the entries of each hash, and one more */
	struct entry *entry;
	uint32_t count;
};

struct tw_prefilter {
	struct table table[GRAM_MAX + 1];
	const uint32_t *always;
	uint32_t always_count;
	const uint32_t *foreign;
	uint32_t foreign_count;
	uint32_t patterns;
	uint32_t *also;   /* of each pattern: where its further needs begin */
	uint16_t *places; /* each need: how many grams, then their places in a text's grams; 0 ends a pattern's */
};

struct tw_prefilter_scratch {
	char *form;
	size_t room;
	uint32_t *stamp; /* the pass in which a pattern became a candidate */
	uint32_t pass;
	uint32_t *candidate;
	uint32_t count;
	uint32_t length;            /* of the form */
	bool has_grams;             /* `grams` is of this text */
	uint64_t grams[GRAMS / 64]; /* which grams it has, by hash */
};

static uint32_t gram_at(const char *at, uint32_t bytes)
{
	uint32_t gram;
	memcpy(&gram, at, sizeof(gram));
	return bytes == 4 ? gram : gram & ((1U << 8 * bytes) - 1);
}

/* Every byte that a form may hold. */
static const char symbols[] = " 0123456789abcdefghijklmnopqrstuvwxyz_";

/* ---- building ---- */

static uint32_t rarest(const struct tw_required_text *text, uint32_t bytes)
{
	uint32_t best = 0, most = 0;
	for (uint32_t i = 0; i + bytes <= text->len; i++) {
		uint32_t of = tw_required_rarity(text->bytes + i, bytes);
		if (of > most) {
			most = of;
			best = i;
		}
	}
	return best;
}

static uint32_t bytes_of(const struct tw_required_text *text)
{
	return text->len < GRAM_MAX ? text->len : GRAM_MAX;
}

static int by_gram(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = (a->gram > b->gram) - (a->gram < b->gram);
	return order ? order : (a->pattern > b->pattern) - (a->pattern < b->pattern);
}

static void entry_add(struct table *table, uint32_t pattern, const struct tw_required_text *text)
{
	uint32_t bytes = bytes_of(text);
	char padded[TW_REQUIRED_BYTES_MAX + MARGIN] = {0};
	memcpy(padded, text->bytes, text->len);
	uint32_t before = rarest(text, bytes);
	if (bytes == SHORT) { /* under each gram that it begins, so that one window serves both */
		for (const char *symbol = symbols; *symbol; symbol++) {
			padded[before + SHORT] = *symbol;
			table->entry[table->count++] = (struct entry){gram_at(padded + before, GRAM_MAX), pattern, text, before};
		}
		return;
	}
	table->entry[table->count++] = (struct entry){gram_at(padded + before, bytes), pattern, text, before};
}

/* ---- which need a pattern stands under ---- */

static uint32_t gram_of(const struct tw_required_text *text)
{
	char padded[TW_REQUIRED_BYTES_MAX + MARGIN] = {0};
	uint32_t bytes = bytes_of(text);
	memcpy(padded, text->bytes, text->len);
	return gram_at(padded + rarest(text, bytes), bytes);
}

static void count_one(uint32_t *counts, uint32_t gram)
{
	counts[(gram * MULTIPLIER) >> (32 - COUNTS_BITS)]++;
}

static void counts_make(uint32_t *counts, const struct tw_required *const *required, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t j = 0; j < required[i]->count; j++) {
			count_one(counts, gram_of(&required[i]->text[j]));
		}
		for (uint32_t j = 0; j < required[i]->also_count; j++) {
			for (uint32_t k = 0; k < required[i]->also[j].count; k++) {
				count_one(counts, required[i]->also[j].gram[k]);
			}
		}
	}
}

/* A gram that many patterns have is a common word's, however rare its letters; its entries are many to look at too. */
static uint64_t cost_of(const uint32_t *counts, uint32_t gram, uint32_t rarity)
{
	uint64_t count = counts[(gram * MULTIPLIER) >> (32 - COUNTS_BITS)] + COUNT_OF_NONE;
	return (count << COST_BITS) >> rarity / COST_HALVES;
}

/* @return the cheapest of the further needs, also_count: the literals are cheaper, or hold a character beyond ASCII */
static uint32_t stands_under(const uint32_t *counts, const struct tw_required *required)
{
	uint32_t best = required->also_count;
	uint64_t least = 0;
	for (uint32_t i = 0; i < required->count; i++) {
		const struct tw_required_text *text = &required->text[i];
		uint32_t bytes = bytes_of(text);
		least += cost_of(counts, gram_of(text), tw_required_rarity(text->bytes + rarest(text, bytes), bytes));
	}
	for (uint32_t i = 0; i < required->also_count; i++) {
		uint64_t cost = 0;
		for (uint32_t j = 0; j < required->also[i].count; j++) {
			uint32_t gram = required->also[i].gram[j];
			cost += cost_of(counts, gram, tw_required_rarity((const char *)&gram, GRAM_MAX));
		}
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

/* Entries in the order of their hash: sorted by a hash that keeps whole grams together. */
static bool table_seal(struct table *table, struct tw_arena *arena)
{
	if (table->count == 0) {
		return true;
	}
	table->bits = BITS_MIN;
	while (table->bits < BITS_MAX && 1U << table->bits < table->count * BITS_A_GRAM) {
		table->bits++;
	}
	for (uint32_t i = 0; i < table->count; i++) {
		table->entry[i].gram *= MULTIPLIER; /* odd, so that it can be undone, and its top bits are the hash */
	}
	qsort(table->entry, table->count, sizeof(*table->entry), by_gram);
	struct entry *kept = tw_arena_alloc(arena, table->count * sizeof(*kept));
	if (!kept) {
		return false;
	}
	memcpy(kept, table->entry, table->count * sizeof(*kept));
	table->entry = kept;
	table->bitmap = tw_arena_alloc(arena, (1U << table->bits) / 8);
	table->start = tw_arena_alloc(arena, ((1U << table->bits) + 1) * sizeof(*table->start));
	if (!table->bitmap || !table->start) {
		return false;
	}
	for (uint32_t hash = 0, at = 0; hash <= 1U << table->bits; hash++) {
		while (at < table->count && table->entry[at].gram >> (32 - table->bits) < hash) {
			at++;
		}
		table->start[hash] = at;
	}
	for (uint32_t i = 0; i < table->count; i++) {
		uint32_t hash = table->entry[i].gram >> (32 - table->bits);
		table->bitmap[hash / 64] |= 1ULL << hash % 64;
	}
	return true;
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

static void entries_of(struct tw_prefilter *prefilter, const uint32_t *counts, const struct tw_required *required, uint32_t pattern)
{
	uint32_t under = foreign(required) ? required->also_count : stands_under(counts, required);
	if (under < required->also_count) {
		const struct tw_required_also *also = &required->also[under];
		for (uint32_t i = 0; i < also->count; i++) {
			struct table *table = &prefilter->table[GRAM_MAX];
			table->entry[table->count++] = (struct entry){also->gram[i], pattern, NULL, 0};
		}
		return;
	}
	for (uint32_t i = 0; i < required->count; i++) {
		if (!is_foreign(&required->text[i])) {
			entry_add(&prefilter->table[required->text[i].len == GRAM_MIN ? GRAM_MIN : GRAM_MAX], pattern, &required->text[i]);
		}
	}
}

static bool tables_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required, uint32_t count)
{
	uint32_t *counts = calloc(1U << COUNTS_BITS, sizeof(*counts));
	size_t needed = 0;
	bool good = counts != NULL;
	for (uint32_t i = 0; i < count; i++) {
		needed += TW_REQUIRED_GRAMS_MAX;
		for (uint32_t j = 0; j < required[i]->count; j++) {
			needed += required[i]->text[j].len == SHORT ? sizeof(symbols) : 1;
		}
	}
	for (uint32_t bytes = GRAM_MIN; good && bytes <= GRAM_MAX; bytes += GRAM_MAX - GRAM_MIN) {
		prefilter->table[bytes].entry = calloc(needed + 1, sizeof(struct entry));
		good = prefilter->table[bytes].entry != NULL;
	}
	if (good) {
		counts_make(counts, required, count);
	}
	for (uint32_t i = 0; good && i < count; i++) {
		entries_of(prefilter, counts, required[i], i);
	}
	for (uint32_t bytes = GRAM_MIN; bytes <= GRAM_MAX; bytes += GRAM_MAX - GRAM_MIN) {
		struct entry *roomy = prefilter->table[bytes].entry;
		good = good && table_seal(&prefilter->table[bytes], arena);
		free(roomy);
	}
	free(counts);
	return good;
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
				prefilter->places[used++] = (uint16_t)((also->gram[k] * MULTIPLIER) >> (32 - GRAMS_BITS));
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
	               tables_make(prefilter, arena, required, count)
	           ? prefilter
	           : NULL;
}

/* ---- scratch ---- */

struct tw_prefilter_scratch *tw_prefilter_scratch_new(const struct tw_prefilter *prefilter)
{
	struct tw_prefilter_scratch *scratch = calloc(1, sizeof(*scratch));
	if (!scratch) {
		return NULL;
	}
	scratch->room = FORM_BYTES;
	scratch->form = malloc(scratch->room);
	scratch->stamp = calloc((size_t)prefilter->patterns + 1, sizeof(*scratch->stamp));
	scratch->candidate = calloc((size_t)prefilter->patterns + 1, sizeof(*scratch->candidate));
	if (!scratch->form || !scratch->stamp || !scratch->candidate) {
		tw_prefilter_scratch_free(scratch);
		return NULL;
	}
	return scratch;
}

void tw_prefilter_scratch_free(struct tw_prefilter_scratch *scratch)
{
	if (scratch) {
		free(scratch->form);
		free(scratch->stamp);
		free(scratch->candidate);
		free(scratch);
	}
}

static bool room_for(struct tw_prefilter_scratch *scratch, uint32_t length)
{
	size_t needed = (size_t)length + 3 + MARGIN;
	if (needed > scratch->room) {
		char *larger = realloc(scratch->form, needed * 2);
		if (!larger) {
			return false;
		}
		scratch->form = larger;
		scratch->room = needed * 2;
	}
	return true;
}

/* ---- the pass ---- */

static const char forms[256] = {
#define BLANKS_8  ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '
#define BLANKS_32 BLANKS_8, BLANKS_8, BLANKS_8, BLANKS_8
    BLANKS_32, BLANKS_8, BLANKS_8, '0', '1', '2', '3', '4', '5', '6', '7', '8',       '9',       ' ',       ' ',      ' ', ' ', ' ',
    ' ',       ' ',      'a',      'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j',       'k',       'l',       'm',      'n', 'o', 'p',
    'q',       'r',      's',      't', 'u', 'v', 'w', 'x', 'y', 'z', ' ', ' ',       ' ',       ' ',       '_',      ' ', 'a', 'b',
    'c',       'd',      'e',      'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n',       'o',       'p',       'q',      'r', 's', 't',
    'u',       'v',      'w',      'x', 'y', 'z', ' ', ' ', ' ', ' ', ' ', BLANKS_32, BLANKS_32, BLANKS_32, BLANKS_32};

/* U+017F is C5 BF, U+212A is E2 84 AA: the only characters beyond ASCII that fold to ASCII letters. Source: Unicode CaseFolding.txt. */
static char beyond(struct tw_slice text, uint32_t at, uint32_t *length)
{
	const unsigned char *bytes = (const unsigned char *)text.ptr + at;
	uint32_t left = text.len - at, count = 1;
	while (count < left && (bytes[count] & 0xC0) == 0x80) {
		count++;
	}
	*length = count;
	if (count == 2 && bytes[0] == 0xC5 && bytes[1] == 0xBF) {
		return 's';
	}
	return count == 3 && bytes[0] == 0xE2 && bytes[1] == 0x84 && bytes[2] == 0xAA ? 'k' : ' ';
}

/* @return bytes of the form, its two blanks with it; *ascii whether the text has nothing else */
static uint32_t form_make(char *out, struct tw_slice text, bool *ascii)
{
	uint32_t used = 0, i = 0;
	*ascii = true;
	out[used++] = ' ';
	while (i < text.len) {
		uint64_t eight;
		for (; i + sizeof(eight) <= text.len; i += (uint32_t)sizeof(eight)) { /* eight of ASCII at a time */
			memcpy(&eight, text.ptr + i, sizeof(eight));
			if (eight & 0x8080808080808080ULL) {
				break;
			}
			for (uint32_t j = 0; j < sizeof(eight); j++) {
				out[used++] = forms[eight >> 8 * j & 0x7F];
			}
		}
		if (i == text.len) {
			break;
		}
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x80) {
			out[used++] = forms[c];
			i++;
			continue;
		}
		uint32_t length;
		out[used++] = beyond(text, i, &length);
		*ascii = false;
		i += length;
	}
	out[used++] = ' ';
	out[used++] = ' '; /* a literal of three bytes may end at the first */
	memset(out + used, 0, MARGIN);
	return used;
}

static void take(struct tw_prefilter_scratch *scratch, uint32_t pattern)
{
	if (scratch->stamp[pattern] != scratch->pass) {
		scratch->stamp[pattern] = scratch->pass;
		scratch->candidate[scratch->count++] = pattern;
	}
}

static void grams_make(struct tw_prefilter_scratch *scratch)
{
	memset(scratch->grams, 0, sizeof(scratch->grams));
	for (uint32_t i = 0; i + GRAM_MAX <= scratch->length; i++) {
		uint32_t place = (gram_at(scratch->form + i, GRAM_MAX) * MULTIPLIER) >> (32 - GRAMS_BITS);
		scratch->grams[place / 64] |= 1ULL << place % 64;
	}
	scratch->has_grams = true;
}

/* Of each further need one gram at least. */
static bool needs_met(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint32_t pattern)
{
	const uint16_t *at = prefilter->places + prefilter->also[pattern];
	if (*at && !scratch->has_grams) {
		grams_make(scratch);
	}
	while (*at) {
		bool one = false;
		for (uint32_t left = *at++; left; left--, at++) {
			one |= scratch->grams[*at / 64] >> *at % 64 & 1;
		}
		if (!one) {
			return false;
		}
	}
	return true;
}

static void entries_at(const struct tw_prefilter *prefilter, const struct table *table, struct tw_prefilter_scratch *scratch, uint32_t mixed,
                       uint32_t at)
{
	uint32_t hash = mixed >> (32 - table->bits);
	for (uint32_t i = table->start[hash]; i < table->start[hash + 1]; i++) {
		const struct entry *entry = &table->entry[i];
		if (entry->gram != mixed || scratch->stamp[entry->pattern] == scratch->pass || at < entry->before) {
			continue;
		}
		uint32_t from = at - entry->before;
		if (entry->text &&
		    (entry->text->len > scratch->length - from || memcmp(scratch->form + from, entry->text->bytes, entry->text->len) != 0)) {
			continue;
		}
		if (needs_met(prefilter, scratch, entry->pattern)) {
			take(scratch, entry->pattern);
		}
		scratch->stamp[entry->pattern] = scratch->pass; /* whatever it lacks, this text has not */
	}
}

static void slide(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, uint32_t bytes)
{
	const struct table *table = &prefilter->table[bytes];
	uint32_t places[PLACES] = {0}, mixed[PLACES] = {0};
	const char *form = scratch->form;
	const uint64_t *bitmap = table->bitmap;
	if (table->bits == 0 || scratch->length < bytes) {
		return;
	}
	uint32_t shift = 32 - table->bits, last = scratch->length - bytes + 1;
	for (uint32_t from = 0; from < last; from += PLACES) {
		uint32_t to = last - from < PLACES ? last : from + PLACES, count = 0;
		for (uint32_t i = from; i < to; i++) {
			uint32_t of = gram_at(form + i, bytes) * MULTIPLIER, hash = of >> shift;
			places[count] = i;
			mixed[count] = of;
			count += bitmap[hash / 64] >> hash % 64 & 1;
		}
		for (uint32_t i = 0; i < count; i++) {
			entries_at(prefilter, table, scratch, mixed[i], places[i]);
		}
	}
}

static void next_pass(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch)
{
	scratch->count = 0;
	if (++scratch->pass == 0) {
		memset(scratch->stamp, 0, (size_t)prefilter->patterns * sizeof(*scratch->stamp));
		scratch->pass = 1;
	}
}

uint32_t tw_prefilter_pass(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, struct tw_slice text, const uint32_t **out)
{
	bool ascii;
	if (!room_for(scratch, text.len)) {
		return UINT32_MAX;
	}
	next_pass(prefilter, scratch);
	scratch->length = form_make(scratch->form, text, &ascii);
	scratch->has_grams = false;
	for (uint32_t i = 0; i < prefilter->always_count; i++) {
		take(scratch, prefilter->always[i]);
	}
	for (uint32_t i = 0; !ascii && i < prefilter->foreign_count; i++) {
		take(scratch, prefilter->foreign[i]);
	}
	for (uint32_t bytes = GRAM_MIN; bytes <= GRAM_MAX; bytes += GRAM_MAX - GRAM_MIN) {
		slide(prefilter, scratch, bytes);
	}
	*out = scratch->candidate;
	return scratch->count;
}
