/**
 * @file expand.c
 * Environment variables into configuration values; see expand.h. The one place that reads the environment for settings.
 */
#include "engine/run/expand.h"

#include <stdlib.h>

#include "engine/base/arena.h"

/* One ${...}; `text` stands at the dollar and moves behind the brace. */
static enum tw_code variable_read(struct tw_arena *arena, const char **text, const char *where, const char **out, struct tw_error *err)
{
	const char *name = *text + 2, *close = strchr(name, '}');
	if (!close) {
		return tw_fail(err, TW_E_SYNTAX, TW_STOP, "a ${ without its }", where, "%.40s", *text);
	}
	const char *colon = strstr(name, ":-");
	colon = colon && colon < close ? colon : NULL;
	struct tw_slice kept = tw_arena_copy(arena, (struct tw_slice){name, (uint32_t)((colon ? colon : close) - name)});
	if (!kept.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", where, NULL);
	}
	*out = getenv(kept.ptr);
	if (colon && (!*out || !**out)) {
		*out = tw_arena_copy(arena, (struct tw_slice){colon + 2, (uint32_t)(close - colon - 2)}).ptr;
	}
	if (!*out) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "an environment variable is not set", where, "%s; ${%s:-default} gives it a default",
		               kept.ptr, kept.ptr);
	}
	*text = close + 1;
	return TW_OK;
}

enum tw_code tw_expand(struct tw_arena *arena, const char *text, const char *where, const char **out, struct tw_error *err)
{
	const char *done = "";
	while (*text) {
		size_t plain = strcspn(text, "$");
		const char *value = "";
		int keep = (int)plain;
		const char *from = text;
		text += plain;
		if (text[0] == '$' && text[1] == '{') {
			enum tw_code code = variable_read(arena, &text, where, &value, err);
			if (code != TW_OK) {
				return code;
			}
		} else if (text[0] == '$') {
			value = "$";
			text += text[1] == '$' ? 2 : 1;
		}
		done = tw_arena_format(arena, "%s%.*s%s", done, keep, from, value).ptr;
		if (!done) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", where, NULL);
		}
	}
	*out = done;
	return TW_OK;
}
