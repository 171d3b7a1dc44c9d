/**
 * @file log.c
 * Lines on stderr; see log.h. The only file of base that reads the clock: a log line says when it was written.
 */
#include "engine/base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "engine/base/text.h"
#include "engine/base/time.h"

#define LINE_BYTES        2048
#define REPEAT_WINDOW_S   10
#define EVENTS_REMEMBERED 64

static enum tw_log_level least_level = TW_LOG_INFO;
static bool as_json;
static const char *worker; /* NULL: none */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	const char *event;
	const char *worker;
	time_t written;
	unsigned suppressed;
} remembered[EVENTS_REMEMBERED];

void tw_log_setup(enum tw_log_level least, bool json)
{
	least_level = least;
	as_json = json;
}

void tw_log_worker(const char *name)
{
	worker = name;
}

/* @return false when the event was written moments ago; else how many were swallowed since, in `swallowed`. Call with the lock held. */
static bool due(const char *event, time_t now, unsigned *swallowed)
{
	size_t slot = 0;
	for (size_t i = 0; i < EVENTS_REMEMBERED; i++) {
		if (remembered[i].event == event && remembered[i].worker == worker) {
			slot = i;
			break;
		}
		if (remembered[i].written < remembered[slot].written) {
			slot = i;
		}
	}
	bool known = remembered[slot].event == event && remembered[slot].worker == worker;
	if (known && now - remembered[slot].written < REPEAT_WINDOW_S) {
		remembered[slot].suppressed++;
		return false;
	}
	*swallowed = known ? remembered[slot].suppressed : 0;
	remembered[slot].event = event;
	remembered[slot].worker = worker;
	remembered[slot].written = now;
	remembered[slot].suppressed = 0;
	return true;
}

TW_PRINTF(4, 0)
static void line_write(enum tw_log_level level, const char *event, bool each, const char *format, va_list arguments)
{
	static const char *const levels[] = {"debug", "info", "warn", "error"};
	char message[LINE_BYTES], escaped[LINE_BYTES * 2], when[TW_INSTANT_BYTES];
	const char *name = worker ? worker : "";
	struct timespec now;
	unsigned swallowed = 0;
	if (level < least_level) {
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	pthread_mutex_lock(&lock);
	bool write = each || level == TW_LOG_DEBUG || due(event, now.tv_sec, &swallowed);
	pthread_mutex_unlock(&lock);
	if (!write) {
		return;
	}
	vsnprintf(message, sizeof(message), format, arguments);
	tw_text_tame(message);
	tw_instant_format((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, when);
	if (as_json) {
		fprintf(stderr, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\",%s%s%s\"repeated\":%u,\"message\":\"%s\"}\n", when, levels[level],
		        event, worker ? "\"worker\":\"" : "", name, worker ? "\"," : "", swallowed, tw_log_quoted(message, escaped, sizeof(escaped)));
		return;
	}
	const char *lead = worker ? " worker=" : "";
	if (swallowed) {
		fprintf(stderr, "time=%s level=%s event=%s%s%s repeated=%u %s\n", when, levels[level], event, lead, name, swallowed, message);
	} else {
		fprintf(stderr, "time=%s level=%s event=%s%s%s %s\n", when, levels[level], event, lead, name, message);
	}
}

void tw_log(enum tw_log_level level, const char *event, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	line_write(level, event, false, format, arguments);
	va_end(arguments);
}

void tw_log_each(enum tw_log_level level, const char *event, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	line_write(level, event, true, format, arguments);
	va_end(arguments);
}

void tw_log_error(enum tw_log_level level, const char *event, const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128], reason[LINE_BYTES];
	tw_error_text(err, text, sizeof(text));
	tw_log(level, event, "code=%s reason=\"%s\"", tw_code_name(err->code), tw_log_quoted(text, reason, sizeof(reason)));
}
