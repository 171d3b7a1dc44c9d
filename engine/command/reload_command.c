/**
 * @file reload_command.c
 * See reload_command.h. A number out of a file may be another process by now: only one that listens to SIGHUP is sent it, for it ends the others.
 * Source: proc(5), SigBlk and SigCgt.
 */
#include "engine/command/reload_command.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/run/reload_report.h"
#include "engine/run/worker.h"

#define LOOK_MS 20

/* ---- who listens ---- */

static bool name_read(const char *of, char *out, int size)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%s/comm", of);
	FILE *file = fopen(path, "re");
	bool read = file && fgets(out, size, file);
	if (file) {
		fclose(file);
	}
	return read;
}

bool tw_reload_listens(int64_t pid)
{
	char path[64], line[256];
	uint64_t signals = 0;
	snprintf(path, sizeof(path), "/proc/%" PRId64 "/status", pid);
	FILE *file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "SigBlk:", 7) == 0 || strncmp(line, "SigCgt:", 7) == 0) {
			signals |= strtoull(line + 7, NULL, 16);
		}
	}
	if (file) {
		fclose(file);
	}
	return signals >> (SIGHUP - 1) & 1;
}

static bool is_engine(int64_t pid)
{
	char number[32], name[64], own[64];
	snprintf(number, sizeof(number), "%" PRId64, pid);
	return name_read(number, name, sizeof(name)) && name_read("self", own, sizeof(own)) && strcmp(name, own) == 0 && tw_reload_listens(pid);
}

/* ---- asking ---- */

/* @return false: there is none */
static bool report_read(const struct tw_settings *settings, struct tw_arena *arena, struct tw_reload_report *out)
{
	char path[TW_RELOAD_PATH_BYTES];
	struct tw_error unheard;
	tw_arena_reset(arena);
	return tw_reload_report_path(settings, path) && tw_reload_report_read(path, arena, out, &unheard) == TW_OK;
}

static int answer_wait(const struct tw_settings *settings, int64_t pid, uint64_t before, int64_t wait_s, struct tw_arena *arena, FILE *out)
{
	const struct timespec moment = {.tv_nsec = LOOK_MS * 1000000L};
	struct tw_reload_report report;
	for (int64_t left_ms = wait_s * 1000; left_ms > 0; left_ms -= LOOK_MS) {
		if (report_read(settings, arena, &report) && report.pid == pid && report.asked && report.load > before) {
			tw_reload_report_say(&report, out);
			return tw_reload_report_refused(&report) ? TW_EXIT_DATA : TW_EXIT_OK;
		}
		nanosleep(&moment, NULL);
	}
	fprintf(stderr, "tidewaiter: process %" PRId64 " was asked and has not answered within %" PRId64 " s: its log will say what came of it\n",
	        pid, wait_s);
	return TW_EXIT_RETRY;
}

static int ask(const struct tw_settings *settings, int64_t pid, int64_t wait_s, struct tw_arena *arena, FILE *out)
{
	char path[TW_RELOAD_PATH_BYTES];
	struct tw_reload_report report;
	bool said = report_read(settings, arena, &report);
	uint64_t before = said && (!pid || report.pid == pid) ? report.load : 0;
	pid = pid ? pid : said ? report.pid : 0;
	if (!pid && tw_reload_report_path(settings, path)) {
		fprintf(stderr, "tidewaiter: %s: no `run` has left its number there; name it: tidewaiter reload PID\n", path);
		return TW_EXIT_NO_INPUT;
	}
	if (!pid) {
		fputs("tidewaiter: which process? Name its number, or set reload.report, where `run` writes it\n", stderr);
		return TW_EXIT_USAGE;
	}
	if (!is_engine(pid) || kill((pid_t)pid, SIGHUP) != 0) {
		fprintf(stderr, "tidewaiter: process %" PRId64 " is no `run` that could be asked\n", pid);
		return TW_EXIT_NO_INPUT;
	}
	if (!tw_reload_report_path(settings, path) || !wait_s) {
		fprintf(out, "asked      process %" PRId64 "; its log says what comes of it\n", pid);
		return TW_EXIT_OK;
	}
	return answer_wait(settings, pid, before, wait_s, arena, out);
}

int tw_reload_command(const struct tw_settings *settings, int64_t pid, int64_t wait_s, FILE *out)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	int result = ask(settings, pid, wait_s, &arena, out);
	tw_arena_fini(&arena);
	return result;
}
