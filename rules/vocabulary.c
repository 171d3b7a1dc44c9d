/**
 * @file vocabulary.c
 * Compiling what asks for words: `words: [...]`, `near: {a, b, within}`, the contexts in which they do not count, `except: [...]`, and
 * whether misspellings on purpose are found too, `spelling: disguised`.
 */
#include "rules/words.h"

/* Reading a text once and asking a list: dearer than a number, cheaper than a pattern. */
enum { COST_WORDS = 13 };

/* What goes with words and near alone. */
static const char *const members[] = {"except", "spelling", NULL};
static const char *const spellings[] = {"plain", "disguised", NULL};

static bool list_read(struct tw_compile *compile, const struct tw_yaml *node, const char *what, bool disguised, uint32_t *list)
{
	struct tw_literals literals;
	return tw_literals_read(compile, node, what, &literals) && tw_words_add(compile->words, &literals, disguised, compile->report, list);
}

static bool spelling_read(struct tw_compile *compile, const struct tw_yaml *node, bool *disguised)
{
	struct tw_literal literal;
	uint32_t bits = 0;
	*disguised = false;
	if (!node) {
		return true;
	}
	if (!tw_literal_of(compile, node, "spelling", &literal) ||
	    !tw_literals_bits(compile, spellings, "spelling", &(struct tw_literals){&literal, 1}, &bits)) {
		return false;
	}
	*disguised = tw_slice_is(literal.text, "disguised");
	return true;
}

static bool within_read(struct tw_compile *compile, const struct tw_yaml *node, uint32_t *within)
{
	enum tw_class class = TW_CLASS_COUNT;
	struct tw_literal literal;
	int64_t value;
	if (!tw_literal_of(compile, node, "within", &literal) || !tw_literal_number(compile, &class, literal, &value)) {
		return false;
	}
	if (value < 1 || value > TW_WORD_WITHIN_MAX) {
		tw_report_error(compile->report, node->mark, TW_E_RANGE, "\"within\" must be 1 to %u characters", TW_WORD_WITHIN_MAX);
		return false;
	}
	*within = (uint32_t)value;
	return true;
}

static bool near_read(struct tw_compile *compile, const struct tw_yaml *node, bool disguised, struct tw_word_test *test)
{
	static const char *const keys[] = {"a", "b", "within", NULL};
	const struct tw_yaml *given[3];
	bool whole = true;
	uint32_t errors = compile->report->errors;
	if (!tw_yaml_expect_like(node, "near", "{a: [barrel], b: [rifle], within: 20}", compile->report)) {
		return false;
	}
	tw_yaml_check_keys(node, keys, "near", compile->report);
	for (uint32_t i = 0; keys[i]; i++) {
		given[i] = tw_yaml_member(node, keys[i]);
		if (!given[i]) {
			whole = false;
			tw_report_error(compile->report, node->mark, TW_E_MISSING, "near lacks \"%s\": {a: [...], b: [...], within: 40}", keys[i]);
		}
	}
	return whole && errors == compile->report->errors && list_read(compile, given[0], "a", disguised, &test->list) &&
	       list_read(compile, given[1], "b", disguised, &test->beside) && within_read(compile, given[2], &test->within);
}

bool tw_compile_word_test(struct tw_compile *compile, const struct tw_yaml *comparator, const struct tw_yaml *mapping, struct tw_word_test *test)
{
	const struct tw_yaml *except = tw_yaml_member(mapping, "except");
	bool disguised, good = spelling_read(compile, tw_yaml_member(mapping, "spelling"), &disguised);
	*test = (struct tw_word_test){.beside = TW_WORD_NO_LIST, .except = TW_WORD_NO_LIST, .disguised = disguised};
	good &= tw_slice_is(comparator->key, "near") ? near_read(compile, comparator, disguised, test)
	                                             : list_read(compile, comparator, "the list of words", disguised, &test->list);
	/* contexts are read plainly: riffle, which is no rifle, would otherwise except every rifle */
	return (!except || list_read(compile, except, "except", false, &test->except)) && good;
}

bool tw_compile_no_word_members(struct tw_compile *compile, const struct tw_yaml *comparator, const struct tw_yaml *mapping)
{
	bool good = true;
	for (uint32_t i = 0; members[i]; i++) {
		const struct tw_yaml *member = tw_yaml_member(mapping, members[i]);
		if (member) {
			tw_report_error(compile->report, member->key_mark, TW_E_CONFLICT, "\"%s\" goes with words and near, not with \"%s\"",
			                members[i], comparator->key.ptr);
			good = false;
		}
	}
	return good;
}

struct tw_clause *tw_compile_words(struct tw_compile *compile, const struct tw_operand *left, const struct tw_yaml *comparator,
                                   const struct tw_yaml *mapping)
{
	struct tw_word_test *test = tw_compile_alloc(compile, sizeof(*test));
	if (!test) {
		return NULL;
	}
	if (left->kind != TW_OPERAND_FIELD) {
		tw_report_error(compile->report, comparator->mark, TW_E_TYPE, "words are looked for in fields alone");
		return NULL;
	}
	if (!tw_compile_word_test(compile, comparator, mapping, test)) {
		return NULL;
	}
	struct tw_clause *condition = tw_compile_node(compile, TW_OP_WORDS, COST_WORDS);
	if (condition) {
		condition->node.left = left;
		condition->node.with.words = test;
	}
	return condition;
}
