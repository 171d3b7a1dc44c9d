/**
 * @file marking_file.h
 * A list of marks compiled to one file that is mapped and used where it lies: millions of marks are there at once, and shared by all who map it.
 *
 *     0     magic, format version, byte order, struct layout, rules of marks, sizes, what the report says, digest of the source; checksums, of this
 * too 512   rows, ranges, drawers, each from a multiple of 64 on, zeros between
 *
 * It is also the last good copy of a list (tw_marking_list_care): the same bytes, in the folder of the operator. The checksums (XXH3) find damage,
 * not malice: the file is to be as hard to write to as the program. What another machine or another build of the program would read differently is
 * refused and made again, never converted. A file in use is replaced by a rename, never written over.
 */
#ifndef TIDEWAITER_FEEDS_MARKING_FILE_H
#define TIDEWAITER_FEEDS_MARKING_FILE_H

#include "feeds/marking_list.h"

#define TW_MARKING_FILE_MAGIC "TWMARKS\n"

/** Put a file in the place of the one before. @return TW_OK; TW_E_IO, TW_E_LIMIT: the file before is as it was */
TW_MUST_USE enum tw_code tw_marking_file_write(const char *path, const struct tw_marking_list *list, struct tw_error *err);

/**
 * Map a file; its report's digest is that of the source. Free it as any list.
 * @param out written only on TW_OK
 * @return TW_OK; TW_E_MISSING; TW_E_SYNTAX (not a compiled list of marks); TW_E_CONFLICT (of another version, machine or build: make it again);
 *         TW_E_CORRUPT (cut or damaged); TW_E_IO, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_marking_file_open(const char *path, struct tw_marking_list **out, struct tw_error *err);

/** Does the file begin as a compiled one? false too where it cannot be read. */
bool tw_marking_file_is(const char *path);

#endif
