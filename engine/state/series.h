/**
 * @file series.h
 * Serials as numbers of a series: which papers and reports meet on a mark, whether it stands alone, in a range, or mistyped.
 *
 *     key      MAKER|~LETTERS          and its parts (series_part.h)
 *                                      of the mark as confusables fold it (0/O, 1/I/L, 5/S, 8/B, 2/Z, look-alike letters of other scripts)
 *     shipped  'g' consignment         version: its revision's     -> 1, runs; or 2: ended
 *     covered  'c' certificate         version: its revision's     -> runs
 *     reported 's' time be64, id be64  version: time, id           -> event type, runs
 *     met      'N' time be64, id be64  version: time, id           -> event type, runs: an inspection's, or of a certificate's event without terms
 *     runs     count | (letters 32 bits | first | last - first) ...   by letters, then first; no two of one letters touch
 *     said     behind the runs: count | (first | last - first | bytes of particulars.h) ...   what was said of marks from number first to last
 *
 * What is said of the marks is kept once for all of which an event says the same, TW_SAID_MAX times at most; behind that the bytes are empty.
 *
 * A range is one run however long it is; single serials in a row join. `letters` is a hash of what stands before the number as it is written:
 * marks whose letters agree *overlap*; marks that agree only once folded are *alike*.
 *
 * What has no number at its end, a lot, an import mark, and whatever comes after the first TW_SERIES_MAX series of an event, is in no series: such
 * marks meet by their own key alone. A record keeps the latest TW_DRAWS_MAX elements of each class.
 */
#ifndef TIDEWAITER_ENGINE_STATE_SERIES_H
#define TIDEWAITER_ENGINE_STATE_SERIES_H

#include "engine/state/mentions.h"
#include "engine/state/particulars.h"

struct tw_history_answer;
struct tw_question;

#define TW_SERIES_MAX 256U /* of one event: makers do not scatter one delivery over more */
#define TW_SAID_MAX   8U   /* of one event and series: a delivery has few models */

struct tw_run {
	uint64_t first, last; /**< both in it */
	uint32_t letters;
};

/** What was said of the marks of a series from one number to another. */
struct tw_said {
	uint64_t first, last;   /**< both in it */
	struct tw_slice packed; /**< particulars.h */
};

/**
 * @param make of the item, for a mark that states none
 * @param key  out: of the series; length 0 when the mark is in none; NULL at the arena's ceiling
 */
void tw_series_of(const struct tw_marking *marking, struct tw_slice make, struct tw_arena *arena, struct tw_slice *key, struct tw_run *run);
/**
 * Mentions the series of the mark whose mention is the last, and in the index of all makers; keeps its run until tw_series_put.
 * @param packed particulars.h, what is said of the mark @return false when the mark is in none
 */
bool tw_series_mention(struct tw_drafts *drafts, const struct tw_marking *marking, struct tw_slice make, struct tw_slice packed);
/**
 * Every series of the event gets one element with its runs. After all mentions.
 * @param class TW_ELEMENT_SHIPPED, TW_ELEMENT_COVERED, TW_ELEMENT_REPORTED or TW_ELEMENT_MET
 * @param key   its name behind the class @param type of the event
 */
void tw_series_put(struct tw_drafts *drafts, char class, struct tw_slice name, struct tw_version version, enum tw_event_type type);

/** Reading, safe on any bytes. @return cursor over the runs of an element of that class, `left` set; 0 when they ended or are none */
struct tw_cursor tw_runs_read(const struct tw_element *element, uint64_t *left);
/** @return false at the end or when the bytes stop fitting */
bool tw_runs_next(struct tw_cursor *cursor, uint64_t *left, struct tw_run *out);

/** What was said of a number, over what is there. */
void tw_runs_said(const struct tw_element *element, uint64_t number, struct tw_particulars *out);
/** Whether elements of that class begin with the type of an event. */
bool tw_runs_are_typed(char class);
/** Whether the element is of a class that has runs. */
bool tw_has_runs(const struct tw_element *element);

/**
 * Whether that consignment still states something in the series: false once it was cancelled or amended away.
 * @param series the record, or NULL: then nobody can say, and it does
 */
bool tw_series_stands(const struct tw_state *series, struct tw_slice consignment);
/** Metrics TW_METRIC_OVERLAPS to TW_METRIC_COVERED. `question->state` is the series' record. @return false at the arena's ceiling */
bool tw_answer_series(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
