/**
 * @file file_replace.h
 * A file put in the place of the one before as a whole: written beside it, on the disk (fsync), then renamed. There is never half of it.
 */
#ifndef TIDEWAITER_ENGINE_BASE_FILE_REPLACE_H
#define TIDEWAITER_ENGINE_BASE_FILE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

/** All of the bytes at a place, whatever signals come. @return false: errno says why */
bool tw_file_write_at(int file, const void *bytes, size_t size, uint64_t offset);

/**
 * What renames over a device or a pipe takes it away from everybody: /dev/full, /dev/stdout.
 * @return NULL: there is nothing at `path`, or a regular file; else why it is not replaced
 */
const char *tw_file_replace_refused(const char *path);

/**
 * The new file has the rights of the one before; where there was none, those that all may read it.
 * @param fill writes the new one @return false of it: errno says why
 * @param what constant text for the error
 * @return TW_OK; TW_E_IO (no regular file stands there, among others), TW_E_LIMIT (a path too long): what was there is as it was. Threads, processes:
 * any number at once, one of them wins
 */
TW_MUST_USE enum tw_code tw_file_replace(const char *path, bool (*fill)(int file, void *context), void *context, const char *what,
                                         struct tw_error *err);

/** The same of a text. */
TW_MUST_USE enum tw_code tw_file_replace_text(const char *path, struct tw_slice text, const char *what, struct tw_error *err);

#endif
