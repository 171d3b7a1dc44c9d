/**
 * @file diff_shared.c
 * See diff.h: named sets, macros and bands by their own name. A rule is reached by what its tree names, and by what the macros say that it names.
 */
#include "rules/canon.h"
#include "rules/diff.h"
#include "rules/diff_condition.h"

/* Does anything below the node name it? Only trees of rules are walked: of those the loader knows that no macro uses itself. */
static bool names(const struct tw_yaml *node, const struct tw_rules *rules, const struct tw_rule_set *wanted)
{
	const struct tw_yaml *use = node->kind == TW_YAML_MAPPING ? tw_yaml_member(node, "use") : NULL;
	const struct tw_rule_set *set = tw_canon_set(node, rules), *macro = use ? tw_canon_macro(use, rules) : NULL;
	if (set || macro) {
		const struct tw_rule_set *named = set ? set : macro;
		/* what is given to a macro may be named too */
		return named == wanted || names(named->values, rules, wanted) || (use && use->kind == TW_YAML_MAPPING && names(use, rules, wanted));
	}
	if (tw_canon_band(node, rules) == wanted) {
		return true;
	}
	for (const struct tw_yaml *child = node->kind == TW_YAML_SCALAR ? NULL : node->first; child; child = child->next) {
		if (names(child, rules, wanted)) {
			return true;
		}
	}
	return false;
}

/* Tests name values, not sets. */
static bool uses(const struct tw_rule *rule, const struct tw_rules *rules, const struct tw_rule_set *wanted)
{
	static const char *const members[] = {"when", "unless", "points"};
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct tw_yaml *member = tw_yaml_member(rule->root, members[i]);
		if (member && names(member, rules, wanted)) {
			return true;
		}
	}
	return false;
}

/* Both editions are in id order: one walk over both. */
static void reach(struct tw_diff *diff, const struct tw_rule_set *before, const struct tw_rule_set *after, struct tw_list *out)
{
	uint32_t i = 0, j = 0;
	while (!diff->failed && (i < diff->old->count || j < diff->now->count)) {
		const struct tw_rule *a = i < diff->old->count ? &diff->old->rule[i] : NULL, *b = j < diff->now->count ? &diff->now->rule[j] : NULL;
		int order = !a ? 1 : !b ? -1 : tw_slice_compare(a->info.id, b->info.id);
		bool first = a && order <= 0 && uses(a, diff->old, before), second = b && order >= 0 && uses(b, diff->now, after);
		bool reached = first || second;
		struct tw_slice *id = reached ? tw_list_push(diff->arena, out, sizeof(*id)) : NULL;
		diff->failed |= reached && !id;
		if (id) {
			*id = first ? a->info.id : b->info.id;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

static void compare(struct tw_diff *diff, const struct tw_rule_set *before, const struct tw_rule_set *after, enum tw_shared_kind which,
                    struct tw_list *out)
{
	struct tw_shared_difference found = {.name = after->name, .kind = which};
	reach(diff, before, after, &found.reached);
	if (!found.reached.count) {
		return; /* nor is it known then that it does not use itself */
	}
	diff->changes = &found.changes;
	if (which == TW_SHARED_BAND) {
		tw_diff_rows(diff, tw_slice_str("rows"), before->band, after->band);
	} else if (which == TW_SHARED_MACRO) {
		tw_diff_condition(diff, tw_slice_str("condition"), tw_canon_says(before), tw_canon_says(after));
	} else {
		tw_diff_entries(diff, tw_slice_str("entries"), before->values, after->values);
	}
	struct tw_shared_difference *slot = found.changes.count ? tw_list_push(diff->arena, out, sizeof(*slot)) : NULL;
	diff->failed |= found.changes.count && !slot;
	if (slot) {
		*slot = found;
	}
}

static void kind(struct tw_diff *diff, const struct tw_rule_set *before, uint32_t befores, const struct tw_rule_set *after, uint32_t afters,
                 enum tw_shared_kind which, struct tw_list *out)
{
	for (uint32_t j = 0; j < afters; j++) {
		for (uint32_t i = 0; i < befores; i++) {
			if (tw_slice_equal(before[i].name, after[j].name)) {
				compare(diff, &before[i], &after[j], which, out);
			}
		}
	}
}

enum tw_code tw_rules_diff_shared(const struct tw_rules *old, const struct tw_rules *now, struct tw_arena *arena, struct tw_list *out,
                                  struct tw_error *err)
{
	struct tw_diff diff = {.old = old, .now = now, .arena = arena};
	struct tw_list found = {NULL, 0, 0};
	kind(&diff, old->set, old->set_count, now->set, now->set_count, TW_SHARED_SET, &found);
	kind(&diff, old->macro, old->macro_count, now->macro, now->macro_count, TW_SHARED_MACRO, &found);
	kind(&diff, old->band, old->band_count, now->band, now->band_count, TW_SHARED_BAND, &found);
	if (diff.failed) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to compare rules", NULL, NULL);
	}
	*out = found;
	return TW_OK;
}
