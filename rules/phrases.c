/**
 * @file phrases.c
 * See phrases.h.
 *
 * One open-addressing table holds every phrase and every beginning of one. The hash of a run of words grows letter by letter, a bitmap of
 * 64 Ki bits (8 KiB) turns away what is in no list, so that an ordinary text costs one multiplication a letter and one look a word.
 * Source: FNV-1a, Fowler, Noll and Vo, 64 bits.
 */
#include "rules/phrases.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/hash.h"

struct tw_phrase_entry {
	struct tw_slice text; /* len 0: free */
	uint64_t hash;
	uint32_t *whole, *stem; /* lists in which it is a phrase; in which it is the start of one's last word */
	uint32_t whole_count, stem_count;
	bool longer; /* some phrase goes on behind it */
};

static uint32_t mixed(uint64_t hash)
{
	return (uint32_t)((hash * 0x9E3779B97F4A7C15ULL) >> (64 - TW_PHRASE_BITMAP_BITS));
}

static bool bit_is(const uint64_t *bits, uint32_t bit)
{
	return bits[bit / 64] >> bit % 64 & 1;
}

static void bit_set(uint64_t *bits, uint32_t bit)
{
	bits[bit / 64] |= 1ULL << bit % 64;
}

bool tw_phrases_add(struct tw_phrases *phrases, struct tw_phrase phrase)
{
	struct tw_phrase *added = tw_list_push(phrases->arena, &phrases->phrases, sizeof(*added));
	phrase.text = tw_arena_copy(phrases->arena, phrase.text);
	if (!added || !phrase.text.ptr) {
		return false;
	}
	*added = phrase;
	return true;
}

/* ---- sealing ---- */

/* Beginnings: up to each space. */
static uint32_t next_space(struct tw_slice text, uint32_t from)
{
	const char *space = from < text.len ? memchr(text.ptr + from, ' ', text.len - from) : NULL;
	return space ? (uint32_t)(space - text.ptr) : text.len;
}

static struct tw_phrase_entry *entry_at(const struct tw_phrases *phrases, struct tw_slice text, uint64_t hash)
{
	uint32_t at = mixed(hash) ^ (uint32_t)hash;
	for (;; at++) {
		struct tw_phrase_entry *entry = &phrases->entry[at & (phrases->capacity - 1)];
		if (entry->text.len == 0 || (entry->hash == hash && tw_slice_equal(entry->text, text))) {
			return entry;
		}
	}
}

static struct tw_phrase_entry *entry_make(struct tw_phrases *phrases, struct tw_slice text)
{
	uint64_t hash = tw_fnv(text);
	struct tw_phrase_entry *entry = entry_at(phrases, text, hash);
	entry->text = text;
	entry->hash = hash;
	return entry;
}

/* @return false without memory; phrases come by list, so a list that is there already is the last one */
static bool list_push(struct tw_phrases *phrases, uint32_t **lists, uint32_t *count, uint32_t list)
{
	if (*count && (*lists)[*count - 1] == list) {
		return true;
	}
	if ((*count & (*count - 1)) == 0) { /* room is a power of two */
		uint32_t *room = tw_arena_alloc(phrases->arena, (*count ? (size_t)*count * 2 : 1) * sizeof(*room));
		if (!room) {
			return false;
		}
		if (*count) {
			memcpy(room, *lists, *count * sizeof(*room));
		}
		*lists = room;
	}
	(*lists)[(*count)++] = list;
	return true;
}

static bool phrase_place(struct tw_phrases *phrases, const struct tw_phrase *phrase)
{
	for (uint32_t end = next_space(phrase->text, 0); end < phrase->text.len; end = next_space(phrase->text, end + 1)) {
		struct tw_phrase_entry *start = entry_make(phrases, (struct tw_slice){phrase->text.ptr, end});
		start->longer = true;
		bit_set(phrases->whole_bits, mixed(start->hash));
	}
	struct tw_phrase_entry *entry = entry_make(phrases, phrase->text);
	if (phrase->stem) {
		phrases->has_stems = true;
		bit_set(phrases->stem_bits, mixed(entry->hash));
		return list_push(phrases, &entry->stem, &entry->stem_count, phrase->list);
	}
	bit_set(phrases->whole_bits, mixed(entry->hash));
	return list_push(phrases, &entry->whole, &entry->whole_count, phrase->list);
}

