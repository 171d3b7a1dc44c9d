/**
 * @file ask.c
 * Conditions that the environment answers: list matches, embargoes, borders; and the event's own warnings.
 */
#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "rules/eval.h"

static bool slice_among(struct tw_slice wanted, const struct tw_slice *slices, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (tw_slice_equal(wanted, slices[i])) {
			return true;
		}
	}
	return count == 0;
}

/* ---- listed ---- */

static bool hit_meets(const struct tw_listed_test *test, const struct tw_match *match)
{
	uint32_t least = match->basis == TW_MATCH_ADDRESS ? test->address_ppm_min : test->similarity_ppm_min;
	return slice_among(match->list, test->list, test->list_count) && test->bases & 1U << match->basis && match->similarity_ppm >= least;
}

static bool match_meets(const struct tw_listed_test *test, const struct tw_match *match, const void *subject)
{
	return (test->any || match->subject == subject) && hit_meets(test, match);
}

bool tw_eval_listed_anywhere(const struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_matches *matches = eval->env->matches;
	for (uint32_t i = 0; matches && i < matches->count; i++) {
		if (hit_meets(node->with.listed, &matches->match[i])) {
			return true;
		}
	}
	return false;
}

bool tw_eval_listed(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_listed_test *test = node->with.listed;
	const struct tw_matches *matches = eval->env->matches;
	const void *subject = test->any ? NULL : tw_eval_at(eval, test->slot, test->offset);
	bool found = false;
	for (uint32_t i = 0; matches && i < matches->count; i++) {
		const struct tw_match *match = &matches->match[i];
		if (!match_meets(test, match, subject)) {
			continue;
		}
		found = true;
		if (!eval->explain || eval->negated) {
			break;
		}
		tw_explain_evidence(eval, match->pointer, match->span, match->query);
		tw_explain_fact_text(eval, "list", match->list);
		tw_explain_fact_text(eval, "entry", match->entry);
		tw_explain_fact_text(eval, "listed_name", match->name);
	}
	return found;
}

/* ---- embargo ---- */

static const struct tw_embargo *in_force(struct tw_eval *eval, const struct tw_embargo_test *test, uint16_t country, int32_t day)
{
	const struct tw_embargo *rows[TW_EMBARGOES_ASKED];
	struct tw_embargo_query query = {country, test->goods, day, test->directions, test->targets};
	uint32_t count = eval->env->embargoes(eval->env->context, &query, rows, TW_EMBARGOES_ASKED);
	for (uint32_t i = 0; i < count && i < TW_EMBARGOES_ASKED; i++) {
		if (rows[i]->binding && test->confidences & 1U << rows[i]->confidence &&
		    slice_among(rows[i]->issuer, test->issuer, test->issuer_count)) {
			return rows[i];
		}
	}
	return NULL;
}

static const struct tw_embargo *next_door(struct tw_eval *eval, const struct tw_embargo_test *test, uint16_t country, int32_t day)
{
	const struct tw_embargo *row = NULL;
	uint16_t neighbour[TW_NEIGHBOURS_MAX];
	uint32_t count = eval->env->neighbours ? eval->env->neighbours(eval->env->context, country, neighbour, TW_NEIGHBOURS_MAX) : 0;
	for (uint32_t i = 0; i < count && i < TW_NEIGHBOURS_MAX && !row; i++) {
		row = in_force(eval, test, neighbour[i], day);
	}
	return row;
}

static struct tw_slice name_of(struct tw_eval *eval, uint16_t country)
{
	struct tw_slice name = {NULL, 0};
	if (eval->env->country_name) {
		name = eval->env->country_name(eval->env->context, country);
	}
	if (!name.len && country) {
		char letters[TW_COUNTRY_BYTES];
		name = tw_arena_copy(eval->arena, tw_country_letters(country, letters));
		eval->failed |= name.ptr == NULL;
	}
	return name;
}

