/* The golden world, loaded anew: what is good is taken, what is not is refused and leaves what was there; in this thread and in another. */
#include "engine/run/reload.h"
#include "engine/run/reload_report.h"

#include <criterion/criterion.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/run/config.h"
#include "engine/run/signals.h"

#define CONFIG "tests/golden/basic/tidewaiter.yaml"
#define INPUT  "tests/golden/basic/input.ndjson"

static char folder[] = "/tmp/tidewaiter-reload-XXXXXX";
static char list_path[64], rule_path[64];
static struct tw_settings settings;
static struct tw_engine engine;
static struct tw_reload *reload;
static struct tw_error err;

static void list_write(unsigned entries)
{
	char beside[80];
	snprintf(beside, sizeof(beside), "%s.new", list_path);
	FILE *file = fopen(beside, "w");
	cr_assert_not_null(file);
	fputs("<CONSOLIDATED_LIST dateGenerated=\"2026-03-01\"><ENTITIES>", file);
	for (unsigned i = 0; i < entries; i++) {
		fprintf(file, "<ENTITY><FIRST_NAME>Sample Lines %u</FIRST_NAME><REFERENCE_NUMBER>XXe.%03u</REFERENCE_NUMBER></ENTITY>", i, i);
	}
	fputs("</ENTITIES></CONSOLIDATED_LIST>", file);
	fclose(file);
	cr_assert_eq(rename(beside, list_path), 0);
}

/* @param fires what its second test expects of an event that is silent */
static void rule_write(const char *points, const char *fires)
{
	FILE *file = fopen(rule_path, "w");
	cr_assert_not_null(file);
	fprintf(
	    file,
	    "id: speaks\nversion: 1\nstatus: active\ntitle: A title\non: manifest\nsource: [\"Targeting practice\"]\nfalse_positives: none known\n"
	    "points: %s\naction: score\nseverity: 2\nbecause: It speaks.\nwhen: {field: office, stated: true}\n"
	    "tests:\n  - {name: fires, fires: true, event: {consignment: {id: a, office: XA001, items: [{line: 1, description: pipes}]}}}\n"
	    "  - {name: silent, fires: %s, event: {consignment: {id: a, items: [{line: 1, description: pipes}]}}}\n",
	    points, fires);
	fclose(file);
}

