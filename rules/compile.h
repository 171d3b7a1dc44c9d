/**
 * @file compile.h
 * Checking and compiling: from a rule's syntax tree to a tree of conditions, to the flat programs of program.h.
 *
 *     condition.c   heads: all, any, not, quantifiers, and which head a mapping has
 *     operand.c     things with a value: field, sum, ratio
 *     past.c        things with a value: history, earlier
 *     comparator.c  which comparators there are, and what they go with
 *     compare.c     one comparator against a literal, a set or another operand
 *     vocabulary.c  words, near, except, spelling
 *     relation.c    listed, embargo, borders, warning
 *     literal.c     words, numbers, dates, named sets
 *     points.c      points by a value
 *     band.c        inside and outside of a commodity's band
 *     choose.c      paths that choose by role: parties[consignee].name
 *     macro.c       named conditions and their parameters
 *     layout.c      the tree in two orders, flat
 *
 * Every function reports what is wrong and returns NULL or false; the caller goes on with the neighbours, so that one run names all
 * errors. Nothing here runs on the event path.
 */
#ifndef TIDEWAITER_RULES_COMPILE_H
#define TIDEWAITER_RULES_COMPILE_H

#include "rules/path.h"
#include "rules/program.h"
#include "rules/yaml.h"

struct tw_band;
struct tw_patterns;
struct tw_words;

/** A named set of `_sets.yaml`, a named condition of `_macros.yaml`, or a band of `_bands.yaml`. */
struct tw_rule_set {
	struct tw_slice name;
	const struct tw_yaml *values;
	const char *file;
	const char *values_file; /**< where the values stand: the same, or a table beside it */
	struct tw_mark mark;
	const struct tw_band *band; /**< of `_bands.yaml`; NULL: it was refused, or this is none */
	bool used;
	bool broken; /**< an element is none: reported where it stands, and where it is used */
	bool open;   /**< a condition that is being compiled: it may not use itself */
};

struct tw_compile {
	struct tw_arena *arena; /**< the rule set's: programs live there */
	struct tw_rule_report *report;
	struct tw_list *sets;   /**< struct tw_rule_set, shared by all rules */
	struct tw_list *macros; /**< struct tw_rule_set, their values one condition each */
	struct tw_list *bands;  /**< struct tw_rule_set with their band */
	struct tw_patterns *patterns;
	struct tw_words *words;
	enum tw_family family;
	struct tw_list slots;  /**< struct tw_slot */
	struct tw_list scopes; /**< struct tw_scope of every quantifier, for the sentence */
	struct tw_list facts;  /**< struct tw_slice, names that the conditions may leave */
};

/** A condition before it is laid out. */
struct tw_clause {
	struct tw_rule_node node;
	struct tw_clause *first, *next;
	uint32_t cost;
	uint32_t likely; /**< percent of elements, or events, that it holds of, roughly: layout.c */
};

/** Zeroed; reports once when there is no memory. */
void *tw_compile_alloc(struct tw_compile *compile, size_t bytes);
bool tw_compile_fact(struct tw_compile *compile, struct tw_slice name);
struct tw_clause *tw_compile_node(struct tw_compile *compile, enum tw_rule_op op, uint32_t cost);

/** @param depth conditions above this one */
struct tw_clause *tw_compile_condition(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, uint32_t depth);

/** A zeroed operand. @return NULL after a reported error */
struct tw_operand *tw_compile_operand_new(struct tw_compile *compile, enum tw_operand_kind kind, enum tw_class class);
/** The name of the fact that an operand leaves: of `as`, else the fallback. @return false after a reported error */
bool tw_compile_fact_name(struct tw_compile *compile, const struct tw_yaml *as, const char *fallback, struct tw_operand *operand);
struct tw_operand *tw_compile_history(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value);
struct tw_operand *tw_compile_earlier(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value);

/** A value head: `key` is field, history, sum, ratio or earlier; @return NULL after a reported error */
struct tw_operand *tw_compile_operand(struct tw_compile *compile, const struct tw_scope *scope, const char *key, const struct tw_yaml *value);
/** The right side of a comparison when it is a mapping: {field: …}, {history: …}, {sum: …}, {ratio: …}, {earlier: …}, {event: day}, with plus_days.
 */
struct tw_operand *tw_compile_right(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *mapping);
/** A FIELD operand for a path that ends at a value; TEXTS are refused. */
struct tw_operand *tw_compile_field(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node);
/** A path to an object: bound name or embedded. @return false after a reported error */
bool tw_compile_object(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, struct tw_path *out);
bool tw_compile_path(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, bool through_lists, struct tw_path *out);

