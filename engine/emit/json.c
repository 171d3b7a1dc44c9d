/**
 * @file json.c
 * yajl_gen over the arena; see json.h.
 *
 * yajl prints through a callback into a buffer of our own that doubles inside the arena. Its handle comes from the arena too and is
 * never freed: the arena's reset does that.
 */
#include "engine/emit/json.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <yajl/yajl_gen.h>

#define FIRST_BYTES  4096U
#define HEAD_BYTES   16U /* keeps the arena's alignment in front of what yajl allocates */
#define NUMBER_BYTES 32U

static void *allocate(void *context, size_t bytes)
{
	size_t *head = tw_arena_alloc_raw(context, bytes + HEAD_BYTES);
	if (!head) {
		return NULL;
	}
	*head = bytes;
	return (char *)head + HEAD_BYTES;
}

static void *reallocate(void *context, void *old, size_t bytes)
{
	void *grown = allocate(context, bytes);
	if (grown && old) {
		size_t had;
		memcpy(&had, (char *)old - HEAD_BYTES, sizeof(had));
		memcpy(grown, old, had < bytes ? had : bytes);
	}
	return grown;
}

static void release(void *context, void *old)
{
	(void)context;
	(void)old;
}

static bool room_make(struct tw_json *json, size_t more)
{
	if (json->capacity - json->length > more) {
		return true;
	}
	size_t capacity = json->capacity * 2 > FIRST_BYTES ? json->capacity * 2 : FIRST_BYTES;
	capacity = capacity > json->length + more + 1 ? capacity : json->length + more + 1;
	char *grown = capacity > UINT32_MAX ? NULL : tw_arena_alloc_raw(json->arena, capacity);
	if (!grown) {
		json->failed = true;
		return false;
	}
	if (json->length) {
		memcpy(grown, json->bytes, json->length);
	}
	json->bytes = grown;
	json->capacity = capacity;
	return true;
}

static void print(void *context, const char *bytes, size_t length)
{
	struct tw_json *json = context;
	if (!json->failed && length && room_make(json, length)) {
		memcpy(json->bytes + json->length, bytes, length);
		json->length += length;
	}
}

static void step(struct tw_json *json, yajl_gen_status status)
{
	json->failed = json->failed || status != yajl_gen_status_ok;
}

void tw_json_begin(struct tw_json *json, struct tw_arena *arena)
{
	yajl_alloc_funcs functions = {allocate, reallocate, release, arena};
	*json = (struct tw_json){.arena = arena};
	json->generator = yajl_gen_alloc(&functions);
	json->failed = !json->generator || !yajl_gen_config(json->generator, yajl_gen_print_callback, print, json);
}

enum tw_code tw_json_end(struct tw_json *json, struct tw_slice *out, struct tw_error *err)
{
	if (json->failed || !room_make(json, 0)) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to write a record", NULL, "%zu bytes written", json->length);
	}
	json->bytes[json->length] = '\0';
	*out = (struct tw_slice){json->bytes, (uint32_t)json->length};
	return TW_OK;
}

void tw_json_object(struct tw_json *json)
{
	if (!json->failed) {
		step(json, yajl_gen_map_open(json->generator));
	}
}

void tw_json_object_end(struct tw_json *json)
{
	if (!json->failed) {
		step(json, yajl_gen_map_close(json->generator));
	}
}

void tw_json_array(struct tw_json *json)
{
	if (!json->failed) {
		step(json, yajl_gen_array_open(json->generator));
	}
}

void tw_json_array_end(struct tw_json *json)
{
	if (!json->failed) {
		step(json, yajl_gen_array_close(json->generator));
	}
}

/* Each ill-formed byte becomes U+FFFD, three bytes. */
static struct tw_slice repaired(struct tw_arena *arena, struct tw_slice text)
{
	char *out = tw_arena_alloc_raw(arena, (size_t)text.len * 3 + 1);
	uint32_t length = 0, bad = 0;
	if (!out || text.len > UINT32_MAX / 3 - 1) {
		return (struct tw_slice){NULL, 0};
	}
	while (!tw_utf8_valid(text, &bad)) {
		memcpy(out + length, text.ptr, bad);
		memcpy(out + length + bad, "\xEF\xBF\xBD", 3);
		length += bad + 3;
		text = (struct tw_slice){text.ptr + bad + 1, text.len - bad - 1};
	}
	memcpy(out + length, text.ptr, text.len);
	return (struct tw_slice){out, length + text.len};
}

void tw_json_text(struct tw_json *json, struct tw_slice text)
{
	if (json->failed) {
		return;
	}
	if (!tw_utf8_valid(text, NULL)) {
		text = repaired(json->arena, text);
		json->failed = !text.ptr;
	}
	if (!json->failed) {
		step(json, yajl_gen_string(json->generator, (const unsigned char *)(text.len ? text.ptr : ""), text.len));
	}
}

void tw_json_key(struct tw_json *json, const char *name)
{
	tw_json_text(json, tw_slice_str(name));
}

/* yajl writes what it is given as a number without looking at it, which is how a finished value can be set into another one. */
void tw_json_raw(struct tw_json *json, struct tw_slice value)
{
	if (!json->failed) {
		step(json, yajl_gen_number(json->generator, value.ptr, value.len));
	}
}

void tw_json_integer(struct tw_json *json, int64_t number)
{
	char digits[NUMBER_BYTES];
	int length = snprintf(digits, sizeof(digits), "%" PRId64, number);
	tw_json_raw(json, (struct tw_slice){digits, (uint32_t)length});
}

void tw_json_amount(struct tw_json *json, int64_t e4)
{
	char digits[NUMBER_BYTES];
	uint64_t magnitude = e4 < 0 ? 0 - (uint64_t)e4 : (uint64_t)e4;
	int length = snprintf(digits, sizeof(digits), "%s%" PRIu64 ".%04" PRIu64, e4 < 0 ? "-" : "", magnitude / 10000, magnitude % 10000);
	while (digits[length - 1] == '0') {
		length--;
	}
	length -= digits[length - 1] == '.';
	tw_json_raw(json, (struct tw_slice){digits, (uint32_t)length});
}

void tw_json_flag(struct tw_json *json, bool flag)
{
	if (!json->failed) {
		step(json, yajl_gen_bool(json->generator, flag));
	}
}

void tw_json_text_member(struct tw_json *json, const char *name, struct tw_slice text)
{
	if (text.len) {
		tw_json_key(json, name);
		tw_json_text(json, text);
	}
}

void tw_json_integer_member(struct tw_json *json, const char *name, int64_t number)
{
	tw_json_key(json, name);
	tw_json_integer(json, number);
}

struct tw_slice tw_json_cut(struct tw_slice text, uint32_t bytes)
{
	if (text.len <= bytes) {
		return text;
	}
	/* a character has at most three continuation bytes: ill-formed text is cut where it was asked for */
	uint32_t end = bytes;
	while (end > 0 && bytes - end < 3 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
		end--;
	}
	bool inside = ((unsigned char)text.ptr[end] & 0xC0) == 0x80;
	return (struct tw_slice){text.ptr, inside ? bytes : end};
}
