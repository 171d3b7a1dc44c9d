/**
 * @file index_array.h
 * One flat array of an index, as it is written to a file and mapped again: what the index says of itself, so that nothing else knows its inside.
 */
#ifndef TIDEWAITER_FEEDS_INDEX_ARRAY_H
#define TIDEWAITER_FEEDS_INDEX_ARRAY_H

#include <stddef.h>
#include <stdint.h>

struct tw_index_array {
	const char *name; /**< constant text, one of its kind in the index */
	void *pointer;    /**< address of the index's pointer to the array */
	size_t element_bytes;
	uint64_t count; /**< elements; may be read from arrays that come before it */
};

#endif
