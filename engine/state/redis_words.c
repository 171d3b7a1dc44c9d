/**
 * @file redis_words.c
 * The commands of a call, word by word; see redis_call.h. Nothing here talks to anybody.
 *
 *     a function call      FCALL tw_add keys   known to compactions entries     (append.lua)
 *     a read               MGET epoch records
 *     a transaction        MGET epoch watermarks records, then MSET of the same names   (redis_turn.h)
 */
#include "engine/base/arena.h"
#include "engine/state/redis_call.h"

#define COMPACTION_HEAD_BYTES 14U
#define GENERATION_BYTES      4U

static const struct tw_call_key *keys_of(const struct tw_call *call)
{
	return call->keys.data;
}

static const struct tw_call_span *spans_of(const struct tw_call *call)
{
	return call->spans.data;
}

static char *number_put(char *to, uint64_t value, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		to[i] = (char)(unsigned char)(value >> (8 * i));
	}
	return to + bytes;
}

uint64_t tw_watermark_number(const char *from, uint32_t bytes)
{
	uint64_t value = 0;
	for (uint32_t i = 0; i < bytes; i++) {
		value |= (uint64_t)(unsigned char)from[i] << (8 * i);
	}
	return value;
}

/* As it is to be. */
static char *watermark_put(char *at, const struct tw_call_span *span)
{
	uint64_t committed = span->committed < 0 ? 0 : (uint64_t)span->committed;
	return number_put(number_put(number_put(at, (uint64_t)span->to, 8), span->to_done, 4), committed, 8);
}

/* Of every span, as it is known or as it is to be. */
static struct tw_slice watermarks_word(const struct tw_call *call, bool to, struct tw_arena *arena)
{
	uint32_t bytes = to ? TW_WATERMARK_STORED_BYTES : TW_WATERMARK_BYTES;
	char *out = tw_arena_alloc_raw(arena, (size_t)call->spans.count * bytes);
	char *at = out;
	for (uint32_t i = 0; out && i < call->spans.count; i++, at += bytes) {
		const struct tw_call_span *span = &spans_of(call)[i];
		if (to) {
			watermark_put(at, span);
		} else if (span->from_present) {
			number_put(number_put(at, (uint64_t)span->from, 8), span->from_done, 4);
		} else {
			memset(at, 0xff, bytes);
		}
	}
	return (struct tw_slice){out, out ? call->spans.count * bytes : 0};
}

static struct tw_slice compactions_word(const struct tw_call *call, struct tw_arena *arena)
{
	size_t room = 0;
	for (uint32_t i = 0; i < call->keys.count; i++) {
		const struct tw_pending *pending = keys_of(call)[i].pending;
		room += pending ? COMPACTION_HEAD_BYTES + (size_t)pending->head_len : 0;
	}
	if (room == 0) {
		return (struct tw_slice){"", 0};
	}
	char *out = tw_arena_alloc_raw(arena, room);
	char *at = out;
	for (uint32_t i = 0; out && i < call->keys.count; i++) {
		const struct tw_pending *pending = keys_of(call)[i].pending;
		if (pending) {
			at = number_put(at, call->spans.count + 2 + i, 2);
			at = number_put(at, pending->generation, 4);
			at = number_put(at, pending->upto, 4);
			at = number_put(at, pending->head_len, 4);
			memcpy(at, pending->bytes + pending->key_len, pending->head_len);
			at += pending->head_len;
		}
	}
	return (struct tw_slice){out, out ? (uint32_t)room : 0};
}

static uint32_t names_count(const struct tw_call *call)
{
	return 1 + call->spans.count + call->keys.count;
}

/* Epoch, watermarks, records. A name without bytes is an arena that was full. */
static void names_put(const struct tw_call *call, struct tw_slice *names, struct tw_arena *arena)
{
	*names++ = tw_shard_key_epoch(call->shard, arena);
	for (uint32_t i = 0; i < call->spans.count; i++) {
		const struct tw_store_part *part = spans_of(call)[i].part;
		*names++ = tw_shard_key_watermark(call->shard, part->topic, part->partition, arena);
	}
	for (uint32_t i = 0; i < call->keys.count; i++) {
		const struct tw_operation *operation = keys_of(call)[i].operation;
		*names++ = tw_shard_key_record(call->shard, operation->kind, operation->key, arena);
	}
}

