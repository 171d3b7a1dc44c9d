/**
 * @file reload.c
 * See reload.h. The thread builds and tests; it decides nothing, logs nothing and shares nothing but its job, which is its own until `done` is set.
 * The owner asks, waits for the pipeline to be empty, changes over and says so.
 */
#include "engine/run/reload.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/run/outage.h"
#include "engine/run/reload_report.h"
#include "engine/run/rule_test.h"
#include "engine/run/signals.h"
#include "engine/run/watch.h"

#define LINE_BYTES    1400
#define PROBLEM_BYTES 512
/* From a hint to a look, and to the next while files still change: an editor writes, then renames; files that belong together have that long to
 * follow each other. */
#define SETTLE_MS 500

/* Settings and the snapshot in use in, a snapshot or an error out. */
struct job {
	const struct tw_settings *settings;
	const struct tw_snapshot *former;
	bool keep;
	struct tw_snapshot *made; /* NULL: refused */
	bool asked;               /* by SIGHUP */
	struct tw_error err;
	char *problems; /* of rules and their tests, a line each; NULL: no memory for them */
	size_t problem_bytes;
	int64_t begun_ms, ms;
	atomic_bool done;
};

struct tw_reload {
	const struct tw_settings *settings;
	int64_t poll_ms, look_ms;
	struct tw_watch watch;
	struct job job;
	pthread_t thread;
	bool building;
	struct tw_reload_counts counts;
	uint64_t loads;
	char report[TW_RELOAD_PATH_BYTES]; /* empty: it is said nowhere */
	struct tw_reload_refusal refusal;
	char blamed[TW_ERROR_WHERE_BYTES]; /* where the last load was refused; empty: it was not, or nowhere */
};

enum tw_code tw_reload_new(const struct tw_settings *settings, int64_t poll_ms, struct tw_reload **out, struct tw_error *err)
{
	struct tw_reload *reload = calloc(1, sizeof(*reload));
	if (!reload) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for reloading", NULL, NULL);
	}
	reload->settings = settings;
	reload->poll_ms = poll_ms;
	reload->look_ms = tw_now_ms() + poll_ms;
	reload->watch = TW_WATCH_CLOSED;
	if (poll_ms) {
		(void)tw_watch_open(&reload->watch); /* where it cannot be, files are looked at every poll_ms */
	}
	tw_watch_loading(&reload->watch, settings);
	*out = reload;
	return TW_OK;
}

static void job_drop(struct job *job)
{
	tw_snapshot_free(job->made);
	free(job->problems);
	job->made = NULL;
	job->problems = NULL;
}

void tw_reload_free(struct tw_reload *reload)
{
	if (!reload) {
		return;
	}
	if (reload->building) {
		pthread_join(reload->thread, NULL);
	}
	job_drop(&reload->job);
	tw_watch_close(&reload->watch);
	free(reload);
}

struct tw_reload_counts tw_reload_counted(const struct tw_reload *reload)
{
	return reload->counts;
}

/* "un.xml:12" and "un.xml" are of "un.xml", "ofac/sdn.csv" is of "ofac". A long path is compared as far as an error keeps it. */
static bool path_blamed(const struct tw_reload *reload, const char *path)
{
	size_t length = path ? strlen(path) : 0, kept = strlen(reload->blamed);
	size_t least = length < kept ? length : kept;
	bool whole = kept < TW_ERROR_WHERE_BYTES - 1 && length > kept; /* not cut, and yet shorter */
	return length && kept && !whole && strncmp(reload->blamed, path, least) == 0 && strchr(":/", kept > length ? reload->blamed[length] : '\0');
}

bool tw_reload_blames(const struct tw_reload *reload, struct tw_slice list)
{
	const struct tw_list_source *lists = reload->settings->lists.data;
	bool blamed = path_blamed(reload, reload->settings->compiled_path);
	for (uint32_t i = 0; !blamed && i < reload->settings->lists.count; i++) {
		blamed = tw_slice_is(list, lists[i].id) && path_blamed(reload, lists[i].path);
	}
	return blamed;
}

bool tw_reload_blames_markings(const struct tw_reload *reload)
{
	return path_blamed(reload, reload->settings->markings_path);
}

/* ---- the thread ---- */

