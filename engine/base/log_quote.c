/**
 * @file log_quote.c
 * What stands between the quotes of a log line's values; see log.h.
 */
#include <stdio.h>

#include "engine/base/log.h"

const char *tw_log_quoted(const char *text, char *out, size_t size)
{
	size_t used = 0;
	for (; *text && used + 7 < size; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\') {
			out[used++] = '\\';
			out[used++] = (char)c;
		} else if (c < 0x20) {
			used += (size_t)snprintf(out + used, size - used, "\\u%04x", c);
		} else {
			out[used++] = (char)c;
		}
	}
	out[used] = '\0';
	return out;
}
