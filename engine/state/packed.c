/**
 * @file packed.c
 * The codec of packed.h.
 */
#include "engine/state/packed.h"

#include "engine/base/arena.h"

/* Least bytes that a counter and an element take: bounds what a count may claim before anything is allocated. */
#define COUNTER_BYTES_MIN 2U
#define ELEMENT_BYTES_MIN 12U
#define ID_BYTES          8U

int tw_element_compare(const struct tw_element *a, const struct tw_element *b)
{
	const struct tw_version *x = &a->version, *y = &b->version;
	if (x->revision != y->revision) {
		return x->revision < y->revision ? -1 : 1;
	}
	if (x->time_ms != y->time_ms) {
		return x->time_ms < y->time_ms ? -1 : 1;
	}
	if (x->id != y->id) {
		return x->id < y->id ? -1 : 1;
	}
	return tw_slice_compare(a->bytes, b->bytes);
}

int64_t tw_counter_merge(uint32_t field, int64_t held, int64_t value)
{
	switch (TW_COUNT_MERGE(field)) {
	case TW_MERGE_ADD:
		return held > INT64_MAX - value ? INT64_MAX : held + value;
	case TW_MERGE_MAX:
		return held > value ? held : value;
	case TW_MERGE_MIN:
		return held < value ? held : value;
	case TW_MERGE_OR:
		break;
	}
	return held | value;
}

int64_t tw_state_counter(const struct tw_state *state, uint32_t field, int64_t absent)
{
	uint32_t low = 0, high = state->counter_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (state->counters[middle].field < field) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < state->counter_count && state->counters[low].field == field ? state->counters[low].value : absent;
}

/* ---- writing ---- */

unsigned char *tw_varint_put(unsigned char *to, uint64_t value)
{
	while (value >= 0x80) {
		*to++ = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	*to++ = (unsigned char)value;
	return to;
}

static uint64_t zigzag(int64_t value)
{
	return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

unsigned char *tw_zigzag_put(unsigned char *to, int64_t value)
{
	return tw_varint_put(to, zigzag(value));
}

static unsigned char *id_put(unsigned char *to, uint64_t id)
{
	for (uint32_t i = 0; i < ID_BYTES; i++) {
		*to++ = (unsigned char)(id >> (8 * i));
	}
	return to;
}

static unsigned char *bytes_put(unsigned char *to, struct tw_slice bytes)
{
	to = tw_varint_put(to, bytes.len);
	if (bytes.len) {
		memcpy(to, bytes.ptr, bytes.len);
	}
	return to + bytes.len;
}

static bool is_signed(uint32_t field)
{
	enum tw_merge merge = TW_COUNT_MERGE(field);
	return merge == TW_MERGE_MAX || merge == TW_MERGE_MIN;
}

static size_t room_for(const struct tw_state *state)
{
	size_t room = 2 * TW_VARINT_BYTES + (size_t)state->counter_count * 2 * TW_VARINT_BYTES;
	for (uint32_t i = 0; i < state->element_count; i++) {
		room += 4 * TW_VARINT_BYTES + ID_BYTES + state->elements[i].key.len + (size_t)state->elements[i].bytes.len;
	}
	return room;
}

static unsigned char *state_put(unsigned char *to, const struct tw_state *state)
{
	to = tw_varint_put(to, state->counter_count);
	uint32_t field = 0;
	for (uint32_t i = 0; i < state->counter_count; i++) {
		const struct tw_counter *counter = &state->counters[i];
		to = tw_varint_put(to, counter->field - field);
		field = counter->field;
		to = tw_varint_put(to, is_signed(field) ? zigzag(counter->value) : (uint64_t)counter->value);
	}
	to = tw_varint_put(to, state->element_count);
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		to = bytes_put(to, element->key);
		to = tw_zigzag_put(to, element->version.revision);
		to = tw_zigzag_put(to, element->version.time_ms);
		to = id_put(to, element->version.id);
		to = bytes_put(to, element->bytes);
	}
	return to;
}

struct tw_slice tw_packed_write(const struct tw_state *state, struct tw_arena *arena)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	unsigned char *wide = tw_arena_alloc_raw(arena, room_for(state));
	if (!wide) {
		return (struct tw_slice){NULL, 0};
	}
	size_t length = (size_t)(state_put(wide, state) - wide);
	/* Give back what the worst case did not need: a rewound block keeps its bytes, so this usually moves nothing. */
	tw_arena_rewind(arena, mark);
	char *exact = tw_arena_alloc_raw(arena, length);
	if (!exact) {
		return (struct tw_slice){NULL, 0};
	}
	if ((void *)exact != (void *)wide) {
		memmove(exact, wide, length);
	}
	return (struct tw_slice){exact, (uint32_t)length};
}

/* ---- reading ---- */

struct tw_cursor tw_cursor_of(struct tw_slice bytes)
{
	const unsigned char *at = (const unsigned char *)(bytes.len ? bytes.ptr : "");
	return (struct tw_cursor){at, at + bytes.len, false};
}

uint64_t tw_varint_take_long(struct tw_cursor *cursor)
{
	uint64_t value = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (cursor->bad || cursor->at == cursor->end) {
			break;
		}
		unsigned char byte = *cursor->at++;
		if (shift == 63 && byte > 1) {
			break;
		}
		value |= (uint64_t)(byte & 0x7F) << shift;
		if (byte < 0x80) {
			/* a longer spelling of the same number would break "equal states give equal bytes" */
			cursor->bad = byte == 0 && shift;
			return cursor->bad ? 0 : value;
		}
	}
	cursor->bad = true;
	return 0;
}

