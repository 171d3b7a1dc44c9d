/**
 * @file file.h
 * Paths as a person would write them. Read a file whole, within a bound: for configuration, rules, lists and tables, never for the event stream.
 */
#ifndef TIDEWAITER_ENGINE_BASE_FILE_H
#define TIDEWAITER_ENGINE_BASE_FILE_H

#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

/**
 * @param bytes_max larger files are refused, not cut
 * @param out terminated copy in the arena; the terminator is not counted
 * @return TW_OK; TW_E_MISSING when there is no such file; TW_E_IO; TW_E_LIMIT; TW_E_MEMORY; where = path
 */
TW_MUST_USE enum tw_code tw_file_read(const char *path, uint32_t bytes_max, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err);

/**
 * What is written may not be what is read. Only regular files are told apart, by whatever name or link each is named.
 * @param path  "-" is standard output; NULL and "" nowhere
 * @param read  "-" is standard input; NULL and "" none
 * @return TW_OK; TW_E_CONFLICT stop, where = path: it is one of `read`, and nothing was touched
 */
TW_MUST_USE enum tw_code tw_file_apart(const char *path, const char *const *read, uint32_t count, struct tw_error *err);

/**
 * May a compiled file be put at `path`? Over another one, over an empty file, or where nothing is; not over a list, a paper or a table.
 * @param magic what compiled files of the kind begin with, terminated
 * @return TW_OK; TW_E_CONFLICT stop, where = path; what cannot be opened is for whoever writes it to complain about
 */
TW_MUST_USE enum tw_code tw_file_compiled_or_none(const char *path, const char *magic, struct tw_error *err);

/**
 * A path without its "name/.." pairs, "./" and doubled slashes, where that is the same place: behind a link to a folder, ".." leads elsewhere.
 * @return in the arena; `path` itself where it would be another place, is not there, or is longer than PATH_MAX; NULL at the arena's ceiling
 */
const char *tw_path_plain(const char *path, struct tw_arena *arena);

#endif