/* What a rule's author has promised of his rule must hold, or nobody knows what it would do to the worklist. */
static enum tw_code tests_run(struct job *job, FILE *problems)
{
	struct tw_rule_test_result tests;
	enum tw_code code = tw_rule_tests_run(job->made, problems, &tests, &job->err);
	if (code == TW_OK && tests.failed) {
		code = tw_fail(&job->err, TW_E_CONFLICT, TW_STOP, "tests inside the rules failed", NULL, "%u of %u", tests.failed,
		               tests.failed + tests.passed);
	}
	return code;
}

static void job_run(struct job *job)
{
	FILE *problems = open_memstream(&job->problems, &job->problem_bytes);
	enum tw_code code = problems ? tw_engine_snapshot_make(job->settings, job->former, job->keep, problems, &job->made, &job->err)
	                             : tw_fail(&job->err, TW_E_MEMORY, TW_STOP, "no memory for reloading", NULL, NULL);
	bool same = code == TW_OK && tw_slice_equal(tw_snapshot_info(job->made)->digest, tw_snapshot_info(job->former)->digest);
	code = code == TW_OK && !same ? tests_run(job, problems) : code;
	if (problems) {
		fclose(problems);
	}
	if (code != TW_OK) {
		tw_snapshot_free(job->made);
		job->made = NULL;
	}
	job->ms = tw_now_ms() - job->begun_ms;
}

static void *thread_run(void *given)
{
	struct job *job = given;
	job_run(job);
	atomic_store_explicit(&job->done, true, memory_order_release);
	return NULL;
}

/* ---- what is said ---- */

static void list_change(char *out, size_t size, const struct tw_list_info *now, const struct tw_snapshot_info *old)
{
	const struct tw_list_info *before = NULL;
	for (uint32_t i = 0; i < old->list_count; i++) {
		before = tw_slice_equal(old->lists[i].id, now->id) ? &old->lists[i] : before;
	}
	if (before && tw_slice_equal(before->digest, now->digest) && tw_slice_equal(before->stale, now->stale)) {
		return;
	}
	size_t used = strlen(out);
	snprintf(out + used, size - used, "%s%.*s %u -> %u%s", used ? ", " : "", (int)now->id.len, now->id.ptr, before ? before->entries : 0,
	         now->entries, now->stale.len ? " (last good copy)" : "");
}

static void taken_say(const struct job *job)
{
	char changes[LINE_BYTES] = "";
	uint32_t embargoes[2];
	const struct tw_snapshot_info *old = tw_snapshot_info(job->former), *now = tw_snapshot_info(job->made);
	for (uint32_t i = 0; i < now->list_count; i++) {
		list_change(changes, sizeof(changes), &now->lists[i], old);
	}
	tw_embargoes_rows(tw_snapshot_embargoes(job->former), &embargoes[0]);
	tw_embargoes_rows(tw_snapshot_embargoes(job->made), &embargoes[1]);
	tw_log_each(TW_LOG_INFO, "reloaded", "old=%.*s new=%.*s lists=\"%s\" rules=\"%u -> %u%s\" embargoes=\"%u -> %u\" seconds=%.1f",
	            (int)old->digest.len, old->digest.ptr, (int)now->digest.len, now->digest.ptr, changes,
	            tw_rules_count(tw_snapshot_rules(job->former)), tw_rules_count(tw_snapshot_rules(job->made)),
	            tw_slice_equal(old->rules, now->rules) ? "" : ", changed", embargoes[0], embargoes[1], (double)job->ms / 1000);
}

/* The first line that is no warning: where a rule stands is not in the error alone. @return its length, 0: none */
static size_t problem_find(const char *problems, const char **out)
{
	for (const char *line = problems; line && *line;) {
		size_t length = strcspn(line, "\n");
		const char *warning = strstr(line, ": warning:");
		if (!warning || warning > line + length) {
			*out = line;
			return length < PROBLEM_BYTES ? length : PROBLEM_BYTES;
		}
		line += length + (line[length] == '\n');
	}
	*out = "";
	return 0;
}

/* Into `refusal`, for the log, the metrics and the report. */
static void refused_note(struct tw_reload *reload, const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	const char *problem;
	size_t first = problem_find(reload->job.problems, &problem);
	reload->refusal.code = tw_code_name(err->code);
	snprintf(reload->refusal.reason, sizeof(reload->refusal.reason), "%s%s%.*s", tw_error_text(err, text, sizeof(text)), first ? "; " : "",
	         (int)first, problem);
	reload->refusal.own = (uint32_t)strlen(text);
}

