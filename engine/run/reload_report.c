/**
 * @file reload_report.c
 * See reload_report.h. One word and a value a line; nothing in it needs quoting, for a value ends with its line.
 */
#include "engine/run/reload_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/file_replace.h"
#include "engine/run/settings.h"

#define HEAD        "tidewaiter-reload 1"
#define BESIDE      ".XXXXXX" /* what tw_file_replace adds while it writes */
#define BYTES_MAX   65536U
#define LINE_BYTES  512
#define REFUSED     "refused"
#define WARNING     ": warning:"
#define DIGEST_SAID 12 /* signs of a digest that tell two apart */

bool tw_reload_report_path(const struct tw_settings *settings, char out[TW_RELOAD_PATH_BYTES])
{
	const char *own = settings->reload_report, *copies = settings->last_good_path;
	int used = own && own[0]         ? snprintf(out, TW_RELOAD_PATH_BYTES, "%s", own)
	           : copies && copies[0] ? snprintf(out, TW_RELOAD_PATH_BYTES, "%s/reload", copies)
	                                 : 0;
	return used > 0 && used < (int)(TW_RELOAD_PATH_BYTES - sizeof(BESIDE));
}

bool tw_reload_report_refused(const struct tw_reload_report *report)
{
	return strcmp(report->outcome, REFUSED) == 0;
}

/* ---- writing ---- */

/* One line of it: whatever would end a line is a blank. */
static void line_put(const char *word, struct tw_slice value, FILE *out)
{
	fprintf(out, "%s ", word);
	for (uint32_t i = 0; i < value.len && i < LINE_BYTES; i++) {
		fputc((unsigned char)value.ptr[i] < ' ' ? ' ' : value.ptr[i], out);
	}
	fputc('\n', out);
}

/* What stopped the load: warnings did not. */
static void problems_put(struct tw_slice problems, FILE *out)
{
	uint32_t said = 0;
	for (uint32_t at = 0; at < problems.len && said < TW_RELOAD_PROBLEMS_MAX;) {
		const char *end = memchr(problems.ptr + at, '\n', problems.len - at);
		uint32_t length = end ? (uint32_t)(end - (problems.ptr + at)) : problems.len - at;
		if (!memmem(problems.ptr + at, length, WARNING, sizeof(WARNING) - 1)) {
			line_put("problem", (struct tw_slice){problems.ptr + at, length}, out);
			said++;
		}
		at += length + 1;
	}
}

static void report_put(const struct tw_reload_report *report, FILE *out)
{
	char text[24] = "";
	time_t now = time(NULL);
	struct tm utc;
	if (gmtime_r(&now, &utc)) {
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	}
	fprintf(out, HEAD "\nload %" PRIu64 "\npid %" PRId64 "\noutcome %s\nasked %s\ntime %s\n", report->load, report->pid, report->outcome,
	        report->asked ? "yes" : "no", text);
	line_put("snapshot", report->snapshot, out);
	if (report->code) {
		line_put("code", tw_slice_str(report->code), out);
		line_put("reason", report->reason, out);
		problems_put(report->problems, out);
	}
}

enum tw_code tw_reload_report_write(const char *path, const struct tw_reload_report *report, struct tw_error *err)
{
	static const char what[] = "cannot write how the load ended";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) {
		return tw_fail(err, TW_E_MEMORY, TW_RETRY, what, path, NULL);
	}
	report_put(report, out);
	bool good = !ferror(out);
	good = fclose(out) == 0 && good;
	enum tw_code code = good ? tw_file_replace_text(path, (struct tw_slice){text, (uint32_t)size}, what, err)
	                         : tw_fail(err, TW_E_MEMORY, TW_RETRY, what, path, NULL);
	free(text);
	return code;
}

/* ---- reading ---- */

