/**
 * @file decode.c
 * One event from bytes to struct: checks on the bytes, the parse, what can only be judged at the end, and the parser's own life.
 *
 * One yajl handle serves all events (it takes several values one after the other). Whatever stops inside an event leaves the handle
 * unusable, so it is made anew then, from a pool that is emptied first: a stream of malformed events allocates nothing and leaks nothing
 * into its neighbours. UTF-8 is checked here, because yajl lets overlong forms and surrogates pass.
 *
 * Order of reasons: the bytes (size, utf8), the text (syntax, truncated, trailing, duplicate, depth, limit), the type (unknown), then the
 * first missing or ill-typed required member in the order of the source.
 * Source: the event contract (feeds/schema); yajl 2.1 yajl_parser.c (state after a value with yajl_allow_multiple_values).
 */
#include "engine/decode/decode.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/decode/decoder.h"

#define POOL_BLOCK_BYTES  65536U
#define POOL_HEADER_BYTES 16U /* keeps yajl's blocks aligned; holds their size for realloc */

/* ---- the parser and its memory ---- */

static void *pool_malloc(void *context, size_t size)
{
	char *block = tw_arena_alloc_raw(context, size + POOL_HEADER_BYTES);
	if (!block) {
		return NULL;
	}
	memcpy(block, &size, sizeof(size));
	return block + POOL_HEADER_BYTES;
}

static void *pool_realloc(void *context, void *old, size_t size)
{
	char *grown = pool_malloc(context, size);
	if (grown && old) {
		size_t had;
		memcpy(&had, (char *)old - POOL_HEADER_BYTES, sizeof(had));
		memcpy(grown, old, had < size ? had : size);
	}
	return grown;
}

static void pool_free(void *context, void *block)
{
	(void)context;
	(void)block;
}

static bool parser_renew(struct tw_decoder *decoder)
{
	yajl_alloc_funcs memory = {pool_malloc, pool_realloc, pool_free, &decoder->pool};
	tw_arena_reset(&decoder->pool);
	/* yajl does not look at what malloc returns: see that there is a block before it asks */
	struct tw_arena_mark mark = tw_arena_mark(&decoder->pool);
	if (!tw_arena_alloc_raw(&decoder->pool, POOL_BLOCK_BYTES / 2)) {
		return false;
	}
	tw_arena_rewind(&decoder->pool, mark);
	decoder->parser = yajl_alloc(&tw_decode_callbacks, &memory, decoder);
	yajl_config(decoder->parser, yajl_allow_multiple_values, 1);
	yajl_config(decoder->parser, yajl_dont_validate_strings, 1);
	return true;
}

static enum tw_code shapes_add(struct tw_decoder *decoder, struct tw_error *err)
{
	for (size_t i = 0; i < sizeof(decoder->masks) / sizeof(decoder->masks[0]); i++) {
		memset(&decoder->masks[i], 0xFF, i);
	}
	for (int i = 0; i < TW_FAMILIES; i++) {
		decoder->roots[i] = tw_shape_index_add(decoder, tw_shape_of((enum tw_family)(i + 1)));
		if (!decoder->roots[i]) {
			return tw_fail(err, TW_E_LIMIT, TW_STOP, "the contract has outgrown the decoder's tables", "engine/decode/decoder.h", NULL);
		}
	}
	return TW_OK;
}

enum tw_code tw_decoder_new(struct tw_decode_limits limits, struct tw_decoder **out, struct tw_error *err)
{
	if (limits.event_bytes == 0 || limits.event_bytes > TW_EVENT_BYTES_MAX) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "the bound on an event's bytes is out of range", "limits.event_bytes", "%u, at most %u",
		               limits.event_bytes, TW_EVENT_BYTES_MAX);
	}
	struct tw_decoder *decoder = calloc(1, sizeof(*decoder));
	enum tw_code code = TW_E_MEMORY;
	if (!decoder) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a decoder", NULL, NULL);
	}
	decoder->limits = limits;
	tw_arena_init(&decoder->pool, POOL_BLOCK_BYTES, 0);
	decoder->shapes = calloc(TW_SHAPES_MAX, sizeof(*decoder->shapes));
	if (!decoder->shapes || !parser_renew(decoder)) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a decoder", NULL, NULL);
		goto out;
	}
	code = shapes_add(decoder, err);
