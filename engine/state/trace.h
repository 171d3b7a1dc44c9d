/**
 * @file trace.h
 * From records to a trace (tidewaiter/trace.h). Pure: which keys to read, and what they say; who reads them is the caller's.
 *
 *     tw_trace_keys_of --keys--> caller reads records --> tw_trace_begin, tw_trace_offer for each candidate, tw_trace_end
 *
 * The asked maker's own record and the parts of its series that the number is in (series_part.h) say what is known of the mark; those without a maker
 * (an inspection that found a bare serial) count to it; the two indexes name whom else to ask. A request of the stream names all of these itself, so
 * that their priors come with it, and cannot look at what the indexes name: such candidates are not `looked` at.
 */
#ifndef TIDEWAITER_ENGINE_STATE_TRACE_H
#define TIDEWAITER_ENGINE_STATE_TRACE_H

#include <tidewaiter/trace.h>

#include "engine/state/store.h"

struct tw_arena;
struct tw_drafts;
struct tw_state;

/** Records of one mark, all of TW_ENTITY_MARKING. */
enum tw_trace_record {
	TW_TRACE_OWN = 0,
	TW_TRACE_BLOCK,
	TW_TRACE_LONG_RUNS,
	TW_TRACE_BARE, /**< the same three without a maker; no key where none was asked for */
	TW_TRACE_BARE_BLOCK,
	TW_TRACE_BARE_LONG_RUNS,
	TW_TRACE_SERIES_INDEX,
	TW_TRACE_MARK_INDEX,
};
#define TW_TRACE_RECORDS 8U

#define TW_TRACE_MARKS_MAX 16U /* of one request that are answered: a weapon has a handful, a list of thousands is a list */

struct tw_trace_keys {
	struct tw_slice key[TW_TRACE_RECORDS]; /**< length 0: there is no such record to read */
	struct tw_slice series[2];             /**< the asked maker's, and that without a maker, as the indexes name them */
	struct tw_slice written;               /**< the mark as asked */
	uint64_t number;                       /**< of the series */
	uint32_t letters;
};

/** @param mark a serial or a lot @param make of the item, for a mark that states none @return false at the arena's ceiling */
bool tw_trace_keys_of(const struct tw_marking *mark, struct tw_slice make, struct tw_arena *arena, struct tw_trace_keys *out);
/** A trace request mentions what answers it and what it does not name itself. */
void tw_trace_mention(struct tw_drafts *drafts, const struct tw_event *event);

/** @param states by enum tw_trace_record, NULL for no record; they and the keys live as long as the trace @return false at the arena's ceiling */
bool tw_trace_begin(const struct tw_trace_keys *keys, const struct tw_state *const states[TW_TRACE_RECORDS], struct tw_arena *arena,
                    struct tw_trace *out);
/** Keys that the indexes name beside the asked maker's: sorted, each once. @return false at the arena's ceiling */
bool tw_trace_named(const struct tw_trace_keys *keys, const struct tw_state *const states[TW_TRACE_RECORDS], struct tw_arena *arena,
                    struct tw_list *out);
/** The mark's own record with the maker of a series that an index names; that of a mark is its own. @return {NULL, 0} at the arena's ceiling */
struct tw_slice tw_trace_own_key(const struct tw_trace_keys *keys, struct tw_slice named, struct tw_arena *arena);
/** Of a series that an index names, the parts that the number is in. @return false: `named` is none, or the arena is at its ceiling, then
 * `out[0].ptr` is NULL */
bool tw_trace_parts(const struct tw_trace_keys *keys, struct tw_slice named, struct tw_arena *arena, struct tw_slice out[2]);
/** Records of one of them, of a series the parts joined. NULL: there is none; of both, that was not looked at. */
struct tw_trace_records {
	const struct tw_state *own, *series;
	bool looked;
};
/** @return false at the arena's ceiling */
bool tw_trace_offer(struct tw_trace *trace, const struct tw_trace_keys *keys, struct tw_slice named, struct tw_trace_records records,
                    struct tw_arena *arena);
/**
 * Sorts, and works out status and identity. `trace->maker` is set before. @param asked model, country of manufacture and so on as the request states
 * them @return false at the arena's ceiling
 */
bool tw_trace_end(struct tw_trace *trace, const struct tw_particulars *asked, struct tw_arena *arena);

/** The trace of one mark of a request from the priors that came with it. @return false at the arena's ceiling */
bool tw_trace_of_request(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                         const struct tw_marking *mark, struct tw_arena *arena, struct tw_trace *out);

#endif
