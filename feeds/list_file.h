/**
 * @file list_file.h
 * All lists compiled to one file that is mapped and used where it lies: the arrays of the index (list_arrays.h), each a section with its checksum.
 * Nothing but the few reports is copied, so all who map one file share its pages.
 *
 *     0      magic, format version, byte order, struct layout, rules of names, code lists, file size, sections; checksums of the table and of this
 *     256    table: name, offset, bytes, bytes an element, checksum     64 bytes a section
 *     ...    sections, each from a multiple of 64 on, zeros between; "index" is struct tw_list_index itself without its pointers
 *
 * Every byte is covered: a checksum, or it must be zero. What another machine, another build of the program or other code lists would read
 * differently is refused and built again, never converted: the sources are beside it. The checksums (XXH3) find damage, not malice: the file is to
 * be as hard to write to as the program. A file in use is replaced by a rename, as tw_list_file_write does it, never written over: its pages are
 * the index. Invariant: an index from a file gives the answers, bit for bit, of one from the same sources.
 */
#ifndef TIDEWAITER_FEEDS_LIST_FILE_H
#define TIDEWAITER_FEEDS_LIST_FILE_H

#include "feeds/lists.h"

#define TW_LIST_FILE_MAGIC   "TWLISTS\n"
#define TW_LIST_FILE_VERSION 9

/**
 * Put a file in the place of the one before: written beside it, on the disk (fsync), then renamed.
 * @param reports   one a list; `stale` and `unkept` are not written
 * @param reference digest of the code lists that countries were resolved with (tw_reference_digest); may be empty
 * @param bytes     NULL, or the size written
 * @return TW_OK; TW_E_IO, TW_E_LIMIT, TW_E_MEMORY: the file before is as it was
 */
TW_MUST_USE enum tw_code tw_list_file_write(const char *path, const struct tw_list_index *index, const struct tw_list_report *reports,
                                            uint32_t report_count, struct tw_slice reference, uint64_t *bytes, struct tw_error *err);

/**
 * Map a file. Free it as any index: tw_list_index_free.
 * @param reference as when it was written; another one refuses the file
 * @param out       written only on TW_OK
 * @return TW_OK; TW_E_MISSING; TW_E_TYPE (not a regular file); TW_E_SYNTAX (not a compiled file of lists); TW_E_CONFLICT (of another version,
 * machine, build, or other code lists: build it again); TW_E_CORRUPT (cut or damaged; the detail names the section); TW_E_IO, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_list_file_open(const char *path, struct tw_slice reference, struct tw_list_index **out, struct tw_error *err);

/** @return the reports of an index from a file, in the order of its making, borrowed from it; NULL: it is not from a file */
const struct tw_list_report *tw_list_file_reports(const struct tw_list_index *index, uint32_t *count);

/** Another copy of the file that an index is from, put in the place of what is at `path`. @return as tw_list_file_write */
TW_MUST_USE enum tw_code tw_list_file_copy(const struct tw_list_index *index, const char *path, struct tw_error *err);

/** Do two indexes come from files of the same bytes? By their checksums. */
bool tw_list_file_same(const struct tw_list_index *a, const struct tw_list_index *b);

#endif
