/**
 * @file envelope.h
 * One NDJSON line {"topic", "value", "key", "partition", "offset", "headers"} taken apart without building anything.
 *
 *     {"topic": "tw.manifests", "key": "C-1", "value": {"id": ... }, "offset": 7}
 *                                                      ^---------^  untouched: spans of the event are offsets into it
 *
 * Only the outermost object is read; the value is stepped over by its brackets and strings and is judged by the decoder. Strict about the
 * rest: members stated twice, wrong types, trailing bytes and a line that ends too early are refused with a reason.
 * Source: the event contract, "From a file or a pipe"; RFC 8259.
 */
#ifndef TIDEWAITER_ENGINE_IO_ENVELOPE_H
#define TIDEWAITER_ENGINE_IO_ENVELOPE_H

#include <tidewaiter/slice.h>

struct tw_line_envelope {
	struct tw_slice topic; /**< "" when absent */
	struct tw_slice key;
	struct tw_slice value; /**< the JSON value's bytes as they stand in the line */
	int64_t partition;     /**< -1: not stated */
	int64_t offset;        /**< -1: not stated */
	struct tw_slice ce_id, ce_type, ce_time, ce_source;
};

/**
 * @param line    one line without its newline. Escapes in key and headers are undone in place, so these bytes change, but on success only
 * @param length  of the line
 * @param out     slices into the line; written on success only
 * @return NULL, or why the line is no envelope: constant text. Pure. Threads: any.
 */
const char *tw_envelope_split(char *line, uint32_t length, struct tw_line_envelope *out);

#endif
