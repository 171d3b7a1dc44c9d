/**
 * @file name_joins.c
 * Hash look-ups alone for a name without readings; see name_joins.h.
 *
 * Invariant: halves of a word are plain words of one listed name, of HALF_LETTERS_MIN letters or a number; or one is longer, and the other a
 * stop word or a company form: "MARTIN" is not MAR TIN.
 */
#include "feeds/name_joins.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "feeds/name_form_words.h"
#include "feeds/name_trade_words.h"
#include "feeds/name_words.h"

#define HALF_LETTERS_MIN 2
#define LONG_HALF_MIN    5 /* of a word with a small one at its side */
#define WORD_LETTERS_MIN 5 /* "STAR7", "ALNUR"; shorter words are one */
#define STOP_LETTERS_MIN 2
#define FORM_LETTERS_MIN 3 /* "LTD"; a word ends in "SA" by chance */

#define REMEMBERED 32768U /* a power of two: 256 KiB a domain and thread */

struct tw_joins_memo {
	uint64_t plain[REMEMBERED]; /* hashes of words and pairs without a reading, each in one place; 0: none */
	uint64_t seed;              /* of those hashes: with another all are forgotten */
};

enum { ONE_WORD, TWO_WORDS, KINDS };

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
	memo->seed += KINDS;
}

static uint64_t hash_of(const struct tw_joins_memo *memo, struct tw_slice text, uint64_t kind)
{
	return tw_hash64(text.ptr, text.len, (memo ? memo->seed : 0) + kind);
}

/* Is this word, or pair run together, known to have no reading? */
static bool is_plain(const struct tw_joins_memo *memo, uint64_t hash)
{
	return memo && memo->plain[hash % REMEMBERED] == hash;
}

static void note_plain(struct tw_joins_memo *memo, uint64_t hash)
{
	if (memo) {
		memo->plain[hash % REMEMBERED] = hash;
	}
}

/* A name's words on the way to one text. */
struct words {
	const struct tw_name_tokens *tokens;
	uint32_t at;  /* the word that is read otherwise */
	uint32_t cut; /* bytes of its first half; 0: it is one with the next word */
};

static bool is_number(struct tw_slice word)
{
	for (uint32_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9') {
			return false;
		}
	}
	return word.len > 0;
}

/* A plain word's place in the index, UINT32_MAX: no listed name has it. */
static uint32_t find(const struct tw_name_index *index, struct tw_slice word)
{
	word = index->domain == TW_NAME_OF_ORGANISATION ? tw_name_unabbreviated(word) : word;
	word = index->domain == TW_NAME_OF_VESSEL ? tw_name_ship_number(word, true) : word;
	struct tw_name_term term = {.word = TW_WORD_PLAIN, .len = (uint8_t)word.len};
	memcpy(term.text, word.ptr, word.len);
	return tw_name_index_find(index, &term);
}

static bool is_form(const struct tw_name_index *index, struct tw_slice word)
{
	return index->domain == TW_NAME_OF_ORGANISATION && word.len >= FORM_LETTERS_MIN && tw_name_is_form_word(word);
}

static bool is_small(const struct tw_name_index *index, struct tw_slice half)
{
	return (half.len >= STOP_LETTERS_MIN && tw_name_is_stop(half, index->domain)) || is_form(index, half);
}

/* How many letters a half has at least beside this one, which is small. */
static uint32_t beside(const struct tw_name_index *index, struct tw_slice small)
{
	return is_form(index, small) ? FORM_LETTERS_MIN : LONG_HALF_MIN;
}

static uint32_t find_half(const struct tw_name_index *index, struct tw_slice half)
{
	bool long_enough = half.len >= HALF_LETTERS_MIN || is_number(half) || index->domain == TW_NAME_OF_VESSEL; /* "SIRIUSII" */
	return long_enough ? find(index, half) : UINT32_MAX;
}

static bool holds(const struct tw_name_index *index, uint32_t term, uint32_t form)
{
	uint32_t from = index->head[term].posting, to = index->head[term + 1].posting;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		uint32_t found = tw_name_posting_form(index->posting[middle]);
		if (found == form) {
			return true;
		}
		*(found < form ? &from : &to) = found < form ? middle + 1 : middle;
	}
	return false;
}

/* Do the two stand in one listed name? Else "MARTIN" is MAR TIN. */
static bool are_together(const struct tw_name_index *index, uint32_t a, uint32_t b)
{
	uint32_t left = index->head[a + 1].posting - index->head[a].posting, right = index->head[b + 1].posting - index->head[b].posting;
	uint32_t few = left < right ? a : b, many = left < right ? b : a;
	for (uint32_t p = index->head[few].posting; p < index->head[few + 1].posting; p++) {
		if (holds(index, many, tw_name_posting_form(index->posting[p]))) {
			return true;
		}
	}
	return false;
}

