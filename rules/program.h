/**
 * @file program.h
 * A compiled rule: a flat array of nodes in reading order, every path resolved to a slot and an offset.
 *
 *     all ( some parties ( listed ), field item.hs starts )
 *
 *     node   0: ALL  end 4    1: SOME end 3    2: LISTED end 3    3: STARTS end 4
 *            children of 0 are 1 and nodes[1].end = 3; a node without children ends at the next one
 *
 * *Slots* hold what a quantifier is looking at: slot 0 is the event, each quantifier of the rule has one of its own. A path is then
 * `slot[n] + offset`. Every rule is laid out twice: `decide` in the order of layout.c, to learn whether it fires; `explain` in the
 * author's order, run only when it fired, to collect evidence, facts and the elements that the sentence speaks of.
 *
 * Invariant: programs are immutable and hold no pointer into an event. Threads: any.
 */
#ifndef TIDEWAITER_RULES_PROGRAM_H
#define TIDEWAITER_RULES_PROGRAM_H

#include <tidewaiter/embargo.h>
#include <tidewaiter/finding.h>
#include <tidewaiter/history.h>

#include "engine/event/shape.h"
#include "rules/report.h"

#define TW_SLOT_EVENT    0U
#define TW_STEPS_MAX     4U  /* repeated parts within repeated parts: the contract has three at most */
#define TW_COUNTRY_WORDS 11U /* 26 x 26 two-letter codes as bits */

/** What a value is, once read: decides which comparisons make sense and how two texts are held against each other. */
enum tw_class {
	TW_CLASS_TEXT = 1, /**< folded */
	TW_CLASS_PLACE,    /**< a number, tw_place_key: upper case, blanks dropped */
	TW_CLASS_HS,       /**< a number, tw_hs_key: digits only */
	TW_CLASS_MARK,     /**< container and ship numbers: upper-case letters and digits */
	TW_CLASS_COUNTRY,  /**< a number, tw_country_code */
	TW_CLASS_CHOICE,
	TW_CLASS_FLAG,
	TW_CLASS_COUNT,
	TW_CLASS_AMOUNT,
	TW_CLASS_DAY,
	TW_CLASS_INSTANT,
};

enum tw_operand_kind {
	TW_OPERAND_FIELD = 1,
	TW_OPERAND_HISTORY,
	TW_OPERAND_SUM,
	TW_OPERAND_RATIO,
	TW_OPERAND_EVENT_DAY,
	TW_OPERAND_COUNTED,
	TW_OPERAND_EARLIER
};

struct tw_band;         /* band.h */
struct tw_earlier_test; /* eval.h */

/** One repeated part to go through: the list stands at `offset` in the element of the step before (the first: in the path's slot). */
struct tw_step {
	uint32_t offset;
	uint32_t size; /**< of an element */
	uint32_t slot; /**< quantifiers: where the element is bound */
};

/** Something with a value. */
struct tw_operand {
	enum tw_operand_kind kind;
	enum tw_class class;
	uint32_t slot;
	uint32_t offset;
	bool e4;     /**< a count that is compared with an amount: times 10,000 */
	bool as_day; /**< an instant that is compared with days */
	int32_t plus_days;
	enum tw_field_kind field_kind; /**< of the leaf: FIELD and SUM */
	const struct tw_field *field;
	struct tw_slice pointer; /**< JSON pointer below the slot, or the last step's element; HISTORY: of the subject */
	struct tw_slice fact;    /**< name of the fact it leaves; empty: none */
	/* SUM */
	struct tw_step step[TW_STEPS_MAX];
	uint32_t step_count;
	const struct tw_slice *step_pointer; /**< of each step's list, below the element or slot before it */
	/* RATIO */
	const struct tw_operand *of, *per;
	/* HISTORY; slot and offset are the subject's unless it is the event itself */
	enum tw_entity_kind entity;
	const struct tw_metric_info *metric;
	uint32_t days;
	bool self;
	const struct tw_earlier_test *earlier; /**< EARLIER: a HISTORY of wares, and which of them count */
};