static void refused_say(const struct tw_reload *reload)
{
	struct tw_slice digest = tw_snapshot_info(reload->job.former)->digest;
	char reason[2 * sizeof(reload->refusal.reason)];
	tw_log_each(TW_LOG_ERROR, "reload_refused", "kept=%.*s code=%s reason=\"%s\" seconds=%.1f", (int)digest.len, digest.ptr, reload->refusal.code,
	            tw_log_quoted(reload->refusal.reason, reason, sizeof(reason)), (double)reload->job.ms / 1000);
}

/* ---- what is left for whoever looks from outside ---- */

static void report(struct tw_reload *reload, const char *outcome, struct tw_slice snapshot)
{
	const struct job *job = &reload->job;
	struct tw_error err;
	bool refused = reload->refusal.code != NULL;
	struct tw_reload_report said = {.load = reload->loads,
	                                .pid = getpid(),
	                                .outcome = outcome,
	                                .asked = job->asked,
	                                .snapshot = snapshot,
	                                .code = reload->refusal.code,
	                                .reason = {reload->refusal.reason, reload->refusal.own},
	                                .problems = {refused ? job->problems : NULL, refused && job->problems ? (uint32_t)strlen(job->problems) : 0}};
	if (reload->report[0] && tw_reload_report_write(reload->report, &said, &err) != TW_OK) {
		tw_log_error(TW_LOG_WARN, "reload_report", &err);
	}
}

void tw_reload_started(struct tw_reload *reload, const struct tw_snapshot *snapshot)
{
	if (!tw_reload_report_path(reload->settings, reload->report)) {
		reload->report[0] = '\0';
	}
	report(reload, "started", tw_snapshot_info(snapshot)->digest);
}

const struct tw_reload_refusal *tw_reload_refused(const struct tw_reload *reload)
{
	return reload->refusal.code ? &reload->refusal : NULL;
}

/* ---- what is counted ---- */

static bool lists_changed(const struct tw_snapshot_info *old, const struct tw_snapshot_info *now)
{
	bool changed = old->list_count != now->list_count;
	for (uint32_t i = 0; !changed && i < now->list_count; i++) {
		changed = !tw_slice_equal(old->lists[i].digest, now->lists[i].digest) || !tw_slice_equal(old->lists[i].stale, now->lists[i].stale);
	}
	return changed;
}

static void taken_count(struct tw_reload *reload)
{
	const struct tw_snapshot_info *old = tw_snapshot_info(reload->job.former), *now = tw_snapshot_info(reload->job.made);
	bool lists = lists_changed(old, now), rules = !tw_slice_equal(old->rules, now->rules);
	reload->counts.taken++;
	reload->counts.part_taken[TW_RELOAD_LISTS] += lists;
	reload->counts.part_taken[TW_RELOAD_RULES] += rules;
	reload->counts.part_taken[TW_RELOAD_OTHER] += !lists && !rules;
}

static void end_note(struct tw_reload *reload, enum tw_reload_end last, const char *blamed)
{
	reload->counts.last = last;
	reload->loads++;
	if (last != TW_RELOAD_REFUSED) {
		reload->refusal.code = NULL;
	}
	snprintf(reload->blamed, sizeof(reload->blamed), "%s", blamed);
}

/* A list's error names its file; a rule's leaves a line among the problems. */
static void refused_count(struct tw_reload *reload, const struct tw_error *err)
{
	const struct tw_list_source *lists = reload->settings->lists.data;
	const char *problem;
	enum tw_reload_part part =
	    problem_find(reload->job.problems, &problem) || reload->job.err.code == TW_E_AUTH ? TW_RELOAD_RULES : TW_RELOAD_OTHER;
	end_note(reload, TW_RELOAD_REFUSED, err->where);
	bool list = path_blamed(reload, reload->settings->compiled_path);
	for (uint32_t i = 0; !list && i < reload->settings->lists.count; i++) {
		list = path_blamed(reload, lists[i].path);
	}
	reload->counts.refused++;
	reload->counts.part_refused[list ? TW_RELOAD_LISTS : part]++;
}

/* ---- the owner ---- */

bool tw_reload_look_due(struct tw_reload *reload)
{
	if (!reload->poll_ms) {
		return false;
	}
	int64_t now = tw_now_ms();
	if (tw_watch_hinted(&reload->watch) && reload->look_ms > now + SETTLE_MS) {
		reload->look_ms = now + SETTLE_MS;
	}
	return now >= reload->look_ms;
}

int64_t tw_reload_look_ms(const struct tw_reload *reload)
{
	return reload->watch.notify >= 0 && reload->poll_ms > SETTLE_MS ? SETTLE_MS : reload->poll_ms;
}

