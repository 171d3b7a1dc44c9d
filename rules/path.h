/**
 * @file path.h
 * Dotted field paths of the rule language, resolved once against the shape table: `means.flag`, `item.hs`, `event.time`.
 *
 * A path starts at a bound name, at `event` (the envelope), or at a member of the family's body. Inside, embedded objects only add to the
 * offset; a repeated part needs a quantifier, unless the caller goes through all elements itself (sum, count).
 */
#ifndef TIDEWAITER_RULES_PATH_H
#define TIDEWAITER_RULES_PATH_H

#include "rules/program.h"
#include "rules/yaml.h"

/** Names in sight at one place of a rule, innermost first. */
struct tw_scope {
	const struct tw_scope *outer;
	const struct tw_shape *shape;
	uint32_t slot;
};

struct tw_path {
	uint32_t slot;                /**< where it starts */
	uint32_t offset;              /**< of the leaf in the last step's element, or in the slot */
	const struct tw_field *field; /**< the leaf; NULL when the path is a bound name alone */
	const struct tw_shape *shape; /**< when the path ends at an object, bound or embedded */
	const char *bound;            /**< the bound name it starts with, or NULL */
	struct tw_slice pointer;      /**< of the leaf, below the last step's element or the slot */
	struct tw_step step[TW_STEPS_MAX];
	struct tw_slice step_pointer[TW_STEPS_MAX];
	const struct tw_shape *step_shape[TW_STEPS_MAX];
	uint32_t step_count;
};

struct tw_path_ask {
	struct tw_slice text;
	struct tw_mark mark;
	enum tw_family family;
	const struct tw_scope *scope;
	bool through_lists; /**< repeated parts become steps; else an error that names the quantifier */
};

/** @param out written on success @return false after a reported error */
bool tw_path_resolve(const struct tw_path_ask *ask, struct tw_arena *arena, struct tw_rule_report *report, struct tw_path *out);

/** The body of a family: its shape, where it starts in struct tw_event, its pointer ("/consignment", or "" where members stand at the root). */
struct tw_body {
	const struct tw_shape *shape;
	uint32_t offset;
	const char *pointer;
};
struct tw_body tw_body_of(enum tw_family family);
/** @return true for id, type, time, source and trace */
bool tw_envelope_member(struct tw_slice name);
/** "a text", "a country" ... for messages */
const char *tw_class_name(enum tw_class class);
/** @return 0 for objects and lists */
enum tw_class tw_class_of(enum tw_field_kind kind);

#endif
