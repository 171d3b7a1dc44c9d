/**
 * @file rules_alert.c
 * See rules_alert.h.
 */
#include "engine/command/rules_alert.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/base/file.h"

#define FILE_BYTES_MAX (64U * 1024U * 1024U)
#define PATH_BYTES_MAX 4096U

/* @return what stands behind the last #, the path before it in `path`; empty: the whole word is the path */
static struct tw_slice id_of(const char *word, char path[PATH_BYTES_MAX])
{
	const char *mark = strrchr(word, '#');
	size_t length = mark ? (size_t)(mark - word) : strlen(word);
	length = length < PATH_BYTES_MAX ? length : PATH_BYTES_MAX - 1;
	memcpy(path, word, length);
	path[length] = '\0';
	return tw_slice_str(mark ? mark + 1 : "");
}

bool tw_rules_alert_is(const char *word)
{
	char path[PATH_BYTES_MAX];
	struct stat about;
	(void)id_of(word, path);
	size_t length = strlen(path);
	bool yaml = length > 5 && strcmp(path + length - 5, ".yaml") == 0;
	return !yaml && stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static bool is_asked(const struct tw_alert_view *view, struct tw_slice id)
{
	return !id.len || tw_slice_equal(view->alert, id) || tw_slice_equal(view->consignment, id);
}

static bool is_blank(struct tw_slice line)
{
	return line.len == 0 || (line.len == 1 && line.ptr[0] == '\r');
}

/* A rule's reasons are all that is wanted, so that every line is read and the last that fits stays. */
static enum tw_code lines_read(struct tw_slice file, const char *path, struct tw_slice id, struct tw_arena *arena, struct tw_alert_view *out,
                               bool *found, struct tw_error *err)
{
	const char *at = file.ptr, *end = file.ptr + file.len;
	for (uint32_t number = 1; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
		struct tw_slice line = {at, (uint32_t)(stop - at)};
		struct tw_arena_mark mark = tw_arena_mark(arena);
		struct tw_alert_view view;
		struct tw_error why;
		bool other = false;
		at = newline ? newline + 1 : end;
		const bool blank = is_blank(line);
		enum tw_code code = blank ? TW_OK : tw_alert_read(line, arena, &other, &view, &why);
		if (code != TW_OK) {
			char where[TW_ERROR_WHERE_BYTES];
			snprintf(where, sizeof(where), "%.200s:%u", path, number);
			return tw_fail(err, code, TW_REJECT, why.what, where, "%s", why.detail);
		}
		if (blank || other || !is_asked(&view, id)) {
			tw_arena_rewind(arena, mark);
			continue;
		}
		*out = view;
		*found = true;
	}
	return TW_OK;
}

enum tw_code tw_rules_alert_read(const char *word, struct tw_arena *arena, struct tw_alert_view *out, struct tw_error *err)
{
	char path[PATH_BYTES_MAX];
	struct tw_slice id = id_of(word, path), file;
	bool found = false;
	enum tw_code code = tw_file_read(path, FILE_BYTES_MAX, arena, &file, err);
	code = code == TW_OK ? lines_read(file, path, id, arena, out, &found, err) : code;
	if (code == TW_OK && !found) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, id.len ? "no alert has that id" : "the file holds no alert", path, "%.*s", (int)id.len,
		               id.ptr);
	}
	return code;
}