/* The epoch of the same moment: what a record says counts only with it. */
static struct tw_slice *reads_words(const struct tw_call *call, struct tw_arena *arena, uint32_t *count)
{
	struct tw_slice *words = tw_arena_alloc_raw(arena, (2 + (size_t)call->keys.count) * sizeof(*words));
	if (!words) {
		return NULL;
	}
	words[0] = tw_slice_str("MGET");
	words[1] = tw_shard_key_epoch(call->shard, arena);
	bool whole = words[1].ptr != NULL;
	for (uint32_t i = 0; whole && i < call->keys.count; i++) {
		const struct tw_operation *operation = keys_of(call)[i].operation;
		words[2 + i] = tw_shard_key_record(call->shard, operation->kind, operation->key, arena);
		whole = words[2 + i].ptr != NULL;
	}
	*count = 2 + call->keys.count;
	return whole ? words : NULL;
}

struct tw_slice *tw_call_words(const struct tw_call *call, struct tw_arena *arena, uint32_t *count)
{
	if (call->reads) {
		return reads_words(call, arena, count);
	}
	uint32_t keys = call->keys.count, spans = call->spans.count, at = 0;
	struct tw_slice *words = tw_arena_alloc_raw(arena, (9 + (size_t)spans + 2 * (size_t)keys) * sizeof(*words));
	if (!words) {
		return NULL;
	}
	words[at++] = tw_slice_str("FCALL");
	words[at++] = tw_slice_str("tw_add");
	words[at++] = tw_arena_format(arena, "%u", names_count(call));
	names_put(call, words + at, arena);
	at += names_count(call);
	words[at++] = (struct tw_slice){call->shard->epoch, call->shard->epoch_len};
	words[at++] = watermarks_word(call, false, arena);
	words[at++] = watermarks_word(call, true, arena);
	words[at++] = compactions_word(call, arena);
	words[at++] = tw_slice_str(call->rebuild ? "0" : "1");
	for (uint32_t i = 0; i < keys; i++) {
		words[at++] = (struct tw_slice){keys_of(call)[i].entries, keys_of(call)[i].bytes};
	}
	for (uint32_t i = 0; i < at; i++) {
		if (!words[i].ptr) {
			return NULL;
		}
	}
	*count = at;
	return words;
}

/* ---- a transaction's ---- */

struct tw_slice *tw_call_look_words(struct tw_call *call, struct tw_arena *arena, uint32_t *count)
{
	uint32_t names = names_count(call);
	struct tw_slice *words = tw_arena_alloc_raw(arena, (1 + (size_t)names) * sizeof(*words));
	if (!words) {
		return NULL;
	}
	words[0] = tw_slice_str("MGET");
	names_put(call, words + 1, arena);
	for (uint32_t i = 0; i < names; i++) {
		if (!words[1 + i].ptr) {
			return NULL;
		}
	}
	call->names = words + 1;
	*count = 1 + names;
	return words;
}

/* Record and entries stand behind one another already; a compaction takes the place of the record's beginning. */
static struct tw_slice stored_record(const struct tw_call_key *key, struct tw_arena *arena)
{
	const struct tw_compaction *compaction = key->compaction;
	uint32_t whole = key->joined_base + key->bytes;
	if (!compaction) {
		return (struct tw_slice){key->joined, whole};
	}
	uint32_t rest = whole - compaction->upto, length = GENERATION_BYTES + compaction->head.len + rest;
	char *out = tw_arena_alloc_raw(arena, length);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	char *at = number_put(out, compaction->generation + 1U, GENERATION_BYTES);
	memcpy(at, compaction->head.ptr, compaction->head.len);
	memcpy(at + compaction->head.len, key->joined + compaction->upto, rest);
	return (struct tw_slice){out, length};
}

uint32_t tw_call_store_count(const struct tw_call *call)
{
	return 2 * names_count(call);
}

bool tw_call_store_words(const struct tw_call *call, struct tw_slice *words, struct tw_arena *arena)
{
	const struct tw_shard *shard = call->shard;
	const struct tw_slice *name = call->names;
	char *numbers = tw_arena_alloc_raw(arena, (size_t)call->spans.count * TW_WATERMARK_STORED_BYTES + shard->epoch_len + 1);
	if (!numbers) {
		return false;
	}
	memcpy(numbers, shard->epoch, shard->epoch_len);
	numbers[shard->epoch_len] = call->open ? 'o' : 'c';
	*words++ = *name++;
	*words++ = (struct tw_slice){numbers, shard->epoch_len + 1};
	numbers += shard->epoch_len + 1;
	for (uint32_t i = 0; i < call->spans.count; i++) {
		*words++ = *name++;
		*words++ = (struct tw_slice){numbers, TW_WATERMARK_STORED_BYTES};
		numbers = watermark_put(numbers, &spans_of(call)[i]);
	}
	bool whole = true;
	for (uint32_t i = 0; i < call->keys.count; i++) {
		struct tw_slice value = stored_record(&keys_of(call)[i], arena);
		whole = whole && value.ptr;
		*words++ = *name++;
		*words++ = value;
	}
	return whole;
}