bool tw_phrases_seal(struct tw_phrases *phrases)
{
	const struct tw_phrase *phrase = phrases->phrases.data;
	size_t entries = 1;
	for (uint32_t i = 0; i < phrases->phrases.count; i++) {
		entries++;
		for (uint32_t end = next_space(phrase[i].text, 0); end < phrase[i].text.len; end = next_space(phrase[i].text, end + 1)) {
			entries++;
		}
	}
	phrases->capacity = 16;
	while (phrases->capacity < entries * 2) {
		phrases->capacity *= 2;
	}
	phrases->entry = tw_arena_alloc(phrases->arena, phrases->capacity * sizeof(*phrases->entry));
	bool good = phrases->entry != NULL;
	for (uint32_t i = 0; good && i < phrases->phrases.count; i++) {
		good = phrase_place(phrases, &phrase[i]);
	}
	return good;
}

/* ---- reading ---- */

struct reading {
	const struct tw_phrases *phrases;
	const struct tw_plain *plain;
	struct tw_phrase_hits *hits;
};

static void hits_add(struct reading *reading, const uint32_t *lists, uint32_t count, uint32_t first, uint32_t last)
{
	const struct tw_plain_word *from = &reading->plain->word[first], *to = &reading->plain->word[last];
	uint32_t end = last + 1 < reading->plain->count ? to[1].at - 1 : reading->plain->characters;
	struct tw_phrase_hits *out = reading->hits;
	for (uint32_t i = 0; i < count && out->count < TW_WORD_HITS_MAX; i++) {
		out->hit[out->count++] = (struct tw_word_hit){lists[i], from->at, end, from->source_from, to->source_to};
		bit_set(out->lists, lists[i]);
	}
}

static void stem_hits(struct reading *reading, uint64_t hash, uint32_t first, uint32_t last, uint32_t end)
{
	uint32_t from = reading->plain->word[first].from;
	const struct tw_phrase_entry *entry = entry_at(reading->phrases, (struct tw_slice){reading->plain->text + from, end - from}, hash);
	hits_add(reading, entry->stem, entry->stem_count, first, last);
}

/* Everything that begins with the word `first`. */
static void phrases_at(struct reading *reading, uint32_t first)
{
	const struct tw_phrases *phrases = reading->phrases;
	const struct tw_plain *plain = reading->plain;
	uint32_t from = plain->word[first].from, at = from;
	uint64_t hash = TW_FNV_BASIS;
	for (uint32_t last = first; last < plain->count && last < first + TW_WORD_PHRASE_MAX; last++) {
		for (; at < plain->word[last].to; at++) {
			hash = tw_fnv_step(hash, plain->text[at]);
			if (phrases->has_stems && bit_is(phrases->stem_bits, mixed(hash)) && at >= plain->word[last].from) {
				stem_hits(reading, hash, first, last, at + 1);
			}
		}
		if (!bit_is(phrases->whole_bits, mixed(hash))) {
			return;
		}
		const struct tw_phrase_entry *entry = entry_at(phrases, (struct tw_slice){plain->text + from, at - from}, hash);
		hits_add(reading, entry->whole, entry->whole_count, first, last);
		if (!entry->longer) {
			return;
		}
	}
}

bool tw_phrases_may_begin(const struct tw_phrases *phrases, struct tw_slice word)
{
	uint64_t hash = TW_FNV_BASIS;
	for (uint32_t at = 0; at < word.len; at++) {
		hash = tw_fnv_step(hash, word.ptr[at]);
		if (phrases->has_stems && bit_is(phrases->stem_bits, mixed(hash))) {
			return true;
		}
	}
	return bit_is(phrases->whole_bits, mixed(hash));
}

void tw_phrases_find(const struct tw_phrases *phrases, const struct tw_plain *plain, struct tw_phrase_hits *hits)
{
	struct reading reading = {phrases, plain, hits};
	for (uint32_t first = 0; first < plain->count; first++) {
		phrases_at(&reading, first);
	}
}
