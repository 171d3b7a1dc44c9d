/**
 * @file decoder.h
 * What the files of engine/decode share: the decoder, its stack of open brackets, and the table of members.
 *
 * Every token is called back for, by tokens.c, or by yajl where that finds anything odd; the callbacks (walk.c) keep a stack of *frames*, one an open
 * bracket, and ask the shape table what each member is. Values are converted and stored by value.c, strings with escapes are found by escape.c,
 * refusals and warnings are worded by refuse.c, members are found by keys.c, and what is odd about a member's name is seen to by member.c.
 *
 *     {"consignment": {"items": [{"line": 1            frames[0] outside
 *                                                      frames[1] object, the event,       member "consignment"
 *                                                      frames[2] object, a consignment,   member "items"
 *                                                      frames[3] list,   its items,       element 0
 *                                                      frames[4] object, an item,         member "line"
 *
 * Invariant: `object` of every open frame stays valid while it is open. A list grows (and moves) only when one of its elements begins, and
 * then no frame inside it is open.
 * Source: yajl 2.1 (parser state after multiple values, offsets inside callbacks: read in its sources and held by tests); RFC 6901.
 */
#ifndef TIDEWAITER_ENGINE_DECODE_DECODER_H
#define TIDEWAITER_ENGINE_DECODE_DECODER_H

#include <yajl/yajl_parse.h>

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/event/shape.h"

#define TW_MEMBERS_MAX  32 /* members of one shape: one bit each in a frame; the widest shape has 26 */
#define TW_MEMBER_SLOTS 128
#define TW_SHAPES_MAX   64
/* What one event's lists may take of the arena: "{}" is two bytes and a marking 200, so that a mebibyte of them would take 240. A mebibyte
 * of markings with a kind and a serial each takes about 20. */
#define TW_EVENT_LIST_BYTES_MAX (32U * 1024U * 1024U)
#define TW_ENVELOPE_MEMBERS     5 /* the first rows of every root shape: id, type, time, source, trace */
#define TW_ENVELOPE_BITS        ((1U << TW_ENVELOPE_MEMBERS) - 1)

/** A name as it is compared: nearly all are whole in the two words. */
struct tw_member_name {
	uint64_t head; /**< the first eight bytes, zeros behind a shorter name */
	uint64_t tail; /**< the last eight bytes; of a shorter name as `head` */
	uint32_t len;
};
#define TW_NAME_WORDS_BYTES 16U

/** One shape prepared for the event path. */
struct tw_shape_index {
	const struct tw_shape *shape;
	const struct tw_shape_index *children[TW_MEMBERS_MAX]; /**< of OBJECT and OBJECTS members */
	uint32_t required;                                     /**< bit of every required member */
	struct tw_member_name names[TW_MEMBERS_MAX];
	uint8_t slots[TW_MEMBER_SLOTS]; /**< open addressing by member hash: member + 1, 0 for a free slot */
};

/** A member name that no shape knows, kept to notice its second statement. */
struct tw_key {
	uint32_t object; /**< number of the object it stands in; older than the event's first: a free slot */
	uint32_t len;
	const char *ptr;
};

struct tw_key_set {
	struct tw_key *slots;
	uint32_t capacity; /**< a power of two */
	uint32_t count;    /**< of this event */
	uint32_t first;    /**< number of this event's first object */
};

enum tw_frame_kind {
	TW_FRAME_OUTSIDE = 0, /**< before and after the root */
	TW_FRAME_OBJECT,      /**< an object with a shape */
	TW_FRAME_OBJECTS,     /**< a list of such */
	TW_FRAME_TEXTS,       /**< a list of texts */
	TW_FRAME_SKIP_OBJECT, /**< inside a member that nobody knows or that is ill-typed */
	TW_FRAME_SKIP_ARRAY,
};

struct tw_frame {
	enum tw_frame_kind kind;
	uint32_t from;                      /**< offset of the bracket */
	char *object;                       /**< OBJECT: the struct being filled; OBJECTS, TEXTS: the struct tw_list */
	const struct tw_shape_index *shape; /**< OBJECT: its members; OBJECTS: its elements' */
	const struct tw_field *field;       /**< OBJECT: the member being read, NULL for an unknown one; lists: the list's */
	struct tw_slice key;                /**< the name of an unknown member */
	uint32_t bit;                       /**< OBJECT: of the member being read, 0 for an unknown one */
	uint32_t seen;                      /**< OBJECT: members whose name has appeared */
	uint32_t stated;                    /**< OBJECT: members that have a value */
	uint32_t number;                    /**< objects: for the key set */
	uint32_t index;                     /**< lists: elements begun */
	uint32_t warning;                   /**< 1 + the warning whose span ends with this bracket, 0 for none */
};

