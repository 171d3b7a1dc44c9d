/**
 * @file yaml.h
 * A small YAML: scalars, sequences, mappings, each with its place. Nothing of YAML that can surprise a reader of a rule.
 *
 * libyaml's events become a tree in the caller's arena. Scalars stay text (`NO`, `0930` and `9301.10` are what they look like): whoever
 * knows the field gives the type. Refused: aliases, anchors, tags, duplicate keys, keys that are no scalars, several documents.
 *
 *     mapping -> first child (key "id") -> next (key "when") -> ...        sequence -> first -> next -> ...
 *
 * Source: YAML 1.1 as libyaml 0.2.5 reads it.
 */
#ifndef TIDEWAITER_RULES_YAML_H
#define TIDEWAITER_RULES_YAML_H

#include "rules/report.h"

struct tw_arena;

enum tw_yaml_kind { TW_YAML_SCALAR = 1, TW_YAML_SEQUENCE, TW_YAML_MAPPING };

struct tw_yaml {
	enum tw_yaml_kind kind;
	bool plain;    /**< a scalar without quotes or block sign */
	bool verbatim; /**< a scalar that stands in its line as `text` has it, quotes aside */
	struct tw_mark mark;
	const char *file;        /**< the report's, when it was read: where `mark` is */
	struct tw_slice text;    /**< scalar, terminated */
	struct tw_slice key;     /**< member of a mapping: its key, terminated */
	struct tw_mark key_mark; /**< where the key stands */
	struct tw_yaml *first, *last, *next;
	uint32_t count; /**< children */
};

/**
 * Read one document.
 * @param bytes  borrowed; at most TW_RULE_BYTES_MAX
 * @param report its `file` names the source; gets what is wrong
 * @return the root in `arena`, or NULL after at least one reported error
 */
struct tw_yaml *tw_yaml_parse(struct tw_slice bytes, struct tw_arena *arena, struct tw_rule_report *report);

/** @return the member of that key, or NULL; NULL mapping gives NULL */
const struct tw_yaml *tw_yaml_member(const struct tw_yaml *mapping, const char *key);
/** @return where the byte at `offset` of a scalar's text stands; where the scalar begins, when escapes or line ends came between */
struct tw_mark tw_yaml_mark_in(const struct tw_yaml *scalar, uint32_t offset);
/** @return true for a plain `null`, `~` or nothing: not stated */
bool tw_yaml_null(const struct tw_yaml *node);
/** Report every member whose key is not in the NULL-terminated `known`, with the nearest of them. */
void tw_yaml_check_keys(const struct tw_yaml *mapping, const char *const *known, const char *what, struct tw_rule_report *report);
/** @return true when the node has that kind; else reports what was expected */
bool tw_yaml_expect(const struct tw_yaml *node, enum tw_yaml_kind kind, const char *what, struct tw_rule_report *report);
/** As tw_yaml_expect of a mapping whose members nobody guesses: the report ends with one as it should be. @param example "{of: item.gross_kg, ...}"
 */
bool tw_yaml_expect_like(const struct tw_yaml *node, const char *what, const char *example, struct tw_rule_report *report);

#endif
