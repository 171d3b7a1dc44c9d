/**
 * @file name.c
 * Folding, cutting, form-stripping and sorting of names; see name.h for what is compared and why.
 */
#include "feeds/name.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "feeds/name_form_words.h"
#include "feeds/name_words.h"

#define TOKEN_CHARACTERS_MIN 3 /* a single shorter token says nothing: "Li", "XY" */
#define AMPERSAND_BYTES      5 /* " and " */

/* Bytes of an apostrophe or a transliteration's half ring at the head of `text`, 0 for none: these stand inside a word. */
static uint32_t apostrophe_bytes(struct tw_slice text)
{
	const unsigned char *at = (const unsigned char *)text.ptr;
	if (at[0] == '\'' || at[0] == '`') {
		return 1;
	}
	if (text.len >= 2 && ((at[0] == 0xca && at[1] >= 0xb9 && at[1] <= 0xbf) || (at[0] == 0xc2 && at[1] == 0xb4))) {
		return 2; /* U+02B9..U+02BF, U+00B4 */
	}
	return text.len >= 3 && at[0] == 0xe2 && at[1] == 0x80 && at[2] >= 0x98 && at[2] <= 0x9b ? 3 : 0; /* U+2018..U+201B */
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The letter at `at` has nothing of a word beside it. */
static bool stands_alone(struct tw_slice text, uint32_t at)
{
	bool before = at > 0 && is_word_byte(text.ptr[at - 1]), after = at + 1 < text.len && is_word_byte(text.ptr[at + 1]);
	return is_letter(text.ptr[at]) && !before && !after;
}

/* A full stop inside an abbreviation: "S.A." is a word, "S. A." and "X S.A." are two. */
static bool joins_initials(struct tw_slice text, uint32_t at)
{
	return text.ptr[at] == '.' && at > 0 && at + 1 < text.len && stands_alone(text, at - 1) && stands_alone(text, at + 1);
}

static bool needs_joining(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '\'' || c == '`' || c == '&' || c >= 0x80 || joins_initials(text, i)) {
			return true;
		}
	}
	return false;
}

/* Apostrophes and the stops of abbreviations go, "&" is written out; before folding, which would make them separators. */
static bool join(struct tw_slice *text, struct tw_arena *arena)
{
	if (!needs_joining(*text)) {
		return true;
	}
	char *out = tw_arena_alloc_raw(arena, (size_t)text->len * AMPERSAND_BYTES);
	if (!out) {
		return false;
	}
	uint32_t length = 0, i = 0;
	while (i < text->len) {
		uint32_t skip = apostrophe_bytes((struct tw_slice){text->ptr + i, text->len - i});
		skip += joins_initials(*text, i);
		if (skip) {
			i += skip;
		} else if (text->ptr[i] == '&') {
			memcpy(out + length, " and ", AMPERSAND_BYTES);
			length += AMPERSAND_BYTES;
			i++;
		} else {
			out[length++] = text->ptr[i++];
		}
	}
	*text = (struct tw_slice){out, length};
	return true;
}

static bool is_single_letter(struct tw_slice word)
{
	return word.len == 1 && word.ptr[0] >= 'a' && word.ptr[0] <= 'z';
}

struct tw_slice tw_name_next_word(struct tw_slice *rest)
{
	const char *space = rest->len ? memchr(rest->ptr, ' ', rest->len) : NULL;
	struct tw_slice word = {rest->ptr, space ? (uint32_t)(space - rest->ptr) : rest->len};
	uint32_t used = word.len + (space != NULL);
	*rest = (struct tw_slice){rest->ptr + used, rest->len - used};
	return word;
}

/* Add a word, or lengthen the token of initials before it; `letters` receives initials and never has more bytes than the text. */
static void add_word(struct tw_name_tokens *out, struct tw_slice word, char **letters)
{
	bool single = is_single_letter(word);
	struct tw_name_token *last = out->count ? &out->token[out->count - 1] : NULL;
	if (single) {
		*(*letters)++ = word.ptr[0];
		if (last && last->initials) {
			last->text.len++;
			return;
		}
		word.ptr = *letters - 1;
	}
	if (out->count == TW_NAME_TOKENS_MAX) {
		out->overflow = true;
		return;
	}
	out->token[out->count++] = (struct tw_name_token){word, single};
}

bool tw_name_split(struct tw_slice text, struct tw_arena *arena, struct tw_name_tokens *out)
{
	out->count = 0;
	out->overflow = false;
	if (!join(&text, arena)) {
		return false;
	}
	struct tw_slice folded = tw_text_fold(text, arena);
	char *letters = tw_arena_alloc_raw(arena, folded.len);
	if (!folded.ptr || !letters) {
		return false;
	}
	while (folded.len && !out->overflow) {
		add_word(out, tw_name_next_word(&folded), &letters);
	}
	return true;
}

/* [from, to) of a name's tokens, less what forms took off; the last token may be shortened. */
struct stripped {
	const struct tw_name_token *token;
	uint32_t from;
	uint32_t to;
	uint32_t last_len; /* bytes left of token[to - 1] */
};

static struct tw_slice token_at(const struct stripped *name, uint32_t i)
{
	struct tw_slice text = name->token[i].text;
	return i + 1 == name->to ? (struct tw_slice){text.ptr, name->last_len} : text;
}

static void drop_last(struct stripped *name, uint32_t tokens)
{
	name->to -= tokens;
	name->last_len = name->to > name->from ? name->token[name->to - 1].text.len : 0;
}

