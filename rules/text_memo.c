/**
 * @file text_memo.c
 * See text_memo.h. Four places a hash, the last one noted first; texts and what is known of them behind one another in an arena of one block.
 */
#include "rules/text_memo.h"

#include <stdlib.h>

#include "engine/base/hash.h"

#define WAYS       4U
#define SETS       4096U            /* a power of two */
#define POOL_BYTES (4U << 20)       /* some 16,000 texts: stays near, in the second cache or the third */
#define ROOM_BYTES (64U << 10)      /* that one event's texts mostly need less than; a block of their own comes to help */
#define SEED       UINT64_C(0x7477) /* not that of stored ids */

struct place {
	uint64_t hash;
	struct tw_text_known *known; /* NULL: free */
};

struct tw_text_memo {
	struct place place[SETS][WAYS];
	struct tw_arena pool;
};

struct tw_text_memo *tw_text_memo_new(void)
{
	struct tw_text_memo *memo = calloc(1, sizeof(*memo));
	if (memo) {
		tw_arena_init(&memo->pool, POOL_BYTES, 0);
	}
	return memo;
}

void tw_text_memo_free(struct tw_text_memo *memo)
{
	if (memo) {
		tw_arena_fini(&memo->pool);
		free(memo);
	}
}

static bool is_full(const struct tw_text_memo *memo)
{
	struct tw_arena_mark mark = tw_arena_mark(&memo->pool);
	return mark.block != memo->pool.first || mark.used > POOL_BYTES - ROOM_BYTES;
}

void tw_text_memo_begin(struct tw_text_memo *memo)
{
	if (is_full(memo)) {
		memset(memo->place, 0, sizeof(memo->place));
		tw_arena_reset(&memo->pool);
	}
}

/* What stood at the last of the hash's places is forgotten; whoever holds it still may. */
static struct tw_text_known *note(struct tw_text_memo *memo, struct place *place, uint64_t hash, struct tw_slice text)
{
	struct tw_text_known *known = is_full(memo) ? NULL : tw_arena_alloc(&memo->pool, sizeof(*known));
	struct tw_slice kept = known ? tw_arena_copy(&memo->pool, text) : (struct tw_slice){NULL, 0};
	if (!kept.ptr) {
		return NULL;
	}
	*known = (struct tw_text_known){.text = kept, .arena = &memo->pool};
	memmove(&place[1], &place[0], (WAYS - 1) * sizeof(place[0]));
	place[0] = (struct place){hash, known};
	return known;
}

struct tw_text_known *tw_text_memo_of(struct tw_text_memo *memo, struct tw_slice text)
{
	if (text.len == 0 || text.len > TW_TEXT_MEMO_BYTES) {
		return NULL;
	}
	uint64_t hash = tw_hash64(text.ptr, text.len, SEED);
	struct place *place = memo->place[hash & (SETS - 1)];
	for (uint32_t way = 0; way < WAYS; way++) {
		if (place[way].known && place[way].hash == hash && tw_slice_equal(place[way].known->text, text)) {
			return place[way].known;
		}
	}
	return note(memo, place, hash, text);
}
