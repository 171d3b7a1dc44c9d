/**
 * @file packed.h
 * Counters and elements as bytes: the payload of an operation and the snapshot of a record are the same thing.
 *
 *     counters   count | (field - field before | value) ...                          fields ascending
 *     elements   count | (how u8 | key | revision | time | id hash u64 | bytes) ...   keys ascending, none twice
 *
 * Numbers are base-128 varints, least group first; signed ones zigzag; the id hash is little-endian; keys and bytes carry their length before
 * them. No bytes at all mean no counters and no elements. What is usual is short:
 *     bits    of an `or` counter: a byte for each that is set, its number, ascending, 0x40 on all but the last; more than TW_BITS_MAX, or none: 0x80
 *             and the word, little-endian
 *     how     two bits each for bytes, revision, time and id, lowest first: 0: zero, or empty, 1: as the last that was written out, 2: written out;
 *             3, of a time: its distance in whole seconds. One event's elements have mostly one version, and name one consignment
 *     time    its distance from the last that was written out, for the first from TW_TIME_BASE_MS
 *
 * A *counter* merges by the low two bits of its field number: so whoever merges needs to know no business.
 *     add   sums of what is never negative, saturating at INT64_MAX   (saturating sums of non-negatives commute)
 *     max, min   signed
 *     or    64 bits
 * An *element* is replaced by the one with the higher version, compared revision, then time, then id hash, then bytes.
 * Both merges commute and associate: equal sets of operations give equal bytes, in whatever order they came.
 *
 * Invariant: reading never passes the end and accepts exactly what writing makes (ascending, nothing left over); all else is `bad`.
 * Source: variable-length integers and zigzag as in Protocol Buffers, "Encoding".
 */
#ifndef TIDEWAITER_ENGINE_STATE_PACKED_H
#define TIDEWAITER_ENGINE_STATE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

enum tw_merge { TW_MERGE_ADD = 0, TW_MERGE_MAX, TW_MERGE_MIN, TW_MERGE_OR };
#define TW_COUNT_FIELD(number, merge) ((uint32_t)(number) << 2 | (uint32_t)(merge))
#define TW_COUNT_MERGE(field)         ((enum tw_merge)((field)&3U))

/** Written out, a set bit takes a byte, the word eight and one. */
#define TW_BITS_MAX 8U
/** 2026-01-01: what is stored lies nearer to it than to 1970. Source: chosen; part of what stored bytes mean. */
#define TW_TIME_BASE_MS INT64_C(1767225600000)

struct tw_counter {
	uint32_t field; /**< never 0 */
	int64_t value;  /**< the bits themselves for TW_MERGE_OR */
};

struct tw_version {
	int64_t revision;
	int64_t time_ms;
	uint64_t id; /**< hash of the event's id: decides between two statements of the same moment */
};

struct tw_element {
	struct tw_slice key;
	struct tw_version version;
	struct tw_slice bytes;
};

/** Unpacked: both arrays sorted, by field and by key. */
struct tw_state {
	struct tw_counter *counters;
	uint32_t counter_count;
	struct tw_element *elements;
	uint32_t element_count;
};

/** The first eight bytes as a number that sorts as they do. */
static inline uint64_t tw_key_head(const char *key)
{
	const unsigned char *at = (const unsigned char *)key;
	return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 | (uint64_t)at[3] << 32 | (uint64_t)at[4] << 24 |
	       (uint64_t)at[5] << 16 | (uint64_t)at[6] << 8 | at[7]; /* written out, it is one load */
}

/** tw_slice_compare, of keys that mostly differ within eight bytes: records are folded by comparing keys, and a call costs more than that. */
static inline int tw_key_compare(struct tw_slice a, struct tw_slice b)
{
	if (a.len >= 8 && b.len >= 8) {
		uint64_t x = tw_key_head(a.ptr), y = tw_key_head(b.ptr);
		if (x != y) {
			return x < y ? -1 : 1;
		}
	}
	return tw_slice_compare(a, b);
}