static void embargo_facts(struct tw_eval *eval, const struct tw_embargo_test *test, const struct tw_embargo *row, int32_t day)
{
	tw_explain_fact_text(eval, "regime", row->regime);
	tw_explain_fact_text(eval, "instrument", row->instrument);
	tw_explain_fact_text(eval, "embargoed_country", name_of(eval, row->country));
	if (row->verified_until != TW_DAY_OPEN) {
		tw_explain_fact(eval, (struct tw_fact){tw_slice_str("verified_until"), TW_FACT_DATE, row->verified_until, {NULL, 0}});
		if (day > row->verified_until) {
			tw_explain_fact_text(eval, "renewal", tw_slice_str("renewal not verified"));
		}
	}
	tw_explain_operand(eval, test->country);
	if (test->on) {
		tw_explain_operand(eval, test->on);
	}
}

bool tw_eval_embargo(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_embargo_test *test = node->with.embargo;
	int64_t country, day = eval->day;
	if (!eval->env->embargoes || !tw_eval_number(eval, test->country, &country) || country == 0) {
		return false;
	}
	if (test->on && !tw_eval_number(eval, test->on, &day)) {
		return false;
	}
	const struct tw_embargo *row = in_force(eval, test, (uint16_t)country, (int32_t)day);
	if (test->neighbour) {
		row = row ? NULL : next_door(eval, test, (uint16_t)country, (int32_t)day);
	}
	if (row && eval->explain && !eval->negated) {
		embargo_facts(eval, test, row, (int32_t)day);
	}
	return row != NULL;
}

bool tw_eval_borders(struct tw_eval *eval, const struct tw_rule_node *node)
{
	int64_t a, b;
	if (!eval->env->borders || !tw_eval_number(eval, node->left, &a) || !tw_eval_number(eval, node->right, &b) || !a || !b) {
		return false;
	}
	return eval->env->borders(eval->env->context, (uint16_t)a, (uint16_t)b);
}

/* ---- warnings ---- */

static bool starts(struct tw_slice text, struct tw_slice prefix)
{
	return text.len >= prefix.len && (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

/* Structured CloudEvents put the whole event below "/data". */
static bool warning_meets(const struct tw_warning_test *test, const struct tw_warning *warning)
{
	struct tw_slice pointer = warning->pointer;
	if (warning->kind != test->kind) {
		return false;
	}
	if (!test->at.len) {
		return true;
	}
	if (starts(pointer, tw_slice_str("/data/"))) {
		pointer = (struct tw_slice){pointer.ptr + 5, pointer.len - 5};
	}
	if (!starts(pointer, test->body)) {
		return false;
	}
	return starts((struct tw_slice){pointer.ptr + test->body.len, pointer.len - test->body.len}, test->at);
}

static struct tw_slice source_text(const struct tw_event *event, struct tw_span span)
{
	if (span.from > span.to || span.to > event->raw.len) {
		return (struct tw_slice){NULL, 0};
	}
	return (struct tw_slice){event->raw.ptr + span.from, span.to - span.from};
}

static bool id_reused(struct tw_eval *eval)
{
	const struct tw_event *event = eval->env->event;
	if (event->id_reused && eval->explain && !eval->negated) {
		tw_explain_evidence(eval, tw_slice_str("/id"), event->id.span, tw_slice_of(event->id));
		tw_explain_fact(eval, (struct tw_fact){tw_slice_str("earlier_offset"), TW_FACT_COUNT, event->id_reused_at, {NULL, 0}});
	}
	return event->id_reused;
}

bool tw_eval_warning(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_event *event = eval->env->event;
	if (node->with.warning->kind == TW_WARNING_ID_REUSED) {
		return id_reused(eval);
	}
	const struct tw_warning *warnings = event->warnings.data;
	bool found = false;
	for (uint32_t i = 0; i < event->warnings.count; i++) {
		if (!warning_meets(node->with.warning, &warnings[i])) {
			continue;
		}
		found = true;
		if (!eval->explain || eval->negated) {
			break;
		}
		tw_explain_evidence(eval, warnings[i].pointer, warnings[i].span, source_text(event, warnings[i].span));
	}
	return found;
}
