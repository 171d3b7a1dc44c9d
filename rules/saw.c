/**
 * @file saw.c
 * What a condition saw, in words, where it is no value of the event that was compared: a match on a list, an embargo on a day, a warning, a band.
 */
#include "rules/saw.h"

#include "engine/base/arena.h"
#include "engine/base/digits.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "rules/band.h"

static struct tw_slice kept(struct tw_eval *eval, struct tw_slice text)
{
	eval->failed |= text.ptr == NULL;
	return text;
}

/* The likeliest of the subject's matches, whatever list, basis and similarity are asked for: why it is none of those shows. */
static struct tw_slice match_seen(struct tw_eval *eval, const struct tw_listed_test *test)
{
	const struct tw_matches *matches = eval->env->matches;
	const void *subject = test->any ? NULL : tw_eval_at(eval, test->slot, test->offset);
	const struct tw_match *best = NULL;
	char similarity[TW_DIGITS_MAX + 8];
	for (uint32_t i = 0; matches && i < matches->count; i++) {
		const struct tw_match *match = &matches->match[i];
		if ((test->any || match->subject == subject) && (!best || match->similarity_ppm > best->similarity_ppm)) {
			best = match;
		}
	}
	if (!best) {
		return tw_slice_str("no match");
	}
	uint32_t length = tw_digits_amount(similarity, best->similarity_ppm / 100);
	return kept(eval, tw_arena_format(eval->arena, "%.*s %.*s by %s, %.*s", (int)best->list.len, best->list.len ? best->list.ptr : "",
	                                  (int)best->entry.len, best->entry.len ? best->entry.ptr : "", tw_basis_word(best->basis), (int)length,
	                                  similarity));
}

static struct tw_slice place_seen(struct tw_eval *eval, const struct tw_embargo_test *test)
{
	int64_t country, day = eval->day;
	char date[TW_INSTANT_BYTES], letters[TW_COUNTRY_BYTES];
	if (!tw_eval_number(eval, test->country, &country) || !country) {
		return tw_slice_str("no country");
	}
	tw_country_letters((uint16_t)country, letters);
	if (test->on && !tw_eval_number(eval, test->on, &day)) {
		return kept(eval, tw_arena_format(eval->arena, "%s, no day", letters));
	}
	return kept(eval, tw_arena_format(eval->arena, "%s on %s", letters, tw_date_format((int32_t)day, date)));
}

static struct tw_slice warnings_seen(struct tw_eval *eval)
{
	const struct tw_event *event = eval->env->event;
	const struct tw_warning *warnings = event->warnings.data;
	struct tw_slice said = {NULL, 0};
	for (uint32_t i = 0; i < event->warnings.count && i < TW_SAW_WARNINGS; i++) {
		said = kept(eval, tw_arena_format(eval->arena, "%.*s%s%s %.*s", (int)said.len, said.ptr ? said.ptr : "", i ? ", " : "",
		                                  tw_warning_name(warnings[i].kind), (int)warnings[i].pointer.len, warnings[i].pointer.ptr));
	}
	return said.ptr ? said : tw_slice_str(event->id_reused ? "id_reused" : "no warning");
}

struct tw_slice tw_saw(struct tw_eval *eval, const struct tw_rule_node *node)
{
	if (node->op == TW_OP_LISTED) {
		return match_seen(eval, node->with.listed);
	}
	if (node->op == TW_OP_EMBARGO) {
		return place_seen(eval, node->with.embargo);
	}
	if (node->op == TW_OP_WARNING) {
		return warnings_seen(eval);
	}
	return (struct tw_slice){NULL, 0};
}

struct tw_slice tw_saw_against(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_band_row *row = node->op == TW_OP_BAND ? tw_band_asked(eval, node) : NULL;
	char low[TW_DIGITS_MAX + 8], high[TW_DIGITS_MAX + 8];
	if (!row) {
		return (struct tw_slice){NULL, 0};
	}
	uint32_t first = tw_digits_amount(low, row->low_e4), second = tw_digits_amount(high, row->high_e4);
	return kept(eval, tw_arena_format(eval->arena, "%.*s to %.*s", (int)first, low, (int)second, high));
}