/** Order of elements by version, then bytes: below 0 when `a` loses against `b`. */
int tw_element_compare(const struct tw_element *a, const struct tw_element *b);
/** Merge `value` into what a field holds. */
int64_t tw_counter_merge(uint32_t field, int64_t held, int64_t value);
/** @return the counter's value, or `absent` */
int64_t tw_state_counter(const struct tw_state *state, uint32_t field, int64_t absent);

/* --- writing: room is the caller's: tw_varint_* return the end of what they wrote, at most TW_VARINT_BYTES on --- */
#define TW_VARINT_BYTES 10
unsigned char *tw_varint_put(unsigned char *to, uint64_t value);
/** The head of a text, whole characters in at most so many bytes, behind its length. @return behind what was written: TW_VARINT_BYTES + most at most
 */
unsigned char *tw_head_put(unsigned char *to, struct tw_slice text, uint32_t most);
unsigned char *tw_zigzag_put(unsigned char *to, int64_t value);

/* --- reading: a cursor that never passes `end`; once `bad`, everything reads as 0 --- */
struct tw_cursor {
	const unsigned char *at;
	const unsigned char *end;
	bool bad;
	bool known; /* these bytes were read before and found good: what only a reader of anybody's bytes has to ask is not asked again; ends are */
};
struct tw_cursor tw_cursor_of(struct tw_slice bytes);
uint64_t tw_varint_take_long(struct tw_cursor *cursor);
/** Most numbers are below 128, nearly all of the others below 16,384: one byte or two, taken where they are asked for. */
static inline uint64_t tw_varint_take(struct tw_cursor *cursor)
{
	const unsigned char *at = cursor->at;
	if (!cursor->bad && at != cursor->end && *at < 0x80) {
		return *cursor->at++;
	}
	if (!cursor->bad && cursor->end - at > 1 && at[1] < 0x80 && at[1]) {
		cursor->at += 2;
		return (uint64_t)at[1] << 7 | (at[0] & 0x7FU);
	}
	return tw_varint_take_long(cursor);
}
int64_t tw_zigzag_take(struct tw_cursor *cursor);
/** A length and that many bytes. */
struct tw_slice tw_bytes_take(struct tw_cursor *cursor);

/** Both arrays must be sorted. @return packed bytes in the arena; {NULL, 0} at its ceiling */
struct tw_slice tw_packed_write(const struct tw_state *state, struct tw_arena *arena);
/** Keys and bytes of `out` point into `packed`. @return TW_OK; TW_E_CORRUPT, `out` undefined; TW_E_MEMORY. `err` is left to the caller, who knows the
 * key. */
TW_MUST_USE enum tw_code tw_packed_read(struct tw_slice packed, struct tw_arena *arena, struct tw_state *out);
/** The same of bytes that were found good before. */
TW_MUST_USE enum tw_code tw_packed_read_known(struct tw_slice packed, struct tw_arena *arena, struct tw_state *out);
/** As reading, but keeps nothing. */
bool tw_packed_sound(struct tw_slice packed);

/** One step of reading without an arena: counters first, all of them, then elements. @return false at the end of the section or when bad */
struct tw_packed_walk {
	struct tw_cursor cursor;
	uint64_t left;
	uint32_t field;
	bool empty;
	struct tw_slice key;
	struct tw_element last; /**< version and bytes as they were last written out; its key is unused */
};
void tw_walk_counters(struct tw_packed_walk *walk, struct tw_slice packed);
bool tw_walk_counter(struct tw_packed_walk *walk, struct tw_counter *out);
void tw_walk_elements(struct tw_packed_walk *walk);
bool tw_walk_element(struct tw_packed_walk *walk, struct tw_element *out);
/** To the first element at once: for who asks of elements alone. */
void tw_walk_past_counters(struct tw_packed_walk *walk, struct tw_slice packed);

#endif
