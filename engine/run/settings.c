/**
 * @file settings.c
 * The table of settings, defaults, and one setting from text; see settings.h.
 *
 * Source of the default lanes: Tidewaiter, starting assumption: no instrument fixes points. At 20 points to double the odds, yellow stands
 * for odds about three times those of blue, and red for four times those of yellow; calibrate them on the outcomes of the random share.
 */
#include "engine/run/settings.h"

#include <errno.h>
#include <stdlib.h>

#include <tidewaiter/limits.h>

#include "engine/base/file.h"
#include "engine/base/nearest.h"

#define ARENA_BLOCK_BYTES   ((size_t)64 * 1024)
#define ARENA_CEILING_BYTES ((size_t)16 * 1024 * 1024) /* a configuration is a page or two */

static const char *const store_words[] = {"memory", "redis", NULL};
static const char *const level_words[] = {"debug", "info", "warn", "error", NULL};
static const char *const format_words[] = {"text", "json", NULL};

#define AT(field) offsetof(struct tw_settings, field)
#define TOPIC(name, field, preset, help)                                                                                                             \
	{                                                                                                                                            \
		name, TW_SETTING_TEXT, AT(topics.field), "", preset, 0, 0, NULL, help                                                                \
	}
#define COUNT(name, field, unit, preset, least, most, help)                                                                                          \
	{                                                                                                                                            \
		name, TW_SETTING_COUNT, AT(field), unit, preset, least, most, NULL, help                                                             \
	}
#define TEXT(name, kind, field, preset, help)                                                                                                        \
	{                                                                                                                                            \
		name, kind, AT(field), "", preset, 0, 0, NULL, help                                                                                  \
	}
#define CHOICE(name, field, preset, words, help)                                                                                                     \
	{                                                                                                                                            \
		name, TW_SETTING_CHOICE, AT(field), "", preset, 0, 0, words, help                                                                    \
	}

