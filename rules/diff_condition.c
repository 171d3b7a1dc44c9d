/**
 * @file diff_condition.c
 * See diff_condition.h. Conditions that mean the same are set aside; of the rest, those about the same thing are compared with each other.
 */
#include "rules/diff_condition.h"

#include <stdlib.h>

#include "rules/canon.h"

void tw_diff_add(struct tw_diff *diff, struct tw_slice at, struct tw_slice old, struct tw_slice now)
{
	struct tw_rule_change *change = tw_list_push(diff->arena, diff->changes, sizeof(*change));
	if (!change) {
		diff->failed = true;
		return;
	}
	*change = (struct tw_rule_change){at, old, now};
}

static bool alike(struct tw_diff *diff, const struct tw_yaml *old, const struct tw_yaml *now)
{
	struct tw_slice a = tw_canon_meaning(old, diff->old, diff->arena), b = tw_canon_meaning(now, diff->now, diff->arena);
	diff->failed |= !a.ptr || !b.ptr;
	return a.ptr && b.ptr && tw_slice_equal(a, b);
}

/* What a condition is about: its head, and for values and quantifiers what it looks at. */
static const struct tw_yaml *head_of(const struct tw_yaml *condition)
{
	static const char *const heads[] = {"all", "any", "not", "some", "every", "none", "count", "field", "history", "sum", "ratio", "earlier"};
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		const struct tw_yaml *head = tw_yaml_member(condition, heads[i]);
		if (head) {
			return head;
		}
	}
	return condition->first;
}

static bool holds_conditions(const struct tw_yaml *head)
{
	return tw_slice_is(head->key, "all") || tw_slice_is(head->key, "any");
}

static bool about_the_same(struct tw_diff *diff, const struct tw_yaml *old, const struct tw_yaml *now)
{
	old = tw_canon_condition(old, diff->old);
	now = tw_canon_condition(now, diff->now);
	const struct tw_yaml *a = old->kind == TW_YAML_MAPPING ? head_of(old) : NULL, *b = now->kind == TW_YAML_MAPPING ? head_of(now) : NULL;
	if (!a || !b || !tw_slice_equal(a->key, b->key)) {
		return false;
	}
	bool one_macro = tw_slice_is(a->key, "use") && tw_slice_equal(tw_canon_written(a, diff->arena), tw_canon_written(b, diff->arena));
	return holds_conditions(a) || tw_slice_is(a->key, "not") || one_macro || alike(diff, a, b);
}

static struct tw_slice way(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *head)
{
	struct tw_slice look = holds_conditions(head) || tw_slice_is(head->key, "not") ? tw_slice_str("") : tw_canon_written(head, diff->arena);
	struct tw_slice out = tw_arena_format(diff->arena, "%.*s / %s%s%.*s", (int)at.len, at.ptr, head->key.ptr, look.len ? " " : "", (int)look.len,
	                                      look.len ? look.ptr : "");
	diff->failed |= !out.ptr;
	return out;
}

static void changed(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now)
{
	struct tw_slice none = {NULL, 0};
	struct tw_slice before = old ? tw_canon_written(old, diff->arena) : none, after = now ? tw_canon_written(now, diff->arena) : none;
	if (old && now && tw_slice_equal(before, after)) { /* what is named there has changed */
		before = tw_canon_meaning(old, diff->old, diff->arena);
		after = tw_canon_meaning(now, diff->now, diff->arena);
	}
	tw_diff_add(diff, at, before, after);
}

/* ---- lists of entries ---- */

static void entries(struct tw_diff *diff, const struct tw_yaml *list, const struct tw_rules *rules, struct tw_list *out)
{
	const struct tw_rule_set *set = tw_canon_set(list, rules);
	if (set) {
		entries(diff, set->values, rules, out);
	} else if (list->kind == TW_YAML_SCALAR) {
		struct tw_slice *entry = tw_list_push(diff->arena, out, sizeof(*entry));
		diff->failed |= !entry;
		if (entry) {
			*entry = list->text;
		}
	}
	for (const struct tw_yaml *item = list->kind == TW_YAML_SEQUENCE ? list->first : NULL; item; item = item->next) {
		entries(diff, item, rules, out);
	}
}

static bool holds(const struct tw_list *list, struct tw_slice wanted)
{
	const struct tw_slice *entry = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		if (tw_slice_equal(entry[i], wanted)) {
			return true;
		}
	}
	return false;
}

/* Those of one list that the other lacks, in their author's order. */
static struct tw_slice lacking(struct tw_diff *diff, const struct tw_list *list, const struct tw_list *other)
{
	const struct tw_slice *entry = list->data;
	struct tw_slice out = tw_slice_str("");
	for (uint32_t i = 0; i < list->count; i++) {
		if (!holds(other, entry[i])) {
			out = tw_arena_format(diff->arena, "%.*s%s%.*s", (int)out.len, out.len ? out.ptr : "", out.len ? ", " : "", (int)entry[i].len,
			                      entry[i].ptr);
			diff->failed |= !out.ptr;
		}
	}
	return out;
}

static void lists_differ(struct tw_diff *diff, struct tw_slice at, const struct tw_list *before, const struct tw_list *after)
{
	struct tw_slice gone = lacking(diff, before, after), come = lacking(diff, after, before);
	if (gone.len || come.len) {
		tw_diff_add(diff, at, gone, come);
	}
}

void tw_diff_entries(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now)
{
	struct tw_list before = {NULL, 0, 0}, after = {NULL, 0, 0};
	entries(diff, old, diff->old, &before);
	entries(diff, now, diff->now, &after);
	lists_differ(diff, at, &before, &after);
}

