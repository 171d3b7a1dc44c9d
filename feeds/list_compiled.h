/**
 * @file list_compiled.h
 * A compiled file of lists (list_file.h) with the care that lists from their sources get: held against the configuration and the last good ones, and
 * replaced by its last good copy while it is missing, damaged or shrunk.
 */
#ifndef TIDEWAITER_FEEDS_LIST_COMPILED_H
#define TIDEWAITER_FEEDS_LIST_COMPILED_H

#include "feeds/lists.h"

#define TW_LIST_COMPILED_KEPT "lists.compiled" /* its copy in the folder of last good ones */

struct tw_list_compiled {
	const char *path;
	const struct tw_list_source *sources; /**< the configured lists: the file must hold these, with entries_min and shrink_ppm_max; may be none */
	uint32_t source_count;
	struct tw_slice reference; /**< digest of the code lists */
	struct tw_list_care care;
};

/**
 * Map the file, or its last good copy: then `stale` of each report says why.
 * @param out written only on TW_OK; freed by tw_list_index_free
 * @return as tw_list_file_open; TW_E_CONFLICT too: its lists are not the configured ones; TW_E_MISSING: fewer entries than entries_min; TW_E_LIMIT: a
 * list shrank by more than it may
 */
TW_MUST_USE enum tw_code tw_list_compiled_load(const struct tw_list_compiled *compiled, struct tw_list_index **out, struct tw_error *err);

#endif
