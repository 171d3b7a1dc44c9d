/**
 * @file progress.c
 * See progress.h.
 */
#include "engine/run/progress.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define DRAW_MS   100
#define BAR_CELLS 24U

static const char *time_text(int64_t seconds, char *buffer, size_t size)
{
	if (seconds >= 3600) {
		snprintf(buffer, size, "%" PRId64 "h%02" PRId64 "m", seconds / 3600, seconds / 60 % 60);
	} else {
		snprintf(buffer, size, "%" PRId64 ":%02" PRId64, seconds / 60, seconds % 60);
	}
	return buffer;
}

const char *tw_progress_text(uint64_t done, uint64_t total, uint64_t count, const char *unit, int64_t ms, char *buffer, size_t size)
{
	char bar[BAR_CELLS + 1], left[32];
	double seconds = (double)(ms > 0 ? ms : 1) / 1000;
	double rate = (double)count / seconds;
	if (!total) {
		snprintf(buffer, size, "%" PRIu64 " %s, %.1f MB, %.0f %s/s", count, unit, (double)done / 1e6, rate, unit);
		return buffer;
	}
	double share = done < total ? (double)done / (double)total : 1;
	unsigned full = (unsigned)(share * BAR_CELLS);
	memset(bar, '.', BAR_CELLS);
	memset(bar, '#', full);
	bar[BAR_CELLS] = '\0';
	int64_t left_s = share > 0 ? (int64_t)(seconds / share - seconds + 0.5) : 0;
	snprintf(buffer, size, "[%s] %3.0f%%  %" PRIu64 " %s  %.0f %s/s  %s left", bar, share * 100, count, unit, rate, unit,
	         share > 0 ? time_text(left_s, left, sizeof(left)) : "-:--");
	return buffer;
}

void tw_progress_begin(struct tw_progress *progress, FILE *out, int64_t now_ms)
{
	*progress = (struct tw_progress){.out = out, .shown = isatty(fileno(out)) == 1, .begun_ms = now_ms, .drawn_ms = now_ms};
}

void tw_progress_draw(struct tw_progress *progress, uint64_t done, uint64_t total, uint64_t events, int64_t now_ms)
{
	char text[160];
	if (!progress->shown || now_ms - progress->drawn_ms < DRAW_MS) {
		return;
	}
	progress->drawn_ms = now_ms;
	fprintf(progress->out, "\r%s%s%s\x1b[K", progress->label ? progress->label : "", progress->label ? " " : "",
	        tw_progress_text(done, total, events, progress->unit ? progress->unit : "events", now_ms - progress->begun_ms, text, sizeof(text)));
	fflush(progress->out);
}

void tw_progress_end(struct tw_progress *progress)
{
	if (progress->shown) {
		fputs("\r\x1b[K", progress->out);
		fflush(progress->out);
	}
}
