/**
 * @file words.c
 * The table of phrases and the pass over a text; see words.h.
 *
 * One open-addressing table holds every spelling and every beginning of one. The hash of a run of words grows letter by letter, a bitmap of
 * 64 Ki bits (8 KiB) turns away what is in no list, so that an ordinary text costs one multiplication a letter and one look a word.
 * Source: FNV-1a, Fowler, Noll and Vo, 64 bits.
 */
#include "rules/words.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/plain.h"
#include "rules/required_key.h"
#include "rules/spelling.h"

#define BITMAP_BITS 16U
#define STEM_BYTES  4U /* of a stem that are looked at, or three where it has no more */

/* A spelling of one list, while lists are added. */
struct spelling {
	struct tw_slice text;
	uint32_t list;
	bool stem; /* the last word may go on */
};

struct entry {
	struct tw_slice text;
	uint64_t hash;
	uint32_t *whole, *stem; /* lists in which it is a phrase; in which it is the start of one's last word */
	uint32_t whole_count, stem_count;
	bool longer; /* some phrase goes on behind it */
};

struct list {
	const struct tw_literal *at;
	uint32_t count;
};

struct tw_words {
	struct tw_arena *arena;
	struct tw_list lists;     /* struct list */
	struct tw_list spellings; /* struct spelling */
	/* after sealing */
	struct entry *entry; /* `capacity`, a power of two; text.len 0: free */
	uint32_t capacity;
	uint32_t list_words;
	bool has_stems;
	uint64_t whole_bits[(1U << BITMAP_BITS) / 64], stem_bits[(1U << BITMAP_BITS) / 64];
	uint64_t begin_bits[(1U << BITMAP_BITS) / 64]; /* what the first words of phrases begin with */
};

struct tw_words *tw_words_new(struct tw_arena *arena)
{
	struct tw_words *words = tw_arena_alloc(arena, sizeof(*words));
	if (words) {
		words->arena = arena;
	}
	return words;
}

static uint32_t mixed(uint64_t hash)
{
	return (uint32_t)((hash * 0x9E3779B97F4A7C15ULL) >> (64 - BITMAP_BITS));
}

static bool bit_is(const uint64_t *bits, uint32_t bit)
{
	return bits[bit / 64] >> bit % 64 & 1;
}

static void bit_set(uint64_t *bits, uint32_t bit)
{
	bits[bit / 64] |= 1ULL << bit % 64;
}

/* ---- adding ---- */

struct adding {
	struct tw_words *words;
	uint32_t list;
	bool stem;
};

static bool spelling_take(void *context, struct tw_slice text)
{
	struct adding *adding = context;
	struct spelling *spelling = tw_list_push(adding->words->arena, &adding->words->spellings, sizeof(*spelling));
	struct tw_slice copy = tw_arena_copy(adding->words->arena, text);
	if (!spelling || !copy.ptr) {
		return false;
	}
	*spelling = (struct spelling){copy, adding->list, adding->stem};
	return true;
}

static const char *complaint(const struct tw_plain *phrase, bool stem, struct tw_slice text)
{
	const struct tw_plain_word *last = phrase->count ? &phrase->word[phrase->count - 1] : NULL;
	uint32_t letters = last ? phrase->characters - last->at : 0;
	if (!last) {
		return "holds no word: letters and digits are what is compared";
	}
	if (memchr(text.ptr, '*', text.len)) {
		return "has a * that does not end it";
	}
	if (phrase->count > TW_WORD_PHRASE_MAX) {
		return "is too long: a phrase has at most 8 words";
	}
	if (stem && letters < TW_WORD_STEM_LETTERS) {
		return "stands for almost anything: at least 3 letters of the word before the *";
	}
	return phrase->characters < 2 && !tw_plain_is_ideograph((struct tw_slice){phrase->text, last->to})
	           ? "is a single letter or digit: it stands in almost any text"
	           : NULL;
}

