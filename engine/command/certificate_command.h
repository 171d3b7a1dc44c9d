/**
 * @file certificate_command.h
 * `tidewaiter certificate ...`: the ledger of end-user certificates as a targeting officer or a sanctions panel wants it.
 *
 *     show CERTIFICATE [FILE...]   one: terms and how they changed, timeline, draws with what is left, deliveries, problems
 *     list [FILE...]               all, those with the most urgent problem first
 *
 *     words --certificate_source.h--> store, papers --certificate_view.h--> view --> certificate_text.c | certificate_json.c
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_COMMAND_H
#define TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_COMMAND_H

#include "engine/emit/json.h"
#include "engine/command/certificate_view.h"
#include "engine/command/top.h"

struct tw_certificate_request {
	const char *const *words; /**< operands: show or list; a certificate; files */
	uint32_t word_count;
	const char *topic;   /**< lines of the files are bare events of it */
	const char *issuer;  /**< list: two letters, NULL: any */
	const char *problem; /**< list: a word of tw_problem_word, NULL: any */
	const char *format;  /**< NULL: table */
	uint32_t limit;      /**< list: 0: all */
	bool log;            /**< the configured broker's topics, instead of the store */
	bool quiet;
	bool bars;                      /**< the output is a terminal */
	struct tw_top_options terminal; /**< its colour and width */
};

#define TW_CERTIFICATES_LIMIT_DEFAULT 20U
#define TW_CERTIFICATE_REASON_BYTES   512 /* all words of problems, and what is around them */

/** @return NULL, or why these words and options make no request; in `room` where it has to be put together */
const char *tw_certificate_request_refuse(const struct tw_certificate_request *request, const struct tw_settings *settings,
                                          char room[TW_CERTIFICATE_REASON_BYTES]);
/** @return 0; 1: no such certificate; 65: lines that cannot be used; else sysexits.h */
int tw_certificate_run(const struct tw_settings *settings, const struct tw_certificate_request *request, FILE *out);

/* The parts. */
struct tw_certificate_list {
	struct tw_certificate_view *view; /**< those that are asked for, ranked */
	uint32_t count;                   /**< that are shown */
	uint32_t of;                      /**< that fit the filters */
	uint32_t all;                     /**< on record */
};
/** @return false at the arena's ceiling */
bool tw_certificate_text(const struct tw_certificate_request *request, const struct tw_certificate_view *view, struct tw_arena *arena, FILE *out);
void tw_certificate_list_text(const struct tw_certificate_request *request, const struct tw_certificate_list *list, FILE *out);
/** One JSON object and a newline. @return TW_OK, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_certificate_json(const struct tw_certificate_view *view, struct tw_arena *arena, FILE *out, struct tw_error *err);
/** Likewise, one for each certificate. */
TW_MUST_USE enum tw_code tw_certificate_list_json(const struct tw_certificate_list *list, struct tw_arena *arena, FILE *out, struct tw_error *err);

#endif
