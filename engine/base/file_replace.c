/**
 * @file file_replace.c
 * See file_replace.h.
 */
#include "engine/base/file_replace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

bool tw_file_write_at(int file, const void *bytes, size_t size, uint64_t offset)
{
	const char *from = bytes;
	while (size) {
		ssize_t put = pwrite(file, from, size, (off_t)offset);
		if (put < 0 && errno == EINTR) {
			continue;
		}
		if (put < 0) {
			return false;
		}
		from += put;
		offset += (uint64_t)put;
		size -= (size_t)put;
	}
	return true;
}

/* The rename itself is on the disk only when its folder is. */
static bool folder_sync(const char *path)
{
	char folder[PATH_BYTES];
	const char *slash = strrchr(path, '/');
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + (slash == path) : 1, slash ? path : ".");
	FILE *opened = fopen(folder, "re");
	bool good = opened && fsync(fileno(opened)) == 0;
	if (opened) {
		fclose(opened);
	}
	return good;
}

const char *tw_file_replace_refused(const char *path)
{
	struct stat there;
	return stat(path, &there) == 0 && !S_ISREG(there.st_mode) ? "not a regular file" : NULL;
}

static mode_t rights_of(const char *path)
{
	struct stat there;
	return stat(path, &there) == 0 ? there.st_mode & 07777 : 0644;
}

enum tw_code tw_file_replace(const char *path, bool (*fill)(int file, void *context), void *context, const char *what, struct tw_error *err)
{
	char beside[PATH_BYTES];
	int used = snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
	if (used < 0 || (size_t)used >= sizeof(beside)) {
		return tw_fail(err, TW_E_LIMIT, TW_STOP, "a path too long", path, NULL);
	}
	const char *refused = tw_file_replace_refused(path);
	if (refused) {
		return tw_fail(err, TW_E_IO, TW_STOP, what, path, "%s", refused);
	}
	int file = mkstemp(beside);
	bool good = file >= 0 && fill(file, context) && fchmod(file, rights_of(path)) == 0 && fsync(file) == 0;
	int reason = errno;
	if (file >= 0 && close(file) != 0 && good) {
		good = false;
		reason = errno;
	}
	if (good && (rename(beside, path) != 0 || !folder_sync(path))) {
		good = false;
		reason = errno;
	}
	if (!good && file >= 0) {
		unlink(beside);
	}
	return good ? TW_OK : tw_fail(err, TW_E_IO, TW_STOP, what, path, "%s", strerror(reason));
}

static bool text_put(int file, void *context)
{
	const struct tw_slice *text = context;
	return tw_file_write_at(file, text->ptr, text->len, 0);
}

enum tw_code tw_file_replace_text(const char *path, struct tw_slice text, const char *what, struct tw_error *err)
{
	return tw_file_replace(path, text_put, &text, what, err);
}