static bool value_take(struct tw_slice line, const char *word, struct tw_slice *out)
{
	size_t length = strlen(word);
	if (line.len <= length || memcmp(line.ptr, word, length) != 0 || line.ptr[length] != ' ') {
		return false;
	}
	*out = (struct tw_slice){line.ptr + length + 1, line.len - (uint32_t)length - 1};
	return true;
}

/* The text is terminated, and so is every number and word in it by its line. */
static void line_take(struct tw_slice line, struct tw_reload_report *out, struct tw_arena *arena)
{
	struct tw_slice value;
	if (value_take(line, "load", &value)) {
		out->load = strtoull(value.ptr, NULL, 10);
	} else if (value_take(line, "pid", &value)) {
		out->pid = strtoll(value.ptr, NULL, 10);
	} else if (value_take(line, "outcome", &value)) {
		out->outcome = tw_arena_copy(arena, value).ptr;
	} else if (value_take(line, "asked", &value)) {
		out->asked = tw_slice_is(value, "yes");
	} else if (value_take(line, "time", &value)) {
		out->time = value;
	} else if (value_take(line, "snapshot", &value)) {
		out->snapshot = value;
	} else if (value_take(line, "code", &value)) {
		out->code = tw_arena_copy(arena, value).ptr;
	} else if (value_take(line, "reason", &value)) {
		out->reason = value;
	} else if (!out->problems.ptr && value_take(line, "problem", &value)) {
		out->problems = line; /* to the end of the file: the others follow it */
	}
}

enum tw_code tw_reload_report_read(const char *path, struct tw_arena *arena, struct tw_reload_report *out, struct tw_error *err)
{
	struct tw_slice bytes;
	enum tw_code code = tw_file_read(path, BYTES_MAX, arena, &bytes, err);
	if (code != TW_OK) {
		return code;
	}
	*out = (struct tw_reload_report){.load = 0};
	if (bytes.len < sizeof(HEAD) || memcmp(bytes.ptr, HEAD "\n", sizeof(HEAD)) != 0) {
		return tw_fail(err, TW_E_CORRUPT, TW_STOP, "not a file that says how a load ended", path, NULL);
	}
	for (uint32_t at = sizeof(HEAD); at < bytes.len;) {
		const char *end = memchr(bytes.ptr + at, '\n', bytes.len - at);
		uint32_t length = end ? (uint32_t)(end - (bytes.ptr + at)) : bytes.len - at;
		line_take((struct tw_slice){bytes.ptr + at, length}, out, arena);
		at += length + 1;
	}
	if (out->problems.ptr) {
		out->problems.len = (uint32_t)(bytes.ptr + bytes.len - out->problems.ptr);
	}
	return out->outcome && out->pid > 0 ? TW_OK
	                                    : tw_fail(err, TW_E_CORRUPT, TW_STOP, "the file that says how a load ended is cut short", path, NULL);
}

void tw_reload_report_say(const struct tw_reload_report *report, FILE *out)
{
	bool refused = tw_reload_report_refused(report);
	int digest = report->snapshot.len < DIGEST_SAID ? (int)report->snapshot.len : DIGEST_SAID;
	fprintf(out, "last load  %s %.*s by process %" PRId64 ", %s %.*s\n", refused ? "REFUSED" : report->outcome, (int)report->time.len,
	        report->time.ptr, report->pid, refused ? "kept" : "in use", digest, report->snapshot.ptr);
	if (!refused) {
		return;
	}
	fprintf(out, "           %s: %.*s\n", report->code ? report->code : "", (int)report->reason.len, report->reason.ptr);
	for (uint32_t at = 0; at < report->problems.len;) {
		struct tw_slice value = {NULL, 0};
		const char *end = memchr(report->problems.ptr + at, '\n', report->problems.len - at);
		uint32_t length = end ? (uint32_t)(end - (report->problems.ptr + at)) : report->problems.len - at;
		if (value_take((struct tw_slice){report->problems.ptr + at, length}, "problem", &value)) {
			fprintf(out, "           %.*s\n", (int)value.len, value.ptr);
		}
		at += length + 1;
	}
}