struct tw_decoder {
	/* for good */
	yajl_handle parser;
	struct tw_arena pool; /**< yajl's memory: thrown away whole when the parser must be renewed */
	struct tw_decode_limits limits;
	struct tw_shape_index *shapes;
	uint32_t shape_count;
	const struct tw_shape_index *roots[TW_FAMILIES];
	struct tw_key_set keys;
	uint32_t object_number;
	uint64_t masks[8]; /**< masks[n] keeps the first n bytes of a word */

	/* for one event */
	struct tw_slice source;
	uint32_t roomy; /**< from an offset below this one eight bytes of the source can be read */
	struct tw_arena *arena;
	enum tw_family family;
	bool own;         /**< tokens.c reads, not yajl */
	uint32_t at;      /**< the end of its token */
	bool exhausted;   /**< the arena's ceiling was met */
	bool structured;  /**< CloudEvents structured mode is read: the body is in "data" */
	bool plain;       /**< structured mode was tried and was none */
	bool specversion; /**< the root has "specversion" */
	bool closed;      /**< the root's bracket has closed */
	uint32_t cloud;   /**< root members that are CloudEvents' own */
	uint32_t root;    /**< offset of the body's bracket */
	uint32_t stated;  /**< the root shape's members that have a value */
	uint32_t data_stated;
	uint32_t list_bytes;  /**< taken by lists so far */
	uint32_t depth;       /**< index of the innermost open frame */
	struct tw_frame *top; /**< that frame */
	struct tw_frame frames[TW_EVENT_DEPTH_MAX + 1];
	struct tw_reject refusal; /**< reason 0: none so far */
	struct tw_event event;
};

/* ---- keys.c ---- */

/** Index a shape and all below it. @return NULL when the table outgrew TW_MEMBERS_MAX or TW_SHAPES_MAX */
const struct tw_shape_index *tw_shape_index_add(struct tw_decoder *decoder, const struct tw_shape *shape);
/** @param roomy eight bytes can be read at the name, however short it is */
static inline struct tw_member_name tw_member_name(const struct tw_decoder *decoder, const char *name, uint32_t len, bool roomy)
{
	struct tw_member_name out = {.len = len};
	memcpy(&out.head, name, len >= 8 || roomy ? 8 : len);
	out.tail = out.head &= len >= 8 ? UINT64_MAX : decoder->masks[len];
	if (len >= 8) {
		memcpy(&out.tail, name + len - 8, 8);
	}
	return out;
}

/** Source: Knuth, The Art of Computer Programming 6.4, multiplicative hashing (2^64 over the golden ratio). */
static inline uint32_t tw_member_hash(const struct tw_member_name *name)
{
	return (uint32_t)(((name->head ^ (uint64_t)name->len << 40) * 0x9E3779B97F4A7C15ULL) >> 57);
}
_Static_assert(TW_MEMBER_SLOTS == 1 << 7, "tw_member_hash gives seven bits");

/** @param at where to look first, from tw_member_hash; out: where it was @return a member that both words and the length agree with, or -1 */
static inline int tw_shape_index_probe(const struct tw_shape_index *index, const struct tw_member_name *wanted, uint32_t *at)
{
	for (; index->slots[*at]; *at = (*at + 1) % TW_MEMBER_SLOTS) {
		uint32_t member = index->slots[*at] - 1U;
		const struct tw_member_name *known = &index->names[member];
		if (known->head == wanted->head && known->tail == wanted->tail && known->len == wanted->len) {
			return (int)member;
		}
	}
	return -1;
}

/** @param roomy as above @param len at most TW_NAME_WORDS_BYTES: there is nothing between the words @return the member's number in the shape, or -1
 */