out:
	if (code != TW_OK) {
		tw_decoder_free(decoder);
		return code;
	}
	*out = decoder;
	return TW_OK;
}

void tw_decoder_free(struct tw_decoder *decoder)
{
	if (!decoder) {
		return;
	}
	tw_arena_fini(&decoder->pool);
	free(decoder->keys.slots);
	free(decoder->shapes);
	free(decoder);
}

/* ---- before and during the parse ---- */

static void event_begin(struct tw_decoder *decoder)
{
	memset(&decoder->event, 0, sizeof(decoder->event));
	decoder->refusal = (struct tw_reject){.byte = 0};
	decoder->exhausted = decoder->structured = decoder->specversion = decoder->closed = false;
	decoder->cloud = decoder->root = decoder->stated = decoder->data_stated = decoder->list_bytes = 0;
	decoder->depth = 0;
	decoder->top = &decoder->frames[0];
	decoder->frames[0] = (struct tw_frame){.kind = TW_FRAME_OUTSIDE};
	tw_key_set_begin(decoder);
}

/* @return the length of the leading run that is plain ASCII, in whole words */
static uint32_t ascii_run(struct tw_slice bytes)
{
	uint32_t i = 0;
	for (; i + 32 <= bytes.len; i += 32) {
		uint64_t words[4];
		memcpy(words, bytes.ptr + i, sizeof(words));
		if ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080ULL) {
			break;
		}
	}
	return i;
}

static const struct tw_slice nowhere = {NULL, 0};

static void bytes_check(struct tw_decoder *decoder)
{
	struct tw_slice bytes = decoder->source;
	uint32_t at = 0;
	/* our own are never larger than they must be, whatever others may send */
	uint32_t most = decoder->family == TW_FAMILY_FACT ? TW_EVENT_BYTES_MAX : decoder->limits.event_bytes;
	if (bytes.len > most) {
		tw_decode_refuse(decoder, TW_REJECT_SIZE, most, nowhere, "%u bytes, more than the %u that are allowed", bytes.len, most);
		return;
	}
	uint32_t plain = ascii_run(bytes);
	if (plain < bytes.len && !tw_utf8_valid((struct tw_slice){bytes.ptr + plain, bytes.len - plain}, &at)) {
		tw_decode_refuse(decoder, TW_REJECT_UTF8, plain + at, nowhere, "byte %u is not UTF-8", plain + at);
	}
}

/* yajl stops at the faulty byte, but behind a character that begins no token and behind a token that may not stand there. */
static void syntax_refuse(struct tw_decoder *decoder)
{
	uint32_t byte = (uint32_t)yajl_get_bytes_consumed(decoder->parser);
	const char *message = (const char *)yajl_get_error(decoder->parser, 0, NULL, 0);
	message = message ? message : "";
	bool behind = strncmp(message, "parse", 5) == 0 || strstr(message, "invalid char in json text");
	byte -= behind && byte;
	tw_decode_refuse(decoder, TW_REJECT_SYNTAX, byte, nowhere, "byte %u: %.*s", byte, (int)strcspn(message, "\n"), message);
}

static void parse_anew(struct tw_decoder *decoder)
{
	yajl_status status = yajl_parse(decoder->parser, (const unsigned char *)decoder->source.ptr, decoder->source.len);
	if (status == yajl_status_ok && decoder->closed) {
		return;
	}
	if (status == yajl_status_error) {
		syntax_refuse(decoder);
	} else if (status == yajl_status_ok) {
		(void)yajl_complete_parse(decoder->parser);                                    /* a bare number at the end is still pending */
		bool alien = decoder->depth == 0 && decoder->refusal.reason == TW_REJECT_TYPE; /* a whole value, but no object */
		if (!alien && !decoder->exhausted) {
			tw_decode_refuse(decoder, TW_REJECT_TRUNCATED, decoder->source.len, nowhere,
			                 "the event ends after %u bytes, inside its object", decoder->source.len);
		}
	}
	if (!parser_renew(decoder)) {
		decoder->exhausted = true;
	}
}