/* @return is there something to load? */
static bool look(struct tw_reload *reload)
{
	bool changed = tw_watch_changed(&reload->watch, reload->settings);
	bool soon = tw_watch_unsettled(&reload->watch) && reload->watch.notify >= 0 && reload->poll_ms > SETTLE_MS;
	reload->look_ms = tw_now_ms() + (soon ? SETTLE_MS : reload->poll_ms);
	return changed;
}

static void job_begin(struct tw_reload *reload, const struct tw_engine *engine, bool asked)
{
	reload->job =
	    (struct job){.asked = asked, .settings = reload->settings, .former = engine->snapshot, .keep = engine->keep, .begun_ms = tw_now_ms()};
}

static void refuse(struct tw_reload *reload, const struct tw_error *err)
{
	refused_note(reload, err);
	refused_say(reload);
	refused_count(reload, err);
	report(reload, "refused", tw_snapshot_info(reload->job.former)->digest);
}

/* Signals are the main thread's: a wait of its own is to end by them. */
static void build_begin(struct tw_reload *reload, const struct tw_engine *engine, bool asked)
{
	sigset_t all, before;
	job_begin(reload, engine, asked);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	int reason = pthread_create(&reload->thread, NULL, thread_run, &reload->job);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	reload->building = reason == 0;
	if (reason) {
		struct tw_error err;
		(void)tw_fail(&err, TW_E_IO, TW_RETRY, "no thread for reloading", NULL, "%s", strerror(reason));
		refuse(reload, &err);
	}
}

/* @return whether there is something new to change over to */
static bool worth_taking(struct tw_reload *reload)
{
	const struct job *job = &reload->job;
	if (!job->made) {
		refuse(reload, &job->err);
		return false;
	}
	tw_engine_snapshot_warn(job->made);
	if (tw_slice_equal(tw_snapshot_info(job->made)->digest, tw_snapshot_info(job->former)->digest)) {
		struct tw_slice digest = tw_snapshot_info(job->former)->digest;
		tw_log_each(TW_LOG_INFO, "reload_unchanged", "kept=%.*s seconds=%.1f", (int)digest.len, digest.ptr, (double)job->ms / 1000);
		reload->counts.unchanged++;
		end_note(reload, TW_RELOAD_UNCHANGED, "");
		report(reload, "unchanged", digest);
		return false;
	}
	return true;
}

/* Nothing refers to the old snapshot any more. */
static void change_over(struct tw_reload *reload, struct tw_engine *engine)
{
	taken_say(&reload->job);
	taken_count(reload);
	end_note(reload, TW_RELOAD_TAKEN, "");
	report(reload, "taken", tw_snapshot_info(reload->job.made)->digest);
	tw_snapshot_free(engine->snapshot);
	engine->snapshot = reload->job.made;
	reload->job.made = NULL;
}

static enum tw_code build_take(struct tw_reload *reload, struct tw_engine *engine, struct tw_error *err)
{
	struct tw_error refused;
	enum tw_code code = TW_OK;
	pthread_join(reload->thread, NULL);
	reload->building = false;
	if (worth_taking(reload)) {
		code = tw_pipeline_finish(engine->pipeline, err);
		if (code == TW_OK && tw_judge_change(engine->judge, reload->job.made, &refused) == TW_OK) {
			change_over(reload, engine);
		} else if (code == TW_OK) {
			refuse(reload, &refused);
		}
	}
	job_drop(&reload->job);
	return code;
}

enum tw_code tw_reload_step(struct tw_reload *reload, struct tw_engine *engine, struct tw_error *err)
{
	if (reload->building) {
		bool done = atomic_load_explicit(&reload->job.done, memory_order_acquire);
		return done ? build_take(reload, engine, err) : TW_OK;
	}
	bool asked = tw_reload_asked();
	if (asked) {
		tw_watch_loading(&reload->watch, reload->settings);
	}
	if (asked || (tw_reload_look_due(reload) && look(reload))) {
		build_begin(reload, engine, asked);
	}
	return TW_OK;
}

bool tw_reload_now(struct tw_reload *reload, struct tw_engine *engine, bool asked)
{
	if (asked) {
		tw_watch_loading(&reload->watch, reload->settings);
	} else if (!look(reload)) {
		return false;
	}
	uint64_t refused = reload->counts.refused;
	job_begin(reload, engine, asked);
	job_run(&reload->job);
	if (worth_taking(reload)) {
		change_over(reload, engine);
	}
	job_drop(&reload->job);
	return reload->counts.refused == refused;
}