enum tw_rule_op {
	TW_OP_ALL = 1,
	TW_OP_ANY,
	TW_OP_NOT,
	TW_OP_SOME,
	TW_OP_EVERY,
	TW_OP_NONE,
	TW_OP_COUNT, /**< first child compares the count, second (may be missing) is `where` */
	TW_OP_STATED,
	TW_OP_RANGE,   /**< low <= value <= high */
	TW_OP_NUMBERS, /**< one of these numbers */
	TW_OP_BITS,    /**< choice value in a bit set */
	TW_OP_CODES,   /**< country in a bit set */
	TW_OP_SPANS,   /**< HS and place: key in one of these spans */
	TW_OP_TEXTS,   /**< normal form is one of these */
	TW_OP_STARTS,  /**< normal form starts with one of these */
	TW_OP_MATCHES, /**< text as received meets a pattern of the set */
	TW_OP_WORDS,   /**< words of a list stand in the text, perhaps near others */
	TW_OP_COMPARE, /**< number against number */
	TW_OP_SAME,    /**< normal form against normal form */
	TW_OP_LISTED,
	TW_OP_EMBARGO,
	TW_OP_BORDERS,
	TW_OP_WARNING,
	TW_OP_BAND, /**< left, an amount, within the band of right, an HS code */
};

enum tw_relation {
	TW_IS = 1,
	TW_IS_NOT,
	TW_IN,
	TW_NOT_IN,
	TW_STARTS,
	TW_MATCHES,
	TW_NOT_MATCHES,
	TW_WORDS,
	TW_NEAR,
	TW_STATED,
	TW_ABOVE,
	TW_BELOW,
	TW_AT_LEAST,
	TW_AT_MOST,
	TW_BETWEEN,
	TW_SAME_AS,
	TW_DIFFERS_FROM,
	TW_INSIDE,
	TW_OUTSIDE,
	TW_WITHIN,
};

struct tw_clause_gates;
struct tw_yaml;
struct tw_word_test; /* words.h */

struct tw_quantifier {
	uint32_t slot; /**< of the first step's list */
	struct tw_step step[TW_STEPS_MAX];
	uint32_t step_count;
};

/** Sorted by bytes, no two equal; for STARTS no one is the start of another. */
struct tw_text_set {
	const struct tw_slice *text;
	uint32_t count;
};

/** Sorted, disjoint, inclusive. */
struct tw_span_set {
	const struct tw_key_span {
		int64_t low, high;
	} * span;
	uint32_t count;
};

struct tw_number_set {
	const int64_t *number;
	uint32_t count;
};

struct tw_listed_test {
	bool any; /**< anywhere in the event; else the struct at slot + offset */
	uint32_t slot, offset;
	const struct tw_slice *list;
	uint32_t list_count; /**< 0: every list */
	uint32_t bases;      /**< bits 1 << enum tw_match_basis */
	uint32_t similarity_ppm_min;
	uint32_t address_ppm_min; /**< the same for hits by address, which have a scale of their own */
};

struct tw_embargo_test {
	const struct tw_operand *country;
	const struct tw_operand *on; /**< NULL: the event's day */
	uint32_t goods, directions;
	uint32_t confidences; /**< bits 1 << enum tw_confidence */
	uint32_t targets;     /**< bits 1 << enum tw_embargo_target; 0: every */
	const struct tw_slice *issuer;
	uint32_t issuer_count; /**< 0: every */
	bool neighbour;
};

struct tw_warning_test {
	enum tw_warning_kind kind;
	struct tw_slice at; /**< start of the pointer below the body, with its slash; empty: anywhere */
	struct tw_slice body;
};

