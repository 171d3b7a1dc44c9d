/**
 * @file list_arrays.h
 * Every array of the index of lists, in one table, for whoever writes it to a file or maps it: an array more is a line more.
 *
 * Arrays are used where they lie. Reports alone hold pointers, into the texts: they are written as distances from the beginning of those, and copied
 * and pointed anew when the file is mapped.
 */
#ifndef TIDEWAITER_FEEDS_LIST_ARRAYS_H
#define TIDEWAITER_FEEDS_LIST_ARRAYS_H

#include "feeds/index_array.h"
#include "feeds/list_index.h"

#define TW_LIST_ARRAY_NAME_BYTES 32
#define TW_LIST_NO_COUNT         UINT32_MAX /* a pointer to terminated text, or NULL */

/** A pointer to a text in each element of an array. Offsets in bytes. */
struct tw_list_pointer {
	uint32_t at;       /**< of the pointer in the element */
	uint32_t count_at; /**< of the uint32_t that says how long it is, or TW_LIST_NO_COUNT */
	uint32_t repeat;   /**< so many of them ... */
	uint32_t stride;   /**< ... this far apart; for one of them 1, 0 */
};

struct tw_list_array {
	char name[TW_LIST_ARRAY_NAME_BYTES];
	struct tw_index_array array; /**< but for its name */
	const struct tw_list_pointer *pointers;
	uint32_t pointer_count; /**< 0: flat */
};

/** By number from 0. As tw_name_index_array: set each before asking for the next. @return false behind the last */
bool tw_list_array_at(struct tw_list_index *index, uint32_t number, struct tw_list_array *out);

#endif
