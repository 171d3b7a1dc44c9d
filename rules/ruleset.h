/**
 * @file ruleset.h
 * The loaded rule set, and how it is made from bytes that may come from anywhere.
 *
 *     source.c   paths to files, in byte order
 *     ruleset.c  trees, sets, rules, indexes; all or nothing
 *     table.c    sets from CSV files
 *     head.c     everything of a rule but its condition
 *     testcase.c tests inside rules
 *     bench.c    evaluation of one event
 */
#ifndef TIDEWAITER_RULES_RULESET_H
#define TIDEWAITER_RULES_RULESET_H

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "rules/compile.h"
#include "rules/gate_index.h"
#include "rules/rules.h"

#define TW_EVENT_TYPES ((uint32_t)TW_EVENT_TYPE_LAST + 1)

/** One file: its name (for messages, and to tell `_sets.yaml` from rules) and its bytes. */
struct tw_rule_source {
	const char *name;
	struct tw_slice bytes;
};

struct tw_rules {
	struct tw_arena arena; /* everything below lives here, but for PCRE2's own */
	struct tw_patterns *patterns;
	struct tw_words *words;
	struct tw_rule *rule; /* by id */
	uint32_t count;
	struct tw_rule_index {
		const struct tw_rule **rule; /* by id */
		uint32_t count;
		struct tw_gate_index *gates;                       /* which of them may fire */
	} of_type[TW_EVENT_TYPES], shadow_of_type[TW_EVENT_TYPES]; /* of status active; of status shadow */
	struct tw_rule_test *test;
	uint32_t test_count;
	struct tw_gates gates;
	uint32_t slots_max;
	const struct tw_rule_set *set; /* the named sets */
	uint32_t set_count;
	const struct tw_rule_set *macro; /* the named conditions */
	uint32_t macro_count;
	const struct tw_rule_set *band; /* commodity bands */
	uint32_t band_count;
	char digest[TW_SHA256_HEX_BYTES];
};

/**
 * Load rules from bytes in memory; as tw_rules_load, which reads files and calls this.
 * @param sources in load order; borrowed for the call
 */
TW_MUST_USE enum tw_code tw_rules_load_sources(const struct tw_rule_source *sources, size_t count, FILE *problems, struct tw_rules **out,
                                               struct tw_error *err);

/** As tw_rules_load_sources. @param sink NULL, or what sees every problem */
TW_MUST_USE enum tw_code tw_rules_load_seen(const struct tw_rule_source *sources, size_t count, FILE *problems, const struct tw_rule_sink *sink,
                                            struct tw_rules **out, struct tw_error *err);

/**
 * Read every *.yaml under the given files and folders, and every *.csv beside a _sets.yaml, in byte order of path; each once.
 * @param out struct tw_rule_source, at least one, in `arena` @return TW_OK, TW_E_IO, TW_E_LIMIT, TW_E_MISSING (no such file there), TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rule_sources_read(const char *const *paths, size_t path_count, struct tw_arena *arena, struct tw_list *out,
                                              struct tw_error *err);

/** The same, but what lies in a folder and cannot be used is told to the sink and left out. @param sink NULL: as above @return none is TW_OK too */
TW_MUST_USE enum tw_code tw_rule_sources_seen(const char *const *paths, size_t path_count, struct tw_arena *arena, const struct tw_rule_sink *sink,
                                              struct tw_list *out, struct tw_error *err);

/** What one rule file gives: the rule and its tests. */
struct tw_rule_draft {
	struct tw_rule rule;
	struct tw_list tests; /**< struct tw_rule_test */
};
/** Check and compile one rule. @return false after a reported error */
bool tw_rule_compile(struct tw_compile *compile, const struct tw_yaml *root, const char *file, struct tw_rule_draft *out);
/** A text of the rule itself, or a list of them, without control characters. @return false after a reported error */
bool tw_rule_text_check(struct tw_compile *compile, const struct tw_yaml *node, const char *key);
/** The tests of a rule whose head is known. @return false after a reported error */
bool tw_rule_tests(struct tw_compile *compile, const struct tw_yaml *tests, struct tw_rule_draft *draft);

#endif
