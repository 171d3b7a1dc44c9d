/**
 * @file coverage.c
 * See coverage.h.
 */
#include "rules/coverage.h"

#include "rules/canon.h"
#include "rules/eval.h"

/* ---- members ---- */

static uint32_t bits_count(const uint64_t *words, uint32_t count)
{
	uint32_t bits = 0;
	for (uint32_t i = 0; i < count; i++) {
		bits += (uint32_t)__builtin_popcountll(words[i]);
	}
	return bits;
}

/* The how manieth bit of those set is this one? */
static uint32_t bit_rank(const uint64_t *words, uint32_t bit)
{
	uint64_t below = words[bit / 64] & ((1ULL << bit % 64) - 1);
	return bits_count(words, bit / 64) + (uint32_t)__builtin_popcountll(below);
}

/* The bit that is the `at`th of those set. */
static uint32_t bit_at(const uint64_t *words, uint32_t count, uint32_t at)
{
	for (uint32_t bit = 0; bit < count * 64; bit++) {
		if (words[bit / 64] >> bit % 64 & 1 && at-- == 0) {
			return bit;
		}
	}
	return 0;
}

static uint32_t count_of(const struct tw_rules *rules, const struct tw_rule_node *node)
{
	switch (node->op) {
	case TW_OP_NUMBERS:
		return node->with.numbers->count;
	case TW_OP_BITS:
		return bits_count(&node->with.bits, 1);
	case TW_OP_CODES:
		return bits_count(node->with.codes, TW_COUNTRY_WORDS);
	case TW_OP_SPANS:
		return node->with.spans->count;
	case TW_OP_TEXTS:
	case TW_OP_STARTS:
		return node->with.texts->count;
	case TW_OP_MATCHES:
		return tw_patterns_set_count(rules->patterns, node->with.pattern_set);
	case TW_OP_ALL:
	case TW_OP_ANY:
	case TW_OP_NOT:
	case TW_OP_SOME:
	case TW_OP_EVERY:
	case TW_OP_NONE:
	case TW_OP_COUNT:
	case TW_OP_STATED:
	case TW_OP_RANGE:
	case TW_OP_COMPARE:
	case TW_OP_SAME:
	case TW_OP_LISTED:
	case TW_OP_EMBARGO:
	case TW_OP_BORDERS:
	case TW_OP_WARNING:
	case TW_OP_BAND:
	case TW_OP_WORDS: /* a list of thousands is one question: its words are not asked one by one */
		break;
	}
	return 0;
}

static const struct tw_rule_set *set_of(const struct tw_rules *rules, const struct tw_rule_node *node)
{
	const char *const *words = tw_comparator_words();
	for (uint32_t i = 0; words[i]; i++) {
		const struct tw_yaml *value = tw_yaml_member(node->meant, words[i]);
		if (value) {
			return tw_canon_set(value, rules);
		}
	}
	return NULL;
}

static struct tw_coverage_members *members_new(struct tw_coverage *coverage, const struct tw_rule_node *node, const struct tw_rule_set *set,
                                               uint32_t count)
{
	struct tw_coverage_members *members = tw_arena_alloc(coverage->arena, sizeof(*members));
	bool *met = tw_arena_alloc(coverage->arena, count * sizeof(*met));
	if (!members || !met) {
		coverage->failed = true;
		return NULL;
	}
	*members = (struct tw_coverage_members){set, node, count, met};
	return members;
}

/* The same set compared in the same way has the same members in the same order. */
static struct tw_coverage_members *shared_members(struct tw_coverage *coverage, const struct tw_rule_node *node, const struct tw_rule_set *set,
                                                  uint32_t count)
{
	struct tw_coverage_members **known = coverage->shared.data;
	for (uint32_t i = 0; i < coverage->shared.count; i++) {
		const struct tw_rule_node *other = known[i]->node;
		if (known[i]->set == set && other->op == node->op && known[i]->count == count && other->left->class == node->left->class) {
			return known[i];
		}
	}
	struct tw_coverage_members *made = members_new(coverage, node, set, count);
	struct tw_coverage_members **slot = made ? tw_list_push(coverage->arena, &coverage->shared, sizeof(struct tw_coverage_members *)) : NULL;
	if (!slot) {
		coverage->failed = true;
		return NULL;
	}
	*slot = made;
	return made;
}