/* What tokens.c has noted, warned of and allocated, yajl's callbacks do again. */
static void parse(struct tw_decoder *decoder)
{
	struct tw_arena_mark mark = tw_arena_mark(decoder->arena);
	decoder->own = true;
	bool whole = tw_decode_tokens(decoder);
	decoder->own = false;
	if (!whole) {
		tw_arena_rewind(decoder->arena, mark);
		event_begin(decoder);
		parse_anew(decoder);
	}
}

/* ---- after the parse ---- */

/* A value from outside the bytes is stated and has nothing to highlight: an empty span at the end. */
static struct tw_span span_outside(const struct tw_decoder *decoder)
{
	return (struct tw_span){decoder->source.len, decoder->source.len};
}

static bool envelope_text(struct tw_decoder *decoder, struct tw_slice value, uint32_t member, struct tw_text *out)
{
	if (value.len == 0 || (decoder->stated & 1U << member)) {
		return true;
	}
	struct tw_slice copy = tw_arena_copy(decoder->arena, value);
	if (!copy.ptr) {
		decoder->exhausted = true;
		return false;
	}
	*out = (struct tw_text){.ptr = copy.ptr, .len = copy.len, .span = span_outside(decoder)};
	decoder->stated |= 1U << member;
	return true;
}

/* Members in the order of the root shapes' first rows: id, type, time, source. */
static bool envelope_apply(struct tw_decoder *decoder, const struct tw_envelope *envelope)
{
	struct tw_event *event = &decoder->event;
	struct tw_text time = {.len = 0};
	bool room = envelope_text(decoder, envelope->id, 0, &event->id) && envelope_text(decoder, envelope->type, 1, &event->type_text) &&
	            envelope_text(decoder, envelope->time, 2, &time) && envelope_text(decoder, envelope->source, 3, &event->source);
	if (room && time.len) {
		event->time.span = time.span;
		if (!tw_instant_parse(tw_slice_of(time), &event->time.ms)) {
			(void)tw_decode_note(decoder, TW_REJECT_TYPE, 0, tw_slice_str("/time"), "the header for /time is no instant");
		}
	}
	return room;
}

static struct tw_slice body_pointer(struct tw_decoder *decoder, const char *rest)
{
	struct tw_slice pointer = tw_arena_format(decoder->arena, "%s%s", decoder->structured ? "/data" : "", rest);
	decoder->exhausted = decoder->exhausted || !pointer.ptr;
	return pointer;
}

static void type_check(struct tw_decoder *decoder)
{
	struct tw_event *event = &decoder->event;
	event->type = tw_event_type_find(tw_slice_of(event->type_text));
	event->family = decoder->family;
	if (event->type_text.len && (!event->type || tw_event_type_family(event->type) != decoder->family)) {
		tw_decode_refuse(decoder, TW_REJECT_UNKNOWN, event->type_text.span.from, tw_slice_str("/type"), "no %s event has the type %.*s",
		                 tw_family_name(decoder->family), event->type_text.len < 80 ? (int)event->type_text.len : 80, event->type_text.ptr);
	}
}

static void root_check(struct tw_decoder *decoder)
{
	const struct tw_shape_index *root = decoder->roots[decoder->family - 1];
	uint32_t missing = root->required & ~decoder->stated;
	if (missing && !decoder->exhausted) {
		int member = __builtin_ctz(missing);
		const char *name = root->shape->fields[member].name;
		bool in_data = decoder->structured && member >= TW_ENVELOPE_MEMBERS;
		struct tw_slice pointer = tw_arena_format(decoder->arena, "%s/%s", in_data ? "/data" : "", name);
		(void)tw_decode_note(decoder, TW_REJECT_MISSING, decoder->root, pointer, "%s/%s is required and not stated", in_data ? "/data" : "",
		                     name);
	}
}