/* clang-format off */
static const struct tw_setting rows[] = {
	TOPIC("topics.manifests", input[0], "tw.manifests", "Consignments. An empty name: not read."),
	TOPIC("topics.certificates", input[1], "tw.certificates", "End-user certificates and their status."),
	TOPIC("topics.markings", input[2], "tw.markings", "Marked weapons, parts and lots."),
	TOPIC("topics.outcomes", input[3], "tw.outcomes", "What inspections found."),
	TOPIC("topics.decisions", input[4], "tw.decisions", "What officers decided."),
	TOPIC("topics.facts", input[5], "tw.facts", "What the engine tells itself: written and read by it alone."),
	TOPIC("topics.alerts", alerts, "tw.alerts", "Alerts go here."),
	TOPIC("topics.holds", holds, "tw.holds", "Holds go here."),
	TOPIC("topics.dead_letter", dead_letter, "tw.dead-letter", "Events that cannot be read go here, untouched."),
	TOPIC("topics.shadow", shadow, "tw.shadow", "What rules in the shadow would have said goes here. An empty name: it is only counted."),
	TOPIC("topics.traces", traces, "tw.traces", "Answers to marking.trace_requested go here. An empty name: none is written."),
	TEXT("kafka.brokers", TW_SETTING_TEXT, kafka_brokers, "127.0.0.1:9092", "Bootstrap servers, host:port, comma-separated."),
	TEXT("kafka.group", TW_SETTING_TEXT, kafka_group, "tidewaiter", "Consumer group: processes of one group share the partitions."),
	TEXT("kafka.instance", TW_SETTING_TEXT, kafka_instance, "tidewaiter-1", "Name of this process in the group, also its transactional id. One of a kind; the same after a restart."),
	COUNT("kafka.session_timeout_ms", kafka_session_timeout_ms, "ms", "15000", 1000, 300000, "A worker that is gone without a word keeps its partitions, and its open transaction (10 s to 60 s), for so long; one that is back within it goes on at once."),
	{"kafka.leave", TW_SETTING_SWITCH, AT(kafka_leave), "", "true", 0, 0, NULL, "An orderly end leaves the group, and others take over at once. false: the place is kept for a restart within kafka.session_timeout_ms."},
	COUNT("kafka.prefetch_mib", kafka_prefetch_mib, "MiB", "128", 1, 2000, "Most events fetched ahead, by a worker, while others are judged or Redis is away. Less than a second's work slows it down."),
	TEXT("kafka.properties", TW_SETTING_PROPERTIES, kafka_properties, NULL, "librdkafka properties, passed on as they are (security.protocol, sasl.*, ssl.* ...)."),
	TEXT("redis.address", TW_SETTING_TEXT, redis_address, "127.0.0.1:6379",
	     "host:port, or unix:/path/of/the.socket; of several, separated by commas, each has its share of the shards."),
	{"redis.cluster", TW_SETTING_SWITCH, AT(redis_cluster), "", "false", 0, 0, NULL, "The addresses are members of a Redis Cluster."},
	TEXT("redis.username", TW_SETTING_TEXT, redis_username, "", "ACL user; empty: none."),
	TEXT("redis.password", TW_SETTING_SECRET, redis_password, "", "Empty: none. Better ${REDIS_PASSWORD} than the word itself."),
	TEXT("redis.prefix", TW_SETTING_TEXT, redis_prefix, "tw", "Begin of every key."),
	COUNT("redis.shards", redis_shards, "", "16", 1, 1024, "Slots that the keys are spread over, by which calls stay short. Another number needs another prefix."),
	COUNT("redis.timeout_ms", redis_timeout_ms, "ms", "2000", 10, 600000, "Patience with one answer."),
	CHOICE("state.store", state_store, "memory", store_words, "Where history is kept: memory forgets at the end of the process."),
	TEXT("rules.paths", TW_SETTING_PATHS, rule_paths, NULL, "Rule files and folders. Not stated: the packs that come with the program."),
	TEXT("rules.signers", TW_SETTING_PATHS, rule_signers, NULL, "Public keys (PEM, Ed25519) of those whose signatures on rules count: authors and approvers. Needs rules.signatures."),
	COUNT("rules.signatures", rule_signatures, "", "0", 0, 2, "So many different signers must have signed each of rules.paths (`rules sign`), or no rule is loaded. 0: none need have."),
	TEXT("rules.suppressions", TW_SETTING_PATH, suppressions_path, "", "A centre's decisions \"this rule not for this party, consignment or route, until then\" as CSV; alerts show what they took out. Empty: none."),
	TEXT("lists", TW_SETTING_LISTS, lists, NULL, "Sanctions lists: id, format, path, entries_min, unread_ppm_max, shrink_ppm_max, age_days_max. Not stated: the samples that come with the program."),
	TEXT("compiled.path", TW_SETTING_PATH, compiled_path, "", "File of `tidewaiter lists build`: the lists are mapped from it, not read from their own files. Where lists are stated too, it must hold these. Empty: they are read."),
	TEXT("embargoes.path", TW_SETTING_PATH, embargoes_path, NULL, "Arms embargoes as CSV. Not stated: the file that comes with the program."),
	TEXT("reference.path", TW_SETTING_PATH, reference_path, NULL, "Folder of the code lists. Not stated: those that come with the program."),
	TEXT("known_good.path", TW_SETTING_PATH, known_good_path, "", "A centre's own decisions \"not the same\" as CSV: such a party is not shown as that entry. Empty: none."),
	TEXT("markings.path", TW_SETTING_PATH, markings_path, "", "Marks of weapons reported lost, stolen or destroyed, as CSV: `marking_status` knows them. Empty: none."),
	TEXT("markings.columns", TW_SETTING_TEXT, markings_columns, "", "The file's names of our columns: serial=Serial No, maker=Make, status=State. What is not named is passed over. Empty: they are named as ours."),
	COUNT("markings.unread_ppm_max", markings_unread_ppm_max, "ppm", "0", 0, 1000000, "Share of rows that cannot be read above which the file is refused, with the first of them."),
	COUNT("markings.shrink_ppm_max", markings_shrink_ppm_max, "ppm", "200000", 0, 1000000, "Share of its reports that the list of marks may lose against the last good one; above it that one stays in use."),
	TEXT("specimens.path", TW_SETTING_PATH, specimens_path, "", "Specimen register as CSV: who may sign end-user certificates, for which office, from when to when. Empty: none."),
	TEXT("quantities.path", TW_SETTING_PATH, quantities_path, "", "Quantity bands as CSV: how much of which goods is plausible for which end-user. Empty: none."),
	TEXT("serial_forms.path", TW_SETTING_PATH, serial_forms_path, "", "How makers form their serials, as CSV of maker, model, form and source: `serial_form` knows them. Empty: none."),
	TEXT("last_good.path", TW_SETTING_PATH, last_good_path, "", "Folder where each list that loaded well is kept, and taken from while its file is missing or broken. Empty: none is kept."),
	COUNT("reload.poll_ms", reload_poll_ms, "ms", "5000", 0, 86400000, "`run` looks at least so often whether files of rules, lists, embargoes or code lists changed, and loads them anew: at once where the kernel tells of changes (inotify), within two looks elsewhere; SIGHUP asks for it. 0: SIGHUP alone."),
	TEXT("reload.report", TW_SETTING_PATH, reload_report, "", "File where `run` says how its last load ended, and why it was refused; `check` and `reload` read it. Empty: `reload` in last_good.path, where that is set."),
	COUNT("lanes.red", lanes_red, "points", "100", 1, 100000, "From so many points on: examine the goods."),
	COUNT("lanes.yellow", lanes_yellow, "points", "60", 1, 100000, "From so many points on: examine the documents."),
	COUNT("lanes.blue", lanes_blue, "points", "30", 1, 100000, "From so many points on: release, and audit later. Fewer: green."),
	TEXT("score.caps", TW_SETTING_CAPS, score_caps, NULL, "Most points that a group of rules may add: a mapping of group to points."),
	COUNT("random.share_ppm", random_share_ppm, "ppm", "0", 0, 1000000, "Share of consignments raised at random, so that what scores low is looked at too. Needs random.key."),
	TEXT("random.key", TW_SETTING_SECRET, random_key, "", "Secret that keys the draw: without it nobody can tell who will be drawn."),
	COUNT("workers.count", workers_count, "", "0", 0, 64, "Processes under one supervisor, named kafka.instance-1 and so on (one alone: as it is). 0: `run` is the worker itself. --workers wins."),
	COUNT("workers.grace_ms", workers_grace_ms, "ms", "30000", 0, 3600000, "Time for workers to end in order; then the supervisor kills them."),
	COUNT("batch.events", batch_events, "events", "4000", 1, TW_BATCH_EVENTS_MAX, "Most events that are judged and committed together."),
	COUNT("batch.wait_ms", batch_wait_ms, "ms", "100", 1, 60000, "Wait for the first event of a batch, then look whether to stop."),
	COUNT("duplicates.window", duplicates_window, "offsets", "10000", 0, 10000000, "An event that comes again, byte for byte, within so many offsets of its topic and partition adds nothing; Kafka: they are read again at every assignment. 0: off."),
	COUNT("time.lateness_days", time_lateness_days, "days", "1", 0, 400, "A day has passed once every source of manifests and certificates is so far beyond it: events may come so late."),
	COUNT("time.idle_days", time_idle_days, "days", "30", 1, 4000, "A source, or a partition, that is further behind the others does not hold time back, until it speaks again."),
	COUNT("time.grace_days", time_grace_days, "days", "0", 0, 400, "A delivery counts as overdue so many days after the time that its certificate gives for the verification."),
	COUNT("time.confirm_days", time_confirm_days, "days", "0", 0, 400, "A certificate should be confirmed by its issuer within so many days of its first use: time tells of one that is not, where 30, say, is set. 0: never, for a centre that is not sent confirmations would be told of every certificate."),
	COUNT("limits.event_bytes", limits_event_bytes, "bytes", "1048576", 1024, (int64_t)TW_EVENT_BYTES_MAX, "Larger events are dead letters."),
	TEXT("output.path", TW_SETTING_PATH, output_path, "-", "`screen` writes here, one JSON object a line; - is standard output."),
	{"output.append", TW_SETTING_SWITCH, AT(output_append), "", "false", 0, 0, NULL, "Keep what the output file has."},
	{"output.sync", TW_SETTING_SWITCH, AT(output_sync), "", "false", 0, 0, NULL, "Wait for the disk after every batch."},
	COUNT("output.checkpoint_ms", output_checkpoint_ms, "ms", "1000", 0, 3600000, "Least time between two checkpoints of the output file; 0: one after every batch."),
	TEXT("metrics.path", TW_SETTING_PATH, metrics_path, "", "File for metrics in the text format of Prometheus, as node_exporter's textfile collector reads them: end it in .prom. Of several workers each writes one of its own beside it. Empty: none."),
	COUNT("metrics.interval_s", metrics_interval_s, "s", "15", 1, 3600, "`run` writes its metrics so often; it and `screen` once more at the end."),
	CHOICE("log.level", log_level, "info", level_words, "Least level that is logged."),
	CHOICE("log.format", log_format, "text", format_words, "Lines of key=value, or of JSON."),
};
/* clang-format on */

