/**
 * @file required_key.c
 * See required_key.h.
 */
#include "rules/required_key.h"

#define HEAD_KNOWN 3U /* bytes of a word that goes on, at the least */

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
	char bytes[TW_REQUIRED_BYTES_MAX + TW_KEY_BYTES];
	uint32_t length;
};

/* What the word that begins at `at` begins with, if enough of it is known. @return bytes of it that are looked at, 0: not enough */
static uint32_t head_of(const struct padded *padded, uint32_t at, bool *open)
{
	const char *blank = memchr(padded->bytes + at, ' ', padded->length - at);
	uint32_t length = blank ? (uint32_t)(blank - padded->bytes) - at : padded->length - at;
	*open = !blank && length == HEAD_KNOWN;
	if (length == 0 || (!blank && length < HEAD_KNOWN)) {
		return 0;
	}
	return length < TW_KEY_BYTES ? length : TW_KEY_BYTES;
}

static uint32_t words_keys(const struct padded *padded, struct tw_required_key *out)
{
	uint32_t count = 0, before = 0, before_rarity = 0; /* 0: there is no word before, or it may have begun before the literal */
	for (uint32_t i = 0; i < padded->length; i++) {
		bool open;
		uint32_t looked = padded->bytes[i] == ' ' ? head_of(padded, i + 1, &open) : 0;
		if (looked == 0) {
			continue;
		}
		uint32_t head = open ? tw_key_load(padded->bytes + i + 1) : tw_key_head(padded->bytes + i + 1);
		uint32_t rarity = tw_required_rarity(padded->bytes + i, looked + 1);
		out[count++] = (struct tw_required_key){head, i + 1, rarity, open};
		if (before && !open) {
			out[count++] = (struct tw_required_key){tw_key_pair(before, head), i + 1, rarity + before_rarity, false};
		}
		before = head;
		before_rarity = rarity;
	}
	return count;
}

static struct tw_required_key gram_of(const struct padded *padded, uint32_t at, uint32_t bytes)
{
	char gram[TW_KEY_BYTES] = {0};
	memcpy(gram, padded->bytes + at, bytes);
	return (struct tw_required_key){.key = (bytes == 2 ? TW_KEY_SHORT : TW_KEY_GRAM) | tw_key_load(gram),
	                                .before = at,
	                                .rarity = tw_required_rarity(gram, bytes),
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
	return found;
}
