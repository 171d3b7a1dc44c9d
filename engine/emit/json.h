/**
 * @file json.h
 * The encoder of engine/emit, into an arena. For this folder, and for what commands of engine/command print for programs.
 *
 * Calls do not fail one by one: the first failure (an arena at its ceiling, nothing but a text where a name belongs) sticks, later calls do nothing,
 * tw_json_end tells. Texts leave as well-formed UTF-8 whatever comes in: each ill-formed byte becomes U+FFFD, because an alert that cannot be written
 * would be an alert that is lost.
 *
 * Invariant: member order is call order, numbers never pass through a double: same calls, same bytes.
 * Source: IETF, RFC 8259.
 */
#ifndef TIDEWAITER_ENGINE_EMIT_JSON_H
#define TIDEWAITER_ENGINE_EMIT_JSON_H

#include <stddef.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

#define TW_JSON_DEPTH_MAX 32U /* objects and arrays in one another: no record has ten */

struct tw_json {
	struct tw_arena *arena;
	char *bytes;
	size_t length;
	size_t capacity;
	uint32_t depth;
	unsigned char place[TW_JSON_DEPTH_MAX]; /* by level: what the next value stands behind */
	bool failed;
};

/** A text in the arena. Nothing is refused on the way: what could not be written shows at the end. */
void tw_json_begin(struct tw_json *json, struct tw_arena *arena);
/** @param out terminated, in the arena; written on TW_OK only @return TW_OK, TW_E_MEMORY (stop) */
TW_MUST_USE enum tw_code tw_json_end(struct tw_json *json, struct tw_slice *out, struct tw_error *err);

void tw_json_object(struct tw_json *json);
void tw_json_object_end(struct tw_json *json);
void tw_json_array(struct tw_json *json);
void tw_json_array_end(struct tw_json *json);

/** A member's name, or the string value after one. */
void tw_json_text(struct tw_json *json, struct tw_slice text);
/** A member's name that is a word of this program's: nothing in it needs an escape. */
void tw_json_name(struct tw_json *json, struct tw_slice name);
static inline void tw_json_key(struct tw_json *json, const char *name)
{
	tw_json_name(json, tw_slice_str(name));
}
void tw_json_integer(struct tw_json *json, int64_t number);
/** Ten-thousandths as a decimal number: 5405000 is 540.5. */
void tw_json_amount(struct tw_json *json, int64_t e4);
void tw_json_flag(struct tw_json *json, bool flag);
/** Bytes that are one JSON value already. */
void tw_json_raw(struct tw_json *json, struct tw_slice value);

/** Name and value in one; an empty text is not stated and leaves no member. */
static inline void tw_json_text_member(struct tw_json *json, const char *name, struct tw_slice text)
{
	if (text.len) {
		tw_json_key(json, name);
		tw_json_text(json, text);
	}
}
static inline void tw_json_integer_member(struct tw_json *json, const char *name, int64_t number)
{
	tw_json_key(json, name);
	tw_json_integer(json, number);
}

/** The longest prefix of at most `bytes` that does not end inside a character. */
struct tw_slice tw_json_cut(struct tw_slice text, uint32_t bytes);

#endif
