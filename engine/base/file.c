/**
 * @file file.c
 * See file.h. A regular file's size is known beforehand; what grows while it is read is refused, so that no half file is believed.
 */
#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/arena.h"

static enum tw_code refused(const char *path, const char *what, struct tw_error *err)
{
	enum tw_code code = errno == ENOENT || errno == ENOTDIR ? TW_E_MISSING : TW_E_IO;
	return tw_fail(err, code, TW_STOP, what, path, "%s", strerror(errno));
}

static enum tw_code read_all(int fd, const char *path, uint32_t size, char *out, struct tw_error *err)
{
	uint32_t have = 0;
	while (have < size) {
		ssize_t got = read(fd, out + have, size - have);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return refused(path, "cannot read the file", err);
		}
		if (got == 0) {
			return tw_fail(err, TW_E_IO, TW_STOP, "the file shrank while it was read", path, NULL);
		}
		have += (uint32_t)got;
	}
	char more;
	if (read(fd, &more, 1) != 0) {
		return tw_fail(err, TW_E_IO, TW_STOP, "the file grew while it was read", path, NULL);
	}
	return TW_OK;
}

enum tw_code tw_file_read(const char *path, uint32_t bytes_max, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err)
{
	struct stat status;
	enum tw_code code = TW_OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return refused(path, "cannot open the file", err);
	}
	if (fstat(fd, &status) != 0) {
		code = refused(path, "cannot read the file", err);
	} else if (!S_ISREG(status.st_mode)) {
		code = tw_fail(err, TW_E_IO, TW_STOP, "not a regular file", path, NULL);
	} else if (status.st_size > bytes_max) {
		code =
		    tw_fail(err, TW_E_LIMIT, TW_STOP, "the file is too large", path, "%lld bytes, at most %u", (long long)status.st_size, bytes_max);
	} else {
		uint32_t size = (uint32_t)status.st_size;
		char *bytes = tw_arena_alloc_raw(arena, (size_t)size + 1);
		if (!bytes) {
			code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the file", path, NULL);
		} else if ((code = read_all(fd, path, size, bytes, err)) == TW_OK) {
			bytes[size] = '\0';
			*out = (struct tw_slice){bytes, size};
		}
	}
	close(fd);
	return code;
}

/* @return false: no regular file */
static bool regular_stat(const char *path, int standard, struct stat *out)
{
	if (!path || !path[0]) {
		return false;
	}
	return (strcmp(path, "-") == 0 ? fstat(standard, out) : stat(path, out)) == 0 && S_ISREG(out->st_mode);
}

enum tw_code tw_file_apart(const char *path, const char *const *read, uint32_t count, struct tw_error *err)
{
	struct stat out, in;
	if (!regular_stat(path, STDOUT_FILENO, &out)) {
		return TW_OK;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (regular_stat(read[i], STDIN_FILENO, &in) && in.st_dev == out.st_dev && in.st_ino == out.st_ino) {
			return tw_fail(err, TW_E_CONFLICT, TW_STOP, "what is read would be written over", path,
			               "%s is the same file: name another one", strcmp(read[i], "-") == 0 ? "standard input" : read[i]);
		}
	}
	return TW_OK;
}

enum tw_code tw_file_compiled_or_none(const char *path, const char *magic, struct tw_error *err)
{
	char begin[16];
	size_t length = strlen(magic);
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		return TW_OK;
	}
	bool other = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
	             (length > sizeof(begin) || pread(fd, begin, length, 0) != (ssize_t)length || memcmp(begin, magic, length) != 0);
	close(fd);
	return other ? tw_fail(err, TW_E_CONFLICT, TW_STOP, "another file would be written over", path,
	                       "it is not a compiled one: name another file, or remove it")
	             : TW_OK;
}

static bool is_up(const char *name, size_t length)
{
	return length == 2 && name[0] == '.' && name[1] == '.';
}

/* By its text alone. @param out as large as the path, at least 2 bytes */
static void pairs_drop(const char *path, char *out)
{
	const size_t root = path[0] == '/';
	size_t used = root;
	memcpy(out, path, root);
	while (*path) {
		size_t length = strcspn(path, "/"), last = used;
		while (last > root && out[last - 1] != '/') {
			last--;
		}
		if (is_up(path, length) && used > root && !is_up(out + last, used - last)) {
			used = last > root ? last - 1 : root;
		} else if (length && !(length == 1 && path[0] == '.')) {
			out[used] = '/';
			used += used > root;
			memcpy(out + used, path, length);
			used += length;
		}
		path += length;
		path += *path == '/';
	}
	out[used] = '.';
	out[used ? used : 1] = '\0';
}

const char *tw_path_plain(const char *path, struct tw_arena *arena)
{
	char plain[PATH_MAX], whole[PATH_MAX], other[PATH_MAX];
	if (strlen(path) + 2 > sizeof(plain)) {
		return path;
	}
	pairs_drop(path, plain);
	if (!realpath(path, whole) || !realpath(plain, other) || strcmp(whole, other) != 0) {
		return path;
	}
	return tw_arena_copy(arena, tw_slice_str(plain)).ptr;
}
