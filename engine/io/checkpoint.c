/**
 * @file checkpoint.c
 * See checkpoint.h. Reading is a cursor over lines, each of which must be the one that is due.
 */
#include "engine/io/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"

#define TITLE "tidewaiter checkpoint "

static const char check_lead[] = "check ";

static void input_print(const struct tw_checkpoint_input *input, FILE *out)
{
	fprintf(out, "input %" PRIu64 " ", input->size);
	for (uint32_t i = 0; i < input->path.len; i++) {
		fputc(input->path.ptr[i] == '\n' ? '?' : input->path.ptr[i], out);
	}
	fputc('\n', out);
}

static void body_print(const struct tw_checkpoint *checkpoint, FILE *out)
{
	fprintf(out, TITLE "%u\nprogram %.*s\nsnapshot %.*s\nsettings %.*s\n", TW_CHECKPOINT_FORMAT, (int)checkpoint->program.len,
	        checkpoint->program.ptr, (int)checkpoint->snapshot.len, checkpoint->snapshot.ptr, (int)checkpoint->settings.len,
	        checkpoint->settings.ptr);
	for (uint32_t i = 0; i < checkpoint->input_count; i++) {
		input_print(&checkpoint->inputs[i], out);
	}
	fprintf(out, "lines %" PRIu64 "\nread %016" PRIx64 "\nat %u %" PRIu64 "\nbytes %" PRIu64 "\noutput %" PRIu64 "\nstate %s\n",
	        checkpoint->lines, checkpoint->read_hash, checkpoint->at_input, checkpoint->at_byte, checkpoint->bytes, checkpoint->output_bytes,
	        checkpoint->finished ? "finished" : "running");
}

struct tw_slice tw_checkpoint_text(const struct tw_checkpoint *checkpoint, struct tw_arena *arena)
{
	struct tw_slice text = {NULL, 0};
	char *body = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&body, &size);
	if (!out) {
		return text;
	}
	body_print(checkpoint, out);
	if (fclose(out) == 0) {
		text = tw_arena_format(arena, "%s%s%016" PRIx64 "\n", body, check_lead, tw_hash64(body, size, 0));
	}
	free(body);
	return text;
}

/* "name value\n" off the front of `rest`. */
static bool line_take(struct tw_slice *rest, const char *name, struct tw_slice *value)
{
	size_t length = strlen(name);
	const char *newline = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	if (!newline || (size_t)(newline - rest->ptr) < length || memcmp(rest->ptr, name, length) != 0) {
		return false;
	}
	*value = (struct tw_slice){rest->ptr + length, (uint32_t)((size_t)(newline - rest->ptr) - length)};
	rest->len -= (uint32_t)(newline + 1 - rest->ptr);
	rest->ptr = newline + 1;
	return true;
}

/* All of `text` as a number in that base, nothing else in it. */
static bool number_of(struct tw_slice text, unsigned base, uint64_t *out)
{
	uint64_t value = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;
		if (digit >= base || value > (UINT64_MAX - digit) / base) {
			return false;
		}
		value = value * base + digit;
	}
	*out = value;
	return text.len > 0;
}

static bool number_take(struct tw_slice *rest, const char *name, unsigned base, uint64_t *out)
{
	struct tw_slice value;
	return line_take(rest, name, &value) && number_of(value, base, out);
}

/* "number more": `text` becomes what follows the blank. */
static bool number_lead(struct tw_slice *text, uint64_t *out)
{
	const char *blank = text->len ? memchr(text->ptr, ' ', text->len) : NULL;
	if (!blank || !number_of((struct tw_slice){text->ptr, (uint32_t)(blank - text->ptr)}, 10, out)) {
		return false;
	}
	*text = (struct tw_slice){blank + 1, text->len - (uint32_t)(blank + 1 - text->ptr)};
	return true;
}

/* Lines of inputs. @return false when there is no memory, or a line is wrong: *sound tells which */
static bool inputs_take(struct tw_slice *rest, struct tw_arena *arena, struct tw_checkpoint *out, bool *sound)
{
	struct tw_list inputs = {NULL, 0, 0};
	struct tw_slice value;
	*sound = true;
	while (line_take(rest, "input ", &value)) {
		struct tw_checkpoint_input *input = tw_list_push(arena, &inputs, sizeof(*input));
		if (!input) {
			return false;
		}
		*sound = *sound && number_lead(&value, &input->size) && value.len > 0;
		input->path = value;
	}
	out->inputs = inputs.data;
	out->input_count = inputs.count;
	return *sound;
}