int64_t tw_zigzag_take(struct tw_cursor *cursor)
{
	uint64_t value = tw_varint_take(cursor);
	return (int64_t)((value >> 1) ^ (0 - (value & 1)));
}

struct tw_slice tw_bytes_take(struct tw_cursor *cursor)
{
	uint64_t length = tw_varint_take(cursor);
	if (cursor->bad || length > (uint64_t)(cursor->end - cursor->at)) {
		cursor->bad = true;
		return (struct tw_slice){"", 0};
	}
	struct tw_slice bytes = {(const char *)cursor->at, (uint32_t)length};
	cursor->at += length;
	return bytes;
}

static uint64_t id_take(struct tw_cursor *cursor)
{
	uint64_t id = 0;
	if (cursor->bad || cursor->end - cursor->at < (ptrdiff_t)ID_BYTES) {
		cursor->bad = true;
		return 0;
	}
	for (uint32_t i = 0; i < ID_BYTES; i++) {
		id |= (uint64_t)*cursor->at++ << (8 * i);
	}
	return id;
}

/* A count that the bytes left cannot hold is refused before anybody trusts it. */
static uint64_t count_take(struct tw_cursor *cursor, uint64_t each)
{
	uint64_t count = tw_varint_take(cursor);
	if (count > (uint64_t)(cursor->end - cursor->at) / each) {
		cursor->bad = true;
		return 0;
	}
	return count;
}

void tw_walk_counters(struct tw_packed_walk *walk, struct tw_slice packed)
{
	*walk = (struct tw_packed_walk){.cursor = tw_cursor_of(packed), .empty = packed.len == 0};
	walk->left = packed.len ? count_take(&walk->cursor, COUNTER_BYTES_MIN) : 0;
}

bool tw_walk_counter(struct tw_packed_walk *walk, struct tw_counter *out)
{
	if (walk->left == 0) {
		return false;
	}
	walk->left--;
	uint64_t step = tw_varint_take(&walk->cursor);
	if (step == 0 || step > UINT32_MAX - walk->field) {
		walk->cursor.bad = true;
		return false;
	}
	walk->field += (uint32_t)step;
	out->field = walk->field;
	out->value = is_signed(walk->field) ? tw_zigzag_take(&walk->cursor) : (int64_t)tw_varint_take(&walk->cursor);
	if (TW_COUNT_MERGE(walk->field) == TW_MERGE_ADD && out->value < 0) {
		walk->cursor.bad = true;
	}
	return !walk->cursor.bad;
}

void tw_walk_elements(struct tw_packed_walk *walk)
{
	walk->left = walk->cursor.bad || walk->empty ? 0 : count_take(&walk->cursor, ELEMENT_BYTES_MIN);
	walk->key = (struct tw_slice){NULL, 0};
}

void tw_walk_past_counters(struct tw_packed_walk *walk, struct tw_slice packed)
{
	struct tw_counter counter;
	tw_walk_counters(walk, packed);
	while (tw_walk_counter(walk, &counter)) {
	}
	tw_walk_elements(walk);
}

bool tw_walk_element(struct tw_packed_walk *walk, struct tw_element *out)
{
	if (walk->left == 0) {
		return false;
	}
	walk->left--;
	struct tw_cursor *cursor = &walk->cursor;
	out->key = tw_bytes_take(cursor);
	out->version.revision = tw_zigzag_take(cursor);
	out->version.time_ms = tw_zigzag_take(cursor);
	out->version.id = id_take(cursor);
	out->bytes = tw_bytes_take(cursor);
	if (walk->key.ptr && tw_slice_compare(walk->key, out->key) >= 0) {
		cursor->bad = true;
	}
	walk->key = out->key;
	return !cursor->bad;
}

enum tw_code tw_packed_read(struct tw_slice packed, struct tw_arena *arena, struct tw_state *out)
{
	*out = (struct tw_state){NULL, 0, NULL, 0};
	struct tw_packed_walk walk;
	tw_walk_counters(&walk, packed);
	if (walk.left) {
		out->counters = tw_arena_alloc_raw(arena, walk.left * sizeof(*out->counters));
		if (!out->counters) {
			return TW_E_MEMORY;
		}
		while (tw_walk_counter(&walk, &out->counters[out->counter_count])) {
			out->counter_count++;
		}
	}
	tw_walk_elements(&walk);
	if (walk.left) {
		out->elements = tw_arena_alloc_raw(arena, walk.left * sizeof(*out->elements));
		if (!out->elements) {
			return TW_E_MEMORY;
		}
		while (tw_walk_element(&walk, &out->elements[out->element_count])) {
			out->element_count++;
		}
	}
	return walk.cursor.bad || walk.cursor.at != walk.cursor.end ? TW_E_CORRUPT : TW_OK;
}

bool tw_packed_sound(struct tw_slice packed)
{
	struct tw_packed_walk walk;
	struct tw_element element;
	tw_walk_past_counters(&walk, packed);
	while (tw_walk_element(&walk, &element)) {
	}
	return !walk.cursor.bad && walk.cursor.at == walk.cursor.end;
}