#define ROWS ((uint32_t)(sizeof(rows) / sizeof(rows[0])))
_Static_assert(sizeof(rows) / sizeof(rows[0]) <= TW_SETTINGS_MAX, "one place a row in tw_settings.stated");

const struct tw_setting *tw_setting_rows(uint32_t *count)
{
	*count = ROWS;
	return rows;
}

const struct tw_setting *tw_setting_find(const char *key)
{
	for (uint32_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].key, key) == 0) {
			return &rows[i];
		}
	}
	return NULL;
}

/* Where no key is near, a group may be: "kafak" is. */
static const char *group_hint(const char *key, char groups[][TW_HINT_BYTES], char buffer[TW_HINT_BYTES])
{
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(key));
	for (uint32_t i = 0; i < ROWS; i++) {
		snprintf(groups[i], TW_HINT_BYTES, "%.*s", (int)strcspn(rows[i].key, "."), rows[i].key);
		tw_nearest_offer(&nearest, groups[i]);
	}
	return tw_nearest_hint(&nearest, buffer);
}

enum tw_code tw_setting_unknown(const char *key, const char *where, struct tw_error *err)
{
	char hint[TW_HINT_BYTES], groups[ROWS][TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(key));
	for (uint32_t i = 0; i < ROWS; i++) {
		tw_nearest_offer(&nearest, rows[i].key);
	}
	if (!tw_nearest_hint(&nearest, hint)[0]) {
		group_hint(key, groups, hint);
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_STOP, "no such setting", where, "%s%s", key, hint[0] ? hint : "; `tidewaiter help settings` lists them");
}

