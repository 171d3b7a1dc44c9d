/**
 * @file settings.h
 * Every setting, once: a table row drives the YAML file, --set, `config show`, `config table`, --help and the README.
 *
 *     defaults -> tidewaiter.yaml -> --set path=value -> tw_settings_complete (files found beside the program) -> used, never changed again
 *
 * Threads: constant once complete.
 */
#ifndef TIDEWAITER_ENGINE_RUN_SETTINGS_H
#define TIDEWAITER_ENGINE_RUN_SETTINGS_H

#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/io/stream.h"
#include "engine/score/score.h"
#include "engine/state/clock.h"
#include "feeds/lists.h"
#include "feeds/marking_list.h"

enum tw_state_store { TW_STATE_MEMORY = 1, TW_STATE_REDIS };

#define TW_SETTINGS_MAX 96U /* rows of the table */

/** Texts live in the settings' own arena; empty texts are "", never NULL, but for topics and paths that are not set. */
struct tw_settings {
	struct tw_topics topics;
	const char *kafka_brokers, *kafka_group, *kafka_instance;
	int64_t kafka_session_timeout_ms, kafka_prefetch_mib;
	uint32_t kafka_leave; /**< 0 or 1 */
	int64_t workers_count, workers_grace_ms;
	struct tw_list kafka_properties; /**< struct tw_property */
	const char *redis_address, *redis_username, *redis_password, *redis_prefix;
	int64_t redis_shards, redis_timeout_ms;
	uint32_t redis_cluster;      /**< 0 or 1 */
	uint32_t state_store;        /**< enum tw_state_store */
	struct tw_list rule_paths;   /**< const char * */
	struct tw_list rule_signers; /**< const char *: files of public keys */
	int64_t rule_signatures;     /**< of different signers, that each path of rule_paths needs; 0: none */
	struct tw_list lists;        /**< struct tw_list_source */
	bool sample_lists;           /**< none were stated: the samples that come with the program, which are not current */
	const char *compiled_path;   /**< "": lists are read from their own files */
	const char *embargoes_path, *reference_path, *known_good_path, *markings_path, *suppressions_path, *specimens_path, *quantities_path;
	const char *serial_forms_path;
	const char *markings_columns; /**< "": the columns are named as ours */
	int64_t markings_unread_ppm_max, markings_shrink_ppm_max;
	const char *last_good_path; /**< "": none are kept */
	int64_t reload_poll_ms;
	const char *reload_report; /**< "": in last_good_path */
	int64_t lanes_red, lanes_yellow, lanes_blue;
	struct tw_list score_caps; /**< struct tw_group_cap */
	int64_t random_share_ppm;
	const char *random_key;
	int64_t batch_events, batch_wait_ms;
	int64_t duplicates_window;
	int64_t time_lateness_days, time_idle_days, time_grace_days, time_confirm_days;
	int64_t limits_event_bytes;
	const char *output_path;
	uint32_t output_append, output_sync; /**< 0 or 1 */
	int64_t output_checkpoint_ms;
	const char *metrics_path; /**< "": none are written */
	int64_t metrics_interval_s;
	uint32_t log_level;  /**< enum tw_log_level + 1 */
	uint32_t log_format; /**< 1 text, 2 json */

	struct tw_arena arena;
	bool stated[TW_SETTINGS_MAX]; /**< a table row: the file or --set states it */
	const char *file;             /**< the configuration that was read, NULL: none */
};

enum tw_setting_kind {
	TW_SETTING_TEXT = 1,   /**< const char * */
	TW_SETTING_SECRET,     /**< const char *, hidden by `config show --redact` */
	TW_SETTING_PATH,       /**< const char *, relative to the file that states it */
	TW_SETTING_COUNT,      /**< int64_t within [least, most] */
	TW_SETTING_CHOICE,     /**< uint32_t, words[i] is i + 1 */
	TW_SETTING_SWITCH,     /**< uint32_t, false or true */
	TW_SETTING_PATHS,      /**< tw_list of const char *: a path or a sequence of them */
	TW_SETTING_LISTS,      /**< tw_list of struct tw_list_source: a sequence of {id, format, path, entries_min, ...} */
	TW_SETTING_CAPS,       /**< tw_list of struct tw_group_cap: a mapping of group to points */
	TW_SETTING_PROPERTIES, /**< tw_list of struct tw_property: a mapping of name to value */
};

struct tw_setting {
	const char *key;
	enum tw_setting_kind kind;
	uint32_t offset; /**< in struct tw_settings */
	const char *unit;
	const char *preset; /**< the default, as text; NULL: none, or found beside the program */
	int64_t least, most;
	const char *const *words; /**< CHOICE, NULL-terminated */
	const char *help;
};

const struct tw_setting *tw_setting_rows(uint32_t *count);
/** @return NULL for an unknown key */
const struct tw_setting *tw_setting_find(const char *key);
static inline void *tw_setting_at(struct tw_settings *settings, const struct tw_setting *row)
{
	return (char *)settings + row->offset;
}

/** All defaults. */
TW_MUST_USE enum tw_code tw_settings_init(struct tw_settings *settings, struct tw_error *err);
void tw_settings_fini(struct tw_settings *settings);

/**
 * One scalar setting from text.
 * @param folder prefix of a relative PATH, "" for none
 * @return TW_E_TYPE, TW_E_RANGE or TW_E_UNKNOWN (a word), `where` as given; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_setting_assign(struct tw_settings *settings, const struct tw_setting *row, const char *text, const char *folder,
                                           const char *where, struct tw_error *err);
/** `path` as it is when absolute, "-" or empty; else behind `folder`, made plain (tw_path_plain). NULL at the arena's ceiling. */
const char *tw_settings_path(struct tw_settings *settings, const char *folder, const char *path);
/** Refuse an unknown key, naming the nearest known one. */
enum tw_code tw_setting_unknown(const char *key, const char *where, struct tw_error *err);

/**
 * Paths that nothing states: rules, embargoes, reference tables and sample lists, looked for under the current folder, then beside the
 * program (its source tree, or ../share/tidewaiter). What is not found stays unset. Then checks that hold between settings.
 */
TW_MUST_USE enum tw_code tw_settings_complete(struct tw_settings *settings, struct tw_error *err);

/** The scoring policy that the settings state; borrowed from them. */
struct tw_time_policy tw_settings_time(const struct tw_settings *settings);
struct tw_score_policy tw_settings_policy(const struct tw_settings *settings);
/** How the register of markings.path is read. Borrows from the settings. */
struct tw_marking_list_options tw_settings_markings(const struct tw_settings *settings);

/**
 * One digest over every setting that can change the bytes of a file's output, over `topic`, that of bare lines (NULL: none), and over
 * `before`, the lists that hits are compared with (NULL: none). Left out: where
 * things are, how many at a time, and what the snapshot's own digest covers. A setting that is added counts until it is named as one of those.
 * @return TW_OK, or TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_settings_digest(struct tw_settings *settings, const char *topic, const char *before, char out[TW_SHA256_HEX_BYTES],
                                            struct tw_error *err);

/** As YAML that reads back to the same settings; secrets as ••• when redacted. */
void tw_settings_show(struct tw_settings *settings, bool redact, FILE *out);
/** The table as Markdown, for the README. */
void tw_settings_table(FILE *out);
/** The table as text, for `help settings`. */
void tw_settings_help(FILE *out);

#endif
