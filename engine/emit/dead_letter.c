/**
 * @file dead_letter.c
 * A refusal, and any output as a line of a file.
 *
 * A dead letter's value is the source's own bytes, not a copy that somebody has made readable: what could not be read must be
 * found again exactly. All that we know about it stands in the headers.
 *
 * Source: the event contract, "What comes out"; feeds/schema/dead-letter.json; base64: IETF, RFC 4648, section 4.
 */
#include "engine/emit/json.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/emit/emit.h"

#define HEADERS 8

static void header_add(struct tw_output *out, const char *name, struct tw_slice value)
{
	out->headers[out->header_count++] = (struct tw_header){tw_slice_str(name), value};
}

enum tw_code tw_emit_dead_letter(const struct tw_dead_letter_case *about, struct tw_arena *arena, struct tw_output *out, struct tw_error *err)
{
	struct tw_output made = {.kind = TW_OUTPUT_DEAD_LETTER, .key = about->key, .value = about->raw};
	made.origin.partition = about->origin.partition;
	made.origin.offset = about->origin.offset;
	made.headers = tw_arena_alloc(arena, HEADERS * sizeof(*made.headers));
	struct tw_slice partition = tw_arena_format(arena, "%d", about->origin.partition);
	struct tw_slice offset = tw_arena_format(arena, "%lld", (long long)about->origin.offset);
	struct tw_slice byte = tw_arena_format(arena, "%lld", (long long)about->byte);
	if (!made.headers || !partition.ptr || !offset.ptr || !byte.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a dead letter", NULL, NULL);
	}
	header_add(&made, "dlq.reason", tw_slice_str(about->reason));
	header_add(&made, "dlq.detail", about->detail);
	header_add(&made, "dlq.stage", tw_slice_str(about->stage));
	header_add(&made, "dlq.topic", about->origin.topic);
	header_add(&made, "dlq.partition", partition);
	header_add(&made, "dlq.offset", offset);
	if (about->byte >= 0) {
		header_add(&made, "dlq.byte", byte);
	}
	header_add(&made, "dlq.engine", tw_slice_str(about->engine_version));
	*out = made;
	return TW_OK;
}

static struct tw_slice base64(struct tw_arena *arena, struct tw_slice bytes)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = tw_arena_alloc_raw(arena, ((size_t)bytes.len + 2) / 3 * 4 + 1);
	uint32_t length = 0;
	for (uint32_t i = 0; out && i < bytes.len; i += 3) {
		uint32_t have = bytes.len - i, group = 0;
		for (uint32_t k = 0; k < 3; k++) {
			group = group << 8 | (k < have ? (unsigned char)bytes.ptr[i + k] : 0U);
		}
		out[length++] = alphabet[group >> 18];
		out[length++] = alphabet[group >> 12 & 63];
		out[length++] = have > 1 ? alphabet[group >> 6 & 63] : '=';
		out[length++] = have > 2 ? alphabet[group & 63] : '=';
	}
	return (struct tw_slice){out, length};
}

static void write_bytes(struct tw_json *json, const char *name, struct tw_slice bytes)
{
	struct tw_slice text = base64(json->arena, bytes);
	json->failed = json->failed || !text.ptr;
	tw_json_key(json, name);
	tw_json_text(json, text);
}

static void write_key(struct tw_json *json, struct tw_slice key)
{
	if (tw_utf8_valid(key, NULL)) {
		tw_json_text_member(json, "key", key);
	} else {
		write_bytes(json, "key_base64", key);
	}
}

static void write_headers(struct tw_json *json, const struct tw_output *output)
{
	tw_json_key(json, "headers");
	tw_json_object(json);
	for (uint32_t i = 0; i < output->header_count; i++) {
		tw_json_text(json, output->headers[i].name);
		tw_json_text(json, output->headers[i].value);
	}
	tw_json_object_end(json);
}

enum tw_code tw_emit_line(const struct tw_output *output, struct tw_slice topic, struct tw_arena *arena, struct tw_slice *line, struct tw_error *err)
{
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_key(&json, "topic");
	tw_json_text(&json, topic);
	write_key(&json, output->key);
	write_headers(&json, output);
	if (output->kind == TW_OUTPUT_DEAD_LETTER) {
		write_bytes(&json, "value_base64", output->value);
	} else {
		tw_json_key(&json, "value");
		tw_json_raw(&json, output->value);
	}
	tw_json_object_end(&json);
	struct tw_slice text;
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code != TW_OK) {
		return code;
	}
	/* the terminator's byte is ours: the newline takes its place */
	char *bytes = json.bytes;
	bytes[text.len] = '\n';
	*line = (struct tw_slice){bytes, text.len + 1};
	return TW_OK;
}
