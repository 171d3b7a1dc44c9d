/**
 * @file error.c
 * Filling and printing struct tw_error (include/tidewaiter/error.h).
 */
#include <tidewaiter/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/text.h"

enum tw_code tw_fail(struct tw_error *err, enum tw_code code, enum tw_disposition disposition, const char *what, const char *where,
                     const char *detail, ...)
{
	if (!err) {
		return code;
	}
	err->code = code;
	err->disposition = disposition;
	err->what = what;
	if (where != err->where) {
		snprintf(err->where, sizeof(err->where), "%s", where ? where : "");
	}
	err->detail[0] = '\0';
	if (detail) {
		va_list arguments;
		va_start(arguments, detail);
		vsnprintf(err->detail, sizeof(err->detail), detail, arguments);
		va_end(arguments);
	}
	return code;
}

const char *tw_code_name(enum tw_code code)
{
	static const char *const names[] = {"ok",      "memory",   "limit", "syntax", "type",  "missing", "range",
	                                    "unknown", "conflict", "io",    "auth",   "stale", "corrupt"};
	return (size_t)code < sizeof(names) / sizeof(names[0]) ? names[code] : "unknown";
}

const char *tw_error_text(const struct tw_error *err, char *buffer, unsigned long size)
{
	snprintf(buffer, size, "%s%s%s%s%s", err->where, err->where[0] ? ": " : "", err->what ? err->what : tw_code_name(err->code),
	         err->detail[0] ? ": " : "", err->detail);
	return tw_text_tame(buffer);
}
