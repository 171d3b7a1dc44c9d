/**
 * @file diff.c
 * See diff.h. Both editions are in id order: one walk over both.
 */
#include "rules/diff.h"

#include "rules/canon.h"
#include "rules/diff_condition.h"

/* Members that are compared as they are; conditions by node, tests by their number alone. */
static const char *const compared[] = {"version", "status",   "title",     "owner",       "on",      "types",   "points", "group",           "action",
                                       "lane",    "severity", "hold_days", "legal_basis", "because", "settles", "source", "false_positives", NULL};
/* Of these and the conditions a new version tells. Source: rules/README.md, the comment beside `version`. */
static const char *const versioned[] = {"points", "action", "lane", "settles", NULL};

static bool is_one_of(const char *const *words, const char *word)
{
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], word) == 0) {
			return true;
		}
	}
	return false;
}

/* @return true when it differs */
static bool member(struct tw_diff *diff, const struct tw_rule *old, const struct tw_rule *now, const char *key)
{
	static const struct tw_slice none = {NULL, 0};
	const struct tw_yaml *a = tw_yaml_member(old->root, key), *b = tw_yaml_member(now->root, key);
	struct tw_slice before = a ? tw_canon_meaning(a, diff->old, diff->arena) : none,
	                after = b ? tw_canon_meaning(b, diff->now, diff->arena) : none;
	if (tw_slice_equal(before, after)) {
		return false;
	}
	tw_diff_add(diff, tw_slice_str(key), a ? tw_canon_written(a, diff->arena) : none, b ? tw_canon_written(b, diff->arena) : none);
	return true;
}

static void tests(struct tw_diff *diff, const struct tw_rule *old, const struct tw_rule *now)
{
	const struct tw_yaml *a = tw_yaml_member(old->root, "tests"), *b = tw_yaml_member(now->root, "tests");
	if (a && b && a->count != b->count) {
		tw_diff_add(diff, tw_slice_str("tests"), tw_arena_format(diff->arena, "%u", a->count), tw_arena_format(diff->arena, "%u", b->count));
	}
}

static void compare(struct tw_diff *diff, const struct tw_rule *old, const struct tw_rule *now, struct tw_rule_difference *out)
{
	static const char *const halves[] = {"when", "unless"};
	bool counts = false;
	*out = (struct tw_rule_difference){.kind = TW_RULE_CHANGED, .old = old, .now = now};
	diff->changes = &out->changes;
	for (size_t i = 0; compared[i]; i++) {
		bool differs = member(diff, old, now, compared[i]);
		counts |= differs && is_one_of(versioned, compared[i]);
	}
	uint32_t before = out->changes.count;
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		const struct tw_yaml *a = tw_yaml_member(old->root, halves[i]), *b = tw_yaml_member(now->root, halves[i]);
		if (a && b) {
			tw_diff_condition(diff, tw_slice_str(halves[i]), a, b);
		} else {
			(void)member(diff, old, now, halves[i]);
		}
	}
	counts |= out->changes.count > before;
	out->unraised = counts && now->info.version <= old->info.version;
	tests(diff, old, now);
}

static void push(struct tw_diff *diff, struct tw_list *out, struct tw_rule_difference difference)
{
	struct tw_rule_difference *slot = tw_list_push(diff->arena, out, sizeof(*slot));
	diff->failed |= !slot;
	if (slot) {
		*slot = difference;
	}
}

enum tw_code tw_rules_diff(const struct tw_rules *old, const struct tw_rules *now, struct tw_arena *arena, struct tw_list *out, struct tw_error *err)
{
	struct tw_diff diff = {.old = old, .now = now, .arena = arena};
	struct tw_list found = {NULL, 0, 0};
	uint32_t i = 0, j = 0;
	while (!diff.failed && (i < old->count || j < now->count)) {
		const struct tw_rule *a = i < old->count ? &old->rule[i] : NULL, *b = j < now->count ? &now->rule[j] : NULL;
		int order = !a ? 1 : !b ? -1 : tw_slice_compare(a->info.id, b->info.id);
		struct tw_rule_difference difference = {
		    .kind = order < 0 ? TW_RULE_REMOVED : TW_RULE_ADDED, .old = order < 0 ? a : NULL, .now = order > 0 ? b : NULL};
		if (order == 0) {
			compare(&diff, a, b, &difference);
		}
		if (order != 0 || difference.changes.count) {
			push(&diff, &found, difference);
		}
		i += order <= 0;
		j += order >= 0;
	}
	if (diff.failed) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to compare rules", NULL, NULL);
	}
	*out = found;
	return TW_OK;
}
