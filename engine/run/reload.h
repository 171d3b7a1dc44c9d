/**
 * @file reload.h
 * Rules, lists, embargoes and code lists loaded anew while events flow.
 *
 *     SIGHUP, or files changed --> a thread of its own: build, run the tests inside the rules
 *                                      |
 *     ... batch | batch | batch ...    v            the old snapshot judges on
 *                              | step: all is committed, the judge changes over, the old snapshot is freed | batch ...
 *
 * Whatever is wrong with the new one (a file that does not read, a list that shrank, a test inside a rule that fails), the old one stays, one line
 * says what and where, and it is counted. A list alone that is refused does not stop the others where its last good copy stands in. Invariant: an
 * event is judged, from its lists to its alert, by one snapshot: cases, matches and findings borrow from it, and none is left between two batches
 * with nothing in hand and nothing on its way. Threads: one owner, and the one it starts.
 */
#ifndef TIDEWAITER_ENGINE_RUN_RELOAD_H
#define TIDEWAITER_ENGINE_RUN_RELOAD_H

#include "engine/run/assemble.h"

struct tw_reload;

/** Of what a snapshot is made from. */
enum tw_reload_part { TW_RELOAD_LISTS, TW_RELOAD_RULES, TW_RELOAD_OTHER, TW_RELOAD_PARTS };
/** How the last load ended. */
enum tw_reload_end { TW_RELOAD_NONE, TW_RELOAD_TAKEN, TW_RELOAD_UNCHANGED, TW_RELOAD_REFUSED };

struct tw_reload_counts {
	uint64_t taken;
	uint64_t unchanged; /**< asked for, and nothing was new */
	uint64_t refused;
	uint64_t part_taken[TW_RELOAD_PARTS];   /**< loads that brought a change of this part: one load may count for several */
	uint64_t part_refused[TW_RELOAD_PARTS]; /**< loads refused because of this part */
	enum tw_reload_end last;
};

/**
 * Call before the first snapshot is built.
 * @param settings borrowed, constant
 * @param poll_ms  so often files are looked at, and soon after the kernel said that something happened beside them; 0: only SIGHUP
 */
TW_MUST_USE enum tw_code tw_reload_new(const struct tw_settings *settings, int64_t poll_ms, struct tw_reload **out, struct tw_error *err);
/** Waits for a build that is under way, and throws it away. */
void tw_reload_free(struct tw_reload *reload);

/**
 * Between two batches: begin what is due, take what is done. Costs a system call when there is nothing to do.
 * @param engine with judge and pipeline; its snapshot may be another one afterwards
 * @return TW_OK, also where a new snapshot was refused; else as tw_pipeline_finish
 */
TW_MUST_USE enum tw_code tw_reload_step(struct tw_reload *reload, struct tw_engine *engine, struct tw_error *err);

/** Is it time to look at the files, for whoever calls tw_reload_now? Costs a system call; never with a poll_ms of 0. */
bool tw_reload_look_due(struct tw_reload *reload);
/** How often tw_reload_look_due wants to be asked; 0: never. */
int64_t tw_reload_look_ms(const struct tw_reload *reload);

/**
 * All of it in this thread, for a process that judges nothing and must have no other thread.
 * @param asked false: the files are looked at, and loaded when they changed
 * @param engine with a snapshot alone @return true: files were loaded and are good; its snapshot is a new one, or says the same
 */
bool tw_reload_now(struct tw_reload *reload, struct tw_engine *engine, bool asked);

/** Of the last load, when it was refused: what the log said of it. */
struct tw_reload_refusal {
	const char *code;                                                /**< name of the error's code */
	char reason[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 768]; /**< of the error, then the first problem of the rules */
	uint32_t own;                                                    /**< bytes of it that are the error's */
};

/** From here on the file of setting reload.report says how loads end (reload_report.h): first, that the engine started. */
void tw_reload_started(struct tw_reload *reload, const struct tw_snapshot *snapshot);
/** @return why the last load was refused; NULL: it was not, or there was none. Good until the next step. */
const struct tw_reload_refusal *tw_reload_refused(const struct tw_reload *reload);

struct tw_reload_counts tw_reload_counted(const struct tw_reload *reload);
/** Was the last load refused because of this list's file, of one in its folder, or of the compiled file that holds it? @param list its id */
bool tw_reload_blames(const struct tw_reload *reload, struct tw_slice list);
/** The same of the file of reported marks. */
bool tw_reload_blames_markings(const struct tw_reload *reload);

#endif
