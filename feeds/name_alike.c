/**
 * @file name_alike.c
 * See name_alike.h.
 */
#include "feeds/name_alike.h"

#include "engine/base/arena.h"
#include "feeds/name_compare.h"

#define FORMS_MAX 4U    /* the likeliest spellings of each */
#define NAMES     1000U /* as in a list of so many names of which one has the word */

/* The terms of a form, weighed. @return NULL at the arena's ceiling */
static struct tw_name_term *terms_of(const struct tw_name_form *form, enum tw_name_domain domain, struct tw_arena *arena)
{
	struct tw_name_term *terms = tw_arena_alloc_raw(arena, (form->count + 1) * sizeof(*terms));
	for (uint32_t i = 0; terms && i < form->count; i++) {
		terms[i] = tw_name_term_make(&form->token[i], domain);
		tw_name_term_weigh(&terms[i], tw_name_rules_of(domain), NAMES, 1);
	}
	return terms;
}

static bool forms_alike(const struct tw_name_form *a, const struct tw_name_form *b, enum tw_name_domain domain, struct tw_arena *arena, bool *full)
{
	const struct tw_name_term *asked = terms_of(a, domain, arena), *held = terms_of(b, domain, arena);
	struct tw_name_pattern *patterns = tw_arena_alloc_raw(arena, (a->count + 1) * sizeof(*patterns));
	const struct tw_name_term **terms = tw_arena_alloc_raw(arena, (b->count + 1) * sizeof(*terms));
	if (!asked || !held || !patterns || !terms) {
		*full = true;
		return false;
	}
	for (uint32_t i = 0; i < a->count; i++) {
		tw_name_pattern_make(&patterns[i], &asked[i]);
	}
	for (uint32_t i = 0; i < b->count; i++) {
		terms[i] = &held[i];
	}
	return tw_name_compare(patterns, a->count, terms, b->count, tw_name_rules_of(domain)).ppm >= TW_NAME_ALIKE_PPM;
}

static bool alike_as(struct tw_slice a, struct tw_slice b, enum tw_name_domain domain, struct tw_arena *arena, bool *full)
{
	struct tw_name_tokens *split = tw_arena_alloc_raw(arena, 2 * sizeof(*split));
	struct tw_slice key[2];
	struct tw_name_forms forms[2];
	if (!split || !tw_name_split(a, arena, &split[0]) || !tw_name_split(b, arena, &split[1]) || !tw_name_key(&split[0], domain, arena, &key[0]) ||
	    !tw_name_key(&split[1], domain, arena, &key[1]) || !tw_name_forms_split(a, &split[0], domain, arena, &forms[0]) ||
	    !tw_name_forms_split(b, &split[1], domain, arena, &forms[1])) {
		*full = true;
		return false;
	}
	if (key[0].len && tw_slice_equal(key[0], key[1])) {
		return true;
	}
	for (uint32_t i = 0; i < forms[0].count && i < FORMS_MAX; i++) {
		for (uint32_t k = 0; k < forms[1].count && k < FORMS_MAX && !*full; k++) {
			if (forms_alike(&forms[0].form[i], &forms[1].form[k], domain, arena, full)) {
				return true;
			}
		}
	}
	return false;
}

bool tw_name_alike(struct tw_slice a, struct tw_slice b, struct tw_arena *arena, bool *full)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	bool alike = false, short_of = false;
	if (a.len && b.len) {
		alike =
		    alike_as(a, b, TW_NAME_OF_ORGANISATION, arena, &short_of) || (!short_of && alike_as(a, b, TW_NAME_OF_PERSON, arena, &short_of));
	}
	tw_arena_rewind(arena, mark);
	*full = *full || short_of;
	return alike && !short_of;
}
