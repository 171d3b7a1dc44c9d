/**
 * @file decode.h
 * Bytes to event: one JSON object of the contract, through yajl's callbacks, into plain structs. No tree.
 *
 * A decoder holds the reusable parts (yajl handle, key tables); one a thread. After its first few events it allocates nothing but
 * from the arena that is passed in.
 *
 * What is kept: text as received; of amounts four decimals, further ones cut off towards zero; whole numbers in any spelling that is exact
 * (7, "7", 7.0, 70e-1), not negative. Country, place and HS are not judged here: that takes tables. An element of a list that is null, blank
 * or ill-typed stays as an element that states nothing, so that an index in a list is the index in the source. A word outside its closed
 * set is not stated, and warned of.
 * Source: the event contract (feeds/schema); RFC 8259; yajl 2.1 (only here and in engine/emit).
 */
#ifndef TIDEWAITER_ENGINE_DECODE_H
#define TIDEWAITER_ENGINE_DECODE_H

#include <tidewaiter/error.h>
#include <tidewaiter/event.h>

struct tw_arena;
struct tw_decoder;

/** Why an event was refused. Stable words: they are the dlq.reason header (tw_reject_name). */
enum tw_reject_reason {
	TW_REJECT_UTF8 = 1,  /**< not well-formed UTF-8 */
	TW_REJECT_SYNTAX,    /**< not JSON */
	TW_REJECT_TRUNCATED, /**< JSON that ends too early, or no bytes at all */
	TW_REJECT_TRAILING,  /**< bytes after the object */
	TW_REJECT_DUPLICATE, /**< a member stated twice in one object */
	TW_REJECT_DEPTH,     /**< deeper than TW_EVENT_DEPTH_MAX */
	TW_REJECT_SIZE,      /**< larger than the configured bound */
	TW_REJECT_MISSING,   /**< a required field is absent, null or blank */
	TW_REJECT_TYPE,      /**< a required field has the wrong type or form, or the root is no object */
	TW_REJECT_UNKNOWN,   /**< no such event type, or a type of another topic's family */
	TW_REJECT_LIMIT,     /**< a bound of limits.h: detail names which and how many */
	TW_REJECT_LINE,      /**< a file's line is no envelope of ours */
};

/** A refusal: everything the dead letter's headers say. */
struct tw_reject {
	enum tw_reject_reason reason;
	struct tw_slice detail;  /**< a sentence naming pointer and values; in the arena */
	struct tw_slice pointer; /**< JSON pointer of the member, may be empty */
	uint32_t byte;           /**< offset in the source, where known */
};

/** What a message brought beside its bytes: the four CloudEvents attributes may stand in for the envelope's fields. */
struct tw_envelope {
	struct tw_slice id;
	struct tw_slice type;
	struct tw_slice time;
	struct tw_slice source;
};

struct tw_decode_limits {
	uint32_t event_bytes; /**< at most TW_EVENT_BYTES_MAX */
};

/** @param out owned by the caller; written on TW_OK only @return TW_OK; TW_E_RANGE: event_bytes; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_decoder_new(struct tw_decode_limits limits, struct tw_decoder **out, struct tw_error *err);
void tw_decoder_free(struct tw_decoder *decoder);

/**
 * Decode one event.
 * @param family   what the topic carries; a type of another family is refused
 * @param bytes    borrowed; must live as long as `out` is used. Spans are offsets into it. CloudEvents structured mode (an object
 *                 with "specversion" and "data") is accepted: the body is then the data member and pointers start with "/data"
 * @param envelope NULL, or header values that replace absent members; their span is {len, len}: stated, with nothing to highlight
 * @param arena    the batch's arena: everything in `out` and `reject` lives there
 * @param out      written on TW_OK only (but for raw, key and origin, which the caller sets and which are left alone)
 * @param reject   written on TW_E_SYNTAX only
 * @return TW_OK; TW_E_SYNTAX: refused, see `reject`, disposition reject; TW_E_MEMORY: the arena's ceiling, disposition stop
 * Threads: one decoder a thread.
 */
TW_MUST_USE enum tw_code tw_decode(struct tw_decoder *decoder, enum tw_family family, struct tw_slice bytes, const struct tw_envelope *envelope,
                                   struct tw_arena *arena, struct tw_event *out, struct tw_reject *reject, struct tw_error *err);

/** @return "utf8", "syntax", "truncated" ...; never NULL */
const char *tw_reject_name(enum tw_reject_reason reason);

/** Check digits. @return true when the digit fits. Source: ISO 6346:1995 annex A; IMO resolution A.1117(30). */
bool tw_container_check(struct tw_slice number);
bool tw_imo_check(struct tw_slice number);

#endif