/* A member that only some types require: absent, or there with a type that cost it its value? */
static void conditional_missing(struct tw_decoder *decoder, const char *rest)
{
	struct tw_slice pointer = body_pointer(decoder, rest);
	const struct tw_warning *warnings = decoder->event.warnings.data;
	for (uint32_t i = 0; i < decoder->event.warnings.count; i++) {
		if (warnings[i].kind == TW_WARNING_ILL_TYPED && tw_slice_equal(warnings[i].pointer, pointer)) {
			(void)tw_decode_note(decoder, TW_REJECT_TYPE, warnings[i].span.from, pointer, "%s is required by %s and has the wrong type",
			                     pointer.ptr, tw_event_type_name(decoder->event.type));
			return;
		}
	}
	(void)tw_decode_note(decoder, TW_REJECT_MISSING, decoder->root, pointer, "%s is required by %s and not stated",
	                     pointer.ptr ? pointer.ptr : rest, tw_event_type_name(decoder->event.type));
}

/* Source: the event contract, "Required" of tw.manifests and tw.decisions. */
static void conditional_check(struct tw_decoder *decoder)
{
	const struct tw_event *event = &decoder->event;
	bool whole = event->type == TW_CONSIGNMENT_DECLARED || event->type == TW_CONSIGNMENT_AMENDED;
	if (whole && event->consignment.items.count == 0) {
		conditional_missing(decoder, "/consignment/items");
	}
	if (decoder->family == TW_FAMILY_DECISION && event->type && !tw_stated(event->decision.consignment.span)) {
		bool watch = event->type == TW_WATCH_ADDED || event->type == TW_WATCH_REMOVED;
		if (!watch || !tw_stated(event->decision.entity.span)) {
			conditional_missing(decoder, "/consignment");
		}
	}
}

static void event_finish(struct tw_decoder *decoder, const struct tw_envelope *envelope)
{
	if (envelope && !envelope_apply(decoder, envelope)) {
		return;
	}
	if (decoder->structured) {
		decoder->event.unknown_fields -= decoder->cloud;
	}
	type_check(decoder);
	root_check(decoder);
	conditional_check(decoder);
}

static void event_publish(const struct tw_decoder *decoder, struct tw_event *out)
{
	struct tw_slice raw = out->raw, key = out->key;
	struct tw_origin origin = out->origin;
	*out = decoder->event;
	out->raw = raw;
	out->key = key;
	out->origin = origin;
}

enum tw_code tw_decode(struct tw_decoder *decoder, enum tw_family family, struct tw_slice bytes, const struct tw_envelope *envelope,
                       struct tw_arena *arena, struct tw_event *out, struct tw_reject *reject, struct tw_error *err)
{
	decoder->source = bytes;
	decoder->roomy = bytes.len >= 8 ? bytes.len - 7 : 0;
	decoder->arena = arena;
	decoder->family = family;
	decoder->plain = false;
	event_begin(decoder);
	bytes_check(decoder);
	if (!decoder->refusal.reason && !decoder->exhausted) {
		parse(decoder);
		if (decoder->structured && decoder->closed && !decoder->specversion) {
			decoder->plain = true; /* "specversion" stood elsewhere: "data" is one more unknown member */
			event_begin(decoder);
			parse(decoder);
		}
	}
	bool whole = decoder->closed &&
	             (!decoder->refusal.reason || decoder->refusal.reason == TW_REJECT_MISSING || decoder->refusal.reason == TW_REJECT_TYPE);
	if (whole && !decoder->exhausted) {
		event_finish(decoder, envelope);
	}
	if (decoder->exhausted) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "the batch's arena is full", NULL, "%zu bytes held", tw_arena_held(arena));
	}
	if (decoder->refusal.reason) {
		*reject = decoder->refusal;
		return tw_fail(err, TW_E_SYNTAX, TW_REJECT, "the event was refused", tw_reject_name(reject->reason), "%s", reject->detail.ptr);
	}
	event_publish(decoder, out);
	return TW_OK;
}