/* How many tokens a phrase takes when it stands at `at`, 0 when it does not. */
static uint32_t phrase_at(const struct stripped *name, uint32_t at, struct tw_slice phrase)
{
	uint32_t count = 0;
	while (phrase.len) {
		struct tw_slice word = tw_name_next_word(&phrase);
		if (at + count >= name->to || !tw_name_form_same(token_at(name, at + count), word)) {
			return 0;
		}
		count++;
	}
	return count;
}

static uint32_t words_in(struct tw_slice phrase)
{
	uint32_t count = 0;
	while (phrase.len) {
		tw_name_next_word(&phrase);
		count++;
	}
	return count;
}

static bool drop_last_phrase(struct stripped *name)
{
	uint32_t endings;
	const uint8_t *ending = tw_name_phrases_ending(token_at(name, name->to - 1), &endings);
	for (uint32_t i = 0; i < endings; i++) {
		struct tw_slice phrase = tw_name_phrases[ending[i]].words;
		uint32_t count = words_in(phrase);
		if (count <= name->to - name->from && phrase_at(name, name->to - count, phrase)) {
			drop_last(name, count);
			return true;
		}
	}
	return false;
}

/* "quill x s a" arrives with the initials "xsa": the longest form that ends them goes, the "x" stays. Initials that are the whole name
 * keep three letters: "K A S" is not the "K" of a company by shares. */
static bool drop_last_initials(struct stripped *name)
{
	struct tw_slice text = token_at(name, name->to - 1);
	uint32_t least = name->to - name->from > 1 ? 1 : TOKEN_CHARACTERS_MIN;
	for (uint32_t cut = least; cut + 2 <= text.len; cut++) {
		if (tw_name_form_uses((struct tw_slice){text.ptr + cut, text.len - cut}) & TW_FORM_LAST) {
			name->last_len = cut;
			return true;
		}
	}
	return false;
}

static bool drop_last_form(struct stripped *name)
{
	if (name->to == name->from) {
		return false;
	}
	uint32_t uses = tw_name_form_uses(token_at(name, name->to - 1));
	if (drop_last_phrase(name)) {
		return true;
	}
	if (uses & TW_FORM_LAST) {
		drop_last(name, 1);
		return true;
	}
	return name->token[name->to - 1].initials && drop_last_initials(name);
}

static bool drop_first_form(struct stripped *name)
{
	if (name->to - name->from < 2) {
		return false;
	}
	struct tw_slice first = token_at(name, name->from);
	if (tw_name_form_uses(first) & TW_FORM_FIRST) {
		name->from++;
		return true;
	}
	uint32_t leads;
	const uint8_t *leading = tw_name_phrases_leading(first, &leads);
	for (uint32_t i = 0; i < leads; i++) {
		uint32_t count = phrase_at(name, name->from, tw_name_phrases[leading[i]].words);
		if (count && count < name->to - name->from) {
			name->from += count;
			return true;
		}
	}
	return false;
}

static void drop_ship_prefix(struct stripped *name)
{
	if (name->to - name->from > 1 && tw_name_is_ship_prefix(token_at(name, name->from))) {
		name->from++;
	}
}

static uint32_t characters(struct tw_slice text)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	}
	return count;
}

static bool says_nothing(const struct stripped *name)
{
	return name->to == name->from || (name->to - name->from == 1 && characters(token_at(name, name->from)) < TOKEN_CHARACTERS_MIN);
}

static uint32_t sort_tokens(const struct stripped *name, struct tw_slice *sorted)
{
	uint32_t count = 0;
	for (uint32_t i = name->from; i < name->to; i++) {
		struct tw_slice token = token_at(name, i);
		uint32_t at = count++;
		for (; at && tw_slice_compare(sorted[at - 1], token) > 0; at--) {
			sorted[at] = sorted[at - 1];
		}
		sorted[at] = token;
	}
	return count;
}

static bool write_key(const struct stripped *name, enum tw_name_domain domain, struct tw_arena *arena, struct tw_slice *out)
{
	struct tw_slice sorted[TW_NAME_TOKENS_MAX];
	uint32_t count = sort_tokens(name, sorted);
	size_t room = 1;
	for (uint32_t i = 0; i < count; i++) {
		room += (size_t)sorted[i].len + 1;
	}
	char *key = tw_arena_alloc_raw(arena, room);
	if (!key) {
		return false;
	}
	uint32_t length = 0;
	key[length++] = " povA"[domain];
	for (uint32_t i = 0; i < count; i++) {
		key[length++] = ' ';
		memcpy(key + length, sorted[i].ptr, sorted[i].len);
		length += sorted[i].len;
	}
	*out = (struct tw_slice){key, length};
	return true;
}

bool tw_name_key(const struct tw_name_tokens *tokens, enum tw_name_domain domain, struct tw_arena *arena, struct tw_slice *out)
{
	*out = (struct tw_slice){"", 0};
	if (tokens->overflow || tokens->count == 0) {
		return true;
	}
	struct stripped name = {tokens->token, 0, tokens->count, tokens->token[tokens->count - 1].text.len};
	if (domain == TW_NAME_OF_ORGANISATION) {
		while (drop_last_form(&name) || drop_first_form(&name)) {
		}
	} else if (domain == TW_NAME_OF_VESSEL) {
		drop_ship_prefix(&name);
	}
	return says_nothing(&name) || write_key(&name, domain, arena, out);
}
