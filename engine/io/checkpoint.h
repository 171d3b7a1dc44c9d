/**
 * @file checkpoint.h
 * The file that says how far a run over files has come: its text, and how it is put in place so that a kill leaves the old one or the new one.
 *
 *     tidewaiter checkpoint 1
 *     program 0.1.0              whose output it is
 *     snapshot 5d41...           rules, lists, embargoes and code lists, by digest
 *     settings 9f86...           settings that change the output, by digest
 *     input 183204 feb.ndjson    size and name of every input, in order
 *     lines 41000                lines finished, over all inputs, empty ones not counted
 *     read 0e6f3b1c22d90a47      a hash over those lines' bytes
 *     at 1 181044                for people: behind which byte of which input that is
 *     bytes 181044               for the progress bar: over all inputs
 *     output 91744               bytes of output that belong to those lines
 *     state running              or finished
 *     check 71b0cc90e1f2aa38     a hash over everything above
 *
 * Text, so that an operator can read it. Strict: these lines in this order, nothing else. The hashes are XXH3: they find accidents, not forgers.
 * Private to engine/io. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_IO_CHECKPOINT_H
#define TIDEWAITER_ENGINE_IO_CHECKPOINT_H

#include <stdbool.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

#define TW_CHECKPOINT_FORMAT    1U
#define TW_CHECKPOINT_BYTES_MAX (16U * 1024U * 1024U) /* names of some ten thousand inputs */

struct tw_checkpoint_input {
	uint64_t size;
	struct tw_slice path; /**< as it was named; for messages alone */
};

struct tw_checkpoint {
	struct tw_slice program, snapshot, settings; /**< no newline in them */
	const struct tw_checkpoint_input *inputs;
	uint32_t input_count;
	uint64_t lines;
	uint64_t read_hash;
	uint32_t at_input; /**< from 1; 0: none begun */
	uint64_t at_byte;
	uint64_t bytes;
	uint64_t output_bytes;
	bool finished;
};

/** @return the text, in the arena; {NULL, 0} at its ceiling. Newlines in input names are written as question marks. */
struct tw_slice tw_checkpoint_text(const struct tw_checkpoint *checkpoint, struct tw_arena *arena);
/**
 * @param text  borrowed: slices of `out` point into it
 * @param where for the error
 * @param out   written on success only
 * @return TW_OK; TW_E_CORRUPT for anything that is no checkpoint, or a damaged one; TW_E_UNKNOWN for one of another format; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_checkpoint_parse(struct tw_slice text, const char *where, struct tw_arena *arena, struct tw_checkpoint *out,
                                             struct tw_error *err);
/** As tw_checkpoint_parse, of a file. @return also TW_E_MISSING, TW_E_IO, TW_E_LIMIT */
TW_MUST_USE enum tw_code tw_checkpoint_read(const char *path, struct tw_arena *arena, struct tw_checkpoint *out, struct tw_error *err);
/** Beside the file under another name, to the disk, then renamed over it, the folder to the disk. @return TW_E_IO stop: the file is the old one */
TW_MUST_USE enum tw_code tw_checkpoint_write(const char *path, const struct tw_checkpoint *checkpoint, struct tw_arena *arena, struct tw_error *err);

#endif
