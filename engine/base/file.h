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
 * A path without its "name/.." pairs, "./" and doubled slashes, where that is the same place: behind a link to a folder, ".." leads elsewhere.
 * @return in the arena; `path` itself where it would be another place, is not there, or is longer than PATH_MAX; NULL at the arena's ceiling
 */
const char *tw_path_plain(const char *path, struct tw_arena *arena);

#endif
