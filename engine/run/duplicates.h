/**
 * @file duplicates.h
 * The same event sent twice: a sender that is not sure sends again. Recognised among the last N offsets of its partition.
 *
 *     an event at offset o is held against those in [o - N, o)
 *     ring of one partition, one slot an event     | a1 | b1 | c1 | b1 | a2 | ...   the oldest gives way to the newest
 *     set by (source, id, content)                 is this the very event that was seen?   -> SAME: it adds nothing, raises nothing
 *     set by (source, id)                          or another one under its name?          -> OTHER: judged, and that is a finding
 *
 * Content is compared by a hash with a secret key (secret_hash.h): were it a hash that can be forged, an event could be hidden behind a harmless
 * one. Names are compared by XXH3: one that is forged only makes an event OTHER. An event that comes again at its own offset (a batch delivered
 * again) gets the answer it got, for as long as it is among the last N events. Offsets that hold no event (transaction markers, what compaction took,
 * dead letters) take room in the window and none in the ring.
 *
 * Invariant: an answer is a function of the log's last N offsets before the event. So a window that is empty and sees the events of
 * [start - N, start) answers from `start` on as one that saw them all; what it answered before `start` means nothing.
 * Memory: about 60 bytes an event of the window and partition, taken as it fills, and 16 bytes of sets; nothing is allocated for an event but
 * the first of its partition. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_DUPLICATES_H
#define TIDEWAITER_ENGINE_RUN_DUPLICATES_H

#include <stdbool.h>
#include <tidewaiter/error.h>
#include <tidewaiter/event.h>

struct tw_duplicates;

enum tw_seen {
	TW_SEEN_FIRST = 1, /**< not in the window */
	TW_SEEN_SAME,      /**< source, id, type, time and every byte */
	TW_SEEN_OTHER,     /**< source and id, but with other bytes */
};

struct tw_seen_before {
	enum tw_seen seen;
	int64_t offset; /**< of the last event in the window with that source and id; -1: FIRST */
};

struct tw_sighting {
	struct tw_slice topic;
	int32_t partition;
	int64_t offset; /**< rises within a partition, but for the last `window` events, which may come again */
	struct tw_slice source, id;
	struct tw_slice raw;     /**< the event's bytes */
	enum tw_event_type type; /**< what headers may say in place of the bytes: as decoded, all but source and id */
	int64_t time_ms;
};

/** @return whether events of that family are compared: those that come from senders outside */
bool tw_duplicates_covers(enum tw_family family);
/** @param window offsets of one partition, at least 1 @return TW_OK; TW_E_RANGE or TW_E_MEMORY stop */
TW_MUST_USE enum tw_code tw_duplicates_new(uint32_t window, struct tw_duplicates **out, struct tw_error *err);
void tw_duplicates_free(struct tw_duplicates *duplicates);
/** The partition is read from another place than it was: what was seen of it is forgotten, its memory given back. Nothing where nothing was. */
void tw_duplicates_forget(struct tw_duplicates *duplicates, struct tw_slice topic, int32_t partition);
/** @return TW_OK; TW_E_MEMORY stop; TW_E_STALE stop: an offset that is neither new nor in the window */
TW_MUST_USE enum tw_code tw_duplicates_see(struct tw_duplicates *duplicates, const struct tw_sighting *sighting, struct tw_seen_before *out,
                                           struct tw_error *err);

#endif
