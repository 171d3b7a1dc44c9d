/**
 * @file certificate_view.h
 * One certificate's ledger added up for a person: what was stated and how it changed, what happened when, what was drawn of which line, what
 * arrived, and what does not fit together.
 *
 * Sums, validity and status are the engine's own answers (engine/state/question.h), asked of the record as it stands, so that the view and the
 * rules cannot disagree. Pure: same record, same papers, same view. Private to engine/command. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_VIEW_H
#define TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_VIEW_H

#include <tidewaiter/history.h>

#include "engine/command/certificate_source.h"
#include "engine/state/paper.h"

/** What one statement of the terms says otherwise than the one before it. */
struct tw_change {
	struct tw_slice what, before, after; /**< empty: not stated there */
};

struct tw_statement {
	struct tw_version version; /**< revision, time */
	bool in_force;
	bool twin; /**< the one before it states the same revision with other content */
	bool kept; /**< the words are on record, not the numbers alone */
	struct tw_paper paper;
	struct tw_list changes;     /**< struct tw_change; none of the first */
	const struct tw_told *told; /**< NULL: no events were read */
};

struct tw_moment {
	int64_t at_ms; /**< when it takes effect */
	enum tw_event_type type;
	struct tw_slice consignment;
	bool own_word;              /**< of somebody who trades under it: it counts for nothing (engine/state/words.h) */
	const struct tw_told *told; /**< NULL: no events were read */
};

/** One line of one consignment against one line of the certificate. */
struct tw_draw {
	struct tw_slice consignment;
	struct tw_version version;
	int64_t item, line; /**< of the manifest, of the certificate: 0 for none */
	bool stated;        /**< the quantity is */
	int64_t quantity_e4;
	uint32_t unit;
	bool left_stated;
	int64_t left_e4;                           /**< of the certificate's line when this and all earlier draws are taken; below 0: too many */
	bool dated;                                /**< a departure is stated */
	struct tw_way way;                         /**< days and countries, as the record keeps them */
	struct tw_slice hs, control_code, calibre; /**< of the goods, as the record keeps them; may be empty */
	enum tw_certificate_status status;         /**< of the certificate when the draw was declared */
	const struct tw_shipped *shipped;          /**< the words of the manifest; NULL: no events were read */
};

struct tw_line_view {
	const struct tw_paper_line *line; /**< NULL: draws that name no line of the certificate */
	bool drawn_stated;                /**< false: no draw, or no unit in which a sum has a meaning */
	int64_t drawn_e4;
	uint32_t drawn_unit;
	struct tw_list draws; /**< struct tw_draw, by time */
};

struct tw_delivery_view {
	const struct tw_told *told;
	bool line_stated;
	struct tw_ledger_line received; /**< one line of it, where it has lines */
	bool drawn_stated;
	int64_t drawn_e4; /**< by the same consignment of that line */
};

/** What does not fit, the most urgent kind first. */
enum tw_problem_kind {
	TW_PROBLEM_DRAWN_VOID = 1, /**< drawn on while revoked, lost, refuted or suspended */
	TW_PROBLEM_VOIDED_SINCE,   /**< voided after it was drawn on */
	TW_PROBLEM_TERMS_CONFLICT,
	TW_PROBLEM_OVER_DRAWN,
	TW_PROBLEM_REUSED,
	TW_PROBLEM_DIVERTED,
	TW_PROBLEM_RECEIVED_DIFFERS,
	TW_PROBLEM_OUTSIDE_VALIDITY,
	TW_PROBLEM_ELSEWHERE,
	TW_PROBLEM_NOT_CERTIFIED,
	TW_PROBLEM_UNITS,
	TW_PROBLEM_UNKNOWN,
	TW_PROBLEM_UNCONFIRMED,
	TW_PROBLEM_RULE, /**< a rule's reason, from an alert at hand */
};
#define TW_PROBLEM_FIRST TW_PROBLEM_DRAWN_VOID
#define TW_PROBLEM_LAST  TW_PROBLEM_RULE

struct tw_problem {
	enum tw_problem_kind kind;
	struct tw_slice text;
	struct tw_list consignments; /**< struct tw_slice */
	struct tw_slice rule;        /**< RULE: its id */
	int64_t points;              /**< RULE: counted */
};

struct tw_certificate_view {
	struct tw_slice key;
	const struct tw_state *state;
	const struct tw_state *heard; /**< the state without what is somebody's own word */
	bool papers; /**< events were read; else the record alone says what was delivered, and words are not kept (tw_certificate_not_kept) */
	enum tw_certificate_status status;
	bool authenticated; /**< at some time */
	bool known;         /**< terms are on record; `paper` is of those in force */
	bool kept;          /**< with their words */
	struct tw_paper paper;
	struct tw_list statements; /**< struct tw_statement, by revision, then time */
	struct tw_list moments;    /**< struct tw_moment, by time */
	struct tw_list lines;      /**< struct tw_line_view: the certificate's, then the draws that name none of them */
	uint32_t consignments;     /**< that draw on it */
	struct tw_list given_back; /**< struct tw_slice: consignments that did, and were cancelled or amended away */
	struct tw_list compared;   /**< const struct tw_compared *, of those that draw on it, by consignment */
	struct tw_list deliveries; /**< struct tw_delivery_view, in the order of reading */
	struct tw_list problems;   /**< struct tw_problem, by kind */
};

/**
 * @param state of the certificate @param source what is known beside it, of tw_certificate_source_of @param arena keeps the view; borrowed: state,
 * source
 * @return false at the arena's ceiling
 */
bool tw_certificate_view_make(struct tw_slice key, const struct tw_state *state, const struct tw_certificate_source *source, struct tw_arena *arena,
                              struct tw_certificate_view *out);

/** "over_drawn" ... */
const char *tw_problem_word(enum tw_problem_kind kind);
/** @return 0 for no such word; `hint`: `; did you mean ...?`, or empty */
enum tw_problem_kind tw_problem_find(const char *word, char *hint);

/** What a record does not keep, and the view of one lacks: NULL-terminated. */
extern const char *const tw_certificate_not_kept[];

/* The parts. */
/** What the record keeps of verified deliveries, as if it had been read: the latest of each consignment. @param out struct tw_told @return false at
 * the arena's ceiling */
bool tw_certificate_told_of_record(struct tw_slice key, const struct tw_state *state, struct tw_arena *arena, struct tw_list *out);
/** What the second states otherwise. @param words of both, too: they are on record @return false at the arena's ceiling */
bool tw_certificate_changes(const struct tw_paper *before, bool words, const struct tw_paper *after, struct tw_arena *arena, struct tw_list *changes);
/** @param view all but `problems` @return false at the arena's ceiling */
bool tw_certificate_problems(struct tw_certificate_view *view, const struct tw_certificate_source *source, struct tw_arena *arena);
/** One of the engine's answers on the record as it stands. @param line of the certificate; 0: all @param unit TW_UNIT_NONE: any, as long as it is one
 */
struct tw_history_answer tw_certificate_ask(const struct tw_state *state, enum tw_metric metric, int64_t line, uint32_t unit);

#endif