static struct tw_coverage_members *members_of(struct tw_coverage *coverage, const struct tw_rule_node *node)
{
	uint32_t count = count_of(coverage->rules, node);
	const struct tw_rule_set *set = count && node->meant ? set_of(coverage->rules, node) : NULL;
	if (set) {
		return shared_members(coverage, node, set, count);
	}
	return count > 1 ? members_new(coverage, node, NULL, count) : NULL;
}

enum tw_code tw_coverage_init(struct tw_coverage *coverage, const struct tw_rules *rules, struct tw_arena *arena, struct tw_error *err)
{
	*coverage = (struct tw_coverage){.rules = rules, .arena = arena};
	coverage->node = tw_arena_alloc(arena, rules->count * sizeof(*coverage->node));
	coverage->step = tw_arena_alloc(arena, rules->count * sizeof(*coverage->step));
	coverage->failed = coverage->node == NULL || coverage->step == NULL;
	for (uint32_t i = 0; i < rules->count && !coverage->failed; i++) {
		uint32_t count = rules->rule[i].explain[0].end;
		coverage->node[i] = tw_arena_alloc(arena, count * sizeof(**coverage->node));
		coverage->failed = coverage->node[i] == NULL;
		for (uint32_t n = 0; n < count && !coverage->failed; n++) {
			coverage->node[i][n].members = members_of(coverage, &rules->rule[i].explain[n]);
		}
		const struct tw_worth *worth = rules->rule[i].worth;
		if (worth && !worth->line) {
			coverage->step[i] = tw_arena_alloc(arena, worth->count * sizeof(**coverage->step));
			coverage->failed |= coverage->step[i] == NULL;
		}
	}
	return coverage->failed ? tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for coverage", NULL, NULL) : TW_OK;
}

/* ---- marking ---- */

static void mark_number(struct tw_coverage_members *members, const struct tw_rule_node *node, int64_t number)
{
	if (node->op == TW_OP_BITS) {
		if (number >= 0 && number < 64 && node->with.bits >> number & 1) {
			members->met[bit_rank(&node->with.bits, (uint32_t)number)] = true;
		}
		return;
	}
	if (node->op == TW_OP_CODES) {
		if (number && tw_eval_number_meets(node, number)) {
			members->met[bit_rank(node->with.codes, tw_country_bit((uint16_t)number))] = true;
		}
		return;
	}
	for (uint32_t i = 0; i < members->count; i++) {
		if (node->op == TW_OP_SPANS) {
			const struct tw_key_span *span = &node->with.spans->span[i];
			members->met[i] |= number >= span->low && number <= span->high;
		} else {
			members->met[i] |= node->with.numbers->number[i] == number;
		}
	}
}

static void mark_text(struct tw_coverage_members *members, const struct tw_rule_node *node, struct tw_slice text)
{
	for (uint32_t i = 0; i < members->count; i++) {
		struct tw_slice member = node->with.texts->text[i];
		bool begins = text.len >= member.len && memcmp(text.ptr, member.ptr, member.len) == 0;
		members->met[i] |= begins && (node->op == TW_OP_STARTS || text.len == member.len);
	}
}

static void mark_patterns(struct tw_coverage_members *members, struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_text *text = tw_eval_at(eval, node->left->slot, node->left->offset);
	for (uint32_t i = 0; tw_stated(text->span) && i < members->count; i++) {
		members->met[i] |= tw_patterns_set_match(eval->patterns, eval->bench->patterns, node->with.pattern_set, i, tw_slice_of(*text));
	}
}

static void mark_members(struct tw_coverage_members *members, struct tw_eval *eval, const struct tw_rule_node *node)
{
	struct tw_slice text;
	int64_t number;
	if (node->op == TW_OP_MATCHES) {
		mark_patterns(members, eval, node);
	} else if (node->op == TW_OP_TEXTS || node->op == TW_OP_STARTS) {
		if (tw_eval_text(eval, node->left, &text)) {
			mark_text(members, node, text);
		}
	} else if (tw_eval_number(eval, node->left, &number)) {
		mark_number(members, node, number);
	}
}

