/**
 * @file flat.c
 * See flat.h. yajl's callbacks; `depth` counts open brackets, and only depth 1 is looked at.
 */
#include "engine/decode/flat.h"

#include <stdio.h>
#include <yajl/yajl_parse.h>

#include "engine/base/arena.h"

#define NONE UINT32_MAX

struct flat {
	const char *const *names;
	uint32_t count;
	struct tw_arena *arena;
	struct tw_slice *out;
	bool seen[TW_FLAT_MEMBERS_MAX];
	uint32_t depth;
	uint32_t at; /* the wanted member whose value comes next; NONE: nobody wants it */
	enum tw_code code;
};

static int refuse(struct flat *flat, enum tw_code code)
{
	flat->code = code;
	return 0;
}

static int on_text(void *context, const unsigned char *text, size_t length)
{
	struct flat *flat = context;
	if (flat->depth == 0) {
		return refuse(flat, TW_E_SYNTAX);
	}
	if (flat->depth == 1 && flat->at != NONE) {
		flat->out[flat->at] = tw_arena_copy(flat->arena, (struct tw_slice){(const char *)text, (uint32_t)length});
		if (!flat->out[flat->at].ptr) {
			return refuse(flat, TW_E_MEMORY);
		}
	}
	return 1;
}

static int on_number(void *context, const char *text, size_t length)
{
	return on_text(context, (const unsigned char *)text, length);
}

static int on_null(void *context)
{
	const struct flat *flat = context;
	return flat->depth ? 1 : refuse(context, TW_E_SYNTAX);
}

static int on_boolean(void *context, int value)
{
	const struct flat *flat = context;
	(void)value;
	return flat->depth == 0 ? refuse(context, TW_E_SYNTAX) : flat->depth == 1 && flat->at != NONE ? refuse(context, TW_E_TYPE) : 1;
}

static int on_open(struct flat *flat)
{
	if (flat->depth == 1 && flat->at != NONE) {
		return refuse(flat, TW_E_TYPE);
	}
	flat->depth++;
	return 1;
}

static int on_map(void *context)
{
	return on_open(context);
}

static int on_array(void *context)
{
	struct flat *flat = context;
	return flat->depth == 0 ? refuse(flat, TW_E_SYNTAX) : on_open(flat);
}

static int on_close(void *context)
{
	((struct flat *)context)->depth--;
	return 1;
}

static int on_key(void *context, const unsigned char *text, size_t length)
{
	struct flat *flat = context;
	struct tw_slice key = {(const char *)text, (uint32_t)length};
	if (flat->depth != 1) {
		return 1;
	}
	flat->at = NONE;
	for (uint32_t i = 0; i < flat->count; i++) {
		flat->at = tw_slice_is(key, flat->names[i]) ? i : flat->at;
	}
	if (flat->at == NONE) {
		return 1;
	}
	if (flat->seen[flat->at]) {
		return refuse(flat, TW_E_CONFLICT);
	}
	flat->seen[flat->at] = true;
	return 1;
}

static const yajl_callbacks callbacks = {on_null, on_boolean, NULL, NULL, on_number, on_text, on_map, on_key, on_close, on_array, on_close};

static enum tw_code refused(const struct flat *flat, struct tw_error *err)
{
	const char *member = flat->at != NONE ? flat->names[flat->at] : "";
	switch (flat->code) {
	case TW_E_MEMORY:
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a row", NULL, NULL);
	case TW_E_TYPE:
		return tw_fail(err, TW_E_TYPE, TW_REJECT, "neither text nor number", NULL, "%s", member);
	case TW_E_CONFLICT:
		return tw_fail(err, TW_E_CONFLICT, TW_REJECT, "a member that stands twice", NULL, "%s", member);
	case TW_OK:
	case TW_E_LIMIT:
	case TW_E_SYNTAX:
	case TW_E_MISSING:
	case TW_E_RANGE:
	case TW_E_UNKNOWN:
	case TW_E_IO:
	case TW_E_AUTH:
	case TW_E_STALE:
	case TW_E_CORRUPT:
		break;
	}
	return tw_fail(err, TW_E_SYNTAX, TW_REJECT, "not one JSON object", NULL, NULL);
}

enum tw_code tw_flat_read(struct tw_slice line, const char *const *names, uint32_t count, struct tw_arena *arena, struct tw_slice *out,
                          struct tw_error *err)
{
	struct flat flat = {.names = names, .count = count, .arena = arena, .out = out, .at = NONE};
	for (uint32_t i = 0; i < count; i++) {
		out[i] = (struct tw_slice){"", 0};
	}
	yajl_handle parser = yajl_alloc(&callbacks, NULL, &flat);
	if (!parser) {
		flat.code = TW_E_MEMORY;
		return refused(&flat, err);
	}
	yajl_status status = yajl_parse(parser, (const unsigned char *)line.ptr, line.len);
	status = status == yajl_status_ok ? yajl_complete_parse(parser) : status;
	yajl_free(parser);
	return status == yajl_status_ok && flat.code == TW_OK ? TW_OK : refused(&flat, err);
}
