/**
 * @file trace_command.h
 * `tidewaiter trace MARK...`: what is known of a weapon's mark, over all that was ever seen.
 *
 *     --over FILE     events of files, folded in memory: no rule, no list
 *     state.store redis    the engine's own records, as they stand
 *     state.store memory   the topics, from their begin to what is committed, folded in memory
 *
 * MARK is SERIAL or MAKER|SERIAL. Private to engine/command.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_TRACE_COMMAND_H
#define TIDEWAITER_ENGINE_COMMAND_TRACE_COMMAND_H

#include <stdio.h>
#include <tidewaiter/trace.h>

#include "engine/run/settings.h"

struct tw_arena;
struct tw_store;

struct tw_trace_request {
	const char *const *marks;
	uint32_t mark_count;
	const char *maker; /**< of marks that state none; NULL: not known */
	const char *model;
	const char *country; /**< of manufacture */
	const char *const *overs;
	uint32_t over_count;
	const char *topic; /**< the files' lines are bare events of it; NULL: envelopes */
	bool json, quiet;
};

/** @return exit code: 0 every mark was seen; 1 one was not, which is an answer; else sysexits.h */
int tw_trace_run(struct tw_settings *settings, const struct tw_trace_request *request, FILE *out);

/* The parts; private to engine/command. */

/** The events of files folded into a store in memory. @param out owned by the caller, also on failure */
TW_MUST_USE enum tw_code tw_trace_files(const struct tw_settings *settings, const struct tw_trace_request *request, struct tw_store **out,
                                        struct tw_error *err);
/** As a person reads it. */
void tw_trace_text(const struct tw_trace *trace, FILE *out);

#endif
