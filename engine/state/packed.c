/**
 * @file packed.c
 * The codec of packed.h.
 */
#include "engine/state/packed.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"

/* Least bytes that a counter and an element take: bounds what a count may claim before anything is allocated. */
#define COUNTER_BYTES_MIN 2U
#define ELEMENT_BYTES_MIN 2U
#define WORD_BYTES        8U
#define SECOND_MS         1000

/* How an element's parts are written: two bits each. */
enum how { HOW_NONE = 0, HOW_SAME, HOW_WRITTEN, HOW_SECONDS };
#define HOW_BYTES    0U
#define HOW_REVISION 2U
#define HOW_TIME     4U
#define HOW_ID       6U

#define BITS_MORE 0x40U
#define BITS_WORD 0x80U

static const struct tw_element nothing = {{NULL, 0}, {0, TW_TIME_BASE_MS, 0}, {NULL, 0}};

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

unsigned char *tw_head_put(unsigned char *to, struct tw_slice text, uint32_t most)
{
	struct tw_slice head = tw_text_head(text, most);
	to = tw_varint_put(to, head.len);
	if (head.len) {
		memcpy(to, head.ptr, head.len);
	}
	return to + head.len;
}

static uint64_t zigzag(int64_t value)
{
	return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

unsigned char *tw_zigzag_put(unsigned char *to, int64_t value)
{
	return tw_varint_put(to, zigzag(value));
}

static unsigned char *word_put(unsigned char *to, uint64_t word)
{
	for (uint32_t i = 0; i < WORD_BYTES; i++) {
		*to++ = (unsigned char)(word >> (8 * i));
	}
	return to;
}

static bool is_sparse(uint64_t bits)
{
	return bits && (uint32_t)__builtin_popcountll(bits) <= TW_BITS_MAX;
}

static unsigned char *bits_put(unsigned char *to, uint64_t bits)
{
	if (!is_sparse(bits)) {
		*to++ = BITS_WORD;
		return word_put(to, bits);
	}
	while (bits) {
		unsigned bit = (unsigned)__builtin_ctzll(bits);
		bits &= bits - 1;
		*to++ = (unsigned char)(bit | (bits ? BITS_MORE : 0U));
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

static unsigned char *value_put(unsigned char *to, const struct tw_counter *counter)
{
	switch (TW_COUNT_MERGE(counter->field)) {
	case TW_MERGE_ADD:
		return tw_varint_put(to, (uint64_t)counter->value);
	case TW_MERGE_MAX:
	case TW_MERGE_MIN:
		return tw_zigzag_put(to, counter->value);
	case TW_MERGE_OR:
		break;
	}
	return bits_put(to, (uint64_t)counter->value);
}

static size_t room_for(const struct tw_state *state)
{
	size_t room = 2 * TW_VARINT_BYTES + (size_t)state->counter_count * 2 * TW_VARINT_BYTES;
	for (uint32_t i = 0; i < state->element_count; i++) {
		room += 1 + 4 * TW_VARINT_BYTES + WORD_BYTES + state->elements[i].key.len + (size_t)state->elements[i].bytes.len;
	}
	return room;
}

/* Wraps around: no two times are too far apart. */
static int64_t time_step(int64_t from, int64_t to)
{
	return (int64_t)((uint64_t)to - (uint64_t)from);
}

static unsigned how_of(bool none, bool same)
{
	return none ? HOW_NONE : same ? HOW_SAME : HOW_WRITTEN;
}

static unsigned element_how(const struct tw_element *element, const struct tw_element *last)
{
	const struct tw_version *version = &element->version;
	unsigned time = how_of(version->time_ms == 0, version->time_ms == last->version.time_ms);
	if (time == HOW_WRITTEN && time_step(last->version.time_ms, version->time_ms) % SECOND_MS == 0) {
		time = HOW_SECONDS;
	}
	bool same = last->bytes.ptr && tw_slice_equal(element->bytes, last->bytes);
	return how_of(element->bytes.len == 0, same) << HOW_BYTES |
	       how_of(version->revision == 0, version->revision == last->version.revision) << HOW_REVISION | time << HOW_TIME |
	       how_of(version->id == 0, version->id == last->version.id) << HOW_ID;
}

static enum how how_take(unsigned how, unsigned part)
{
	return (enum how)(how >> part & 3U);
}

/* @param last what was written out before; becomes this */
static unsigned char *element_put(unsigned char *to, const struct tw_element *element, struct tw_element *last)
{
	unsigned how = element_how(element, last);
	*to++ = (unsigned char)how;
	to = bytes_put(to, element->key);
	if (how_take(how, HOW_REVISION) == HOW_WRITTEN) {
		last->version.revision = element->version.revision;
		to = tw_zigzag_put(to, last->version.revision);
	}
	enum how time = how_take(how, HOW_TIME);
	if (time >= HOW_WRITTEN) {
		int64_t step = time_step(last->version.time_ms, element->version.time_ms);
		last->version.time_ms = element->version.time_ms;
		to = tw_zigzag_put(to, time == HOW_SECONDS ? step / SECOND_MS : step);
	}
	if (how_take(how, HOW_ID) == HOW_WRITTEN) {
		last->version.id = element->version.id;
		to = word_put(to, last->version.id);
	}
	if (how_take(how, HOW_BYTES) == HOW_WRITTEN) {
		last->bytes = element->bytes;
		to = bytes_put(to, last->bytes);
	}
	return to;
}

static unsigned char *state_put(unsigned char *to, const struct tw_state *state)
{
	to = tw_varint_put(to, state->counter_count);
	uint32_t field = 0;
	for (uint32_t i = 0; i < state->counter_count; i++) {
		to = tw_varint_put(to, state->counters[i].field - field);
		field = state->counters[i].field;
		to = value_put(to, &state->counters[i]);
	}
	to = tw_varint_put(to, state->element_count);
	struct tw_element last = nothing;
	for (uint32_t i = 0; i < state->element_count; i++) {
		to = element_put(to, &state->elements[i], &last);
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
	return (struct tw_cursor){at, at + bytes.len, false, false};
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

static uint64_t word_take(struct tw_cursor *cursor)
{
	uint64_t word = 0;
	if (cursor->bad || cursor->end - cursor->at < (ptrdiff_t)WORD_BYTES) {
		cursor->bad = true;
		return 0;
	}
	for (uint32_t i = 0; i < WORD_BYTES; i++) {
		word |= (uint64_t)*cursor->at++ << (8 * i);
	}
	return word;
}

static unsigned byte_take(struct tw_cursor *cursor)
{
	if (cursor->bad || cursor->at == cursor->end) {
		cursor->bad = true;
		return 0;
	}
	return *cursor->at++;
}

static uint64_t bits_take(struct tw_cursor *cursor)
{
	unsigned byte = byte_take(cursor);
	uint64_t bits = 0;
	if (byte == BITS_WORD) {
		bits = word_take(cursor);
		cursor->bad = cursor->bad || is_sparse(bits);
		return bits;
	}
	for (uint32_t count = 1; !cursor->bad; count++) {
		unsigned bit = byte & (BITS_MORE - 1);
		/* none twice, each above those before it */
		cursor->bad = byte >= BITS_WORD || count > TW_BITS_MAX || bits >> bit != 0;
		bits |= UINT64_C(1) << bit;
		if (!(byte & BITS_MORE)) {
			break;
		}
		byte = byte_take(cursor);
	}
	return bits;
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

static int64_t value_take(struct tw_cursor *cursor, enum tw_merge merge)
{
	int64_t value = 0;
	switch (merge) {
	case TW_MERGE_ADD:
		value = (int64_t)tw_varint_take(cursor);
		cursor->bad = cursor->bad || value < 0;
		return value;
	case TW_MERGE_MAX:
	case TW_MERGE_MIN:
		return tw_zigzag_take(cursor);
	case TW_MERGE_OR:
		break;
	}
	return (int64_t)bits_take(cursor);
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
	out->value = value_take(&walk->cursor, TW_COUNT_MERGE(walk->field));
	return !walk->cursor.bad;
}

void tw_walk_elements(struct tw_packed_walk *walk)
{
	walk->left = walk->cursor.bad || walk->empty ? 0 : count_take(&walk->cursor, ELEMENT_BYTES_MIN);
	walk->key = (struct tw_slice){NULL, 0};
	walk->last = nothing;
}

void tw_walk_past_counters(struct tw_packed_walk *walk, struct tw_slice packed)
{
	struct tw_counter counter;
	tw_walk_counters(walk, packed);
	while (tw_walk_counter(walk, &counter)) {
	}
	tw_walk_elements(walk);
}

static int64_t time_take(struct tw_cursor *cursor, enum how how, int64_t last)
{
	int64_t step = tw_zigzag_take(cursor);
	if (how == HOW_SECONDS && (step > INT64_MAX / SECOND_MS || step < INT64_MIN / SECOND_MS)) {
		cursor->bad = true;
		return 0;
	}
	return (int64_t)((uint64_t)last + (uint64_t)(how == HOW_SECONDS ? step * SECOND_MS : step));
}

/* What is written out becomes the last; `how` says of each part whether it is that. */
static void element_take(struct tw_cursor *cursor, unsigned how, struct tw_element *last)
{
	enum how time = how_take(how, HOW_TIME);
	if (how_take(how, HOW_REVISION) == HOW_WRITTEN) {
		last->version.revision = tw_zigzag_take(cursor);
	}
	if (time >= HOW_WRITTEN) {
		last->version.time_ms = time_take(cursor, time, last->version.time_ms);
	}
	if (how_take(how, HOW_ID) == HOW_WRITTEN) {
		last->version.id = word_take(cursor);
	}
	if (how_take(how, HOW_BYTES) == HOW_WRITTEN) {
		last->bytes = tw_bytes_take(cursor);
	}
}

/* One spelling alone, ascending. */
static bool is_spelt(const struct tw_packed_walk *walk, unsigned how, const struct tw_element *element, const struct tw_element *before)
{
	return element_how(element, before) == how && (!walk->key.ptr || tw_key_compare(walk->key, element->key) < 0);
}

bool tw_walk_element(struct tw_packed_walk *walk, struct tw_element *out)
{
	if (walk->left == 0) {
		return false;
	}
	walk->left--;
	struct tw_cursor *cursor = &walk->cursor;
	struct tw_element before = walk->last;
	unsigned how = byte_take(cursor);
	out->key = tw_bytes_take(cursor);
	element_take(cursor, how, &walk->last);
	const struct tw_element *last = &walk->last;
	out->version.revision = how_take(how, HOW_REVISION) ? last->version.revision : 0;
	out->version.time_ms = how_take(how, HOW_TIME) ? last->version.time_ms : 0;
	out->version.id = how_take(how, HOW_ID) ? last->version.id : 0;
	out->bytes = how_take(how, HOW_BYTES) ? last->bytes : (struct tw_slice){"", 0};
	cursor->bad = cursor->bad || (!cursor->known && !is_spelt(walk, how, out, &before));
	walk->key = out->key;
	return !cursor->bad;
}

static enum tw_code read_all(struct tw_slice packed, bool known, struct tw_arena *arena, struct tw_state *out)
{
	*out = (struct tw_state){NULL, 0, NULL, 0};
	struct tw_packed_walk walk;
	tw_walk_counters(&walk, packed);
	walk.cursor.known = known;
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

enum tw_code tw_packed_read(struct tw_slice packed, struct tw_arena *arena, struct tw_state *out)
{
	return read_all(packed, false, arena, out);
}

enum tw_code tw_packed_read_known(struct tw_slice packed, struct tw_arena *arena, struct tw_state *out)
{
	return read_all(packed, true, arena, out);
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
