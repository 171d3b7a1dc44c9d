/**
 * @file status.c
 * What a certificate's or a mark's history amounts to at a moment; see ledger.h.
 */
#include "engine/base/time.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"

#define GRAVITIES 8U

bool tw_certificate_is_ahead(const struct tw_event *event)
{
	const struct tw_date *effective = &event->certificate.effective;
	return event->family == TW_FAMILY_CERTIFICATE && tw_stated(effective->span) && effective->day > tw_instant_day(event->time.ms);
}

uint32_t tw_status_gravity(enum tw_event_type type)
{
	static const enum tw_event_type order[GRAVITIES] = {
	    TW_CERTIFICATE_ISSUED,        TW_CERTIFICATE_AMENDED,   TW_CERTIFICATE_REINSTATED,
	    TW_CERTIFICATE_AUTHENTICATED, TW_CERTIFICATE_SUSPENDED, TW_CERTIFICATE_AUTHENTICATION_FAILED,
	    TW_CERTIFICATE_REPORTED_LOST, TW_CERTIFICATE_REVOKED,
	};
	for (uint32_t i = 0; i < GRAVITIES; i++) {
		if (order[i] == type) {
			return i + 1;
		}
	}
	return 0;
}

/* The certificate's standing while its history goes by. */
struct standing {
	bool issued, authentic, failed, suspended, lost, revoked;
};

static void standing_step(struct standing *standing, enum tw_event_type type)
{
	standing->issued |= type == TW_CERTIFICATE_ISSUED || type == TW_CERTIFICATE_AMENDED;
	standing->lost |= type == TW_CERTIFICATE_REPORTED_LOST;
	standing->revoked |= type == TW_CERTIFICATE_REVOKED;
	if (type == TW_CERTIFICATE_AUTHENTICATED || type == TW_CERTIFICATE_AUTHENTICATION_FAILED) {
		standing->authentic = type == TW_CERTIFICATE_AUTHENTICATED;
		standing->failed = !standing->authentic;
	}
	if (type == TW_CERTIFICATE_SUSPENDED || type == TW_CERTIFICATE_REINSTATED) {
		standing->suspended = type == TW_CERTIFICATE_SUSPENDED;
	}
}

static enum tw_certificate_status standing_status(const struct standing *standing)
{
	return standing->revoked     ? TW_CERTIFICATE_STATUS_REVOKED
	       : standing->lost      ? TW_CERTIFICATE_STATUS_LOST
	       : standing->failed    ? TW_CERTIFICATE_STATUS_AUTHENTICATION_FAILED
	       : standing->suspended ? TW_CERTIFICATE_STATUS_SUSPENDED
	       : standing->authentic ? TW_CERTIFICATE_STATUS_AUTHENTICATED
	       : standing->issued    ? TW_CERTIFICATE_STATUS_ISSUED
	                             : TW_CERTIFICATE_STATUS_UNKNOWN;
}

/* Status keys sort by time: [from, the result) has the time of `from`; of one moment the graver steps later. */
static uint32_t moment_step(const struct tw_state *state, uint32_t from, int64_t moment_ms, int64_t ahead_ms, struct standing *standing,
                            bool *authenticated)
{
	const bool awaited = moment_ms > ahead_ms; /* what was announced for this moment has not come */
	uint32_t end = from;
	int64_t at_ms = moment_ms;
	while (end < state->element_count && tw_status_read(&state->elements[end], &at_ms) && at_ms == moment_ms) {
		end++;
	}
	for (uint32_t gravity = 1; gravity <= GRAVITIES; gravity++) {
		for (uint32_t i = from; i < end; i++) {
			enum tw_event_type type = tw_status_read(&state->elements[i], &at_ms);
			if (tw_status_gravity(type) == gravity && !(awaited && tw_status_is_ahead(&state->elements[i]))) {
				standing_step(standing, type);
				*authenticated |= type == TW_CERTIFICATE_AUTHENTICATED;
			}
		}
	}
	return end;
}

static enum tw_certificate_status status_of(const struct tw_state *state, int64_t at_ms, int64_t ahead_ms, bool *authenticated)
{
	struct standing standing = {.issued = false};
	*authenticated = false;
	uint32_t i = 0;
	while (i < state->element_count) {
		int64_t moment_ms = 0;
		if (!tw_status_read(&state->elements[i], &moment_ms)) {
			i++;
		} else if (moment_ms > at_ms) {
			break;
		} else {
			i = moment_step(state, i, moment_ms, ahead_ms, &standing, authenticated);
		}
	}
	return standing_status(&standing);
}

enum tw_certificate_status tw_certificate_status_at(const struct tw_state *state, int64_t at_ms, bool *authenticated)
{
	return status_of(state, at_ms, at_ms, authenticated);
}

enum tw_certificate_status tw_certificate_status_latest(const struct tw_state *state, int64_t ahead_ms, bool *authenticated)
{
	return status_of(state, INT64_MAX, ahead_ms, authenticated);
}

int64_t tw_certificate_reach(const struct tw_state *state)
{
	int64_t reach_ms = INT64_MIN;
	for (uint32_t i = 0; i < state->element_count; i++) {
		struct tw_way way;
		if (tw_element_is(&state->elements[i], TW_ELEMENT_DRAW) && tw_draws_way(state->elements[i].bytes, &way)) {
			int64_t last_ms = (int64_t)way.last * TW_DAY_MS + TW_DAY_MS - 1;
			reach_ms = last_ms > reach_ms ? last_ms : reach_ms;
		}
	}
	return reach_ms;
}

enum tw_marking_status tw_marking_status_of(enum tw_event_type type)
{
	if (type < TW_MARKING_MANUFACTURED || type > TW_MARKING_DEACTIVATED) {
		return TW_MARKING_STATUS_UNKNOWN;
	}
	return (enum tw_marking_status)(TW_MARKING_STATUS_MANUFACTURED + ((int)type - (int)TW_MARKING_MANUFACTURED));
}

enum tw_marking_status tw_marking_status_at(const struct tw_state *state, int64_t at_ms)
{
	return tw_marking_status_within(state, INT64_MIN, at_ms);
}

bool tw_marking_was(const struct tw_state *state, enum tw_marking_status status, int64_t at_ms)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		int64_t moment_ms = 0;
		if (tw_marking_status_of(tw_status_read(&state->elements[i], &moment_ms)) == status && moment_ms <= at_ms) {
			return true;
		}
	}
	return false;
}

enum tw_marking_status tw_marking_status_within(const struct tw_state *state, int64_t from_ms, int64_t at_ms)
{
	enum tw_marking_status last = TW_MARKING_STATUS_UNKNOWN;
	int64_t last_ms = INT64_MIN;
	for (uint32_t i = 0; i < state->element_count; i++) {
		int64_t moment_ms = 0;
		enum tw_marking_status status = tw_marking_status_of(tw_status_read(&state->elements[i], &moment_ms));
		bool later = moment_ms > last_ms || (moment_ms == last_ms && status > last);
		if (status && moment_ms >= from_ms && moment_ms <= at_ms && later) {
			last = status;
			last_ms = moment_ms;
		}
	}
	return last;
}