const char *tw_settings_path(struct tw_settings *settings, const char *folder, const char *path)
{
	bool as_is = path[0] == '/' || path[0] == '\0' || strcmp(path, "-") == 0 || folder[0] == '\0';
	const char *whole = tw_arena_format(&settings->arena, "%s%s%s", as_is ? "" : folder, as_is ? "" : "/", path).ptr;
	return whole && !as_is ? tw_path_plain(whole, &settings->arena) : whole;
}

static enum tw_code count_assign(int64_t *out, const struct tw_setting *row, const char *text, const char *where, struct tw_error *err)
{
	char *end = NULL;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (end == text || *end || errno == ERANGE) {
		return tw_fail(err, TW_E_TYPE, TW_STOP, "not a whole number", where, "%s: \"%s\"", row->key, text);
	}
	if (value < row->least || value > row->most) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "outside its bounds", where, "%s: %lld is not within %lld and %lld", row->key, value,
		               (long long)row->least, (long long)row->most);
	}
	*out = value;
	return TW_OK;
}

static enum tw_code choice_assign(uint32_t *out, const struct tw_setting *row, const char *text, const char *where, struct tw_error *err)
{
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(text));
	char known[128] = "", hint[TW_HINT_BYTES];
	for (uint32_t i = 0; row->words[i]; i++) {
		if (strcmp(row->words[i], text) == 0) {
			*out = i + 1;
			return TW_OK;
		}
		tw_nearest_offer(&nearest, row->words[i]);
		size_t used = strlen(known);
		snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "", row->words[i]);
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_STOP, "no such word", where, "%s: \"%s\" is none of %s%s", row->key, text, known,
	               tw_nearest_hint(&nearest, hint));
}

