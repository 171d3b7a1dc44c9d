/**
 * @file gate.h
 * What must hold somewhere in an event before a rule can fire at all, worked out once an event for all rules that need it.
 *
 * From every rule's conditions follow *clauses*: at least one of a few *gates* must hold. A gate is one comparison on one *column*: all
 * values of a path in the event, whichever element they stand in.
 *
 *     some items ( hs starts 93  and  description matches gun )      clauses: [hs starts 93] and [description may match gun]
 *     column item.hs: 610910, 940350        column item.description: pattern sets that any of the texts may meet
 *
 * Where a quantifier must find an element and nothing is known of it, that there is one is the gate: most events have no certificate.
 * A comparison with history that 0 does not meet has the gate that history may say more of some entity of that kind: most marks were never met.
 *
 * Thousands of rules look at some twenty columns. gate_index.h finds the rules whose narrowest clause holds; of those the others are asked here, and
 * then of each whether it holds indeed: a text that may match a pattern mostly does not, and its answer is remembered for the rules that ask too.
 *
 * Invariant: a gate is implied by its rule; it may be too weak (it forgets which element), never too strong.
 */
#ifndef TIDEWAITER_RULES_GATE_H
#define TIDEWAITER_RULES_GATE_H

#include "rules/program.h"
#include "rules/interned.h"

struct tw_arena;
struct tw_eval;
struct tw_gate_bench; /* one event's columns and answers */

#define TW_CLAUSE_GATES_MAX 48U /* the shipped packs ask for one of up to 34 signs */
#define TW_CLAUSES_MAX      4U  /* more narrow little: with 2 a sixth more rules of the shipped packs are run */

struct tw_column {
	const struct tw_operand *operand;
	struct tw_step step[TW_STEPS_MAX];
	uint32_t step_count;
	bool patterns; /* candidate pattern sets, not values */
	bool words;    /* word lists that were met, not values */
	bool undone;   /* disguised ones among them */
	bool listed;   /* list hits of the whole event; no operand */
	bool elements; /* whether there is one at the end of the steps; no operand */
	bool told;     /* whether history may say something; the operand names kind and metric */
};

struct tw_gate {
	const struct tw_rule_node *node;
	uint32_t column;
};

struct tw_clause_gates {
	const uint32_t *gate;
	uint32_t count;
	bool of_texts; /* a gate of patterns or words is among them: it may hold, and is asked in full */
};

struct tw_gates {
	struct tw_list columns;   /* struct tw_column */
	struct tw_list gates;     /* struct tw_gate */
	struct tw_interned known; /* the gates, by what they test */
};

/** One event's values of a column: numbers, or texts, or bits of pattern sets or word lists. */
struct tw_column_values {
	uint64_t event;
	struct tw_list numbers; /**< int64_t, stated ones */
	struct tw_list texts;   /**< struct tw_slice, normal forms */
	uint64_t *sets;         /**< of patterns, or word lists; NULL: neither */
	struct tw_list met;     /**< const struct tw_text *: those that the bits are of */
	bool elements;          /**< there is one; or history may say something */
};

/** Find the rule's clauses and share its gates with those known. @param out TW_CLAUSES_MAX @return false without memory */
bool tw_gates_add(struct tw_gates *gates, struct tw_arena *arena, const struct tw_rule *rule, struct tw_clause_gates *out, uint32_t *count);

/** @param rules at most so many stand in one index */
struct tw_gate_bench *tw_gate_bench_new(const struct tw_gates *gates, uint32_t rules);
void tw_gate_bench_free(struct tw_gate_bench *bench);
/** @return false when the rule cannot fire on the event at hand: of some clause no gate holds, or none when it is asked in full */
bool tw_gates_pass(struct tw_eval *eval, const struct tw_clause_gates *clauses, uint32_t count);
/** Read at the first question of an event. Sets eval->failed at the arena's ceiling. */
const struct tw_column_values *tw_column_read(struct tw_eval *eval, uint32_t at);
/** Worked out at the first question of an event. */
bool tw_gate_holds(struct tw_eval *eval, uint32_t gate);
/** An index begins to ask: no gate is noted yet. @return room for one bit a rule of it */
uint64_t *tw_gate_bench_begin(struct tw_gate_bench *bench);
/** The gate is known to hold. @return false when that was said before in this asking */
bool tw_gate_note(struct tw_eval *eval, uint32_t gate);

#endif