struct tw_rule_node {
	const struct tw_yaml *source; /**< the condition as it was written; lives as long as the rules */
	const struct tw_yaml *meant;  /**< the same; where a macro was written, what it says */
	enum tw_rule_op op;
	enum tw_relation relation; /**< COMPARE */
	bool negate;               /**< the value must be stated, and not be that */
	uint32_t end;              /**< one past this node's last descendant */
	const struct tw_operand *left, *right;
	union {
		struct {
			int64_t low, high;
		} range;
		uint64_t bits;
		const uint64_t *codes; /**< TW_COUNTRY_WORDS words */
		const struct tw_number_set *numbers;
		const struct tw_span_set *spans;
		const struct tw_text_set *texts;
		uint32_t pattern_set;
		const struct tw_word_test *words;
		const struct tw_quantifier *over;
		const struct tw_listed_test *listed;
		const struct tw_embargo_test *embargo;
		const struct tw_warning_test *warning;
		const struct tw_band *band;
	} with;
};

/** What a quantifier binds. Slot 0 is the event. */
struct tw_slot {
	const char *name; /**< the shape's: "item", "party"; NULL for bare texts */
	uint32_t parent;
	struct tw_slice pointer; /**< of the list, below the parent slot */
};

/** One piece of the officer's sentence. */
struct tw_because_part {
	enum { TW_PART_TEXT = 1, TW_PART_FIELD, TW_PART_FACT } kind;
	struct tw_slice text;      /**< TEXT; FACT: its name */
	const char *bound;         /**< FIELD: name of the bound element, NULL: the event */
	struct tw_operand operand; /**< FIELD: slot is filled in at use */
	bool or_next;              /**< the next part stands in for it where it is not stated */
};

/** Points by a value; see points.h. Rows by value, rising. */
struct tw_worth {
	const struct tw_operand *over; /**< a number, times 10,000 */
	const struct tw_worth_step {
		int64_t from_e4;
		int32_t points;
	} * step;
	uint32_t count;
	bool line;         /**< two rows: scaled between them; else the last row that is reached */
	int32_t otherwise; /**< not stated, or below the first row of a table */
};

struct tw_rule {
	struct tw_rule_info info;
	struct tw_worth *worth; /**< NULL: the info's points */
	enum tw_family family;
	uint64_t types; /**< bits 1 << enum tw_event_type */
	const struct tw_rule_node *decide;
	const struct tw_rule_node *explain;
	const struct tw_slot *slot;
	uint32_t slot_count;
	const struct tw_because_part *part;
	uint32_t part_count;
	bool says_renewal;              /**< the sentence itself places the fact `renewal` */
	struct tw_clause_gates *clause; /**< gate.h: what must hold somewhere */
	uint32_t clause_count;
	const char *file;
	const struct tw_yaml *root; /**< as it was written; lives as long as the rules */
	struct tw_mark mark;        /**< of the id */
};

static inline uint32_t tw_country_bit(uint16_t code)
{
	return (uint32_t)((code >> 8) - 'A') * 26 + (uint32_t)((code & 0xFF) - 'A');
}

/**
 * HS code as a number that sorts like its digits: ten digits left-aligned, then how many there are. A code starts with a prefix when its
 * key lies in the prefix's span. Dots, spaces and anything else but digits are passed over.
 */
int64_t tw_hs_key(struct tw_slice text);
/** UN/LOCODE the same way: five letters or digits, upper case, blanks passed over. */
int64_t tw_place_key(struct tw_slice text);
#define TW_KEY_TEXT_BYTES 12U
/** The digits, or letters and digits, that a key (HS or PLACE) was made of. @return `out` */
const char *tw_key_text(enum tw_class class, int64_t key, char out[TW_KEY_TEXT_BYTES]);
/** Keys of everything that starts with `prefix`. */
struct tw_key_span tw_hs_span(struct tw_slice prefix);
struct tw_key_span tw_place_span(struct tw_slice prefix);

#endif