static void setup(void)
{
	tw_log_setup(TW_LOG_ERROR + 1, false);
	cr_assert_not_null(mkdtemp(folder));
	snprintf(list_path, sizeof(list_path), "%s/un.xml", folder);
	snprintf(rule_path, sizeof(rule_path), "%s/speaks.yaml", folder);
	list_write(10);
	rule_write("40", "false");
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	cr_assert_eq(tw_config_read(&settings, CONFIG, &err), TW_OK);
	((const char **)settings.rule_paths.data)[0] = rule_path;
	((struct tw_list_source *)settings.lists.data)[0].path = list_path;
	cr_assert_eq(tw_reload_new(&settings, 0, &reload, &err), TW_OK);
	cr_assert_eq(tw_engine_snapshot(&engine, &settings, NULL, &err), TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
}

static void teardown(void)
{
	tw_reload_free(reload);
	tw_engine_fini(&engine);
	tw_settings_fini(&settings);
	unlink(list_path);
	unlink(rule_path);
	rmdir(folder);
}

TestSuite(reload, .init = setup, .fini = teardown, .timeout = 60);

static uint32_t entries(void)
{
	return tw_snapshot_info(engine.snapshot)->lists[0].entries;
}

static void counted(uint64_t taken, uint64_t unchanged, uint64_t refused)
{
	struct tw_reload_counts counts = tw_reload_counted(reload);
	cr_assert(counts.taken == taken && counts.unchanged == unchanged && counts.refused == refused, "%d %d %d", (int)counts.taken,
	          (int)counts.unchanged, (int)counts.refused);
}

Test(reload, a_good_list_is_taken_and_the_same_is_not)
{
	list_write(11);
	cr_assert(tw_reload_now(reload, &engine, true));
	cr_assert_eq(entries(), 11u);
	counted(1, 0, 0);
	cr_assert(tw_reload_now(reload, &engine, true));
	counted(1, 1, 0);
}

Test(reload, unasked_it_loads_what_changed_and_settled)
{
	cr_assert_not(tw_reload_now(reload, &engine, false));
	list_write(11);
	cr_assert_not(tw_reload_now(reload, &engine, false), "not settled");
	cr_assert(tw_reload_now(reload, &engine, false));
	cr_assert_eq(entries(), 11u);
	cr_assert_not(tw_reload_now(reload, &engine, false));
	counted(1, 0, 0);
}

Test(reload, what_is_wrong_leaves_what_was_there)
{
	const struct tw_snapshot *before = engine.snapshot;
	rule_write("many", "false");
	cr_assert_not(tw_reload_now(reload, &engine, true), "a rule with an error");
	rule_write("50", "true");
	cr_assert_not(tw_reload_now(reload, &engine, true), "a test inside a rule that fails");
	rule_write("50", "false");
	list_write(7);
	cr_assert_not(tw_reload_now(reload, &engine, true), "a list that shrank");
	unlink(list_path);
	cr_assert_not(tw_reload_now(reload, &engine, true), "a list that is gone");
	cr_assert_eq(engine.snapshot, before);
	counted(0, 0, 4);
	list_write(8);
	cr_assert(tw_reload_now(reload, &engine, true), "mended, and a fifth shorter");
	cr_assert_eq(entries(), 8u);
	counted(1, 0, 4);
}

Test(reload, suppressions_are_taken_and_refused_like_the_rest)
{
	static const char header[] = "rule,name,identifier,country,consignment,from,to,reason,author,decided_on,expires_on\n";
	char path[160];
	uint32_t count;
	snprintf(path, sizeof(path), "%s/suppressions.csv", folder);
	settings.suppressions_path = path;
	for (int rows = 1; rows <= 3; rows++) {
		FILE *file = fopen(path, "w");
		cr_assert_not_null(file);
		fputs(header, file);
		for (int i = 0; i < rows; i++) {
			fprintf(file, "speaks,,,,C%d,,,seen,h.tide,2026-01-01,%s\n", i, rows == 3 ? "2025-01-01" : "2026-12-31");
		}
		fclose(file);
		cr_assert_eq(tw_reload_now(reload, &engine, true), rows < 3);
	}
	cr_assert_not_null(tw_snapshot_suppressions(engine.snapshot));
	(void)tw_suppressions_rows(tw_snapshot_suppressions(engine.snapshot), &count);
	cr_assert_eq(count, 2, "the refused file changed nothing");
	counted(2, 0, 1);
	unlink(path);
}

Test(reload, a_refused_load_names_its_list_and_a_good_one_clears_it)
{
	struct tw_slice list = tw_snapshot_info(engine.snapshot)->lists[0].id;
	cr_assert_eq(tw_reload_counted(reload).last, TW_RELOAD_NONE);
	cr_assert_not(tw_reload_blames(reload, list));
	list_write(1);
	cr_assert_not(tw_reload_now(reload, &engine, true));
	cr_assert_eq(tw_reload_counted(reload).last, TW_RELOAD_REFUSED);
	cr_assert(tw_reload_blames(reload, list));
	cr_assert_not(tw_reload_blames(reload, tw_slice_str("another")));
	list_write(10);
	rule_write("many", "false");
	cr_assert_not(tw_reload_now(reload, &engine, true));
	cr_assert_not(tw_reload_blames(reload, list), "a rule is no fault of a list");
	rule_write("40", "true");
	cr_assert_not(tw_reload_now(reload, &engine, true));
	rule_write("50", "false");
	list_write(11);
	cr_assert(tw_reload_now(reload, &engine, true));
	cr_assert_eq(tw_reload_counted(reload).last, TW_RELOAD_TAKEN);
	cr_assert(tw_reload_now(reload, &engine, true));
	struct tw_reload_counts counts = tw_reload_counted(reload);
	cr_assert_eq(counts.last, TW_RELOAD_UNCHANGED);
	cr_assert(counts.part_refused[TW_RELOAD_LISTS] == 1 && counts.part_refused[TW_RELOAD_RULES] == 2 && counts.part_refused[TW_RELOAD_OTHER] == 0,
	          "%d %d %d", (int)counts.part_refused[0], (int)counts.part_refused[1], (int)counts.part_refused[2]);
	cr_assert(counts.part_taken[TW_RELOAD_LISTS] == 1 && counts.part_taken[TW_RELOAD_RULES] == 1 && counts.part_taken[TW_RELOAD_OTHER] == 0);
}

/* A pipeline over the golden input; stepped until the counts say that an answer came. */
static void engine_make(void)
{
	static const char *const inputs[] = {INPUT};
	struct tw_file_options files = {.inputs = inputs, .input_count = 1, .output = "/dev/null", .topics = settings.topics};
	cr_assert_eq(tw_engine_store(&engine, false, false, &err), TW_OK);
	cr_assert_eq(tw_engine_files(&engine, &files, &err), TW_OK, "%s", err.what);
	settings.batch_events = 1;
	cr_assert_eq(tw_engine_ready(&engine, true, &err), TW_OK);
}

static void step_until(uint64_t answers)
{
	struct timespec moment = {.tv_nsec = 2000000};
	struct tw_reload_counts counts = tw_reload_counted(reload);
	while (counts.taken + counts.unchanged + counts.refused < answers) {
		enum tw_poll polled;
		cr_assert_eq(tw_pipeline_batch(engine.pipeline, &polled, &err), TW_OK, "%s", err.what);
		cr_assert_eq(tw_reload_step(reload, &engine, &err), TW_OK);
		nanosleep(&moment, NULL);
		counts = tw_reload_counted(reload);
	}
}

Test(reload, a_signal_is_answered_between_two_batches_by_another_thread)
{
	engine_make();
	tw_signals_reload();
	cr_assert_eq(tw_reload_step(reload, &engine, &err), TW_OK);
	counted(0, 0, 0);
	list_write(11);
	raise(SIGHUP);
	step_until(1);
	counted(1, 0, 0);
	cr_assert_eq(entries(), 11u);
	list_write(1);
	raise(SIGHUP);
	step_until(2);
	counted(1, 0, 1);
	cr_assert_eq(entries(), 11u);
	raise(SIGHUP);
	list_write(11);
	step_until(3);
	counted(1, 1, 1);
}

/* A size in what malloc_info says behind its heaps: of all threads. */
static int64_t total_of(const char *totals, const char *name)
{
	const char *at = strstr(totals, name);
	at = at ? strstr(at, "size=\"") : NULL;
	cr_assert_not_null(at, "%s", name);
	return strtoll(at + strlen("size=\""), NULL, 10);
}

static int64_t allocated(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	cr_assert_eq(malloc_info(0, out), 0);
	fclose(out);
	const char *totals = text;
	for (const char *heap = text; (heap = strstr(heap, "</heap>")); totals = heap++) {
	}
	int64_t bytes = total_of(totals, "<system type=\"current\"") - total_of(totals, "<total type=\"fast\"") -
	                total_of(totals, "<total type=\"rest\"") + total_of(totals, "<total type=\"mmap\"");
	free(text);
	return bytes;
}

Test(reload, memory_returns_to_its_level_over_fifty_reloads_between_batches)
{
	char points[8];
	int64_t level = 0;
	engine_make();
	tw_signals_reload();
	for (unsigned i = 1; i <= 50; i++) {
		snprintf(points, sizeof(points), "%u", 30 + i % 2);
		list_write(400 + i % 2);
		rule_write(points, "false");
		raise(SIGHUP);
		step_until(i);
		level = i == 10 ? allocated() : level;
	}
	counted(50, 0, 0);
	cr_assert_leq(allocated(), level + 64 * 1024, "%lld bytes after 10 loads, %lld after 50", (long long)level, (long long)allocated());
}

Test(reload, an_end_in_the_middle_of_a_build_waits_for_it)
{
	engine_make();
	tw_signals_reload();
	list_write(11);
	raise(SIGHUP);
	cr_assert_eq(tw_reload_step(reload, &engine, &err), TW_OK, "begun; teardown frees it");
	cr_assert_eq(entries(), 10u);
}

Test(reload, a_change_is_told_by_the_kernel_though_the_next_look_is_far_off)
{
	tw_reload_free(reload);
	cr_assert_eq(tw_reload_new(&settings, 24 * 3600 * 1000, &reload, &err), TW_OK);
	cr_assert_leq(tw_reload_look_ms(reload), 1000, "it wants to be asked often");
	engine_make();
	cr_assert_eq(tw_reload_step(reload, &engine, &err), TW_OK);
	cr_assert_not(tw_reload_look_due(reload));
	list_write(11);
	step_until(1);
	cr_assert_eq(entries(), 11);
	rule_write("41", "false");
	step_until(2);
	counted(2, 0, 0);
}

Test(reload, with_no_looks_nobody_wants_to_be_asked)
{
	cr_assert_eq(tw_reload_look_ms(reload), 0);
	list_write(11);
	cr_assert_not(tw_reload_look_due(reload));
}

Test(reload, why_the_last_one_was_refused_is_kept_until_a_good_one)
{
	char report[96];
	struct tw_reload_report read;
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	snprintf(report, sizeof(report), "%s/last-load", folder);
	settings.reload_report = report;
	tw_reload_started(reload, engine.snapshot);
	cr_assert_eq(tw_reload_report_read(report, &arena, &read, &err), TW_OK, "%s", err.what);
	cr_assert_str_eq(read.outcome, "started");
	cr_assert_null(tw_reload_refused(reload));

	rule_write("bad", "false");
	cr_assert_not(tw_reload_now(reload, &engine, true));
	cr_assert_not_null(tw_reload_refused(reload));
	cr_assert(strstr(tw_reload_refused(reload)->reason, "speaks.yaml"), "%s", tw_reload_refused(reload)->reason);
	cr_assert_eq(tw_reload_report_read(report, &arena, &read, &err), TW_OK);
	cr_assert(tw_reload_report_refused(&read) && read.load == 1 && read.asked && read.pid == getpid());
	cr_assert_eq(read.reason.len, tw_reload_refused(reload)->own);
	cr_assert(strncmp(tw_reload_refused(reload)->reason, read.reason.ptr, read.reason.len) == 0);
	cr_assert_gt(read.problems.len, 0);

	rule_write("41", "false");
	cr_assert(tw_reload_now(reload, &engine, true));
	cr_assert_null(tw_reload_refused(reload));
	cr_assert_eq(tw_reload_report_read(report, &arena, &read, &err), TW_OK);
	cr_assert_str_eq(read.outcome, "taken");
	cr_assert_eq(read.load, 2);
	cr_assert(tw_slice_equal(read.snapshot, tw_snapshot_info(engine.snapshot)->digest));
	unlink(report);
	tw_arena_fini(&arena);
}
