/**
 * @file bookmark.c
 * See bookmark.h.
 * Invariant: the checkpoint on the disk never counts output that is not there, nor lines whose output is not.
 */
#include "engine/io/bookmark.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/hash.h"

#define ARENA_BLOCK_BYTES ((size_t)16 * 1024)
#define BEGIN_ANEW        "begin anew without --resume"

static enum tw_code memory_out(const struct tw_bookmark *bookmark, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a checkpoint", bookmark->path, NULL);
}

static enum tw_code differs(const struct tw_bookmark *bookmark, const char *what, const char *detail, struct tw_error *err)
{
	return tw_fail(err, TW_E_CONFLICT, TW_STOP, what, bookmark->path, "%s; " BEGIN_ANEW, detail);
}

/* Sizes of the inputs as they are. @return TW_E_TYPE when one is no regular file, and so cannot be read twice */
static enum tw_code inputs_measure(struct tw_bookmark *bookmark, const struct tw_file_options *options, struct tw_error *err)
{
	struct tw_checkpoint_input *inputs = tw_arena_alloc(&bookmark->arena, options->input_count * sizeof(*inputs));
	struct stat info;
	if (!inputs) {
		return memory_out(bookmark, err);
	}
	for (uint32_t i = 0; i < options->input_count; i++) {
		if (strcmp(options->inputs[i], "-") == 0 || stat(options->inputs[i], &info) != 0 || !S_ISREG(info.st_mode)) {
			return tw_fail(err, TW_E_TYPE, TW_STOP, "only files can be resumed, for they can be read again", options->inputs[i], NULL);
		}
		inputs[i] = (struct tw_checkpoint_input){(uint64_t)info.st_size, tw_slice_str(options->inputs[i])};
	}
	bookmark->fixed.inputs = inputs;
	bookmark->fixed.input_count = options->input_count;
	return TW_OK;
}

static enum tw_code inputs_compare(const struct tw_bookmark *bookmark, const struct tw_checkpoint *earlier, struct tw_error *err)
{
	const struct tw_checkpoint *now = &bookmark->fixed;
	if (earlier->input_count != now->input_count) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "the earlier run had another number of inputs", bookmark->path, "%u, not %u; " BEGIN_ANEW,
		               earlier->input_count, now->input_count);
	}
	for (uint32_t i = 0; i < now->input_count; i++) {
		if (earlier->inputs[i].size != now->inputs[i].size) {
			return tw_fail(err, TW_E_CONFLICT, TW_STOP, "an input has changed since the earlier run read it", now->inputs[i].path.ptr,
			               "%" PRIu64 " bytes, not %" PRIu64 "; " BEGIN_ANEW, now->inputs[i].size, earlier->inputs[i].size);
		}
	}
	return TW_OK;
}

/* Would this run write what the earlier one would have written? */
static enum tw_code earlier_compare(const struct tw_bookmark *bookmark, const struct tw_checkpoint *earlier, const struct tw_line_sink *sink,
                                    struct tw_error *err)
{
	const struct tw_checkpoint *now = &bookmark->fixed;
	uint64_t length = tw_line_sink_length(sink);
	if (!tw_slice_equal(earlier->program, now->program)) {
		return differs(bookmark, "the earlier run was of another version of the program", "its alerts name their version", err);
	}
	if (!tw_slice_equal(earlier->snapshot, now->snapshot)) {
		return differs(bookmark, "rules, lists, embargoes or code lists are not those of the earlier run",
		               "one output is judged by one snapshot", err);
	}
	if (!tw_slice_equal(earlier->settings, now->settings)) {
		return differs(bookmark, "settings that change the output are not those of the earlier run",
		               "topics, lanes, score, random, limits, or --topic", err);
	}
	if (length < earlier->output_bytes) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "the output is shorter than its checkpoint says", sink->path,
		               "%" PRIu64 " bytes, not %" PRIu64 "; " BEGIN_ANEW, length, earlier->output_bytes);
	}
	return inputs_compare(bookmark, earlier, err);
}

static enum tw_code earlier_find(struct tw_bookmark *bookmark, const struct tw_line_sink *sink, struct tw_error *err)
{
	struct tw_checkpoint earlier;
	struct tw_error missing;
	enum tw_code code = tw_checkpoint_read(bookmark->path, &bookmark->arena, &earlier, &missing);
	if (code == TW_E_MISSING) {
		return TW_OK;
	}
	if (code != TW_OK) {
		*err = missing;
		return code;
	}
	code = earlier_compare(bookmark, &earlier, sink, err);
	if (code == TW_OK) {
		bookmark->earlier = earlier;
		bookmark->resumed = true;
	}
	return code;
}

