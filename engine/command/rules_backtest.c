/**
 * @file rules_backtest.c
 * `tidewaiter rules backtest PACK... --over HISTORY`: see rules_backtest.h.
 */
#include "engine/command/rules_backtest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/run/assemble.h"
#include "engine/run/outage.h"
#include "engine/command/rules_command.h"
#include "engine/run/signals.h"

#define ARENA_BLOCK_BYTES 65536U

struct backtesting {
	const struct tw_settings *settings;
	const struct tw_rules_request *request;
	struct tw_backtest_history history;
	struct tw_backtest_run run;
	struct tw_settings of[TW_SIDES]; /* the settings, with the rules of each edition */
	struct tw_snapshot *snapshot[TW_SIDES];
	struct tw_backtest backtest;
	struct tw_arena arena;
	bool replayed; /* both editions are good, the history was asked for */
};

static const char *period_of(const struct tw_rules_request *request, struct tw_period *out)
{
	*out = (struct tw_period){INT64_MIN, INT64_MAX};
	if (request->from && !tw_backtest_instant(request->from, &out->from_ms)) {
		return "--from is a day (2026-03-01) or an instant (2026-03-01T06:00:00Z)";
	}
	if (request->to && !tw_backtest_instant(request->to, &out->to_ms)) {
		return "--to is a day (2026-04-01) or an instant (2026-04-01T06:00:00Z)";
	}
	return out->from_ms >= out->to_ms ? "--to is after --from: events from --from on, before --to, are judged" : NULL;
}

static const char *topics_refuse(const struct tw_rules_request *request)
{
	uint32_t topics = 0;
	for (uint32_t i = 0; i < request->over_count; i++) {
		bool wrong = false;
		topics += tw_backtest_topic_of(request->over[i], NULL, &wrong);
		if (wrong) {
			return "--over topic:NAME, or topic:NAME@TIME with a day (2026-03-01) or an instant (2026-03-01T06:00:00Z)";
		}
	}
	if (topics && topics < request->over_count) {
		return "--over names topics, or files: what comes of both has no order";
	}
	return topics && request->topic ? "--topic is of files: a topic knows its name" : NULL;
}

const char *tw_rules_backtest_refuse(const struct tw_rules_request *request)
{
	struct tw_period period;
	if (!request->over_count) {
		return "over which history? --over FILE, or --over topic:NAME; it may be repeated";
	}
	const char *wrong = topics_refuse(request);
	return wrong ? wrong : period_of(request, &period);
}

/* @param given NULL: the configured rules */
static enum tw_code edition_paths(struct backtesting *backtesting, enum tw_side side, const char *const *given, uint32_t count, struct tw_error *err)
{
	struct tw_edition *edition = &backtesting->run.edition[side];
	const struct tw_settings *settings = backtesting->settings;
	backtesting->of[side] = *settings;
	edition->paths = given ? given : settings->rule_paths.data;
	edition->path_count = given ? count : settings->rule_paths.count;
	if (!given) {
		return TW_OK;
	}
	const char **words = tw_arena_alloc(&backtesting->arena, (count + 1) * sizeof(*words));
	if (!words) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for paths", NULL, NULL);
	}
	words[0] = "backtest";
	memcpy(words + 1, given, count * sizeof(*words));
	const struct tw_rules_request own = {.words = words, .word_count = count + 1};
	return tw_rules_paths_of(settings, &own, &backtesting->arena, &backtesting->of[side].rule_paths, err);
}

/* Lists are asked of the first edition alone; decisions about them belong with them. */
static enum tw_code edition_load(struct backtesting *backtesting, enum tw_side side, struct tw_error *err)
{
	struct tw_engine engine = {.keep = false};
	struct tw_settings *settings = &backtesting->of[side];
	struct tw_edition *edition = &backtesting->run.edition[side];
	char *problems = NULL;
	size_t size = 0;
	if (side == TW_AFTER) {
		settings->lists = (struct tw_list){NULL, 0, 0};
		settings->compiled_path = settings->known_good_path = settings->last_good_path = "";
	}
	FILE *said = open_memstream(&problems, &size); /* warnings are lint's */
	enum tw_code code = tw_engine_snapshot_make(settings, NULL, engine.keep, said, &backtesting->snapshot[side], err);
	if (said) {
		fclose(said);
	}
	if (code != TW_OK && problems) {
		fputs(problems, stderr);
	}
	free(problems);
	if (code != TW_OK) {
		return code;
	}
	const struct tw_rules *rules = tw_snapshot_rules(backtesting->snapshot[side]);
	edition->digest = tw_rules_digest(rules);
	edition->rules = tw_rules_count(rules);
	for (uint32_t i = 0; i < edition->rules; i++) {
		edition->active += tw_rules_info(rules, i)->status == TW_RULE_ACTIVE;
	}
	return TW_OK;
}

static enum tw_code editions_load(struct backtesting *backtesting, struct tw_error *err)
{
	const struct tw_rules_request *request = backtesting->request;
	enum tw_code code = edition_paths(backtesting, TW_BEFORE, request->against_count ? request->against : NULL, request->against_count, err);
	code = code == TW_OK ? edition_paths(backtesting, TW_AFTER, request->words + 1, request->word_count - 1, err) : code;
	code = code == TW_OK ? edition_load(backtesting, TW_BEFORE, err) : code;
	if (code == TW_OK) {
		tw_engine_snapshot_warn(backtesting->snapshot[TW_BEFORE]);
		code = edition_load(backtesting, TW_AFTER, err);
	}
	return code;
}