static bool place_take(struct tw_slice *rest, struct tw_checkpoint *out)
{
	uint64_t input = 0;
	struct tw_slice value;
	if (!line_take(rest, "at ", &value) || !number_lead(&value, &input) || !number_of(value, 10, &out->at_byte) || input > out->input_count) {
		return false;
	}
	out->at_input = (uint32_t)input;
	return true;
}

/* The rest ends with the hash over `body`. */
static bool ends_checked(struct tw_slice rest, struct tw_slice body)
{
	uint64_t stated = 0;
	body.len = (uint32_t)(rest.ptr - body.ptr);
	return number_take(&rest, check_lead, 16, &stated) && rest.len == 0 && stated == tw_hash64(body.ptr, body.len, 0);
}

enum tw_code tw_checkpoint_parse(struct tw_slice text, const char *where, struct tw_arena *arena, struct tw_checkpoint *out, struct tw_error *err)
{
	struct tw_checkpoint found = {.inputs = NULL};
	struct tw_slice rest = text, state = {NULL, 0};
	uint64_t format = 0;
	bool sound = number_take(&rest, TITLE, 10, &format);
	if (sound && format != TW_CHECKPOINT_FORMAT) {
		return tw_fail(err, TW_E_UNKNOWN, TW_STOP, "the checkpoint has a format that this program does not read", where,
		               "format %" PRIu64 ", not %u: go on with the program that wrote it, or begin anew without --resume", format,
		               TW_CHECKPOINT_FORMAT);
	}
	sound = sound && line_take(&rest, "program ", &found.program) && line_take(&rest, "snapshot ", &found.snapshot) &&
	        line_take(&rest, "settings ", &found.settings);
	if (sound && !inputs_take(&rest, arena, &found, &sound) && sound) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a checkpoint", where, NULL);
	}
	sound = sound && number_take(&rest, "lines ", 10, &found.lines) && number_take(&rest, "read ", 16, &found.read_hash) &&
	        place_take(&rest, &found) && number_take(&rest, "bytes ", 10, &found.bytes) &&
	        number_take(&rest, "output ", 10, &found.output_bytes) && line_take(&rest, "state ", &state);
	found.finished = sound && tw_slice_is(state, "finished");
	sound = sound && (found.finished || tw_slice_is(state, "running")) && ends_checked(rest, text);
	if (!sound) {
		return tw_fail(err, TW_E_CORRUPT, TW_STOP, "this is no checkpoint, or a damaged one", where, "begin anew without --resume");
	}
	*out = found;
	return TW_OK;
}

enum tw_code tw_checkpoint_read(const char *path, struct tw_arena *arena, struct tw_checkpoint *out, struct tw_error *err)
{
	struct tw_slice text;
	enum tw_code code = tw_file_read(path, TW_CHECKPOINT_BYTES_MAX, arena, &text, err);
	return code == TW_OK ? tw_checkpoint_parse(text, path, arena, out, err) : code;
}

/* All bytes, then the disk. */
static bool file_put(const char *path, struct tw_slice text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool good = fd >= 0;
	for (uint32_t at = 0; good && at < text.len;) {
		ssize_t wrote = write(fd, text.ptr + at, text.len - at);
		good = wrote >= 0 || errno == EINTR;
		at += wrote > 0 ? (uint32_t)wrote : 0;
	}
	good = good && fsync(fd) == 0;
	int why = errno;
	if (fd >= 0) {
		close(fd);
	}
	errno = why;
	return good;
}

/* A rename lasts once its folder is on the disk. Some file systems cannot sync a folder: they do it by themselves. */
static bool folder_sync(const char *path, struct tw_arena *arena)
{
	const char *slash = strrchr(path, '/');
	struct tw_slice folder =
	    slash ? tw_arena_copy(arena, (struct tw_slice){path, (uint32_t)(slash == path ? 1 : slash - path)}) : tw_slice_str(".");
	int fd = folder.ptr ? open(folder.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool good = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
	int why = errno;
	if (fd >= 0) {
		close(fd);
	}
	errno = why;
	return good;
}

enum tw_code tw_checkpoint_write(const char *path, const struct tw_checkpoint *checkpoint, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_slice text = tw_checkpoint_text(checkpoint, arena);
	const char *aside = tw_arena_format(arena, "%s.new", path).ptr;
	if (!text.ptr || !aside) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a checkpoint", path, NULL);
	}
	if (!file_put(aside, text) || rename(aside, path) != 0 || !folder_sync(path, arena)) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot write the checkpoint", path, "%s", strerror(errno));
	}
	return TW_OK;
}
