/**
 * @file trace.h
 * A trace as JSON: the body of an answer, and one mark of it for what commands print. Source: the event contract; feeds/schema/trace.json.
 */
#ifndef TIDEWAITER_ENGINE_EMIT_TRACE_H
#define TIDEWAITER_ENGINE_EMIT_TRACE_H

#include <tidewaiter/trace.h>

#include "engine/emit/emit.h"
#include "engine/emit/json.h"

#define TW_TRACE_SIGHTINGS_MAX 64U /* of a mark in one answer, the latest: so that it stays below a broker's message size; how many more is said */

/** "stolen", "shipped", "certified" ...; constant text */
const char *tw_trace_what(const struct tw_mark_sighting *sighting);
/** "unknown" where nothing was reported. */
const char *tw_trace_status_word(enum tw_marking_status status);
/** Nothing on record, not even alike: unknown. */
bool tw_trace_is_known(const struct tw_trace *trace);
/** Every one of what identifies a weapon is known and nothing disagrees. */
bool tw_trace_is_identified(const struct tw_trace *trace);

/** One object. @param most sightings, the latest; 0: all */
void tw_trace_write(struct tw_json *json, const struct tw_trace *trace, uint32_t most);

/** All that answers one request. Borrowed. */
struct tw_trace_case {
	struct tw_alert_case about; /**< the event, its subject, the engine's version; nothing else of it is read */
	const struct tw_trace *traces;
	uint32_t count;
	uint32_t more; /**< marks of the request that are not answered */
};
/** @param out in the arena @return TW_OK, TW_E_MEMORY. The id is the hash of topic, partition, offset and "trace". */
TW_MUST_USE enum tw_code tw_emit_trace(const struct tw_trace_case *answer, struct tw_arena *arena, struct tw_output *out, struct tw_error *err);

#endif