enum tw_code tw_bookmark_init(struct tw_bookmark *bookmark, const struct tw_file_options *options, const struct tw_line_sink *sink,
                              struct tw_error *err)
{
	const struct tw_file_identity *identity = options->identity;
	*bookmark = (struct tw_bookmark){.kept = false};
	tw_arena_init(&bookmark->arena, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&bookmark->scratch, ARENA_BLOCK_BYTES, 0);
	if (!identity || !sink->regular) {
		return !options->resume
		           ? TW_OK
		           : tw_fail(err, TW_E_CONFLICT, TW_STOP, "only an output file can be resumed", options->output, "name one with --out");
	}
	bookmark->path = tw_arena_format(&bookmark->arena, "%s" TW_CHECKPOINT_SUFFIX, options->output).ptr;
	bookmark->fixed.program = tw_arena_copy(&bookmark->arena, tw_slice_str(identity->program));
	bookmark->fixed.snapshot = tw_arena_copy(&bookmark->arena, tw_slice_str(identity->snapshot));
	bookmark->fixed.settings = tw_arena_copy(&bookmark->arena, tw_slice_str(identity->settings));
	if (!bookmark->path || !bookmark->fixed.program.ptr || !bookmark->fixed.snapshot.ptr || !bookmark->fixed.settings.ptr) {
		return memory_out(bookmark, err);
	}
	struct tw_error why;
	enum tw_code code = inputs_measure(bookmark, options, &why);
	bookmark->kept = code == TW_OK;
	if (options->resume && code == TW_OK) {
		return earlier_find(bookmark, sink, err);
	}
	if (code != TW_OK && (options->resume || code != TW_E_TYPE)) {
		*err = why;
		return code;
	}
	if (unlink(bookmark->path) != 0 && errno != ENOENT) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot remove the checkpoint of an earlier run", bookmark->path, "%s", strerror(errno));
	}
	return TW_OK;
}

void tw_bookmark_fini(struct tw_bookmark *bookmark)
{
	tw_arena_fini(&bookmark->arena);
	tw_arena_fini(&bookmark->scratch);
}

void tw_bookmark_line(struct tw_bookmark *bookmark, const struct tw_line_reader *reader, const struct tw_line *line)
{
	if (!bookmark->kept) {
		return;
	}
	uint64_t consumed = reader->done - (reader->end - reader->at);
	struct tw_reach *seen = &bookmark->seen;
	*seen = (struct tw_reach){.lines = seen->lines + 1,
	                          .hash = tw_hash64(line->ptr, line->len, seen->hash),
	                          .bytes = consumed,
	                          .input = reader->next_path,
	                          .byte = consumed - reader->done_before};
}

enum tw_code tw_bookmark_commit(struct tw_bookmark *bookmark, struct tw_error *err)
{
	bool arrived = bookmark->seen.lines == bookmark->earlier.lines && bookmark->done.lines < bookmark->earlier.lines;
	bookmark->done = bookmark->seen;
	if (arrived && bookmark->seen.hash != bookmark->earlier.read_hash) {
		return differs(bookmark, "an input has changed since the earlier run read it", "its size is the same, its lines are not", err);
	}
	return TW_OK;
}

enum tw_code tw_bookmark_short(const struct tw_bookmark *bookmark, struct tw_error *err)
{
	return differs(bookmark, "an input has changed since the earlier run read it", "it has fewer lines", err);
}

enum tw_code tw_bookmark_keep(struct tw_bookmark *bookmark, const struct tw_line_sink *sink, bool finished, struct tw_error *err)
{
	struct tw_checkpoint now = bookmark->fixed;
	if (!bookmark->kept || bookmark->done.lines < bookmark->earlier.lines) {
		return TW_OK;
	}
	enum tw_code code = tw_line_sink_sync(sink, err);
	if (code != TW_OK) {
		return code;
	}
	now.lines = bookmark->done.lines;
	now.read_hash = bookmark->done.hash;
	now.at_input = bookmark->done.input;
	now.at_byte = bookmark->done.byte;
	now.bytes = bookmark->done.bytes;
	now.output_bytes = tw_line_sink_length(sink);
	now.finished = finished;
	tw_arena_reset(&bookmark->scratch);
	return tw_checkpoint_write(bookmark->path, &now, &bookmark->scratch, err);
}