static enum tw_code page_write(const struct backtesting *backtesting, const char *path, struct tw_error *err)
{
	FILE *page = fopen(path, "w");
	if (!page) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot write the page", path, "%s", strerror(errno));
	}
	enum tw_code code = tw_backtest_page(&backtesting->backtest, &backtesting->run, page, err);
	bool bad = ferror(page) != 0;
	bad |= fclose(page) != 0;
	return code == TW_OK && bad ? tw_fail(err, TW_E_IO, TW_STOP, "cannot write the page", path, "%s", strerror(errno)) : code;
}

/* Before hours of replay, not after them. What stands there is left alone. */
static enum tw_code page_try(const char *path, struct tw_error *err)
{
	FILE *page = fopen(path, "a");
	if (!page) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot write the page", path, "%s", strerror(errno));
	}
	fclose(page);
	return TW_OK;
}

/* A report on events that nobody could read looks like one on a quiet month. */
static void dead_tell(const struct tw_backtest_run *run, bool bare)
{
	if (run->dead) {
		fprintf(stderr, "%" PRIu64 " of %" PRIu64 " events are of no use (dead letters); the first: %s, %s%s\n", run->dead, run->events,
		        run->dead_where, run->dead_reason, run->dead == run->events && !bare ? "; lines that are bare events need --topic" : "");
	}
}

static enum tw_code say(const struct backtesting *backtesting, FILE *out, struct tw_error *err)
{
	const struct tw_rules_request *request = backtesting->request;
	bool json = request->json || (request->format && strcmp(request->format, "json") == 0);
	enum tw_code code = json ? tw_backtest_json(&backtesting->backtest, &backtesting->run, out, err)
	                         : tw_backtest_table(&backtesting->backtest, &backtesting->run, out, err);
	return code == TW_OK && request->html ? page_write(backtesting, request->html, err) : code;
}

static enum tw_code backtest(struct backtesting *backtesting, FILE *out, struct tw_error *err)
{
	struct tw_backtest_run *run = &backtesting->run;
	const struct tw_rules_request *request = backtesting->request;
	enum tw_code code = tw_file_apart(request->html, request->over, request->over_count, err);
	code = code == TW_OK && request->html ? page_try(request->html, err) : code;
	code = code == TW_OK ? editions_load(backtesting, err) : code;
	if (code != TW_OK) {
		return code;
	}
	code = tw_backtest_init(&backtesting->backtest, tw_snapshot_rules(backtesting->snapshot[TW_BEFORE]),
	                        tw_snapshot_rules(backtesting->snapshot[TW_AFTER]), backtesting->request->capacity, err);
	int64_t begun = tw_now_ms();
	backtesting->replayed = code == TW_OK;
	code = code == TW_OK
	           ? tw_backtest_replay(&backtesting->backtest, backtesting->settings, backtesting->snapshot, &backtesting->history, run, err)
	           : code;
	int64_t ms = tw_now_ms() - begun;
	code = code == TW_OK ? tw_backtest_close(&backtesting->backtest, err) : code;
	code = code == TW_OK ? say(backtesting, out, err) : code;
	if (code == TW_OK && !backtesting->request->quiet) {
		dead_tell(run, backtesting->request->topic != NULL);
		fprintf(stderr, "%" PRIu64 " events in %.1f s, %.0f events/s, both editions; %.1f MB for counts\n", run->events, (double)ms / 1000,
		        (double)run->events * 1000 / (double)(ms ? ms : 1), (double)run->bytes / 1e6);
	}
	tw_backtest_fini(&backtesting->backtest);
	return code;
}

int tw_rules_backtest_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct backtesting backtesting = {
	    .settings = settings,
	    .request = request,
	    .history = {.inputs = request->over,
	                .input_count = request->over_count,
	                .topic = request->topic,
	                .quiet = request->quiet,
	                .from_log = request->over_count && tw_backtest_topic_of(request->over[0], NULL, NULL)},
	    .run = {.inputs = request->over, .input_count = request->over_count, .from = request->from, .to = request->to}};
	struct tw_error err;
	if (period_of(request, &backtesting.history.period)) {
		return TW_EXIT_USAGE;
	}
	tw_arena_init(&backtesting.arena, ARENA_BLOCK_BYTES, 0);
	tw_signals_install();
	enum tw_code code = backtest(&backtesting, out, &err);
	for (int side = TW_BEFORE; side < TW_SIDES; side++) {
		if (backtesting.snapshot[side]) {
			tw_snapshot_free(backtesting.snapshot[side]);
		}
	}
	tw_arena_fini(&backtesting.arena);
	int result = code == TW_OK ? TW_EXIT_OK : tw_rules_complain(&err);
	return code != TW_OK && backtesting.replayed && !backtesting.run.opened && code != TW_E_MEMORY ? TW_EXIT_NO_INPUT : result;
}