/* Two words of one listed name; or, of a word that nobody listed as it is, a longer one and a small one beside it. */
static bool are_halves(const struct tw_name_index *index, struct tw_slice left, struct tw_slice right, bool listed)
{
	if (is_form(index, left) && is_form(index, right)) {
		return !listed;
	}
	if (is_small(index, right)) {
		return !listed && left.len >= beside(index, right) && find(index, left) != UINT32_MAX;
	}
	if (is_small(index, left)) {
		return !listed && right.len >= beside(index, left) && find(index, right) != UINT32_MAX;
	}
	uint32_t a = find_half(index, left), b = a == UINT32_MAX ? a : find_half(index, right);
	return b != UINT32_MAX && are_together(index, a, b);
}

static char *put(char *out, struct tw_slice word)
{
	memcpy(out, word.ptr, word.len);
	out[word.len] = ' ';
	return out + word.len + 1;
}

static char *put_token(char *out, const struct tw_name_token *token)
{
	for (uint32_t i = 0; token->initials && i < token->text.len; i++) {
		out = put(out, (struct tw_slice){token->text.ptr + i, 1});
	}
	return token->initials ? out : put(out, token->text);
}

static bool add(const struct words *words, struct tw_arena *arena, struct tw_name_joins *out)
{
	const struct tw_name_tokens *tokens = words->tokens;
	size_t room = 1;
	for (uint32_t i = 0; i < tokens->count; i++) {
		room += 2 * (size_t)tokens->token[i].text.len + 1;
	}
	char *text = tw_arena_alloc_raw(arena, room), *end = text;
	if (!text) {
		return false;
	}
	for (uint32_t i = 0; i < tokens->count; i++) {
		struct tw_slice word = tokens->token[i].text;
		if (i != words->at) {
			end = put_token(end, &tokens->token[i]);
		} else if (words->cut) {
			end = put(end, (struct tw_slice){word.ptr, words->cut});
			end = put(end, (struct tw_slice){word.ptr + words->cut, word.len - words->cut});
		} else {
			end = put(end, word) - 1;
			end = put(end, tokens->token[++i].text);
		}
	}
	out->text[out->count++] = (struct tw_slice){text, (uint32_t)(end - text - 1)};
	return true;
}

static bool join_at(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_tokens *tokens, uint32_t at,
                    struct tw_arena *arena, struct tw_name_joins *out)
{
	struct tw_slice left = tokens->token[at].text, right = tokens->token[at + 1].text;
	char bytes[TW_NAME_TERM_BYTES];
	struct tw_slice both = {bytes, left.len + right.len};
	if (both.len > sizeof(bytes) || both.len < WORD_LETTERS_MIN || (is_number(left) && is_number(right))) {
		return true;
	}
	memcpy(bytes, left.ptr, left.len);
	memcpy(bytes + left.len, right.ptr, right.len);
	uint64_t hash = hash_of(memo, both, TWO_WORDS);
	if (is_plain(memo, hash)) {
		return true;
	}
	if (find(index, both) == UINT32_MAX && !is_form(index, both)) {
		note_plain(memo, hash);
		return true;
	}
	return add(&(struct words){tokens, at, 0}, arena, out);
}

static bool split_at(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_tokens *tokens, uint32_t at,
                     struct tw_arena *arena, struct tw_name_joins *out)
{
	struct tw_slice word = tokens->token[at].text;
	bool splits = word.len >= WORD_LETTERS_MIN && word.len <= TW_NAME_TERM_BYTES && !tokens->token[at].initials;
	uint64_t hash = splits ? hash_of(memo, word, ONE_WORD) : 0;
	if (!splits || is_plain(memo, hash)) {
		return true;
	}
	uint32_t before = out->count;
	bool listed = find(index, word) != UINT32_MAX;
	for (uint32_t cut = 1; cut < word.len && out->count < TW_NAME_JOINS_MAX; cut++) {
		if (are_halves(index, (struct tw_slice){word.ptr, cut}, (struct tw_slice){word.ptr + cut, word.len - cut}, listed) &&
		    !add(&(struct words){tokens, at, cut}, arena, out)) {
			return false;
		}
	}
	if (out->count == before) {
		note_plain(memo, hash); /* there was room for one: it has none */
	}
	return true;
}

bool tw_name_joins_make(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_tokens *tokens, struct tw_arena *arena,
                        struct tw_name_joins *out)
{
	bool fits = true;
	out->count = 0;
	if (tokens->overflow || index->term_count == 0) {
		return true;
	}
	for (uint32_t at = 0; fits && at + 1 < tokens->count && out->count < TW_NAME_JOINS_MAX; at++) {
		fits = join_at(index, memo, tokens, at, arena, out);
	}
	for (uint32_t at = 0; fits && at < tokens->count && out->count < TW_NAME_JOINS_MAX; at++) {
		fits = split_at(index, memo, tokens, at, arena, out);
	}
	return fits;
}
