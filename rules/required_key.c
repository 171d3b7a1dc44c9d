/**
 * @file required_key.c
 * See required_key.h.
 */
#include "rules/required_key.h"

#include "rules/common_words.h"

#define HEAD_KNOWN   3U  /* bytes of a word that goes on, at the least */
#define RARE         36U /* what is no common word is rarer than those */
#define RARITY_A_BIT 4U  /* of a common word: letters say a bit too much by twice, knowing no words */

/* Source: counted over the goods descriptions of the US Vessel Manifest bills of lading that the quality benchmark reads. */
uint32_t tw_required_rarity(const char *bytes, uint32_t length)
{
	static const uint8_t digits[] = {13, 13, 16, 14, 17, 15, 20, 19, 19, 18};
	static const uint8_t letters[] = {9, 11, 9, 10, 7, 17, 11, 13, 8, 24, 12, 9, 10, 7, 9, 10, 21, 9, 14, 8, 12, 21, 16, 26, 11, 32};
	uint32_t sum = 0;
	for (uint32_t i = 0; i < length; i++) {
		char c = bytes[i];
		if (c >= 'a' && c <= 'z') {
			sum += letters[c - 'a'];
		} else if (c >= '0' && c <= '9') {
			sum += digits[c - '0'];
		} else {
			sum += c == '_' ? 30 : c == ' ' ? 5 : 8;
		}
	}
	return sum;
}

/* ---- of a literal ---- */

/* A literal with room to read behind it. */
struct padded {
	char bytes[TW_REQUIRED_BYTES_MAX + TW_KEY_WORD_BYTES];
	uint32_t length;
};

/* A word of a literal. */
struct word {
	uint64_t bytes; /* as many as a key may have, with the blank behind the word */
	uint32_t known;
	bool blank; /* its end is known */
};

static struct word word_at(const struct padded *padded, uint32_t at)
{
	const char *blank = memchr(padded->bytes + at, ' ', padded->length - at);
	uint32_t length = blank ? (uint32_t)(blank - padded->bytes) + 1 - at : padded->length - at;
	return (struct word){tw_key_word(padded->bytes + at), length, blank != NULL};
}

/* A key of so many bytes of a word. */
static uint32_t rarity_of(const char *word, uint32_t bytes, bool whole)
{
	uint32_t letters = word[bytes - 1] == ' ' ? bytes - 1 : bytes;
	uint32_t bits = letters ? tw_common_word_bits(word, letters, whole) : 0,
	         rarity = tw_required_rarity(" ", 1) + tw_required_rarity(word, bytes);
	return bits < TW_COMMON_WORD_NONE ? bits * RARITY_A_BIT : rarity < RARE ? RARE : rarity;
}

/* @return false: too little of the word is known */
static bool word_key(const char *at, struct word word, struct tw_required_key *out)
{
	bool whole = word.blank || word.known >= TW_KEY_WORD_BYTES;
	uint32_t most = whole ? TW_KEY_WORD_BYTES : TW_KEY_BYTES, bytes = word.known < most ? word.known : most;
	if (!whole && bytes < HEAD_KNOWN) {
		return false;
	}
	out->key = whole ? tw_key_whole(word.bytes) : tw_key_head(word.bytes);
	out->open = !whole && bytes < TW_KEY_BYTES;
	out->rarity = rarity_of(at, bytes, whole);
	return true;
}

static uint32_t words_keys(const struct padded *padded, struct tw_required_key *out)
{
	uint32_t count = 0;
	for (uint32_t i = 1; i < padded->length; i++) {
		const char *at = padded->bytes + i;
		struct tw_required_key key = {.before = i};
		if (at[-1] != ' ' || *at == ' ') {
			continue;
		}
		struct word word = word_at(padded, i);
		if (word_key(at, word, &key)) {
			key.all = i == 1 && padded->length - i <= (word.blank ? TW_KEY_WORD_BYTES : TW_KEY_BYTES) && word.known == padded->length - i;
			out[count++] = key;
		}
		if (word.blank && i + word.known + TW_KEY_NEXT_BYTES <= padded->length) {
			key.all = key.open = false;
			key.key = tw_key_pair(word.bytes, tw_key_word(at + word.known));
			key.rarity += tw_required_rarity(at + word.known, TW_KEY_NEXT_BYTES);
			out[count++] = key;
		}
	}
	return count;
}

static struct tw_required_key gram_of(const struct padded *padded, uint32_t at, uint32_t bytes)
{
	char gram[TW_KEY_BYTES] = {0};
	memcpy(gram, padded->bytes + at, bytes);
	return (struct tw_required_key){.key = (bytes == 2 ? TW_KEY_SHORT : TW_KEY_GRAM) | tw_key_load(gram),
	                                .before = at,
	                                .rarity = tw_required_rarity(gram, bytes) / TW_KEY_GRAM_LESS,
	                                .open = bytes == HEAD_KNOWN};
}

/* Between two words of a text there may be more than one blank: none is inside a gram. */
static uint32_t grams(const struct padded *padded, uint32_t bytes, struct tw_required_key *out)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i + bytes <= padded->length; i++) {
		if (!memchr(padded->bytes + i + 1, ' ', bytes - 2)) {
			out[count++] = gram_of(padded, i, bytes);
		}
	}
	return count;
}

uint32_t tw_required_keys(const struct tw_required_text *text, struct tw_required_key *out)
{
	struct padded padded = {.length = text->len};
	memcpy(padded.bytes, text->bytes, text->len);
	uint32_t count = words_keys(&padded, out);
	count += grams(&padded, TW_KEY_BYTES, out + count);
	for (uint32_t bytes = TW_KEY_BYTES - 1; count == 0 && bytes >= 2; bytes--) {
		count = grams(&padded, bytes, out);
	}
	return count;
}

/* Two bytes, the first of a word: where nothing better is known of it. */
static bool begin_best(const struct tw_required_text *text, struct tw_required_key *out)
{
	bool found = false;
	for (uint32_t i = 1; i + TW_KEY_NEXT_BYTES <= text->len; i++) {
		uint32_t rarity = tw_required_rarity(text->bytes + i - 1, TW_KEY_NEXT_BYTES + 1) / TW_KEY_GRAM_LESS;
		if (text->bytes[i - 1] == ' ' && (!found || rarity > out->rarity)) {
			char bytes[TW_KEY_WORD_BYTES] = {0};
			memcpy(bytes, text->bytes + i, TW_KEY_NEXT_BYTES);
			*out = (struct tw_required_key){.key = tw_key_begin(tw_key_word(bytes)), .before = i, .rarity = rarity};
			found = true;
		}
	}
	return found;
}

bool tw_required_key_best(const struct tw_required_text *text, struct tw_required_key *out)
{
	struct tw_required_key keys[TW_KEYS_MAX];
	uint32_t count = tw_required_keys(text, keys);
	bool found = false;
	for (uint32_t i = 0; i < count; i++) {
		bool usable = !keys[i].open && (keys[i].key & TW_KEY_SHORT) != TW_KEY_SHORT;
		bool better = !found || (tw_key_of_word(keys[i].key) > tw_key_of_word(out->key)) ||
		              (tw_key_of_word(keys[i].key) == tw_key_of_word(out->key) && keys[i].rarity > out->rarity);
		if (usable && better) {
			*out = keys[i];
			found = true;
		}
	}
	return found || begin_best(text, out);
}
