/**
 * @file list_file_layout.h
 * The bytes at the beginning of a compiled file of lists; see list_file.h. Private to list_file*.c and their tests.
 */
#ifndef TIDEWAITER_FEEDS_LIST_FILE_LAYOUT_H
#define TIDEWAITER_FEEDS_LIST_FILE_LAYOUT_H

#include "feeds/list_arrays.h"

#define TW_LIST_FILE_BYTE_ORDER 0x01020304U
#define TW_LIST_FILE_ALIGN      64U
#define TW_LIST_FILE_SECTIONS   128U
#define TW_LIST_FILE_SEED       0x636f6d70696c6564ULL /* "compiled" */
#define TW_LIST_FILE_INDEX      "index"

struct tw_list_file_head {
	char magic[8];
	uint32_t version, byte_order;
	uint64_t layout;
	char rules[64];     /* zeros behind its end */
	char reference[64]; /* hex SHA-256, or zeros */
	uint64_t bytes;     /* of the file */
	uint32_t sections, reserved;
	char room[72];
	uint64_t table_sum;
	uint64_t sum; /* of all before it */
};
_Static_assert(sizeof(struct tw_list_file_head) == 256, "the table begins at byte 256");

struct tw_list_file_section {
	char name[TW_LIST_ARRAY_NAME_BYTES]; /* zeros behind its end */
	uint64_t offset, bytes;
	uint64_t element_bytes;
	uint64_t sum;
};
_Static_assert(sizeof(struct tw_list_file_section) == 64, "a table of whole cache lines");

/** What this build would write at the head: all but table, sizes and sums. @return false: the code lists' digest is none */
bool tw_list_file_head_make(struct tw_slice reference, struct tw_list_file_head *out);

/** Do the rows and tables of an index point at what is in it? What the fuzzy indexes hold is not looked at: the checksums answer for it. */
bool tw_list_file_sound(const struct tw_list_index *index);

#endif
