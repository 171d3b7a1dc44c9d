/**
 * @file ticks.c
 * See ticks.h. Open addressing by a hash of topic, partition and source; no two of 64 bits meet.
 */
#include "engine/run/ticks.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "engine/state/clock.h"
#include "engine/state/due.h"

#define SLOTS    4096U /* 64 KiB: a thousand sources on the partitions of one worker */
#define USED_MAX (SLOTS / 2)
#define NEVER    INT32_MIN

struct slot {
	uint64_t place; /* 0: free */
	int32_t day;
};

struct table {
	struct slot slots[SLOTS];
	uint32_t used;
	uint64_t edition; /* goes up with every change */
};

struct tw_ticks {
	struct table now, begun, committed;
};

enum tw_code tw_ticks_new(struct tw_ticks **out, struct tw_error *err)
{
	struct tw_ticks *ticks = calloc(1, sizeof(*ticks));
	if (!ticks) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the days of sources", NULL, NULL);
	}
	*out = ticks;
	return TW_OK;
}

void tw_ticks_free(struct tw_ticks *ticks)
{
	free(ticks);
}

static void table_copy(struct table *to, const struct table *from)
{
	if (to->edition != from->edition) {
		*to = *from;
	}
}

void tw_ticks_begin(struct tw_ticks *ticks)
{
	table_copy(&ticks->begun, &ticks->now);
}

void tw_ticks_commit(struct tw_ticks *ticks)
{
	table_copy(&ticks->committed, &ticks->begun);
}

void tw_ticks_abort(struct tw_ticks *ticks)
{
	uint64_t edition = ticks->now.edition;
	ticks->now = ticks->begun = ticks->committed;
	ticks->now.edition = ticks->begun.edition = ticks->committed.edition = edition + 1; /* no edition comes twice */
}

void tw_ticks_forget(struct tw_ticks *ticks)
{
	memset(&ticks->committed, 0, sizeof(ticks->committed));
	tw_ticks_abort(ticks);
}

static struct slot *slot_find(struct table *table, uint64_t place)
{
	uint32_t at = (uint32_t)place & (SLOTS - 1);
	while (table->slots[at].place && table->slots[at].place != place) {
		at = (at + 1) & (SLOTS - 1);
	}
	return &table->slots[at];
}

static struct slot *slot_of(struct table *table, const struct tw_event *event)
{
	const struct tw_origin *origin = &event->origin;
	uint64_t place =
	    tw_hash64(event->source.ptr, event->source.len, tw_hash64(origin->topic.ptr, origin->topic.len, (uint64_t)origin->partition));
	place = place ? place : 1;
	struct slot *slot = slot_find(table, place);
	if (!slot->place && table->used == USED_MAX) {
		memset(table->slots, 0, sizeof(table->slots));
		table->used = 0;
		slot = slot_find(table, place);
	}
	if (!slot->place) {
		*slot = (struct slot){place, NEVER};
		table->used++;
	}
	return slot;
}

bool tw_ticks_see(struct tw_ticks *ticks, const struct tw_event *event, int32_t *before)
{
	if (!tw_tells_time(event->family) || tw_due_reminds(event->type)) {
		return false; /* a reminder of time is not its measure */
	}
	struct slot *slot = slot_of(&ticks->now, event);
	int32_t day = tw_instant_day(event->time.ms);
	if (day <= slot->day) {
		return false;
	}
	*before = slot->day;
	slot->day = day;
	ticks->now.edition++;
	return true;
}

void tw_ticks_undo(struct tw_ticks *ticks, const struct tw_event *event, int32_t before)
{
	slot_of(&ticks->now, event)->day = before;
	ticks->now.edition++;
}
