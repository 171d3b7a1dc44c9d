/**
 * @file reference_words.c
 * Words and patterns, one by one; see reference.h.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/normal.h"
#include "reference.h"
#include "rules/disguise.h"
#include "rules/spelling.h"
#include "rules/words.h"

/* ---- lists ---- */

static const struct tw_yaml *set_of(const struct reference *reference, const struct tw_yaml *node)
{
	bool named = node->kind == TW_YAML_SCALAR && node->plain && node->text.len > 1 && node->text.ptr[0] == '$';
	return named ? tw_yaml_member(reference->sets, node->text.ptr + 1) : NULL;
}

bool reference_any(const struct reference *reference, const struct tw_yaml *list, bool (*see)(void *context, struct tw_slice text), void *context)
{
	const struct tw_yaml *set = set_of(reference, list);
	list = set ? set : list;
	if (list->kind == TW_YAML_SCALAR) {
		return see(context, list->text);
	}
	for (const struct tw_yaml *node = list->first; node; node = node->next) {
		if (set_of(reference, node) ? reference_any(reference, node, see, context) : see(context, node->text)) {
			return true;
		}
	}
	return false;
}

/* ---- patterns ---- */

static bool pattern_meets(void *context, struct tw_slice pattern)
{
	const struct tw_slice *text = context;
	int code;
	PCRE2_SIZE at;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP, &code, &at, NULL);
	pcre2_match_data *data = compiled ? pcre2_match_data_create_from_pattern(compiled, NULL) : NULL;
	bool meets = data && pcre2_match(compiled, (PCRE2_SPTR)(text->len ? text->ptr : ""), text->len, 0, 0, data, NULL) >= 0;
	pcre2_match_data_free(data);
	pcre2_code_free(compiled);
	return meets;
}

bool reference_matches(const struct reference *reference, const struct tw_yaml *patterns, struct tw_slice text)
{
	struct tw_normal_unit *unit = malloc(TW_NORMAL_UNITS(text.len) * sizeof(*unit));
	char *bytes = malloc(TW_NORMAL_BYTES(TW_NORMAL_UNITS(text.len)));
	bool changed;
	if (!unit || !bytes) {
		abort();
	}
	struct tw_slice normal = {bytes, tw_normal_encode(unit, tw_normal_of(text, unit, &changed), bytes)};
	bool meets = reference_any(reference, patterns, pattern_meets, &text) || reference_any(reference, patterns, pattern_meets, &normal);
	free(unit);
	free(bytes);
	return meets;
}

/* ---- words ---- */

#define PLACES_MAX 512U

/* Where the phrases of one list stand, in characters of the plain text. */
struct places {
	const struct reference *reference;
	const struct tw_plain *text;
	bool stem;
	bool keys;  /* the text is undone: so are the spellings */
	bool lacks; /* a letter of the phrase may be missing */
	uint32_t count;
	struct place {
		uint32_t at, end;
	} place[PLACES_MAX];
};

static void place_add(struct places *places, uint32_t first, uint32_t last)
{
	const struct tw_plain *text = places->text;
	uint32_t end = last + 1 < text->count ? text->word[last + 1].at - 1 : text->characters;
	if (places->count < PLACES_MAX) {
		places->place[places->count++] = (struct place){text->word[first].at, end};
	}
}

/* One spelling, held against every run of words. */
static void run_look(struct places *places, struct tw_slice spelling)
{
	const struct tw_plain *text = places->text;
	for (uint32_t first = 0; first < text->count; first++) {
		for (uint32_t last = first; last < text->count && last < first + TW_WORD_PHRASE_MAX; last++) {
			uint32_t from = text->word[first].from, length = text->word[last].to - from;
			bool reaches = places->stem ? length >= spelling.len && from + spelling.len > text->word[last].from : length == spelling.len;
			if (reaches && memcmp(text->text + from, spelling.ptr, spelling.len) == 0) {
				place_add(places, first, last);
			}
		}
	}
}

static bool key_look(void *context, struct tw_slice key)
{
	run_look(context, key);
	return true;
}

static bool spelling_look(void *context, struct tw_slice spelling)
{
	struct places *places = context;
	return places->keys ? tw_disguise_spellings(spelling, places->lacks, key_look, places) : key_look(places, spelling);
}

static bool phrase_look(void *context, struct tw_slice phrase)
{
	struct places *places = context;
	struct tw_plain latin, written;
	places->stem = phrase.len && phrase.ptr[phrase.len - 1] == '*';
	phrase.len -= places->stem;
	if (tw_plain_of(phrase, true, places->reference->arena, &latin) && tw_plain_of(phrase, false, places->reference->arena, &written)) {
		places->lacks = tw_disguise_may_lack(&latin);
		(void)tw_spellings(&latin, places->stem, spelling_look, places);
		if (places->stem) {
			(void)tw_spellings(&written, true, spelling_look, places);
		}
	}
	return false; /* the next one */
}

/* @param undone the text's readings without its disguise; NULL: it is read plainly */
static void look(const struct reference *reference, const struct tw_yaml *list, const struct tw_plain *text, const struct tw_plain *undone,
                 struct places *out)
{
	*out = (struct places){.reference = reference, .text = text};
	for (uint32_t i = 0; list && i < (undone ? 3 : 1); i++) {
		out->text = i ? &undone[i - 1] : text;
		out->keys = i > 0;
		(void)reference_any(reference, list, phrase_look, out);
	}
}

static bool overlap(const struct place *a, const struct place *b)
{
	return a->at < b->end && b->at < a->end;
}

static bool inside(const struct places *except, const struct place *place)
{
	for (uint32_t i = 0; i < except->count; i++) {
		if (overlap(&except->place[i], place)) {
			return true;
		}
	}
	return false;
}

static bool near(const struct places *others, const struct places *except, const struct place *place, uint32_t within)
{
	for (uint32_t i = 0; i < others->count; i++) {
		const struct place *other = &others->place[i];
		uint32_t gap = other->at >= place->end ? other->at - place->end : place->at - other->end;
		if (!overlap(other, place) && gap <= within && !inside(except, other)) {
			return true;
		}
	}
	return false;
}

bool reference_words(const struct reference *reference, const struct tw_yaml *condition, struct tw_slice text)
{
	struct places found, others, except;
	const struct tw_yaml *words = tw_yaml_member(condition, "words"), *beside = tw_yaml_member(condition, "near");
	const struct tw_yaml *spelling = tw_yaml_member(condition, "spelling");
	bool disguised = spelling && tw_slice_is(spelling->text, "disguised");
	struct tw_plain plain, undone[2];
	if (!tw_plain_of(text, true, reference->arena, &plain) || !tw_disguise_undo(text, &plain, false, reference->arena, &undone[0], NULL) ||
	    !tw_disguise_undo(text, &plain, true, reference->arena, &undone[1], NULL)) {
		return false;
	}
	look(reference, words ? words : tw_yaml_member(beside, "a"), &plain, disguised ? undone : NULL, &found);
	look(reference, beside ? tw_yaml_member(beside, "b") : NULL, &plain, disguised ? undone : NULL, &others);
	look(reference, tw_yaml_member(condition, "except"), &plain, NULL, &except);
	for (uint32_t i = 0; i < found.count; i++) {
		const struct place *place = &found.place[i];
		if (!inside(&except, place) &&
		    (!beside || near(&others, &except, place, (uint32_t)strtoul(tw_yaml_member(beside, "within")->text.ptr, NULL, 10)))) {
			return true;
		}
	}
	return false;
}
