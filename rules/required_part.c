/**
 * @file required_part.c
 * See required_part.h.
 */
#include "rules/required_part.h"

#include "rules/required_key.h"

struct tw_part tw_part_empty(void)
{
	return (struct tw_part){.exact = true, .texts = {.count = 1}};
}

struct tw_part tw_part_anything(void)
{
	return (struct tw_part){.exact = false};
}

struct tw_part tw_part_byte(char c)
{
	struct tw_part part = tw_part_empty();
	part.texts.text[0].len = 1;
	part.texts.text[0].bytes[0] = c;
	return part;
}

/* ---- texts ---- */

static bool ends_blank(const struct tw_required_text *text)
{
	return text->len && text->bytes[text->len - 1] == ' ';
}

/* An edge beside a word's character at the end of what is known is a blank: there the text has a character of no word, or its own end.
 * Any other edge adds nothing. */
static void settle_text(struct tw_required_text *text)
{
	struct tw_required_text out = {.len = 0};
	bool edge = false;
	for (uint32_t i = 0; i < text->len; i++) {
		char c = text->bytes[i];
		if (c == TW_PART_EDGE) {
			edge = true;
			continue;
		}
		if (edge && out.len == 0 && c != ' ' && c != TW_REQUIRED_FOREIGN) {
			out.bytes[out.len++] = ' ';
		}
		edge = false;
		if (c != ' ' || !ends_blank(&out)) {
			out.bytes[out.len++] = c;
		}
	}
	if (edge && out.len && !ends_blank(&out)) {
		out.bytes[out.len++] = ' ';
	}
	*text = out;
}

struct tw_required tw_part_settled(const struct tw_required *texts)
{
	struct tw_required out = *texts;
	for (uint32_t i = 0; i < out.count; i++) {
		settle_text(&out.text[i]);
	}
	return out;
}

uint32_t tw_part_shortest(const struct tw_required *texts)
{
	uint32_t least = texts->count ? UINT32_MAX : 0;
	for (uint32_t i = 0; i < texts->count; i++) {
		least = texts->text[i].len < least ? texts->text[i].len : least;
	}
	return least;
}

/* One text behind the other, as much as there is room for; blanks that meet are one. @return whether that is all */
static bool join(struct tw_required_text *out, const struct tw_required_text *a, const struct tw_required_text *b)
{
	uint32_t skipped = ends_blank(a) && b->len && b->bytes[0] == ' ' ? 1 : 0, length = a->len + b->len - skipped;
	bool all = length <= TW_REQUIRED_BYTES_MAX;
	*out = *a;
	out->len = (uint8_t)(all ? length : TW_REQUIRED_BYTES_MAX);
	memcpy(out->bytes + a->len, b->bytes + skipped, (size_t)(out->len - a->len));
	return all;
}

static bool has_text(const struct tw_required *texts, const struct tw_required_text *text)
{
	for (uint32_t i = 0; i < texts->count; i++) {
		if (texts->text[i].len == text->len && memcmp(texts->text[i].bytes, text->bytes, text->len) == 0) {
			return true;
		}
	}
	return false;
}

/* @return false when there are too many */
static bool text_add(struct tw_required *texts, const struct tw_required_text *text)
{
	if (has_text(texts, text)) {
		return true;
	}
	if (texts->count == TW_REQUIRED_MAX) {
		return false;
	}
	texts->text[texts->count++] = *text;
	return true;
}

static bool is_foreign(const struct tw_required_text *text)
{
	return text->len && text->bytes[0] == TW_REQUIRED_FOREIGN;
}

static bool has_foreign(const struct tw_required *texts)
{
	for (uint32_t i = 0; i < texts->count; i++) {
		if (is_foreign(&texts->text[i])) {
			return true;
		}
	}
	return false;
}

/* ---- parts ---- */

static bool multiply(struct tw_part *left, const struct tw_part *right, bool cut)
{
	struct tw_part product = {.exact = true};
	for (uint32_t i = 0; i < left->texts.count; i++) {
		for (uint32_t j = 0; j < right->texts.count; j++) {
			struct tw_required_text text;
			bool all = join(&text, &left->texts.text[i], &right->texts.text[j]);
			if ((!all && !cut) || !text_add(&product.texts, &text)) {
				return false;
			}
		}
	}
	*left = product;
	return true;
}

bool tw_part_multiply(struct tw_part *left, const struct tw_part *right)
{
	return multiply(left, right, false);
}

