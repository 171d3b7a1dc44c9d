/**
 * @file log.h
 * One line an incident, for operators: `time=… level=warn event=kafka_down broker=… attempt=3`. Only engine/run and main call this;
 * stages return errors instead. Repeats of one event within the window are counted and summed up in the next line.
 * Threads: any (one write call a line).
 */
#ifndef TIDEWAITER_ENGINE_BASE_LOG_H
#define TIDEWAITER_ENGINE_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <tidewaiter/error.h>

enum tw_log_level { TW_LOG_DEBUG, TW_LOG_INFO, TW_LOG_WARN, TW_LOG_ERROR };

/** @param json lines as JSON objects instead of key=value. Call before the first thread starts. */
void tw_log_setup(enum tw_log_level least, bool json);
/** Lines from here on name this worker, and its repeats are counted apart. @param name borrowed, a word; NULL: none. Call with one thread. */
void tw_log_worker(const char *name);
/** @param event constant snake_case name of what happened @param format key=value pairs; values that are not ours go through tw_log_quoted, inside
 * "…" */
void tw_log(enum tw_log_level level, const char *event, const char *format, ...) TW_PRINTF(3, 4);
/** As tw_log, but never summed up: for what somebody asked for and waits to read, once each time. */
void tw_log_each(enum tw_log_level level, const char *event, const char *format, ...) TW_PRINTF(3, 4);
/**
 * What may stand between the quotes of a value: quotes, backslashes and control characters escaped as JSON has them, which is how readers of
 * key=value lines take them.
 * @param out room for `size` bytes, at least 8: cut short to it, and terminated @return out
 */
const char *tw_log_quoted(const char *text, char *out, size_t size);
/** The one place where an error becomes a line. */
void tw_log_error(enum tw_log_level level, const char *event, const struct tw_error *err);

#endif
