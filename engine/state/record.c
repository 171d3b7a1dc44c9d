/**
 * @file record.c
 * Reading, appending and compacting the bytes of record.h. What the bytes add up to is fold.c's part.
 */
#include "engine/state/record.h"

#include "engine/base/arena.h"
#include "engine/base/hash.h"

#define GENERATION_BYTES  4U
#define TAG_BYTES         8U
#define HEAD_CHECK_BYTES  4U
#define ENTRY_CHECK_BYTES 2U
/* Different seeds: a snapshot's bytes never pass for an entry's. */
#define SNAPSHOT_SEED 0x736e6170U

static char *number_put(char *to, uint64_t value, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		to[i] = (char)(unsigned char)(value >> (8 * i));
	}
	return to + bytes;
}

/* 0 and bad when fewer bytes are left. */
static uint64_t number_take(struct tw_cursor *cursor, uint32_t bytes)
{
	uint64_t value = 0;
	if (cursor->bad || cursor->end - cursor->at < (ptrdiff_t)bytes) {
		cursor->bad = true;
		return 0;
	}
	for (uint32_t i = 0; i < bytes; i++) {
		value |= (uint64_t)*cursor->at++ << (8 * i);
	}
	return value;
}

static struct tw_slice rest_take(struct tw_cursor *cursor, uint64_t length)
{
	if (cursor->bad || length > (uint64_t)(cursor->end - cursor->at)) {
		cursor->bad = true;
		return (struct tw_slice){NULL, 0};
	}
	struct tw_slice bytes = {(const char *)cursor->at, (uint32_t)length};
	cursor->at += length;
	return bytes;
}

static uint32_t snapshot_check(struct tw_slice snapshot)
{
	return (uint32_t)tw_hash64(snapshot.ptr, snapshot.len, SNAPSHOT_SEED);
}

static uint32_t entry_check(uint64_t tag, struct tw_slice payload)
{
	return (uint32_t)tw_hash64(payload.ptr, payload.len, tag) & 0xFFFFU;
}

void tw_record_begin(char *to)
{
	memset(to, 0, TW_RECORD_EMPTY_BYTES);
}

uint32_t tw_entry_bytes(struct tw_slice payload)
{
	unsigned char scratch[TW_VARINT_BYTES];
	return TAG_BYTES + (uint32_t)(tw_varint_put(scratch, payload.len) - scratch) + ENTRY_CHECK_BYTES + payload.len;
}

uint32_t tw_entry_write(char *to, uint64_t tag, struct tw_slice payload)
{
	char *at = number_put(to, tag, TAG_BYTES);
	at = (char *)tw_varint_put((unsigned char *)at, payload.len);
	at = number_put(at, entry_check(tag, payload), ENTRY_CHECK_BYTES);
	if (payload.len) {
		memcpy(at, payload.ptr, payload.len);
	}
	return (uint32_t)(at - to) + payload.len;
}

struct tw_slice tw_record_head(struct tw_cursor *cursor)
{
	number_take(cursor, GENERATION_BYTES);
	uint64_t length = tw_varint_take(cursor);
	if (length == 0) {
		return (struct tw_slice){NULL, 0};
	}
	uint64_t check = number_take(cursor, HEAD_CHECK_BYTES);
	struct tw_slice snapshot = rest_take(cursor, length);
	if (!cursor->bad && !cursor->known && snapshot_check(snapshot) != check) {
		cursor->bad = true;
	}
	return cursor->bad ? (struct tw_slice){NULL, 0} : snapshot;
}

bool tw_record_entry(struct tw_cursor *cursor, uint64_t *tag, struct tw_slice *payload)
{
	if (cursor->bad || cursor->at == cursor->end) {
		return false;
	}
	*tag = number_take(cursor, TAG_BYTES);
	uint64_t length = tw_varint_take(cursor);
	uint64_t check = number_take(cursor, ENTRY_CHECK_BYTES);
	*payload = rest_take(cursor, length);
	if (!cursor->bad && !cursor->known && entry_check(*tag, *payload) != check) {
		cursor->bad = true;
	}
	return !cursor->bad;
}

