/**
 * @file lists_nearest.c
 * See lists_nearest.h.
 */
#include "engine/command/lists_nearest.h"

#include "engine/base/arena.h"
#include "engine/base/nearest.h"
#include "feeds/name.h"

#define SLIP_CHARACTERS_MIN 4
#define WORD_BYTES_MAX      64 /* tw_edit_distance's own bound */

/* @return edits, 0 to 1; 2: another word */
static uint32_t slips(struct tw_slice a, struct tw_slice b)
{
	uint32_t apart = a.len > b.len ? a.len - b.len : b.len - a.len;
	if (tw_slice_equal(a, b)) {
		return 0;
	}
	if (apart > 1 || a.len < SLIP_CHARACTERS_MIN || b.len < SLIP_CHARACTERS_MIN || a.len > WORD_BYTES_MAX || b.len > WORD_BYTES_MAX) {
		return 2;
	}
	return tw_edit_distance(a, b) <= 1 ? 1 : 2;
}

/* Each word of `asked` takes the first free word of `listed` that is it; first the equal ones. */
static void compare(const struct tw_name_tokens *asked, const struct tw_name_tokens *listed, struct tw_lists_near *near)
{
	uint64_t taken = 0, met = 0;
	_Static_assert(TW_NAME_TOKENS_MAX <= 64, "a bit a word");
	near->shared = near->edits = 0;
	near->words = asked->count > listed->count ? asked->count : listed->count;
	for (uint32_t allowed = 0; allowed <= 1; allowed++) {
		for (uint32_t i = 0; i < asked->count; i++) {
			for (uint32_t j = 0; j < listed->count && !(met >> i & 1); j++) {
				if (!(taken >> j & 1) && slips(asked->token[i].text, listed->token[j].text) == allowed) {
					taken |= 1ULL << j;
					met |= 1ULL << i;
					near->shared++;
					near->edits += allowed;
				}
			}
		}
	}
}

static bool is_nearer(const struct tw_lists_near *a, const struct tw_lists_near *b)
{
	uint64_t left = (uint64_t)a->shared * b->words, right = (uint64_t)b->shared * a->words;
	return left != right ? left > right : a->shared != b->shared ? a->shared > b->shared : a->edits < b->edits;
}

static uint32_t insert(struct tw_lists_near out[TW_LISTS_NEAR_MAX], uint32_t count, const struct tw_lists_near *near)
{
	uint32_t at = count;
	if (count == TW_LISTS_NEAR_MAX) {
		if (!is_nearer(near, &out[count - 1])) {
			return count;
		}
		at = --count;
	}
	for (; at && is_nearer(near, &out[at - 1]); at--) {
		out[at] = out[at - 1];
	}
	out[at] = *near;
	return count + 1;
}

/* The nearest of one entry's names. @return false: none shares a word, or the arena is at its ceiling */
static bool entry_nearest(const struct tw_list_entry *entry, const struct tw_name_tokens *asked, struct tw_arena *arena, struct tw_lists_near *best)
{
	struct tw_name_tokens listed;
	*best = (struct tw_lists_near){.entry = *entry, .words = 1};
	for (uint32_t i = 0; i < entry->name_count; i++) {
		struct tw_lists_near near = {.entry = *entry, .name = tw_list_entry_name(entry, i).text};
		if (!tw_name_split(near.name, arena, &listed)) {
			return false;
		}
		compare(asked, &listed, &near);
		if (near.shared && is_nearer(&near, best)) {
			*best = near;
		}
	}
	return best->shared != 0;
}

static bool kind_meets(const struct tw_lists_query *query, enum tw_entry_kind kind)
{
	bool mixed = kind == TW_ENTRY_PERSON || kind == TW_ENTRY_ORGANISATION || kind == TW_ENTRY_UNKNOWN;
	bool asked_mixed = query->kind != TW_ENTRY_VESSEL && query->kind != TW_ENTRY_AIRCRAFT;
	return query->any_kind || (asked_mixed ? mixed : kind == query->kind);
}

uint32_t tw_lists_nearest(const struct tw_list_index *index, const struct tw_lists_query *query, struct tw_arena *arena,
                          struct tw_lists_near out[TW_LISTS_NEAR_MAX])
{
	struct tw_name_tokens asked;
	struct tw_list_entry entry;
	uint32_t count = 0;
	if (!tw_name_split(query->name, arena, &asked)) {
		return 0;
	}
	for (uint32_t rank = 0; tw_list_index_at(index, rank, &entry); rank++) {
		struct tw_lists_near near;
		struct tw_arena_mark mark = tw_arena_mark(arena);
		if (kind_meets(query, entry.kind) && entry_nearest(&entry, &asked, arena, &near)) {
			count = insert(out, count, &near);
		}
		tw_arena_rewind(arena, mark);
	}
	return count;
}
