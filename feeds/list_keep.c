/**
 * @file list_keep.c
 * See list_keep.h. The head is text of bounded length, read strictly: whatever does not look as we write it is TW_E_CORRUPT, never a guess.
 */
#include "feeds/list_keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tidewaiter/limits.h>

#include "engine/base/hash.h"

#define PATH_BYTES 4096
#define HEAD_BYTES 2048 /* three file names and six short lines */
#define FIRST_LINE "tidewaiter-list 1\n"

static enum tw_code fail_system(const char *what, const char *path, struct tw_error *err)
{
	return tw_fail(err, errno == ENOENT ? TW_E_MISSING : TW_E_IO, TW_REJECT, what, path, "%s", strerror(errno));
}

static enum tw_code fail_corrupt(const char *path, const char *detail, struct tw_error *err)
{
	return tw_fail(err, TW_E_CORRUPT, TW_REJECT, "a last good copy of a list does not check", path, "%s", detail);
}

/* An id is the operator's word: what could lead elsewhere, or is no letter, digit, "-", "_" or ".", is written as %2F. */
bool tw_list_keep_path(const char *folder, const char *id, char *out, size_t size)
{
	int used = snprintf(out, size, "%s/", folder);
	for (const char *at = id; used > 0 && (size_t)used < size && *at; at++) {
		unsigned char c = (unsigned char)*at;
		bool plain =
		    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && at != id);
		used += snprintf(out + used, size - (size_t)used, plain ? "%c" : "%%%02X", c);
	}
	if (used > 0 && (size_t)used < size) {
		used += snprintf(out + used, size - (size_t)used, ".last-good");
	}
	return used > 0 && (size_t)used < size;
}

static enum tw_code path_of(const char *folder, const char *id, char out[PATH_BYTES], struct tw_error *err)
{
	return tw_list_keep_path(folder, id, out, PATH_BYTES) ? TW_OK : tw_fail(err, TW_E_LIMIT, TW_REJECT, "a path too long", folder, "%s", id);
}

/* ---- reading ---- */

/* As much as there is, up to `size`. @return bytes, or -1 */
static ssize_t read_up_to(int file, char *to, size_t size, off_t from)
{
	size_t have = 0;
	while (have < size) {
		ssize_t got = pread(file, to + have, size - have, from + (off_t)have);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return -1;
		}
		if (got == 0) {
			break;
		}
		have += (size_t)got;
	}
	return (ssize_t)have;
}

/* "key value\n" at `*at`: the value, terminated in place. @return NULL when it is not that line */
static char *line_take(char **at, const char *key)
{
	size_t length = strlen(key);
	char *end = strchr(*at, '\n');
	if (!end || strncmp(*at, key, length) != 0 || (*at)[length] != ' ') {
		return NULL;
	}
	char *value = *at + length + 1;
	*end = '\0';
	*at = end + 1;
	return value;
}

static bool number_take(const char *text, uint64_t most, char stop, uint32_t *out, const char **rest)
{
	char *end = NULL;
	if (!text || *text < '0' || *text > '9') {
		return false;
	}
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	*out = (uint32_t)value;
	*rest = end;
	return errno == 0 && value <= most && *end == stop;
}

static bool files_take(char **at, struct tw_list_kept *kept)
{
	uint64_t total = 0;
	while (**at != '\n') {
		const char *name = NULL;
		const char *line = kept->count < TW_LIST_FILES_MAX ? line_take(at, "file") : NULL;
		if (!number_take(line, TW_LIST_BYTES_MAX, ' ', &kept->size[kept->count], &name) || strlen(name + 1) >= TW_LIST_KEEP_NAME_BYTES) {
			return false;
		}
		total += kept->size[kept->count];
		snprintf(kept->name[kept->count++], TW_LIST_KEEP_NAME_BYTES, "%s", name + 1);
	}
	return kept->count && total <= TW_LIST_BYTES_MAX;
}

/* @param text terminated */
static bool head_take(char *text, struct tw_list_kept *kept)
{
	char *at = text + strlen(FIRST_LINE);
	const char *rest = NULL;
	if (strncmp(text, FIRST_LINE, strlen(FIRST_LINE)) != 0) {
		return false;
	}
	const char *format = line_take(&at, "format");
	kept->format = format ? tw_list_format_find(tw_slice_str(format)) : (enum tw_list_format)0;
	if (!kept->format || !number_take(line_take(&at, "entries"), TW_LIST_ENTRIES_MAX, '\0', &kept->entries, &rest)) {
		return false;
	}
	const char *digest = line_take(&at, "digest");
	if (!digest || strlen(digest) != sizeof(kept->digest) - 1) {
		return false;
	}
	snprintf(kept->digest, sizeof(kept->digest), "%s", digest);
	if (!files_take(&at, kept)) {
		return false;
	}
	kept->bytes_at = (uint32_t)(at + 1 - text);
	return true;
}