bool tw_record_sound(struct tw_slice record, uint32_t *tail)
{
	uint32_t count = 0;
	struct tw_cursor cursor = tw_cursor_of(record);
	struct tw_slice payload = record.len ? tw_record_head(&cursor) : record;
	uint64_t tag;
	bool sound = tw_packed_sound(payload);
	while (sound && tw_record_entry(&cursor, &tag, &payload)) {
		sound = tw_packed_sound(payload);
		count++;
	}
	if (tail) {
		*tail = count;
	}
	return sound && !cursor.bad;
}

bool tw_record_before(struct tw_slice record, uint64_t tag, struct tw_slice *before)
{
	if (record.len == 0) {
		return false;
	}
	struct tw_cursor cursor = tw_cursor_of(record);
	struct tw_slice payload = tw_record_head(&cursor);
	uint64_t found;
	const unsigned char *start = cursor.at;
	while (tw_record_entry(&cursor, &found, &payload)) {
		if (found == tag) {
			*before = (struct tw_slice){record.ptr, (uint32_t)(start - (const unsigned char *)record.ptr)};
			return true;
		}
		start = cursor.at;
	}
	return false;
}

/* End of the longest prefix whose entries may all go; 0 when there is none or the bytes are bad. */
static uint32_t foldable_end(struct tw_slice record, struct tw_foldable foldable, uint32_t *entries, bool *bad)
{
	struct tw_cursor cursor = tw_cursor_of(record);
	struct tw_slice payload = tw_record_head(&cursor);
	const unsigned char *end = cursor.at, *first = cursor.at;
	uint64_t tag;
	while (tw_record_entry(&cursor, &tag, &payload) && foldable.below(foldable.context, tag)) {
		end = cursor.at;
		++*entries;
	}
	*bad = cursor.bad;
	return cursor.bad || end == first ? 0 : (uint32_t)(end - (const unsigned char *)record.ptr);
}

enum tw_code tw_record_compact(struct tw_slice record, struct tw_foldable foldable, struct tw_arena *arena, struct tw_compaction *out)
{
	bool bad = false;
	out->entries = 0;
	uint32_t end = record.len ? foldable_end(record, foldable, &out->entries, &bad) : 0;
	if (end == 0) {
		return bad ? TW_E_CORRUPT : TW_E_MISSING;
	}
	struct tw_state state;
	enum tw_code code = tw_record_fold((struct tw_slice){record.ptr, end}, arena, &state);
	if (code) {
		return code;
	}
	struct tw_slice snapshot = tw_packed_write(&state, arena);
	char *head = snapshot.ptr ? tw_arena_alloc_raw(arena, (size_t)TW_VARINT_BYTES + HEAD_CHECK_BYTES + snapshot.len) : NULL;
	if (!head) {
		return TW_E_MEMORY;
	}
	char *at = (char *)tw_varint_put((unsigned char *)head, snapshot.len);
	at = number_put(at, snapshot_check(snapshot), HEAD_CHECK_BYTES);
	memcpy(at, snapshot.ptr, snapshot.len);
	struct tw_cursor cursor = tw_cursor_of(record);
	out->generation = (uint32_t)number_take(&cursor, GENERATION_BYTES);
	out->upto = end;
	out->head = (struct tw_slice){head, (uint32_t)(at - head) + snapshot.len};
	return TW_OK;
}

enum tw_code tw_record_canonical(struct tw_slice record, struct tw_arena *arena, struct tw_slice *out)
{
	struct tw_state state;
	enum tw_code code = tw_record_fold(record, arena, &state);
	if (code) {
		return code;
	}
	struct tw_slice packed = tw_packed_write(&state, arena);
	if (!packed.ptr) {
		return TW_E_MEMORY;
	}
	*out = packed;
	return TW_OK;
}