static bool phrase_add(struct adding *adding, const struct tw_literal *literal, struct tw_rule_report *report)
{
	struct tw_slice text = literal->text;
	struct tw_arena *arena = adding->words->arena;
	struct tw_plain latin, written;
	adding->stem = text.len && text.ptr[text.len - 1] == '*';
	text.len -= adding->stem;
	if (!tw_plain_of(text, true, arena, &latin) || !tw_plain_of(text, false, arena, &written)) {
		tw_report_error(report, literal->mark, TW_E_MEMORY, "no memory");
		return false;
	}
	const char *wrong = complaint(&latin, adding->stem, text);
	if (wrong) {
		tw_report_error(report, literal->mark, TW_E_RANGE, "\"%.64s\" %s", literal->text.ptr, wrong);
		return false;
	}
	/* a stem of nothing but look-alikes may go on with letters that are none: then the word stays in its script */
	if (!tw_spellings(&latin, adding->stem, spelling_take, adding) || (adding->stem && !tw_spellings(&written, true, spelling_take, adding))) {
		tw_report_error(report, literal->mark, TW_E_LIMIT, "\"%.64s\" is too long", literal->text.ptr);
		return false;
	}
	return true;
}

static bool same_list(const struct list *known, const struct tw_literals *literals)
{
	for (uint32_t i = 0; known->count == literals->count && i < known->count; i++) {
		if (!tw_slice_equal(known->at[i].text, literals->at[i].text)) {
			return false;
		}
	}
	return known->count == literals->count;
}

bool tw_words_add(struct tw_words *words, const struct tw_literals *literals, struct tw_rule_report *report, uint32_t *list)
{
	const struct list *known = words->lists.data;
	bool good = true;
	for (uint32_t i = 0; i < words->lists.count; i++) {
		if (same_list(&known[i], literals)) {
			*list = i;
			return true;
		}
	}
	struct list *added = tw_list_push(words->arena, &words->lists, sizeof(*added));
	struct adding adding = {words, words->lists.count - 1, false};
	if (!added) {
		tw_report_error(report, literals->at[0].mark, TW_E_MEMORY, "no memory");
		return false;
	}
	*added = (struct list){literals->at, literals->count};
	for (uint32_t i = 0; i < literals->count; i++) {
		good &= phrase_add(&adding, &literals->at[i], report);
	}
	*list = adding.list;
	return good;
}

/* ---- sealing ---- */

/* Beginnings: up to each space. */
static uint32_t next_space(struct tw_slice text, uint32_t from)
{
	const char *space = from < text.len ? memchr(text.ptr + from, ' ', text.len - from) : NULL;
	return space ? (uint32_t)(space - text.ptr) : text.len;
}

static struct entry *entry_at(const struct tw_words *words, struct tw_slice text, uint64_t hash)
{
	uint32_t at = mixed(hash) ^ (uint32_t)hash;
	for (;; at++) {
		struct entry *entry = &words->entry[at & (words->capacity - 1)];
		if (entry->text.len == 0 || (entry->hash == hash && tw_slice_equal(entry->text, text))) {
			return entry;
		}
	}
}

static struct entry *entry_make(struct tw_words *words, struct tw_slice text)
{
	uint64_t hash = tw_fnv(text);
	struct entry *entry = entry_at(words, text, hash);
	entry->text = text;
	entry->hash = hash;
	return entry;
}

