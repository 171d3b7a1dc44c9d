/**
 * @file flat.h
 * One JSON object's own members as texts: for rows of people's files, which are no events. What is nested is no text, and passed over.
 */
#ifndef TIDEWAITER_ENGINE_DECODE_FLAT_H
#define TIDEWAITER_ENGINE_DECODE_FLAT_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

#define TW_FLAT_MEMBERS_MAX 16

/**
 * @param line  one JSON object, UTF-8; borrowed for the call
 * @param names the members that are wanted, at most TW_FLAT_MEMBERS_MAX
 * @param out   `count` texts in `arena`: empty where the member is absent, null or blank; a number as it is written
 * @return TW_OK; TW_E_SYNTAX (no JSON object, or text behind it), TW_E_TYPE (a wanted member that is neither text nor number), TW_E_CONFLICT (a
 * wanted member twice), TW_E_MEMORY; all but the last reject this line only Source: IETF, RFC 8259.
 */
TW_MUST_USE enum tw_code tw_flat_read(struct tw_slice line, const char *const *names, uint32_t count, struct tw_arena *arena, struct tw_slice *out,
                                      struct tw_error *err);

#endif
