/**
 * @file words.c
 * Lists and what they ask of a text; see words.h. The phrases of all lists are one table (phrases.h), those of disguised lists by their keys
 * (disguise.h) another, which is asked of the text undone: word by word, and once more where something was taken apart.
 */
#include "rules/words.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/plain.h"
#include "rules/disguise.h"
#include "rules/disguise_sieve.h"
#include "rules/phrases.h"
#include "rules/spelling.h"

struct list {
	const struct tw_literal *at;
	uint32_t count;
	bool disguised;
};

struct tw_words {
	struct tw_arena *arena;
	struct tw_list lists;     /* struct list */
	struct tw_phrases plain;  /* every list's spellings */
	struct tw_phrases undone; /* those of disguised lists, as tw_disguise_key writes them */
	/* after sealing */
	struct tw_disguise_sieve sieve;
	uint32_t list_words;
	uint64_t *none; /* bits of no list */
};

struct tw_words *tw_words_new(struct tw_arena *arena)
{
	struct tw_words *words = tw_arena_alloc(arena, sizeof(*words));
	if (words) {
		words->arena = words->plain.arena = words->undone.arena = arena;
	}
	return words;
}

static bool bit_is(const uint64_t *bits, uint32_t bit)
{
	return bits[bit / 64] >> bit % 64 & 1;
}

/* ---- adding ---- */

struct adding {
	struct tw_words *words;
	uint32_t list;
	bool disguised;
	bool stem;
	bool lacks; /* one letter of the phrase may be missing */
};

static bool key_take(void *context, struct tw_slice key)
{
	struct adding *adding = context;
	return tw_phrases_add(&adding->words->undone, (struct tw_phrase){key, adding->list, adding->stem});
}

static bool spelling_take(void *context, struct tw_slice text)
{
	struct adding *adding = context;
	return tw_phrases_add(&adding->words->plain, (struct tw_phrase){text, adding->list, adding->stem}) &&
	       (!adding->disguised || tw_disguise_spellings(text, adding->lacks, key_take, adding));
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
		if (literal->set_file) {
			tw_report_error(report, literal->mark, TW_E_RANGE, "\"%.64s\" %s: see %.128s:%u:%u", literal->text.ptr, wrong,
			                literal->set_file, literal->in_set.line, literal->in_set.column);
		} else {
			tw_report_error(report, literal->mark, TW_E_RANGE, "\"%.64s\" %s", literal->text.ptr, wrong);
		}
		return false;
	}
	adding->lacks = tw_disguise_may_lack(&latin);
	/* a stem of nothing but look-alikes may go on with letters that are none: then the word stays in its script */
	if (!tw_spellings(&latin, adding->stem, spelling_take, adding) || (adding->stem && !tw_spellings(&written, true, spelling_take, adding))) {
		tw_report_error(report, literal->mark, TW_E_LIMIT, "\"%.64s\" is too long", literal->text.ptr);
		return false;
	}
	return true;
}

static bool same_list(const struct list *known, const struct tw_literals *literals, bool disguised)
{
	if (known->disguised != disguised) {
		return false;
	}
	for (uint32_t i = 0; known->count == literals->count && i < known->count; i++) {
		if (!tw_slice_equal(known->at[i].text, literals->at[i].text)) {
			return false;
		}
	}
	return known->count == literals->count;
}

bool tw_words_add(struct tw_words *words, const struct tw_literals *literals, bool disguised, struct tw_rule_report *report, uint32_t *list)
{
	const struct list *known = words->lists.data;
	bool good = true;
	for (uint32_t i = 0; i < words->lists.count; i++) {
		if (same_list(&known[i], literals, disguised)) {
			*list = i;
			return true;
		}
	}
	struct list *added = tw_list_push(words->arena, &words->lists, sizeof(*added));
	struct adding adding = {.words = words, .list = words->lists.count - 1, .disguised = disguised};
	if (!added) {
		tw_report_error(report, literals->at[0].mark, TW_E_MEMORY, "no memory");
		return false;
	}
	*added = (struct list){literals->at, literals->count, disguised};
	for (uint32_t i = 0; i < literals->count; i++) {
		good &= phrase_add(&adding, &literals->at[i], report);
	}
	*list = adding.list;
	return good;
}

