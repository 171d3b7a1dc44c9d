/**
 * @file list_file_seal.h
 * A compiled file whose checksums are made good again after it was changed: what reaches the checks behind them.
 */
#ifndef TIDEWAITER_TESTS_LIST_FILE_SEAL_H
#define TIDEWAITER_TESTS_LIST_FILE_SEAL_H

#include <string.h>

#include "engine/base/hash.h"
#include "feeds/list_file_layout.h"

/* Where a section begins in the file, and how long it is. @return false: there is none of that number */
static inline bool list_file_section(const char *bytes, uint32_t number, struct tw_list_file_section *out)
{
	struct tw_list_file_head head;
	memcpy(&head, bytes, sizeof(head));
	memcpy(out, bytes + sizeof(head) + (number < head.sections ? number : 0) * sizeof(*out), sizeof(*out));
	return number < head.sections;
}

/* The table's and the head's sums. */
static inline void list_file_seal_head(char *bytes)
{
	struct tw_list_file_head head;
	memcpy(&head, bytes, sizeof(head));
	head.table_sum = tw_hash64(bytes + sizeof(head), TW_LIST_FILE_SECTIONS * sizeof(struct tw_list_file_section), TW_LIST_FILE_SEED);
	head.sum = tw_hash64(&head, offsetof(struct tw_list_file_head, sum), TW_LIST_FILE_SEED);
	memcpy(bytes, &head, sizeof(head));
}

/* Those of the sections too, whose places must be whole. */
static inline void list_file_seal(char *bytes)
{
	struct tw_list_file_section section;
	for (uint32_t i = 0; list_file_section(bytes, i, &section); i++) {
		section.sum = tw_hash64(bytes + section.offset, section.bytes, TW_LIST_FILE_SEED);
		memcpy(bytes + sizeof(struct tw_list_file_head) + i * sizeof(section), &section, sizeof(section));
	}
	list_file_seal_head(bytes);
}

#endif
