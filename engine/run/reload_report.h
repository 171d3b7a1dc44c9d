/**
 * @file reload_report.h
 * How the last load of rules and lists ended, in a file: what `run` knows and who looks at it from outside cannot.
 *
 *     tidewaiter-reload 1
 *     load 3                       of this process, 0: the start
 *     pid 4711
 *     outcome refused              started, taken, unchanged, refused
 *     asked yes                    by SIGHUP; no: files changed
 *     time 2026-11-27T15:12:00Z
 *     snapshot 3f09...             in use from then on
 *     code syntax                  of a refusal, with the next two
 *     reason lists/un.xml:12: the list ends in the middle
 *     problem rules/bad.yaml:3:1: error: ...          one a line, at most TW_RELOAD_PROBLEMS_MAX
 *
 * Written beside itself and renamed, by the process that SIGHUP is for: run alone, or the supervisor. Private to engine/run. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_RUN_RELOAD_REPORT_H
#define TIDEWAITER_ENGINE_RUN_RELOAD_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

#define TW_RELOAD_PROBLEMS_MAX 20U
#define TW_RELOAD_PATH_BYTES   4096U

struct tw_settings;
struct tw_arena;

/** Texts are borrowed. */
struct tw_reload_report {
	uint64_t load;
	int64_t pid;
	const char *outcome;
	bool asked;
	struct tw_slice time; /**< in UTC; left out when it is written: the time is then */
	struct tw_slice snapshot;
	const char *code; /**< NULL: it was not refused */
	struct tw_slice reason;
	struct tw_slice problems; /**< lines */
};

/** Where it stands: setting reload.report, else `reload` in last_good.path. @return false: nowhere, or the path is too long */
bool tw_reload_report_path(const struct tw_settings *settings, char out[TW_RELOAD_PATH_BYTES]);
/** As a whole (file_replace.h). @return TW_E_IO, TW_E_LIMIT, TW_E_MEMORY: it cannot be written; what was there stays */
TW_MUST_USE enum tw_code tw_reload_report_write(const char *path, const struct tw_reload_report *report, struct tw_error *err);
/**
 * @param out its texts live in the arena
 * @return TW_E_MISSING: there is none; TW_E_CORRUPT: it is something else; else as tw_file_read
 */
TW_MUST_USE enum tw_code tw_reload_report_read(const char *path, struct tw_arena *arena, struct tw_reload_report *out, struct tw_error *err);
/** As `check` and `reload` print it, a line, and one more a reason and problem. */
void tw_reload_report_say(const struct tw_reload_report *report, FILE *out);
bool tw_reload_report_refused(const struct tw_reload_report *report);

#endif