static inline int tw_shape_index_find_short(const struct tw_decoder *decoder, const struct tw_shape_index *index, const char *name, uint32_t len,
                                            bool roomy)
{
	struct tw_member_name wanted = tw_member_name(decoder, name, len, roomy);
	uint32_t at = tw_member_hash(&wanted);
	return tw_shape_index_probe(index, &wanted, &at);
}
/** Of any length. */
int tw_shape_index_find(const struct tw_decoder *decoder, const struct tw_shape_index *index, struct tw_slice name);
/** Forget the last event's names. */
void tw_key_set_begin(struct tw_decoder *decoder);
enum tw_key_answer { TW_KEY_NEW, TW_KEY_SEEN, TW_KEY_NO_MEMORY };
/** @param name must live until the event's end */
enum tw_key_answer tw_key_set_add(struct tw_key_set *set, uint32_t object, struct tw_slice name);

/* ---- walk.c ---- */

/** The callbacks; their context is the decoder. */
extern const yajl_callbacks tw_decode_callbacks;

/* ---- tokens.c ---- */

/** The source, read without yajl. @return false: not to its end, and yajl has to begin anew */
bool tw_decode_tokens(struct tw_decoder *decoder);

/* ---- escape.c ---- */

/** A string that yajl has unescaped: find it in the source. @param text its span is written @return false when it was refused */
bool tw_decode_escaped(struct tw_decoder *decoder, struct tw_text *text);

/** End of the token that is reported. */
static inline uint32_t tw_token_end(const struct tw_decoder *decoder)
{
	return decoder->own ? decoder->at : (uint32_t)yajl_get_bytes_consumed(decoder->parser);
}

/** Where yajl's pointer leads into the source; anything past the source's end when it leads elsewhere. */
static inline size_t tw_offset_of(const struct tw_decoder *decoder, const void *bytes)
{
	return (uintptr_t)bytes - (uintptr_t)decoder->source.ptr;
}

static inline bool tw_in_source(const struct tw_decoder *decoder, const void *bytes)
{
	return tw_offset_of(decoder, bytes) < decoder->source.len;
}

/** A string as yajl hands it out, with its place in the source. @return false when it was refused */
static inline bool tw_text_read(struct tw_decoder *decoder, const unsigned char *bytes, size_t size, struct tw_text *text)
{
	text->ptr = (const char *)bytes;
	text->len = (uint32_t)size;
	if (tw_in_source(decoder, text->ptr)) {
		text->span.from = (uint32_t)(text->ptr - decoder->source.ptr);
		text->span.to = text->span.from + text->len;
		return true;
	}
	return tw_decode_escaped(decoder, text);
}

/* ---- member.c ---- */

/** Any name; walk.c sees to those at once about which nothing is odd. @return 0 to stop the parser, 1 to go on */
int tw_decode_member(struct tw_decoder *decoder, struct tw_frame *frame, const unsigned char *bytes, size_t size);

/* ---- value.c ---- */

/** A stated, non-blank string for a known scalar member or a text list's element. @return 0 to stop the parser, 1 to go on */
int tw_decode_store_string(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text);
int tw_decode_store_number(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text);
int tw_decode_store_flag(struct tw_decoder *decoder, struct tw_frame *frame, bool value, struct tw_span span);
/** A value that its member cannot take: a refusal when the member is required, else a warning. Same return. */
int tw_decode_ill_typed(struct tw_decoder *decoder, const struct tw_field *field, struct tw_span span);

/* ---- refuse.c ---- */

/**
 * JSON pointer of the value being read, or of `member` in the innermost object. A name longer than TW_KEY_BYTES_MAX is cut and ends
 * in "...": pointers become message headers, whose size must not follow the attacker's.
 */
struct tw_slice tw_decode_pointer(struct tw_decoder *decoder, const char *member);
/** Refuse and stop: overrides what was only noted. @return 0 */
int tw_decode_refuse(struct tw_decoder *decoder, enum tw_reject_reason reason, uint32_t byte, struct tw_slice pointer, const char *format, ...)
    TW_PRINTF(5, 6);
/** Note the first reason for refusal and read on: a later fault of syntax says more. @return 1 (0 when memory is out) */
int tw_decode_note(struct tw_decoder *decoder, enum tw_reject_reason reason, uint32_t byte, struct tw_slice pointer, const char *format, ...)
    TW_PRINTF(5, 6);
/** @return 1 (0 when memory is out) */
int tw_decode_warn(struct tw_decoder *decoder, enum tw_warning_kind kind, struct tw_span span);
/** @return 0, remembering that the arena is full */
int tw_decode_exhausted(struct tw_decoder *decoder);

#endif