static enum tw_code copy_open(const char *path, int *file, struct tw_error *err)
{
	*file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return *file >= 0 ? TW_OK : fail_system("cannot read the last good copy of a list", path, err);
}

enum tw_code tw_list_keep_head(const char *folder, const char *id, struct tw_list_kept *kept, struct tw_error *err)
{
	char path[PATH_BYTES], text[HEAD_BYTES + 1];
	struct tw_list_kept read = {.count = 0};
	int file = -1;
	enum tw_code code = path_of(folder, id, path, err);
	code = code == TW_OK ? copy_open(path, &file, err) : code;
	if (code != TW_OK) {
		return code;
	}
	ssize_t got = read_up_to(file, text, HEAD_BYTES, 0);
	code = got < 0 ? fail_system("cannot read the last good copy of a list", path, err) : TW_OK;
	close(file);
	if (code != TW_OK) {
		return code;
	}
	text[got] = '\0';
	if (!head_take(text, &read)) {
		return fail_corrupt(path, "its head is not one of ours", err);
	}
	*kept = read;
	return TW_OK;
}

enum tw_code tw_list_keep_bytes(const char *folder, const char *id, const struct tw_list_kept *kept, char **bytes, struct tw_error *err)
{
	char path[PATH_BYTES], digest[TW_SHA256_HEX_BYTES];
	int file = -1;
	size_t size = 0;
	for (uint32_t i = 0; i < kept->count; i++) {
		size += kept->size[i];
	}
	enum tw_code code = path_of(folder, id, path, err);
	code = code == TW_OK ? copy_open(path, &file, err) : code;
	if (code != TW_OK) {
		return code;
	}
	char *read = malloc(size + 1);
	ssize_t got = read ? read_up_to(file, read, size + 1, (off_t)kept->bytes_at) : 0;
	if (!read) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", path, NULL);
	} else if (got < 0) {
		code = fail_system("cannot read the last good copy of a list", path, err);
	} else if ((size_t)got != size) {
		code = fail_corrupt(path, "its length is not what its head says", err);
	} else {
		code = tw_sha256_hex(read, size, digest, err);
	}
	close(file);
	if (code == TW_OK && strcmp(digest, kept->digest) != 0) {
		code = fail_corrupt(path, "its bytes are not those of its digest", err);
	}
	if (code != TW_OK) {
		free(read);
		return code;
	}
	*bytes = read;
	return TW_OK;
}

/* ---- writing ---- */

static bool write_all(int file, const char *from, size_t size)
{
	while (size) {
		ssize_t put = write(file, from, size);
		if (put < 0 && errno == EINTR) {
			continue;
		}
		if (put < 0) {
			return false;
		}
		from += put;
		size -= (size_t)put;
	}
	return true;
}

static size_t head_write(const struct tw_list_kept *kept, char out[HEAD_BYTES], size_t *bytes)
{
	int used = snprintf(out, HEAD_BYTES, FIRST_LINE "format %s\nentries %u\ndigest %s\n", tw_list_format_name(kept->format), kept->entries,
	                    kept->digest);
	*bytes = 0;
	for (uint32_t i = 0; i < kept->count; i++) {
		used += snprintf(out + used, HEAD_BYTES - (size_t)used, "file %u %s\n", kept->size[i], kept->name[i]);
		*bytes += kept->size[i];
	}
	used += snprintf(out + used, HEAD_BYTES - (size_t)used, "\n");
	return (size_t)used;
}

/* The rename itself is on the disk only when its folder is. */
static bool folder_sync(const char *folder)
{
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = file >= 0 && fsync(file) == 0;
	if (file >= 0) {
		close(file);
	}
	return good;
}

enum tw_code tw_list_keep_write(const char *folder, const char *id, const struct tw_list_kept *kept, const char *bytes, struct tw_error *err)
{
	char path[PATH_BYTES], beside[PATH_BYTES + 8], head[HEAD_BYTES];
	size_t size = 0, head_size = head_write(kept, head, &size);
	enum tw_code code = path_of(folder, id, path, err);
	if (code != TW_OK) {
		return code;
	}
	if (mkdir(folder, 0750) != 0 && errno != EEXIST) {
		return tw_fail(err, TW_E_IO, TW_REJECT, "cannot keep the list", folder, "%s", strerror(errno));
	}
	snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
	int file = mkstemp(beside);
	bool good = file >= 0 && write_all(file, head, head_size) && write_all(file, bytes, size) && fsync(file) == 0;
	int reason = errno;
	if (file >= 0 && close(file) != 0 && good) {
		good = false;
		reason = errno;
	}
	if (good && (rename(beside, path) != 0 || !folder_sync(folder))) {
		good = false;
		reason = errno;
	}
	if (!good && file >= 0) {
		unlink(beside);
	}
	return good ? TW_OK : tw_fail(err, TW_E_IO, TW_REJECT, "cannot keep the list", path, "%s", strerror(reason));
}
