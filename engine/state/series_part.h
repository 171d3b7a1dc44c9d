/**
 * @file series_part.h
 * The parts of a series of serials: so that a busy series costs what a quiet one does, and a serial finds the others whatever their number.
 *
 *     key              MAKER|~LETTERS      all runs: of each class the latest TW_DRAWS_MAX           asked for long runs, and shown
 *     block            MAKER|~LETTERS#N    short runs that touch [N, N + 1) * TW_SERIES_BLOCK        asked for short runs
 *     long runs        MAKER|~LETTERS#     runs of more than TW_SERIES_BLOCK numbers                 asked for all
 *
 * A short run touches one block or two, and so does whatever overlaps it or is alike, unless that is long: an event appends to, and is judged by,
 * two or three records of at most TW_DRAWS_MAX elements a class each. What a block drops is at its limit, and says so; the whole series may drop the
 * earliest without harm to short runs. Beyond TW_SERIES_BLOCKS_MAX blocks of one event, marks stand in the whole series alone.
 *
 * A mark's *view* is the elements of all records that can have something to do with it, by key; one key may come from several of them.
 */
#ifndef TIDEWAITER_ENGINE_STATE_SERIES_PART_H
#define TIDEWAITER_ENGINE_STATE_SERIES_PART_H

#include "engine/state/series.h"

#define TW_SERIES_BLOCK      1024U /* numbers of a block: a crate or a few, so that hardly more than tens of papers name one */
#define TW_SERIES_BLOCKS_MAX 1024U /* of one event: a million serials in a row */

/** A run into a draft's runs, and what is said of it. @return false at the arena's ceiling */
bool tw_runs_add(struct tw_drafts *drafts, uint32_t number, const struct tw_run *run, struct tw_slice packed);
/** Where a mark's series stands among the event's operations: worked out once, asked for by every question about the mark. */
struct tw_mark_parts {
	uint32_t series; /**< the whole one */
	uint32_t block,
	    last_block; /**< TW_NO_OPERATION: of a long run, or beyond TW_SERIES_BLOCKS_MAX; `last_block`: of another block than the first */
	uint32_t long_runs;
	struct tw_run run; /**< the mark itself */
	uint32_t index;    /**< of all makers' series with these letters */
};
/**
 * Mentions the parts of a series that a mark is in; its run is in the whole one already.
 * @param series draft of the whole one @param index of its index @param packed as for tw_series_mention @return in the drafts' arena; NULL after a
 * failure
 */
const struct tw_mark_parts *tw_series_parts_mention(struct tw_drafts *drafts, uint32_t series, uint32_t index, const struct tw_run *run,
                                                    struct tw_slice packed);

/**
 * Elements of several records, by key; a record's overflow is the view's.
 * @param states NULL among them: no such record @return one of them where it is the only one; NULL: none, or at the arena's ceiling
 */
const struct tw_state *tw_states_joined(const struct tw_state *const *states, uint32_t count, struct tw_arena *arena);
/**
 * What is known of the marks that a mark can meet.
 * @param parts NULL: the mark is in no series
 * @return NULL: nothing of its series; at the arena's ceiling a prior is marked incomplete
 */
const struct tw_state *tw_series_view(const struct tw_priors *priors, const struct tw_mark_parts *parts, struct tw_arena *arena);

#endif