bool tw_words_seal(struct tw_words *words)
{
	words->list_words = (words->lists.count + 63) / 64;
	words->none = tw_arena_alloc(words->arena, tw_words_list_bytes(words));
	tw_disguise_sieve_make(&words->sieve, &words->undone);
	return words->none && tw_phrases_seal(&words->plain) && tw_phrases_seal(&words->undone);
}

/* ---- reading ---- */

static bool has_hit(const struct tw_phrase_hits *hits, const struct tw_word_hit *hit)
{
	for (uint32_t i = 0; i < hits->count; i++) {
		if (hits->hit[i].list == hit->list && hits->hit[i].at == hit->at && hits->hit[i].end == hit->end) {
			return true;
		}
	}
	return false;
}

/* By place, then by length; what was there stays before what came. */
static void hit_insert(struct tw_phrase_hits *hits, const struct tw_word_hit *hit)
{
	uint32_t at = hits->count++;
	for (; at > 0; at--) {
		const struct tw_word_hit *before = &hits->hit[at - 1];
		if (before->at < hit->at || (before->at == hit->at && before->end <= hit->end)) {
			break;
		}
		hits->hit[at] = *before;
	}
	hits->hit[at] = *hit;
}

/* What stands in the text once its disguise is undone, and does not without. @param any out: whether something was taken apart */
static bool undone_find(const struct tw_words *words, struct tw_slice text, const struct tw_plain *plain, bool joined, struct tw_arena *arena,
                        struct tw_phrase_hits *hits, bool *any)
{
	struct tw_word_hit found[TW_WORD_HITS_MAX];
	struct tw_phrase_hits more = {.hit = found, .lists = hits->lists};
	struct tw_plain undone;
	if (!tw_disguise_undo(text, plain, joined, arena, &undone, any)) {
		return false;
	}
	tw_phrases_find(&words->undone, &undone, &more);
	for (uint32_t i = 0; i < more.count && hits->count < TW_WORD_HITS_MAX; i++) {
		if (!has_hit(hits, &found[i])) {
			hit_insert(hits, &found[i]);
		}
	}
	return true;
}

static bool disguised_find(const struct tw_words *words, struct tw_slice text, const struct tw_plain *plain, struct tw_arena *arena,
                           struct tw_phrase_hits *hits)
{
	bool any;
	return !words->undone.phrases.count || !tw_disguise_sieve_passes(&words->sieve, &words->undone, text, plain) ||
	       (undone_find(words, text, plain, false, arena, hits, &any) && (!any || undone_find(words, text, plain, true, arena, hits, &any)));
}

/* Most texts meet nothing. @return false at the arena's ceiling */
static bool hits_keep(const struct tw_words *words, const struct tw_phrase_hits *hits, bool undone, struct tw_arena *keep,
                      struct tw_word_marks *marks)
{
	*marks = (struct tw_word_marks){.lists = words->none, .known = true, .undone = undone};
	if (hits->count == 0) {
		return true;
	}
	struct tw_word_hit *hit = tw_arena_alloc_raw(keep, hits->count * sizeof(*hit));
	uint64_t *lists = tw_arena_alloc_raw(keep, tw_words_list_bytes(words));
	if (!hit || !lists) {
		*marks = (struct tw_word_marks){.known = false};
		return false;
	}
	memcpy(hit, hits->hit, hits->count * sizeof(*hit));
	memcpy(lists, hits->lists, tw_words_list_bytes(words));
	*marks = (struct tw_word_marks){hit, hits->count, lists, true, undone};
	return true;
}

bool tw_words_read(const struct tw_words *words, struct tw_word_marks *marks, struct tw_slice text, bool undone, struct tw_arena *arena,
                   struct tw_arena *keep)
{
	struct tw_word_hit found[TW_WORD_HITS_MAX];
	struct tw_phrase_hits hits = {.hit = found};
	struct tw_plain plain;
	if (marks->known && (marks->undone || !undone)) {
		return true;
	}
	hits.lists = tw_arena_alloc(arena, (words->list_words + 1) * sizeof(*hits.lists));
	if (!hits.lists || !tw_plain_of(text, true, arena, &plain)) {
		return false;
	}
	tw_phrases_find(&words->plain, &plain, &hits);
	if (undone && !disguised_find(words, text, &plain, arena, &hits)) {
		return false;
	}
	return hits_keep(words, &hits, undone, keep, marks);
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
