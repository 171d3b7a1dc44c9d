/**
 * @file name_mistaken.c
 * See name_mistaken.h.
 */
#include "feeds/name_mistaken.h"

#include "engine/base/arena.h"
#include "feeds/name_trade_words.h"

#define WORD_LETTERS_MIN 4 /* of a word with a digit for a letter */
#define RN_LETTERS_MIN   5 /* of a word that is read with m */

/* What a digit looks like among letters; 0: like none. */
static char letter_of(char c)
{
	static const char letters[] = "oizeasgtbg";
	return c >= '0' && c <= '9' ? letters[c - '0'] : '\0';
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* How many digits stand at the end; one alone is a letter, but for a ship's number: there a 0 alone is an o. */
static uint32_t number_at_end(struct tw_slice word, enum tw_name_domain domain)
{
	uint32_t count = 0;
	while (count < word.len && letter_of(word.ptr[word.len - 1 - count])) {
		count++;
	}
	bool numbered = domain == TW_NAME_OF_VESSEL || domain == TW_NAME_OF_AIRCRAFT;
	bool single = count == 1 && (!numbered || word.ptr[word.len - 1] == '0');
	return single ? 0 : count;
}

/* @return length of the word with letters for digits, 0: it has none, or is a number or a code */
static uint32_t undigited(struct tw_slice word, enum tw_name_domain domain, char *out)
{
	uint32_t letters = 0, digits = 0;
	if (word.len < WORD_LETTERS_MIN || number_at_end(word, domain)) {
		return 0;
	}
	for (uint32_t i = 0; i < word.len; i++) {
		char letter = letter_of(word.ptr[i]);
		if (!letter && !is_letter(word.ptr[i])) {
			return 0;
		}
		letters += !letter;
		digits += letter != '\0';
		out[i] = letter ? letter : word.ptr[i];
	}
	return digits && 2 * digits <= letters ? word.len : 0;
}

static uint32_t without_rn(struct tw_slice word, char *out)
{
	uint32_t length = 0;
	if (word.len < RN_LETTERS_MIN) {
		return 0;
	}
	for (uint32_t i = 0; i < word.len; i++) {
		bool pair = word.ptr[i] == 'r' && i + 1 < word.len && word.ptr[i + 1] == 'n';
		out[length++] = pair ? 'm' : word.ptr[i];
		i += pair;
	}
	return length < word.len ? length : 0;
}

/* "zav0d" is a plant; what is two words elsewhere stays the one that it is. */
static struct tw_slice meant(struct tw_slice word)
{
	struct tw_slice means = tw_name_unabbreviated(word);
	return memchr(means.ptr, ' ', means.len) ? word : means;
}

bool tw_name_mistaken(const struct tw_name_form *name, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_form *out)
{
	bool changed = false, digits_alone = true;
	out->count = 0;
	for (uint32_t i = 0; i < name->count; i++) {
		struct tw_name_form_token token = name->token[i];
		char bytes[TW_NAME_FORM_TOKEN_MAX];
		bool plain = token.word == TW_WORD_PLAIN && !(domain == TW_NAME_OF_ORGANISATION && tw_name_is_trade(token.text));
		uint32_t length = plain ? undigited(token.text, domain, bytes) : 0;
		bool read_rn = plain && !length && (length = without_rn(token.text, bytes)) != 0;
		digits_alone &= !read_rn;
		if (length) {
			changed = true;
			token.text = tw_arena_copy(arena, (struct tw_slice){bytes, length});
			if (!token.text.ptr) {
				return false;
			}
			token.text = domain == TW_NAME_OF_ORGANISATION ? meant(token.text) : token.text;
		}
		out->token[out->count++] = token;
	}
	out->count = changed ? out->count : 0;
	out->read = digits_alone ? TW_READ_DIGITS : TW_READ_MISTAKEN;
	return true;
}