/* @return false without memory; spellings come by list, so a list that is there already is the last one */
static bool list_push(struct tw_words *words, uint32_t **lists, uint32_t *count, uint32_t list)
{
	if (*count && (*lists)[*count - 1] == list) {
		return true;
	}
	if ((*count & (*count - 1)) == 0) { /* room is a power of two */
		uint32_t *room = tw_arena_alloc(words->arena, (*count ? (size_t)*count * 2 : 1) * sizeof(*room));
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

/* What a word begins with: as many bytes of it; eight with the blank behind a shorter one. */
static uint32_t begin_bit(uint64_t word, uint32_t bytes)
{
	return mixed(bytes < TW_KEY_WORD_BYTES ? (word & ((1ULL << 8 * bytes) - 1)) | (uint64_t)bytes << 56 : word);
}

/* Of a stem the word in a text goes on: its first bytes alone. */
static void begin_place(struct tw_words *words, const struct spelling *spelling)
{
	uint32_t length = next_space(spelling->text, 0);
	bool stem = spelling->stem && length == spelling->text.len;
	char bytes[TW_KEY_WORD_BYTES];
	memset(bytes, ' ', sizeof(bytes));
	memcpy(bytes, spelling->text.ptr, length < sizeof(bytes) ? length : sizeof(bytes));
	uint32_t known = !stem ? TW_KEY_WORD_BYTES : length < STEM_BYTES ? TW_WORD_STEM_LETTERS : STEM_BYTES;
	bit_set(words->begin_bits, begin_bit(tw_key_word(bytes), known));
}

static bool spelling_place(struct tw_words *words, const struct spelling *spelling)
{
	begin_place(words, spelling);
	for (uint32_t end = next_space(spelling->text, 0); end < spelling->text.len; end = next_space(spelling->text, end + 1)) {
		struct entry *start = entry_make(words, (struct tw_slice){spelling->text.ptr, end});
		start->longer = true;
		bit_set(words->whole_bits, mixed(start->hash));
	}
	struct entry *entry = entry_make(words, spelling->text);
	if (spelling->stem) {
		words->has_stems = true;
		bit_set(words->stem_bits, mixed(entry->hash));
		return list_push(words, &entry->stem, &entry->stem_count, spelling->list);
	}
	bit_set(words->whole_bits, mixed(entry->hash));
	return list_push(words, &entry->whole, &entry->whole_count, spelling->list);
}

bool tw_words_seal(struct tw_words *words)
{
	const struct spelling *spelling = words->spellings.data;
	size_t entries = 1;
	for (uint32_t i = 0; i < words->spellings.count; i++) {
		entries++;
		for (uint32_t end = next_space(spelling[i].text, 0); end < spelling[i].text.len; end = next_space(spelling[i].text, end + 1)) {
			entries++;
		}
	}
	words->capacity = 16;
	while (words->capacity < entries * 2) {
		words->capacity *= 2;
	}
	words->list_words = (words->lists.count + 63) / 64;
	words->entry = tw_arena_alloc(words->arena, words->capacity * sizeof(*words->entry));
	bool good = words->entry != NULL;
	for (uint32_t i = 0; good && i < words->spellings.count; i++) {
		good = spelling_place(words, &spelling[i]);
	}
	return good;
}

/* ---- reading ---- */

struct reading {
	const struct tw_words *words;
	const struct tw_plain *plain;
	struct tw_word_hit *hit;
	uint32_t count;
	uint64_t *lists;
};

static void hits(struct reading *reading, const uint32_t *lists, uint32_t count, uint32_t first, uint32_t last)
{
	const struct tw_plain_word *from = &reading->plain->word[first], *to = &reading->plain->word[last];
	uint32_t end = last + 1 < reading->plain->count ? to[1].at - 1 : reading->plain->characters;
	for (uint32_t i = 0; i < count && reading->count < TW_WORD_HITS_MAX; i++) {
		reading->hit[reading->count++] = (struct tw_word_hit){lists[i], from->at, end, from->source_from, to->source_to};
		bit_set(reading->lists, lists[i]);
	}
}

static void stem_hits(struct reading *reading, uint64_t hash, uint32_t first, uint32_t last, uint32_t end)
{
	uint32_t from = reading->plain->word[first].from;
	const struct entry *entry = entry_at(reading->words, (struct tw_slice){reading->plain->text + from, end - from}, hash);
	hits(reading, entry->stem, entry->stem_count, first, last);
}

/* May a phrase begin with the word? Most begin none, which is known before a letter of them is hashed. */
static bool may_begin(const struct tw_words *words, const struct tw_plain *plain, uint32_t first)
{
	uint64_t word = tw_key_word(plain->text + plain->word[first].from);
	return bit_is(words->begin_bits, begin_bit(word, TW_KEY_WORD_BYTES)) || bit_is(words->begin_bits, begin_bit(word, STEM_BYTES)) ||
	       bit_is(words->begin_bits, begin_bit(word, TW_WORD_STEM_LETTERS));
}

/* Everything that begins with the word `first`. */
static void phrases_at(struct reading *reading, uint32_t first)
{
	const struct tw_words *words = reading->words;
	const struct tw_plain *plain = reading->plain;
	uint32_t from = plain->word[first].from, at = from;
	uint64_t hash = TW_FNV_BASIS;
	for (uint32_t last = first; last < plain->count && last < first + TW_WORD_PHRASE_MAX; last++) {
		for (; at < plain->word[last].to; at++) {
			hash = tw_fnv_step(hash, plain->text[at]);
			if (words->has_stems && bit_is(words->stem_bits, mixed(hash)) && at >= plain->word[last].from) {
				stem_hits(reading, hash, first, last, at + 1);
			}
		}
		if (!bit_is(words->whole_bits, mixed(hash))) {
			return;
		}
		const struct entry *entry = entry_at(words, (struct tw_slice){plain->text + from, at - from}, hash);
		hits(reading, entry->whole, entry->whole_count, first, last);
		if (!entry->longer) {
			return;
		}
	}
}

bool tw_words_read(const struct tw_words *words, struct tw_word_marks *marks, struct tw_slice text, struct tw_arena *arena)
{
	struct tw_word_hit found[TW_WORD_HITS_MAX];
	struct tw_plain plain;
	struct reading reading = {.words = words, .plain = &plain, .hit = found};
	if (marks->known) {
		return true;
	}
	reading.lists = tw_arena_alloc(arena, (words->list_words + 1) * sizeof(*reading.lists));
	if (!reading.lists || !tw_plain_of(text, true, arena, &plain)) {
		return false;
	}
	for (uint32_t first = 0; first < plain.count; first++) {
		if (may_begin(words, &plain, first)) {
			phrases_at(&reading, first);
		}
	}
	struct tw_word_hit *kept = tw_arena_alloc_raw(arena, (reading.count + 1) * sizeof(*kept));
	if (!kept) {
		return false;
	}
	memcpy(kept, found, reading.count * sizeof(*kept));
	*marks = (struct tw_word_marks){kept, reading.count, reading.lists, true};
	return true;
}

size_t tw_words_list_bytes(const struct tw_words *words)
{
	return (words->list_words + 1) * sizeof(uint64_t);
}

/* ---- asking ---- */

static bool overlap(const struct tw_word_hit *a, const struct tw_word_hit *b)
{
	return a->at < b->end && b->at < a->end;
}

static bool excepted(const struct tw_word_marks *marks, uint32_t except, const struct tw_word_hit *hit)
{
	for (uint32_t i = 0; except != TW_WORD_NO_LIST && i < marks->count; i++) {
		if (marks->hit[i].list == except && overlap(&marks->hit[i], hit)) {
			return true;
		}
	}
	return false;
}

static const struct tw_word_hit *beside(const struct tw_word_marks *marks, const struct tw_word_test *test, const struct tw_word_hit *hit)
{
	for (uint32_t i = 0; i < marks->count; i++) {
		const struct tw_word_hit *other = &marks->hit[i];
		uint32_t gap = other->at >= hit->end ? other->at - hit->end : hit->at - other->end;
		if (other->list == test->beside && !overlap(other, hit) && gap <= test->within && !excepted(marks, test->except, other)) {
			return other;
		}
	}
	return NULL;
}

bool tw_words_may_meet(const uint64_t *lists, const struct tw_word_test *test)
{
	return bit_is(lists, test->list) && (test->beside == TW_WORD_NO_LIST || bit_is(lists, test->beside));
}

bool tw_words_meet(const struct tw_word_marks *marks, const struct tw_word_test *test, struct tw_span *place)
{
	for (uint32_t i = 0; tw_words_may_meet(marks->lists, test) && i < marks->count; i++) {
		const struct tw_word_hit *hit = &marks->hit[i], *other;
		if (hit->list != test->list || excepted(marks, test->except, hit)) {
			continue;
		}
		other = test->beside == TW_WORD_NO_LIST ? hit : beside(marks, test, hit);
		if (!other) {
			continue;
		}
		if (place) {
			place->from = hit->source_from < other->source_from ? hit->source_from : other->source_from;
			place->to = hit->source_to > other->source_to ? hit->source_to : other->source_to;
		}
		return true;
	}
	return false;
}
