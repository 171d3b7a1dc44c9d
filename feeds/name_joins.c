/**
 * @file name_joins.c
 * See name_joins.h.
 */
#include "feeds/name_joins.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "feeds/name_words.h"

#define PLAIN        32768U /* words and pairs remembered, a power of two: 256 KiB a domain and thread */
#define PART_MIN     3U     /* letters of a part; of a stop word ("al") fewer */
#define STOP_MIN     2U
#define POSTINGS_MAX 4096U /* forms looked at for a pair: words that more names have are no evidence of one */

struct tw_joins_memo {
	uint64_t plain[PLAIN]; /* hashes of words that no listed pair spells, and of pairs that no listed word does; 0: none */
};

enum { ONE_WORD = 1, TWO_WORDS }; /* seeds of the two */

struct tw_joins_memo *tw_joins_memo_new(void)
{
	return calloc(1, sizeof(struct tw_joins_memo));
}

void tw_joins_memo_free(struct tw_joins_memo *memo)
{
	free(memo);
}

void tw_joins_memo_forget(struct tw_joins_memo *memo)
{
	memset(memo, 0, sizeof(*memo));
}

static uint32_t find(const struct tw_name_index *index, struct tw_slice text, enum tw_name_word word)
{
	const struct tw_name_form_token token = {text, word};
	struct tw_name_term term = tw_name_term_make(&token, index->domain);
	return tw_name_index_find(index, &term);
}

/* A part of a word as the list has it. @return its term, UINT32_MAX: it has none */
static uint32_t find_part(const struct tw_name_index *index, struct tw_slice text, enum tw_name_word *word)
{
	*word = tw_name_is_stop(text, index->domain) ? TW_WORD_STOP : TW_WORD_PLAIN;
	return text.len < (*word == TW_WORD_STOP ? STOP_MIN : PART_MIN) ? UINT32_MAX : find(index, text, *word);
}

static bool form_has_pair(const struct tw_name_index *index, uint32_t form, uint32_t left, uint32_t right)
{
	for (uint32_t i = index->form_first[form]; i + 1 < index->form_first[form + 1]; i++) {
		if (index->form_term[i] == left && index->form_term[i + 1] == right) {
			return true;
		}
	}
	return false;
}

/* Do the two stand side by side in a listed name? Stop words have no postings: the other one's are looked at. */
static bool has_pair(const struct tw_name_index *index, uint32_t left, uint32_t right)
{
	uint32_t lefts = index->posting_first[left + 1] - index->posting_first[left];
	uint32_t rights = index->posting_first[right + 1] - index->posting_first[right];
	uint32_t by = lefts && (!rights || lefts < rights) ? left : right;
	uint32_t from = index->posting_first[by], to = index->posting_first[by + 1];
	if (to - from > POSTINGS_MAX) {
		return false;
	}
	for (uint32_t p = from; p < to; p++) {
		if (form_has_pair(index, index->posting[p], left, right)) {
			return true;
		}
	}
	return false;
}

/* The form with the tokens [at, at + taken) replaced by `count` others. */
static void replace(const struct tw_name_form *form, uint32_t at, uint32_t taken, const struct tw_name_form_token *tokens, uint32_t count,
                    struct tw_name_form *out)
{
	uint32_t behind = form->count - at - taken;
	memcpy(out->token, form->token, at * sizeof(out->token[0]));
	memcpy(out->token + at, tokens, count * sizeof(out->token[0]));
	memcpy(out->token + at + count, form->token + at + taken, behind * sizeof(out->token[0]));
	out->count = at + count + behind;
}

static bool join_at(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_form *form, uint32_t at,
                    struct tw_arena *arena, struct tw_name_form *out, uint32_t *count)
{
	const struct tw_name_form_token *left = &form->token[at], *right = left + 1;
	char bytes[2 * TW_NAME_FORM_TOKEN_MAX];
	struct tw_slice text = {bytes, left->text.len + right->text.len};
	if (left->word == TW_WORD_FORM || right->word == TW_WORD_FORM || text.len > TW_NAME_FORM_TOKEN_MAX) {
		return true;
	}
	memcpy(bytes, left->text.ptr, left->text.len);
	memcpy(bytes + left->text.len, right->text.ptr, right->text.len);
	uint64_t hash = tw_hash64(bytes, text.len, TWO_WORDS), *plain = &memo->plain[hash & (PLAIN - 1)];
	if (*plain == hash) {
		return true;
	}
	if (find(index, text, TW_WORD_PLAIN) == UINT32_MAX) {
		*plain = hash;
		return true;
	}
	const struct tw_name_form_token token = {tw_arena_copy(arena, text), TW_WORD_PLAIN};
	if (!token.text.ptr) {
		return false;
	}
	replace(form, at, 2, &token, 1, &out[(*count)++]);
	return true;
}

static void part_at(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_form *form, uint32_t at,
                    struct tw_name_form *out, uint32_t *count)
{
	struct tw_slice text = form->token[at].text;
	if (form->token[at].word != TW_WORD_PLAIN || text.len < STOP_MIN + PART_MIN || form->count == TW_NAME_TOKENS_MAX) {
		return;
	}
	uint64_t hash = tw_hash64(text.ptr, text.len, ONE_WORD), *plain = &memo->plain[hash & (PLAIN - 1)];
	uint32_t before = *count;
	if (*plain == hash) {
		return;
	}
	for (uint32_t cut = STOP_MIN; cut + STOP_MIN <= text.len && *count < TW_NAME_JOINS_MAX; cut++) {
		struct tw_name_form_token parts[] = {{{text.ptr, cut}, TW_WORD_PLAIN}, {{text.ptr + cut, text.len - cut}, TW_WORD_PLAIN}};
		uint32_t left = find_part(index, parts[0].text, &parts[0].word), right = UINT32_MAX;
		if (left != UINT32_MAX) {
			right = find_part(index, parts[1].text, &parts[1].word);
		}
		if (right != UINT32_MAX && has_pair(index, left, right)) {
			replace(form, at, 1, parts, 2, &out[(*count)++]);
		}
	}
	if (*count == before && *count < TW_NAME_JOINS_MAX) {
		*plain = hash;
	}
}

bool tw_name_joins(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_form *form, struct tw_arena *arena,
                   struct tw_name_form *out, uint32_t *count)
{
	*count = 0;
	for (uint32_t at = 0; at + 1 < form->count && *count < TW_NAME_JOINS_MAX; at++) {
		if (!join_at(index, memo, form, at, arena, out, count)) {
			return false;
		}
	}
	for (uint32_t at = 0; at < form->count && *count < TW_NAME_JOINS_MAX; at++) {
		part_at(index, memo, form, at, out, count);
	}
	return true;
}
