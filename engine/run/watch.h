/**
 * @file watch.h
 * Did a file change that the snapshot is made from? Asked again and again, answered by names, sizes and times, never by contents.
 *
 * A change is told when it has settled: when two looks see the same, and not what was loaded. A file that is being written is left alone until then,
 * and files that belong together (an OFAC set of three) have that long to follow each other. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_WATCH_H
#define TIDEWAITER_ENGINE_RUN_WATCH_H

#include "engine/run/settings.h"

struct tw_watch {
	uint64_t loaded; /* how the files looked before they were loaded */
	uint64_t seen;   /* at the last look */
	int notify;      /* of inotify; below 0: nobody says anything */
};

/** Not open, nothing seen. */
#define TW_WATCH_CLOSED ((struct tw_watch){0, 0, -1})

/** From here on the kernel is asked about the folders of the files that are looked at. @return false: it cannot be, and hints are never there */
bool tw_watch_open(struct tw_watch *watch);
void tw_watch_close(struct tw_watch *watch);
/** @return did something happen in one of the folders since this was asked last? Costs a system call. */
bool tw_watch_hinted(struct tw_watch *watch);
/** The files are about to be loaded. Call before, so that what changes meanwhile is told later. */
void tw_watch_loading(struct tw_watch *watch, const struct tw_settings *settings);
/** @return true once a change: it has settled. The caller loads, and it is not told again, whatever came of it. */
bool tw_watch_changed(struct tw_watch *watch, const struct tw_settings *settings);
/** @return did the last look see a change that has not settled yet? */
bool tw_watch_unsettled(const struct tw_watch *watch);

#endif
