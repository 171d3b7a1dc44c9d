/**
 * @file recovery.c
 * See recovery.h. Why a new epoch makes everybody join anew: a worker that judged in the old life may still commit what it judged, and the state
 * would lack it after it was found complete. The broker refuses such a commit from the moment that a member of the group has left and joined;
 * only offsets asked for after that count (tw_store_survey's may_open).
 */
#include "engine/run/recovery.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/run/outage.h"

#define LOOK_MS 500   /* while events to rebuild keep coming; an idle poll is followed by a look at once */
#define SAY_MS  10000 /* between two lines of progress: the log swallows what repeats sooner */

void tw_recovery_begin(struct tw_recovery *recovery, struct tw_stream *stream, struct tw_store *store, bool shared)
{
	*recovery = (struct tw_recovery){.stream = stream, .store = store, .open = !shared, .missing = -1};
	if (shared) {
		tw_stream_gate(stream, true);
	}
}

static void again(struct tw_recovery *recovery)
{
	recovery->open = false;
	recovery->busy = false;
	tw_stream_gate(recovery->stream, true);
	tw_stream_rejoin(recovery->stream);
}

void tw_recovery_lost(struct tw_recovery *recovery, const struct tw_error *err)
{
	tw_log_error(TW_LOG_WARN, "state_checked", err);
	again(recovery);
}

static double seconds_since(int64_t begun_ms, int64_t now)
{
	return (double)(now > begun_ms ? now - begun_ms : 1) / 1000;
}

static void progress_say(struct tw_recovery *recovery, int64_t missing, int64_t now)
{
	if (missing && !recovery->rebuilding) {
		recovery->rebuilding = true;
		recovery->rebuilds++;
		recovery->events = 0;
		recovery->begun_ms = recovery->said_ms = now;
		tw_log(TW_LOG_WARN, "rebuild_begun", "missing=%" PRId64 " reason=\"the state lacks events that the group has committed\"", missing);
	} else if (recovery->rebuilding && now - recovery->said_ms >= SAY_MS) {
		double seconds = seconds_since(recovery->begun_ms, now);
		recovery->said_ms = now;
		tw_log(TW_LOG_INFO, "rebuild_progress", "events=%" PRIu64 " missing=%" PRId64 " seconds=%.1f events_per_s=%.0f", recovery->events,
		       missing, seconds, (double)recovery->events / seconds);
	}
}

static void open_now(struct tw_recovery *recovery, int64_t now)
{
	recovery->open = true;
	tw_stream_gate(recovery->stream, false);
	if (recovery->rebuilding) {
		double seconds = seconds_since(recovery->begun_ms, now);
		recovery->rebuilding = false;
		tw_log(TW_LOG_INFO, "rebuild_ended", "events=%" PRIu64 " seconds=%.1f events_per_s=%.0f", recovery->events, seconds,
		       (double)recovery->events / seconds);
	}
}

static enum tw_code look(struct tw_recovery *recovery, struct tw_store_life *life, bool *settled, struct tw_error *err)
{
	const struct tw_stream_place *standing = NULL;
	uint32_t count = 0;
	recovery->store_away = false;
	enum tw_code code = tw_stream_standing(recovery->stream, &standing, &count, settled, err);
	struct tw_store_place *places = code == TW_OK ? calloc((size_t)count + 1, sizeof(*places)) : NULL;
	if (code != TW_OK || !places) {
		return code != TW_OK ? code : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the group's partitions", NULL, NULL);
	}
	for (uint32_t i = 0; i < count; i++) {
		places[i] = (struct tw_store_place){standing[i].topic, standing[i].partition, standing[i].committed};
	}
	code = tw_store_survey(recovery->store, places, count, *settled, life, err);
	recovery->store_away = code == TW_E_IO;
	free(places);
	return code;
}

enum tw_code tw_recovery_step(struct tw_recovery *recovery, struct tw_error *err)
{
	int64_t now = tw_now_ms();
	if (recovery->open || (recovery->busy && now - recovery->looked_ms < LOOK_MS)) {
		return TW_OK;
	}
	struct tw_store_life life = {.open = false};
	bool settled = false;
	recovery->looked_ms = now;
	recovery->busy = false;
	enum tw_code code = look(recovery, &life, &settled, err);
	if (code != TW_OK) {
		return code;
	}
	recovery->missing = life.missing;
	progress_say(recovery, life.missing, now);
	if (life.adopted) {
		bool first = !recovery->lived && life.open; /* an orderly start in a life that goes on */
		recovery->lived = true;
		if (!first) {
			again(recovery);
		}
	} else if (life.open && settled) {
		open_now(recovery, now);
	}
	return TW_OK;
}

void tw_recovery_rebuilt(struct tw_recovery *recovery, uint32_t events)
{
	if (!recovery->open) {
		recovery->events += events;
		recovery->events_ever += events;
		recovery->busy = true;
	}
}