static enum tw_code switch_assign(uint32_t *out, const struct tw_setting *row, const char *text, const char *where, struct tw_error *err)
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
		return tw_fail(err, TW_E_TYPE, TW_STOP, "neither true nor false", where, "%s: \"%s\"", row->key, text);
	}
	*out = text[0] == 't';
	return TW_OK;
}

enum tw_code tw_setting_assign(struct tw_settings *settings, const struct tw_setting *row, const char *text, const char *folder, const char *where,
                               struct tw_error *err)
{
	void *at = tw_setting_at(settings, row);
	const char *kept = NULL;
	switch (row->kind) {
	case TW_SETTING_COUNT:
		return count_assign(at, row, text, where, err);
	case TW_SETTING_CHOICE:
		return choice_assign(at, row, text, where, err);
	case TW_SETTING_SWITCH:
		return switch_assign(at, row, text, where, err);
	case TW_SETTING_TEXT:
	case TW_SETTING_SECRET:
		kept = tw_arena_copy(&settings->arena, tw_slice_str(text)).ptr;
		break;
	case TW_SETTING_PATH:
		kept = tw_settings_path(settings, folder, text);
		break;
	case TW_SETTING_PATHS:
	case TW_SETTING_LISTS:
	case TW_SETTING_CAPS:
	case TW_SETTING_PROPERTIES:
		return tw_fail(err, TW_E_TYPE, TW_STOP, "this setting is a collection", where, "%s", row->key);
	}
	if (!kept) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", where, NULL);
	}
	*(const char **)at = kept;
	return TW_OK;
}

enum tw_code tw_settings_init(struct tw_settings *settings, struct tw_error *err)
{
	memset(settings, 0, sizeof(*settings));
	tw_arena_init(&settings->arena, ARENA_BLOCK_BYTES, ARENA_CEILING_BYTES);
	for (uint32_t i = 0; i < ROWS; i++) {
		enum tw_code code = rows[i].preset ? tw_setting_assign(settings, &rows[i], rows[i].preset, "", "default", err) : TW_OK;
		if (code != TW_OK) {
			return code;
		}
	}
	return TW_OK;
}

void tw_settings_fini(struct tw_settings *settings)
{
	tw_arena_fini(&settings->arena);
}

struct tw_marking_list_options tw_settings_markings(const struct tw_settings *settings)
{
	return (struct tw_marking_list_options){.columns = settings->markings_columns, .unread_ppm_max = (uint32_t)settings->markings_unread_ppm_max};
}

struct tw_time_policy tw_settings_time(const struct tw_settings *settings)
{
	return (struct tw_time_policy){.lateness_days = (uint32_t)settings->time_lateness_days,
	                               .idle_days = (uint32_t)settings->time_idle_days,
	                               .grace_days = (uint32_t)settings->time_grace_days,
	                               .confirm_days = (uint32_t)settings->time_confirm_days};
}

struct tw_score_policy tw_settings_policy(const struct tw_settings *settings)
{
	return (struct tw_score_policy){.red_points = (int32_t)settings->lanes_red,
	                                .yellow_points = (int32_t)settings->lanes_yellow,
	                                .blue_points = (int32_t)settings->lanes_blue,
	                                .random_ppm = (uint32_t)settings->random_share_ppm,
	                                .random_key = tw_slice_str(settings->random_key),
	                                .caps = settings->score_caps.data,
	                                .cap_count = settings->score_caps.count};
}
