/**
 * @file suppress.h
 * Findings that a centre has decided shall not count for this party, consignment or route: taken out before the score, kept for the alert to show.
 *
 *     findings --a row in force speaks of it--> suppressed
 *        `--else--> as they were           a hold that is suppressed stays among them too, and informs: it is never silent
 *
 * A finding whose evidence points at parties is suppressed for a party only when each party that it points at is one of these: a second, listed party
 * of the same consignment is not hidden by a decision on the first. Evidence that reached its bound may have left one out, and is not taken for
 * whole. A finding that points at no party is suppressed for any party of the event.
 *
 * Pure. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_SUPPRESS_H
#define TIDEWAITER_ENGINE_SUPPRESS_H

#include <tidewaiter/error.h>
#include <tidewaiter/event.h>
#include <tidewaiter/finding.h>

struct tw_arena;
struct tw_suppressions;

/**
 * @param suppressions NULL: there are none
 * @param findings in and out: those that are suppressed are gone, their order stays; holds among them become copies that inform
 * @param out      in the arena, in the findings' order; `counted` is left to the score
 * @return TW_OK, TW_E_MEMORY (nothing may be used then)
 */
TW_MUST_USE enum tw_code tw_suppress(const struct tw_suppressions *suppressions, const struct tw_event *event, struct tw_arena *arena,
                                     struct tw_findings *findings, struct tw_suppressed_list *out, struct tw_error *err);

#endif