void tw_diff_rows(struct tw_diff *diff, struct tw_slice at, const struct tw_band *old, const struct tw_band *now)
{
	struct tw_list before = {NULL, 0, 0}, after = {NULL, 0, 0};
	diff->failed |= !tw_canon_rows(old, diff->arena, &before) || !tw_canon_rows(now, diff->arena, &after);
	lists_differ(diff, at, &before, &after);
}

/* One band by one code, that says something else now. @return false: that is not it */
static bool band_differs(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now)
{
	const struct tw_rule_set *before = tw_canon_band(old, diff->old), *after = tw_canon_band(now, diff->now);
	if (!before || !after || !tw_slice_equal(tw_canon_written(old, diff->arena), tw_canon_written(now, diff->arena))) {
		return false;
	}
	tw_diff_rows(diff, at, before->band, after->band);
	return true;
}

static bool is_list(const struct tw_yaml *node, const struct tw_rules *rules)
{
	return node->kind == TW_YAML_SEQUENCE || tw_canon_set(node, rules);
}

/* The members beside a head: comparator, where, as, at. */
static void beside(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now)
{
	struct tw_slice here = tw_arena_format(diff->arena, "%.*s, %s", (int)at.len, at.ptr, (old ? old : now)->key.ptr);
	if (old && now && tw_slice_is(old->key, "where")) {
		tw_diff_condition(diff, at, old, now);
	} else if (old && now && is_list(old, diff->old) && is_list(now, diff->now) && !tw_slice_is(old->key, "between")) {
		tw_diff_entries(diff, here, old, now);
	} else if (!old || !now || !band_differs(diff, here, old, now)) {
		changed(diff, here, old, now);
	}
}

static void members(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now, const struct tw_yaml *head)
{
	for (const struct tw_yaml *member = old->first; member; member = member->next) {
		const struct tw_yaml *other = tw_yaml_member(now, member->key.ptr);
		if (member != head && !(other && alike(diff, member, other))) {
			beside(diff, at, member, other);
		}
	}
	for (const struct tw_yaml *member = now->first; member; member = member->next) {
		if (!tw_yaml_member(old, member->key.ptr)) {
			beside(diff, at, NULL, member);
		}
	}
}

/* ---- all and any ---- */

static uint32_t listed(struct tw_diff *diff, const struct tw_yaml *list, const struct tw_yaml ***out)
{
	uint32_t count = 0;
	*out = tw_arena_alloc(diff->arena, list->count * sizeof(const struct tw_yaml *));
	for (const struct tw_yaml *item = list->first; *out && item; item = item->next) {
		(*out)[count++] = item;
	}
	diff->failed |= !*out;
	return count;
}

typedef bool fitting(struct tw_diff *diff, const struct tw_yaml *old, const struct tw_yaml *now);

/* Takes pairs that fit out of both lists; what is left of a pair is compared, unless it is alike. */
static void pair_up(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml **old, uint32_t olds, const struct tw_yaml **now, uint32_t nows,
                    fitting *fits)
{
	for (uint32_t i = 0; i < olds; i++) {
		for (uint32_t j = 0; old[i] && j < nows; j++) {
			if (now[j] && fits(diff, old[i], now[j])) {
				if (fits != alike) {
					tw_diff_condition(diff, at, old[i], now[j]);
				}
				old[i] = now[j] = NULL;
			}
		}
	}
}

static void conditions(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now)
{
	const struct tw_yaml **before, **after;
	uint32_t olds = listed(diff, old, &before), nows = listed(diff, now, &after);
	if (diff->failed) {
		return;
	}
	pair_up(diff, at, before, olds, after, nows, alike);
	pair_up(diff, at, before, olds, after, nows, about_the_same);
	for (uint32_t i = 0; i < olds; i++) {
		if (before[i]) {
			changed(diff, at, before[i], NULL);
		}
	}
	for (uint32_t i = 0; i < nows; i++) {
		if (after[i]) {
			changed(diff, at, NULL, after[i]);
		}
	}
}

/* One macro, given the same, that says something else now. @return false: that is not it */
static bool macro_differs(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now)
{
	const struct tw_yaml *a = tw_yaml_member(old, "use"), *b = tw_yaml_member(now, "use");
	const struct tw_rule_set *before = a ? tw_canon_macro(a, diff->old) : NULL, *after = b ? tw_canon_macro(b, diff->now) : NULL;
	if (!before || !after || !tw_slice_equal(tw_canon_written(a, diff->arena), tw_canon_written(b, diff->arena))) {
		return false;
	}
	struct tw_slice here = tw_arena_format(diff->arena, "%.*s / use %s", (int)at.len, at.ptr, after->name.ptr);
	diff->failed |= !here.ptr;
	tw_diff_condition(diff, here, tw_canon_says(before), tw_canon_says(after));
	return true;
}

void tw_diff_condition(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now)
{
	if (diff->failed || alike(diff, old, now)) {
		return;
	}
	if (old->kind == TW_YAML_MAPPING && now->kind == TW_YAML_MAPPING && macro_differs(diff, at, old, now)) {
		return;
	}
	old = tw_canon_condition(old, diff->old); /* what changed inside a macro is told where it is used */
	now = tw_canon_condition(now, diff->now);
	if (!about_the_same(diff, old, now)) {
		changed(diff, at, old, now);
		return;
	}
	const struct tw_yaml *a = head_of(old), *b = head_of(now);
	struct tw_slice here = way(diff, at, a);
	if (holds_conditions(a)) {
		conditions(diff, here, a, b);
	} else if (tw_slice_is(a->key, "not")) {
		tw_diff_condition(diff, here, a, b);
	} else {
		members(diff, here, old, now, a);
	}
}