bool tw_part_lead(struct tw_part *left, const struct tw_part *right)
{
	return right->begins && !has_foreign(&left->texts) && !has_foreign(&right->texts) && multiply(left, right, true);
}

bool tw_part_same_texts(const struct tw_required *a, const struct tw_required *b)
{
	bool same = a->count == b->count;
	for (uint32_t i = 0; same && i < a->count; i++) {
		same = a->text[i].len == b->text[i].len && memcmp(a->text[i].bytes, b->text[i].bytes, a->text[i].len) == 0;
	}
	return same;
}

void tw_part_add(struct tw_part *left, const struct tw_part *right)
{
	bool known = left->texts.count && right->texts.count;
	left->begins = (left->exact || left->begins) && (right->exact || right->begins) && !(left->exact && right->exact);
	left->exact = left->exact && right->exact;
	for (uint32_t i = 0; known && i < right->texts.count; i++) {
		known = text_add(&left->texts, &right->texts.text[i]);
	}
	if (!known) {
		*left = tw_part_anything();
	} else if (!left->exact) {
		left->texts = tw_part_settled(&left->texts);
	}
}

void tw_part_optional(struct tw_part *part)
{
	const struct tw_required_text nothing = {.len = 0};
	if (!part->exact || !text_add(&part->texts, &nothing)) {
		*part = tw_part_anything();
	}
}

/* Blanks in a row are one blank. */
static bool is_blank(const struct tw_part *part)
{
	return part->exact && part->texts.count == 1 && part->texts.text[0].len == 1 && ends_blank(&part->texts.text[0]);
}

void tw_part_repeat(struct tw_part *part)
{
	part->again = part->exact && !is_blank(part);
}

/* ---- which set is the better one ---- */

/* The rarest key of each text, unless one has none or stands for a character beyond ASCII. */
static bool keys_of(const struct tw_required *texts, struct tw_required_also *out)
{
	*out = (struct tw_required_also){0};
	if (texts->count > TW_REQUIRED_GRAMS_MAX) {
		return false;
	}
	for (uint32_t i = 0; i < texts->count; i++) {
		struct tw_required_key best;
		if (is_foreign(&texts->text[i]) || !tw_required_key_best(&texts->text[i], &best)) {
			return false;
		}
		out->key[i] = best.key;
		out->rarity[i] = best.rarity;
	}
	out->count = texts->count;
	return texts->count > 0;
}

static void also_add(struct tw_required *to, const struct tw_required_also *also)
{
	for (uint32_t i = 0; i < to->also_count; i++) {
		if (to->also[i].count == also->count && memcmp(to->also[i].key, also->key, also->count * sizeof(*also->key)) == 0) {
			return;
		}
	}
	if (to->also_count < TW_REQUIRED_ALSO_MAX) {
		to->also[to->also_count++] = *also;
	}
}

/* How many texts there are for one that holds a text's rarest key, as a logarithm: rarer is better. */
static uint32_t rarity(const struct tw_required_text *text)
{
	struct tw_required_key best;
	return !is_foreign(text) && tw_required_key_best(text, &best) ? best.rarity : tw_required_rarity(text->bytes, text->len) / TW_KEY_GRAM_LESS;
}

static uint32_t worth(const struct tw_required *texts)
{
	uint32_t least = texts->count ? UINT32_MAX : 0, alternatives = 0;
	for (uint32_t i = 0; i < texts->count; i++) {
		uint32_t of = texts->text[i].len < 2 ? 0 : rarity(&texts->text[i]);
		least = of < least ? of : least;
	}
	for (uint32_t count = texts->count; count > 1; count /= 2) {
		alternatives += TW_REQUIRED_HALF;
	}
	return least > alternatives ? least - alternatives : least ? 1 : 0;
}

void tw_part_keep_better(struct tw_required *best, const struct tw_required *other)
{
	struct tw_required offer = tw_part_settled(other);
	uint32_t have = worth(best), offered = worth(&offer);
	struct tw_required_also keys;
	if (keys_of(&offer, &keys)) {
		also_add(best, &keys);
	}
	for (uint32_t i = 0; i < other->also_count; i++) {
		also_add(best, &other->also[i]);
	}
	offer.also_count = best->also_count;
	memcpy(offer.also, best->also, sizeof(offer.also));
	if (offered > have || (offered == have && offered && offer.count < best->count)) {
		*best = offer;
	}
}
