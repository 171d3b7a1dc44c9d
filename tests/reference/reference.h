/**
 * @file reference.h
 * What a rule means, said a second time and as plainly as can be: a walk over the YAML and the decoded event, element by element, text by
 * text. No program, no order by cost, no gates, no prefilter, nothing remembered between two questions.
 *
 * The compiled evaluation has to agree with it on every rule and every event. Shared with it are the readers below both: YAML, the
 * contract's table, folding, the spellings of a phrase, dates; each has tests of its own.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_REFERENCE_H
#define TIDEWAITER_TESTS_REFERENCE_REFERENCE_H

#include "engine/base/arena.h"
#include "rules/path.h"
#include "rules/rules.h"
#include "rules/yaml.h"

struct reference {
	const struct tw_rule_env *env;
	const struct tw_yaml *sets, *macros, *bands; /* the mappings of named ones */
	struct tw_arena *arena;
};

/** What a quantifier bound, innermost first. */
struct reference_scope {
	const struct reference_scope *outer;
	const struct tw_shape *shape;
	const char *at;
};

/** @return does the rule of this YAML, `when` and `unless`, hold on the event of `env`? */
bool reference_rule(const struct reference *reference, const struct tw_yaml *rule);
bool reference_condition(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *condition);

/** Of which entity history is kept when it is asked of a part of that shape; 0: none. And of the event itself. */
enum tw_entity_kind reference_entity(const char *shape);
enum tw_entity_kind reference_self(enum tw_family family);

/* ---- places in the event (reference_value.c) ---- */

/** Gets every place that a path leads to, and what was bound on the way. */
struct reference_visit {
	void *context;
	void (*see)(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope);
};
void reference_visit(const struct reference *reference, const struct reference_scope *scope, struct tw_slice path,
                     const struct reference_visit *visit);

/* ---- values (reference_value.c) ---- */

struct reference_value {
	enum tw_class class;
	bool stated;
	int64_t number;               /* every class but texts: in the unit of its class */
	struct tw_slice text;         /* as received */
	enum tw_field_kind kind;      /* of a field */
	const char *const *words;     /* CHOICE */
	int64_t plus_days;            /* to be added once the class is known */
	const struct tw_field *field; /* NULL: no field */
};

/** What stands in a field. */
struct reference_value reference_field(const struct tw_field *field, const char *at);
/** A mapping with one of field, history, sum, ratio, event. @return false: it has none */
bool reference_operand(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *mapping,
                       struct reference_value *out);
/** A count as an amount, an instant as a day, a text as a country; `plus_days` added. @return the number in that class */
int64_t reference_as(struct reference_value *value, enum tw_class class);
/** The country that a value names: 0: none. @return false: it says nothing about countries */
bool reference_country(const struct reference_value *value, uint16_t *out);

/* ---- comparisons (reference_compare.c) ---- */

/** Does a comparator of the condition hold of the value? */
bool reference_compare(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *condition,
                       struct reference_value value);

/* ---- macros (reference_macro.c) ---- */

/** What stands behind a `use`: filled in as text, and read anew. @return NULL: no such macro */
const struct tw_yaml *reference_macro(const struct reference *reference, const struct tw_yaml *use);

/* ---- words (reference_words.c) ---- */

/** `words` or `near` with its `except`. */
bool reference_words(const struct reference *reference, const struct tw_yaml *condition, struct tw_slice text);
/** `matches`: any of the patterns, PCRE2 on each, on the text as received and on its normal form. */
bool reference_matches(const struct reference *reference, const struct tw_yaml *patterns, struct tw_slice text);

/** Every scalar of a list, of a `$set`, or one alone. Calls until `see` says true. @return what it said last */
bool reference_any(const struct reference *reference, const struct tw_yaml *list, bool (*see)(void *context, struct tw_slice text), void *context);

#endif
