/**
 * @file lists_command.h
 * `tidewaiter lists ...`: what the lists hold, whether a name hits and why, a file of names at once, two editions compared.
 *
 *     stat           what was read of each list                                lists_stat.c
 *     search NAME    one name, for a person                                    lists_search.c
 *     search --batch a file of names, one JSON object a row                    lists_batch.c, lists_rows.c
 *     diff OLD NEW   what came, went, reads otherwise                          lists_diff.c
 *     build          all lists compiled to one file that is mapped             lists_build.c
 *
 * search and --batch ask through lists_ask.c and so never differ; both see what `screen` sees, the known good too.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_LISTS_COMMAND_H
#define TIDEWAITER_ENGINE_COMMAND_LISTS_COMMAND_H

#include "engine/command/lists_ask.h"
#include "engine/run/settings.h"

#define TW_LISTS_LIMIT_DEFAULT 10U

/** As given; texts borrowed. */
struct tw_lists_request {
	const char *const *words; /**< operands: what to do, then names or paths */
	uint32_t word_count;
	const char *const *lists; /**< every --list, ID=FORMAT:PATH: instead of the configured ones */
	uint32_t list_count;
	const char *kind, *country, *birth, *address, *on, *batch, *format, *out; /**< NULL: not given */
	bool json, quiet, all, color;
	uint32_t limit, similarity_min_ppm; /**< limit 0: all */
	int32_t today;                      /**< days since 1970-01-01: the day that decisions of the known good must count on, without --on */
	/* what the texts above mean, filled by tw_lists_request_refuse */
	struct tw_lists_query query; /**< all but its name */
};

/** No hit, or a difference; else as enum tw_exit. */
#define TW_EXIT_NO_HIT 1

/** Reads kind, country, birth, on into `query`. @return NULL, or why these words and options make no request */
const char *tw_lists_request_refuse(struct tw_lists_request *request);
/** @return exit code: sysexits.h, TW_EXIT_NO_HIT; TW_EXIT_DATA for rows of a batch that could not be read */
int tw_lists_run(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out);

/* The parts; private to engine/command. */

/** Everything a search needs. */
struct tw_lists_loaded {
	struct tw_reference *reference;
	struct tw_list_index *index;
	struct tw_list_memo *memo;
	struct tw_known_good *known_good; /**< NULL: none is configured */
	struct tw_arena arena;
	struct tw_list sources; /**< struct tw_list_source: those of --list, else the configured ones */
	const char *compiled;   /**< NULL: they are read; else the file that they are mapped from (compiled.path, without --list) */
};

/** Which lists are meant, and the tables they are read with; no list is read yet. @return TW_E_SYNTAX or TW_E_UNKNOWN for a --list */
TW_MUST_USE enum tw_code tw_lists_begin(const struct tw_settings *settings, const struct tw_lists_request *request, struct tw_lists_loaded *loaded,
                                        struct tw_error *err);
/** Reads or maps them all into one index, and the known good. */
TW_MUST_USE enum tw_code tw_lists_load(const struct tw_settings *settings, struct tw_lists_loaded *loaded, struct tw_error *err);
/** Reads them all into one index. @param reports `sources.count` of them, whose texts live in `loaded`; NULL: not wanted */
TW_MUST_USE enum tw_code tw_lists_read(struct tw_lists_loaded *loaded, struct tw_list_report *reports, struct tw_error *err);
/** Maps them all from the compiled file. */
TW_MUST_USE enum tw_code tw_lists_map(struct tw_lists_loaded *loaded, struct tw_error *err);
/** One list alone. @param report its texts live in `loaded` */
TW_MUST_USE enum tw_code tw_lists_load_one(struct tw_lists_loaded *loaded, const struct tw_list_source *source, struct tw_list_report *report,
                                           struct tw_list_index **out, struct tw_error *err);
void tw_lists_end(struct tw_lists_loaded *loaded);

int tw_lists_stat(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out);
int tw_lists_search(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out);
int tw_lists_batch(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out);
int tw_lists_build(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out);
int tw_lists_differences(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out);
/** Says why on stderr. @return the exit code */
int tw_lists_complain(const struct tw_error *err);

#endif