static void seen(void *context, struct tw_eval *eval, const struct tw_rule_node *node, bool holds)
{
	struct tw_coverage *coverage = context;
	struct tw_coverage_node *row = coverage->node[eval->rule - coverage->rules->rule];
	struct tw_coverage_node *touched = &row[node - eval->rule->explain];
	touched->was_true |= holds;
	touched->was_false |= !holds;
	if (touched->members) {
		mark_members(touched->members, eval, node);
	}
}

static void reached(void *context, struct tw_eval *eval, uint32_t step)
{
	struct tw_coverage *coverage = context;
	coverage->step[eval->rule - coverage->rules->rule][step] = true;
}

struct tw_rule_trace tw_coverage_mark(struct tw_coverage *coverage)
{
	return (struct tw_rule_trace){coverage, seen, reached};
}

/* ---- counting ---- */

struct tw_coverage_tally tw_coverage_members_of(const struct tw_coverage_members *members)
{
	struct tw_coverage_tally tally = {0, members->count};
	for (uint32_t i = 0; i < members->count; i++) {
		tally.touched += members->met[i];
	}
	return tally;
}

static void add(struct tw_coverage_tally *to, struct tw_coverage_tally more)
{
	to->touched += more.touched;
	to->all += more.all;
}

struct tw_coverage_tally tw_coverage_of(const struct tw_coverage *coverage, uint32_t rule)
{
	struct tw_coverage_tally tally = {0, 0};
	for (uint32_t n = 0; n < coverage->rules->rule[rule].explain[0].end; n++) {
		const struct tw_coverage_node *node = &coverage->node[rule][n];
		add(&tally, (struct tw_coverage_tally){(uint32_t)node->was_true + node->was_false, 2});
		if (node->members && !node->members->set) {
			add(&tally, tw_coverage_members_of(node->members));
		}
	}
	for (uint32_t i = 0; coverage->step[rule] && i < coverage->rules->rule[rule].worth->count; i++) {
		add(&tally, (struct tw_coverage_tally){coverage->step[rule][i], 1});
	}
	return tally;
}

struct tw_coverage_tally tw_coverage_total(const struct tw_coverage *coverage)
{
	struct tw_coverage_members *const *shared = coverage->shared.data;
	struct tw_coverage_tally tally = {0, 0};
	for (uint32_t i = 0; i < coverage->rules->count; i++) {
		add(&tally, tw_coverage_of(coverage, i));
	}
	for (uint32_t i = 0; i < coverage->shared.count; i++) {
		add(&tally, tw_coverage_members_of(shared[i]));
	}
	return tally;
}

/* ---- words ---- */

struct tw_slice tw_coverage_member_text(const struct tw_coverage *coverage, const struct tw_coverage_members *members, uint32_t at)
{
	const struct tw_rule_node *node = members->node;
	const struct tw_operand *left = node->left;
	char key[TW_KEY_TEXT_BYTES];
	if (node->op == TW_OP_MATCHES) {
		return tw_patterns_set_text(coverage->rules->patterns, node->with.pattern_set, at);
	}
	if (node->op == TW_OP_TEXTS || node->op == TW_OP_STARTS) {
		return node->with.texts->text[at];
	}
	if (node->op == TW_OP_SPANS) {
		return tw_arena_format(coverage->arena, "%s", tw_key_text(left->class, node->with.spans->span[at].low, key));
	}
	if (node->op == TW_OP_CODES) {
		uint32_t bit = bit_at(node->with.codes, TW_COUNTRY_WORDS, at);
		return tw_arena_format(coverage->arena, "%c%c", (char)('A' + bit / 26), (char)('A' + bit % 26));
	}
	if (node->op == TW_OP_BITS) {
		uint32_t bit = bit_at(&node->with.bits, 1, at);
		const char *const *words = left->kind == TW_OPERAND_HISTORY ? left->metric->words : left->field->words;
		return tw_slice_str(words[bit - 1]);
	}
	int64_t number = node->with.numbers->number[at];
	return left->class == TW_CLASS_AMOUNT
	           ? tw_arena_format(coverage->arena, "%lld.%04lld", (long long)(number / 10000), (long long)(number < 0 ? -number : number) % 10000)
	           : tw_arena_format(coverage->arena, "%lld", (long long)number);
}