/** @return the comparator among a condition's members, or NULL after a reported error (none, or more than one) */
const struct tw_yaml *tw_comparator_find(struct tw_compile *compile, const struct tw_yaml *mapping);
/** @return false when no member is a comparator; nothing is reported */
bool tw_comparator_there(const struct tw_yaml *mapping);
/** NULL-terminated, for unknown keys */
const char *const *tw_comparator_words(void);
/** What other languages call a comparator: contains, regex, == ... @return ours, or "" when `key` is none of theirs; constant text */
const char *tw_comparator_foreign(struct tw_slice key);
/** May the value be compared so? @param relation out, set in any case @return false after a reported error, which names those that may */
bool tw_comparator_fits(struct tw_compile *compile, const struct tw_operand *left, const struct tw_yaml *comparator, enum tw_relation *relation);
/** @param condition the mapping that holds the comparator, and perhaps an `except` and a `spelling` */
struct tw_clause *tw_compile_comparison(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left,
                                        const struct tw_yaml *comparator, const struct tw_yaml *condition);

/** The set or macro of that name, marked as used, or NULL after a reported error that names the nearest. @param what "set \"$", "macro \"" */
struct tw_rule_set *tw_compile_named(struct tw_compile *compile, struct tw_list *list, const char *what, struct tw_slice name, struct tw_mark mark);

/** @return the path of a head, or of its `of`, that chooses: "parties[consignee].name"; NULL: it does not */
const struct tw_yaml *tw_choice_of(const struct tw_yaml *head);
/** A condition whose head has such a path. */
struct tw_clause *tw_compile_choice(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, const struct tw_yaml *head,
                                    uint32_t depth);
/** What is wrong with a macro where it stands: its parameters, their types and names. Its condition is compiled where it is used. */
void tw_macro_check(const struct tw_yaml *definition, const struct tw_list *sets, struct tw_rule_report *report);
/** @param use a name, or {macro: NAME, with: {...}} */
struct tw_clause *tw_compile_macro(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *use, uint32_t depth);

/** A similarity, 0 to 1, in ppm. @param node NULL: `out` is left as it is @return false with the finding reported */
bool tw_compile_similarity(struct tw_compile *compile, const struct tw_yaml *node, uint32_t *out);
struct tw_clause *tw_compile_listed(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value);
struct tw_clause *tw_compile_embargo(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value);
struct tw_clause *tw_compile_borders(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value);
struct tw_clause *tw_compile_warning(struct tw_compile *compile, const struct tw_yaml *condition, const struct tw_yaml *value);

/** One literal with the place to complain about. */
struct tw_literal {
	struct tw_slice text;
	struct tw_mark mark;
	const char *set_file;  /**< of a set's entry, where it is written; NULL: at `mark` */
	struct tw_mark in_set; /**< there */
};
struct tw_literals {
	struct tw_literal *at;
	uint32_t count;
};
/** A list of scalars, in which `$name` stands for a shared set; a single `$name` too. @return false after a reported error */
bool tw_literals_read(struct tw_compile *compile, const struct tw_yaml *node, const char *what, struct tw_literals *out);
/** Sorted by bytes, without repeats; `prefixes` drops those that another one is the start of. */
const struct tw_text_set *tw_literals_texts(struct tw_compile *compile, enum tw_class class, const struct tw_literals *literals, bool prefixes);
const uint64_t *tw_literals_countries(struct tw_compile *compile, const struct tw_literals *literals);
bool tw_literals_choices(struct tw_compile *compile, const char *const *words, const struct tw_literals *literals, uint64_t *bits);
const struct tw_number_set *tw_literals_numbers(struct tw_compile *compile, enum tw_class class, const struct tw_literals *literals);
/** COUNT, AMOUNT (to e4), DAY, INSTANT (to ms), FLAG @param class may turn from INSTANT to DAY when a date is written */
bool tw_literal_number(struct tw_compile *compile, enum tw_class *class, struct tw_literal literal, int64_t *out);
/** A scalar as a literal. @return false after a reported error */
bool tw_literal_of(struct tw_compile *compile, const struct tw_yaml *node, const char *what, struct tw_literal *out);
/** Bits (1 << (value)) of words looked up in a NULL-terminated table whose words[i] has value i + 1. */
bool tw_literals_bits(struct tw_compile *compile, const char *const *words, const char *what, const struct tw_literals *literals, uint32_t *bits);

/** HS codes and places, as spans of keys. */
const struct tw_span_set *tw_literals_spans(struct tw_compile *compile, enum tw_class class, const struct tw_literals *literals, bool prefixes);
/** The form two texts are compared in: TEXT folded, MARK upper-case letters and digits. In the arena. */
struct tw_slice tw_class_normal(enum tw_class class, struct tw_slice text, struct tw_arena *arena);

/** Both layouts of a condition tree. @return false after a reported error */
bool tw_compile_layout(struct tw_compile *compile, struct tw_clause *root, struct tw_rule *rule);

/** All elements that the rule binds anywhere: in sight of its sentence and its points. After the conditions. @return NULL: none */
const struct tw_scope *tw_compile_all_scopes(struct tw_compile *compile);

/** The sentence. @return false after a reported error */
bool tw_compile_because(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule *rule);

#endif
