/**
 * @file bookmark.h
 * Where a run over files stands, and where an earlier one stood: what makes a killed run go on as if it had not been killed.
 *
 *     lines of the input     1 ........................ 41000 | 41001 ......... end
 *                            finished by the earlier run       new ground
 *                            read again for history,           judged
 *                            nothing is written
 *     bytes of the output    0 ........................ 91744 | a torn tail
 *                            kept                              cut off, when the last finished line has been read and is the same
 *
 * The output goes to the disk before the checkpoint that counts it: a kill between the two leaves a tail that no checkpoint counts, and the next
 * run cuts it off. A changed input is found by sizes at once, and by the hash over every finished line once those are read, before a byte of
 * output changes. Lines that were not finished are not compared: the output speaks of them as they are now.
 *
 * Private to engine/io. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_IO_BOOKMARK_H
#define TIDEWAITER_ENGINE_IO_BOOKMARK_H

#include "engine/base/arena.h"
#include "engine/io/checkpoint.h"
#include "engine/io/lines.h"
#include "engine/io/stream.h"

/* A place in the input: behind so many lines. */
struct tw_reach {
	uint64_t lines;
	uint64_t hash; /* over them */
	uint64_t bytes;
	uint32_t input; /* from 1 */
	uint64_t byte;
};

struct tw_bookmark {
	bool kept; /* this run writes checkpoints */
	const char *path;
	struct tw_arena arena;        /* lives as long: names, the earlier checkpoint */
	struct tw_arena scratch;      /* one checkpoint's text */
	struct tw_checkpoint fixed;   /* what every checkpoint of this run says alike */
	struct tw_checkpoint earlier; /* lines 0: there was none, or it had finished nothing */
	bool resumed;                 /* there was one */
	struct tw_reach seen;         /* lines handed out */
	struct tw_reach done;         /* of those: committed */
};

/**
 * After the sink was opened, and before it is begun. Decides whether checkpoints are kept, reads the earlier one when it is to be gone on with, else
 * removes it, for it does not speak of the output that now begins.
 * @return TW_E_CONFLICT stop: an earlier run that this one cannot go on with, or files that cannot be resumed; TW_E_CORRUPT or TW_E_UNKNOWN, see
 *         tw_checkpoint_parse; TW_E_IO; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_bookmark_init(struct tw_bookmark *bookmark, const struct tw_file_options *options, const struct tw_line_sink *sink,
                                          struct tw_error *err);
void tw_bookmark_fini(struct tw_bookmark *bookmark);
/** One line was handed out, whose bytes nobody has changed yet; the reader stands behind it. */
void tw_bookmark_line(struct tw_bookmark *bookmark, const struct tw_line_reader *reader, const struct tw_line *line);
/** Lines yet to be read again before there is new ground. */
static inline uint64_t tw_bookmark_left(const struct tw_bookmark *bookmark)
{
	return bookmark->earlier.lines > bookmark->seen.lines ? bookmark->earlier.lines - bookmark->seen.lines : 0;
}
/** Everything handed out is finished. At the end of what an earlier run finished: was it the same? TW_E_CONFLICT stop when not. */
TW_MUST_USE enum tw_code tw_bookmark_commit(struct tw_bookmark *bookmark, struct tw_error *err);
/** Refuse an input that ended before what the earlier run had finished. */
enum tw_code tw_bookmark_short(const struct tw_bookmark *bookmark, struct tw_error *err);
/** Output to the disk, then the checkpoint. Nothing while lines are read again, or when none is kept. */
TW_MUST_USE enum tw_code tw_bookmark_keep(struct tw_bookmark *bookmark, const struct tw_line_sink *sink, bool finished, struct tw_error *err);

#endif
