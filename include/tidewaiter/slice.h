/**
 * @file slice.h
 * Borrowed bytes, and values that remember where in the source event they came from.
 *
 * A *slice* is a pointer and a length; it owns nothing. A *value* is a slice, number, date ... with its `span`: the half-open byte
 * range of the value in the untouched source event, so that evidence can be highlighted. A value whose span is empty was
 * *not stated* (absent, null, or a blank string: the contract treats them alike).
 *
 *     {"quantity": "1 200"}            span of a string: its content, without the quotes
 *                   ^from ^to          span of a number or literal: its characters
 */
#ifndef TIDEWAITER_SLICE_H
#define TIDEWAITER_SLICE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct tw_slice {
	const char *ptr; /**< NULL only when len is 0 */
	uint32_t len;    /**< bytes */
};

/** Half-open [from, to) in the source event's bytes. to == 0: not stated. */
struct tw_span {
	uint32_t from;
	uint32_t to;
};

/** Text as received: UTF-8, JSON escapes undone, never folded or trimmed (that is evidence). */
struct tw_text {
	const char *ptr;
	uint32_t len;
	struct tw_span span;
};

/** An amount in ten-thousandths (e4) of its unit: 540.5 kg is 5405000. At most TW_AMOUNT_E4_MAX in magnitude. */
struct tw_amount {
	int64_t e4;
	struct tw_span span;
};

/** A whole number (line, revision, year, packages). */
struct tw_count {
	int64_t value;
	struct tw_span span;
};

/** A calendar day: days since 1970-01-01, proleptic Gregorian, may be negative. */
struct tw_date {
	int32_t day;
	struct tw_span span;
};

/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
struct tw_instant {
	int64_t ms;
	struct tw_span span;
};

struct tw_flag {
	bool value;
	struct tw_span span;
};

/** One of a closed set of words; 0 is never a member (it means not stated). */
struct tw_choice {
	uint32_t value;
	struct tw_span span;
};

/** An array inside an event: `count` elements of the struct that the field's shape names, in the event's arena. */
struct tw_list {
	void *data;
	uint32_t count;
	uint32_t capacity;
};

static inline bool tw_stated(struct tw_span span)
{
	return span.to != 0;
}

static inline struct tw_slice tw_slice_of(struct tw_text text)
{
	return (struct tw_slice){text.ptr, text.len};
}

/** Slice of a terminated string. */
static inline struct tw_slice tw_slice_str(const char *terminated)
{
	return (struct tw_slice){terminated, (uint32_t)strlen(terminated)};
}

static inline bool tw_slice_equal(struct tw_slice a, struct tw_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/** Byte order, the shorter first when one begins the other: a strict order that no locale changes. */
static inline int tw_slice_compare(struct tw_slice a, struct tw_slice b)
{
	uint32_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool tw_slice_is(struct tw_slice a, const char *terminated)
{
	return tw_slice_equal(a, tw_slice_str(terminated));
}

#endif
