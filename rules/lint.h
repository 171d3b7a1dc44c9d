/**
 * @file lint.h
 * Everything that can be said against rules without an event: what the loader refuses, and what it lets pass but an author should know.
 *
 *     loader's problems -> files without errors, loaded alone -> metadata, countries, patterns, contradictions, rules that shadow each other
 *
 * One broken file does not hide what is wrong with its neighbours. Findings have stable numbers (codes.h). Threads: one run a thread.
 */
#ifndef TIDEWAITER_RULES_LINT_H
#define TIDEWAITER_RULES_LINT_H

#include "rules/ruleset.h"

/** What lint may ask about the world. */
struct tw_lint_world {
	void *context;
	bool (*country)(void *context, uint16_t code); /**< does it exist; NULL: not known, not asked */
	/** Does a heading or subheading of the Harmonized System begin with these digits; NULL: not known, not asked */
	bool (*hs)(void *context, struct tw_slice prefix);
	const char *const *lists; /**< ids of the configured lists, then NULL; NULL: not known, not asked */
};

/**
 * @param sources in load order; borrowed for the call
 * @param sink    gets every finding: first the loader's, then lint's own, both in file order
 * @return TW_OK whatever was found; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rules_lint(const struct tw_rule_source *sources, size_t count, const struct tw_lint_world *world,
                                       const struct tw_rule_sink *sink, struct tw_error *err);

#endif
