/**
 * @file list_keep.h
 * The last good copy of a list: the bytes of its source files, for the day that they are missing or broken. One file a list, in a folder that the
 * operator names; the next good one takes its place at once, so there is never half a copy.
 *
 *     FOLDER/un-sc.last-good
 *       tidewaiter-list 1
 *       format un-xml
 *       entries 1003
 *       digest 66b392...            SHA-256 over the bytes, as in alerts
 *       file 1532004 consolidated.xml
 *                                   an empty line, then the files' bytes, one behind the other
 */
#ifndef TIDEWAITER_FEEDS_LIST_KEEP_H
#define TIDEWAITER_FEEDS_LIST_KEEP_H

#include "feeds/list_loader.h"

#define TW_LIST_KEEP_NAME_BYTES 256

/** What stands at the head of a copy. */
struct tw_list_kept {
	enum tw_list_format format;
	uint32_t entries;
	char digest[65];
	uint32_t count;
	uint32_t size[TW_LIST_FILES_MAX];
	char name[TW_LIST_FILES_MAX][TW_LIST_KEEP_NAME_BYTES]; /**< without folder: for messages */
	uint32_t bytes_at;                                     /**< where in the copy the files' bytes begin */
};

/** Where the copy of list `id` stands. @return false when the path would be too long */
TW_MUST_USE bool tw_list_keep_path(const char *folder, const char *id, char *out, size_t size);

/** Read the head alone. @param kept written only on TW_OK @return TW_OK; TW_E_MISSING: none is kept; TW_E_CORRUPT, TW_E_LIMIT, TW_E_IO */
TW_MUST_USE enum tw_code tw_list_keep_head(const char *folder, const char *id, struct tw_list_kept *kept, struct tw_error *err);

/**
 * Read the files' bytes, and compare them with the digest at the head.
 * @param kept of tw_list_keep_head @param bytes written only on TW_OK: the sum of `size`, the caller frees them
 * @return TW_OK; TW_E_CORRUPT: they are not what was kept; TW_E_MISSING, TW_E_IO, TW_E_LIMIT, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_list_keep_bytes(const char *folder, const char *id, const struct tw_list_kept *kept, char **bytes, struct tw_error *err);

/**
 * Put a copy in the place of the one before: written beside it, on the disk (fsync), then renamed. The folder is made where there is none.
 * @param kept  all but bytes_at
 * @param bytes the sum of `size`
 * @return TW_OK; TW_E_IO, TW_E_LIMIT: the copy before is as it was. Threads, processes: any number at once
 */
TW_MUST_USE enum tw_code tw_list_keep_write(const char *folder, const char *id, const struct tw_list_kept *kept, const char *bytes,
                                            struct tw_error *err);

#endif
