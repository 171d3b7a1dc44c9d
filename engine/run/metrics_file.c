/**
 * @file metrics_file.c
 * See metrics_file.h.
 */
#include "engine/run/metrics_file.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/file_replace.h"
#include "engine/base/log.h"
#include "engine/run/outage.h"

#define BESIDE ".new"

bool tw_metrics_path(const char *configured, const char *worker, char *out, size_t size)
{
	const char *slash = strrchr(configured, '/'), *dot = strrchr(configured, '.');
	size_t stem = dot && (!slash || dot > slash + 1) && dot != configured ? (size_t)(dot - configured) : strlen(configured);
	int used =
	    worker ? snprintf(out, size, "%.*s.%s%s", (int)stem, configured, worker, configured + stem) : snprintf(out, size, "%s", configured);
	if (used < 0 || (size_t)used + sizeof(BESIDE) > size) {
		return false;
	}
	for (size_t i = stem + 1; worker && i < stem + 1 + strlen(worker); i++) {
		out[i] = isalnum((unsigned char)out[i]) || out[i] == '.' || out[i] == '-' ? out[i] : '_';
	}
	return true;
}

/* The calendar is for the operator's eyes: nothing that is judged or put out knows it. */
static int64_t wall_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

static void failure_say(const char *path, const char *what)
{
	tw_log(TW_LOG_WARN, "metrics_unwritten", "path=%s reason=\"%s\"", path, what);
}

void tw_metrics_begin(struct tw_metrics *metrics, const struct tw_engine *engine, const struct tw_reload *reload, const char *worker, bool own)
{
	const char *configured = engine->settings->metrics_path;
	*metrics = (struct tw_metrics){
	    .worker = worker, .interval_ms = engine->settings->metrics_interval_s * 1000, .started_s = wall_s(), .engine = engine, .reload = reload};
	if (configured && configured[0] && !tw_metrics_path(configured, own ? worker : NULL, metrics->path, sizeof(metrics->path))) {
		failure_say(configured, "its name is too long");
		metrics->path[0] = '\0';
	}
}

void tw_metrics_step(struct tw_metrics *metrics, const struct tw_crew_standing *crew)
{
	if (metrics->path[0] && tw_now_ms() >= metrics->due_ms) {
		tw_metrics_write(metrics, crew);
	}
}

static bool file_put(const char *path, const struct tw_metrics_facts *facts)
{
	FILE *out = fopen(path, "we");
	if (!out) {
		return false;
	}
	tw_metrics_print(facts, out);
	bool good = !ferror(out);
	return fclose(out) == 0 && good;
}

void tw_metrics_write(struct tw_metrics *metrics, const struct tw_crew_standing *crew)
{
	const struct tw_engine *engine = metrics->engine;
	char beside[sizeof(metrics->path) + sizeof(BESIDE)];
	struct tw_metrics_facts facts = {.worker = metrics->worker,
	                                 .now_s = wall_s(),
	                                 .started_s = metrics->started_s,
	                                 .pipeline = engine->pipeline,
	                                 .stream = engine->stream,
	                                 .judge = engine->judge,
	                                 .snapshot = engine->snapshot,
	                                 .reload = metrics->reload,
	                                 .crew = crew};
	if (!metrics->path[0]) {
		return;
	}
	metrics->due_ms = tw_now_ms() + metrics->interval_ms;
	snprintf(beside, sizeof(beside), "%s%s", metrics->path, BESIDE);
	const char *refused = tw_file_replace_refused(metrics->path);
	if (refused) {
		failure_say(metrics->path, refused);
	} else if (!file_put(beside, &facts) || rename(beside, metrics->path) != 0) {
		failure_say(metrics->path, strerror(errno));
		unlink(beside);
	}
}
