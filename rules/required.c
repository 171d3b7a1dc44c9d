/**
 * @file required.c
 * A conservative reader of patterns; see required.h.
 *
 * Texts are in the form of tw_required_char, so that a character of no word is a blank whichever it is, and \b is a blank where the pattern goes no
 * further. Of several needed sets the one whose grams are rarest stays, by how often letters stand in goods descriptions.
 *
 * Every part of a pattern has, at most, an *exact* set (it matches these texts and nothing else) and a *needed* set (every match
 * contains one of them). Concatenation multiplies exact sets, alternation adds them, repetition makes exact into needed.
 */
#include "rules/required.h"

#define EDGE        '\x01' /* inside the reader: \b, of no width; `settle` makes it a blank or nothing */
#define GRAM_BYTES  TW_REQUIRED_GRAM_BYTES
#define DEPTH_MAX   20
#define PRODUCT_MAX 16U /* texts that concatenation may spell out */
#define CLASS_MAX   4   /* members of a character class that are still spelled out */

struct part {
	bool again; /* an exact part that may stand several times in a row */
	bool exact; /* `texts` is all that it matches; else one of `texts` is in every match, count 0: nothing known */
	struct tw_required texts;
};

struct reader {
	const char *at, *end;
	int depth;
	bool lost; /* something not understood: nothing may be said about the whole pattern */
};

static void alternatives(struct reader *reader, struct part *out);

static struct part empty_text(void)
{
	return (struct part){.exact = true, .texts = {.count = 1}};
}

static struct part anything(void)
{
	return (struct part){.exact = false};
}

char tw_required_char(char c)
{
	bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
	return word ? c : c >= 'A' && c <= 'Z' ? (char)(c + 32) : ' ';
}

static struct part one_byte(char c)
{
	struct part part = empty_text();
	part.texts.text[0].len = 1;
	part.texts.text[0].bytes[0] = c;
	return part;
}

static struct part one_char(char c)
{
	return one_byte(tw_required_char(c));
}

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

/* An edge beside a word's character at the end of what is known is a blank: there the text has a character of no word, or its own end.
 * Any other edge adds nothing. */
static void settle_text(struct tw_required_text *text)
{
	struct tw_required_text out = {.len = 0};
	bool edge = false;
	for (uint32_t i = 0; i < text->len; i++) {
		char c = text->bytes[i];
		if (c == EDGE) {
			edge = true;
			continue;
		}
		if (edge && out.len == 0 && c != ' ' && c != TW_REQUIRED_FOREIGN) {
			out.bytes[out.len++] = ' ';
		}
		edge = false;
		out.bytes[out.len++] = c;
	}
	if (edge && out.len && out.bytes[out.len - 1] != ' ') {
		out.bytes[out.len++] = ' ';
	}
	*text = out;
}

/* The rarest gram of each text, unless one is too short or stands for a character beyond ASCII. */
static bool grams_of(const struct tw_required *texts, struct tw_required_also *out)
{
	*out = (struct tw_required_also){0};
	if (texts->count > TW_REQUIRED_GRAMS_MAX) {
		return false;
	}
	for (uint32_t i = 0; i < texts->count; i++) {
		const struct tw_required_text *text = &texts->text[i];
		uint32_t most = 0;
		if (text->len < GRAM_BYTES || text->bytes[0] == TW_REQUIRED_FOREIGN) {
			return false;
		}
		for (uint32_t j = 0; j + GRAM_BYTES <= text->len; j++) {
			uint32_t of = tw_required_rarity(text->bytes + j, GRAM_BYTES);
			if (of > most) {
				most = of;
				memcpy(&out->gram[i], text->bytes + j, GRAM_BYTES);
			}
		}
	}
	out->count = texts->count;
	return texts->count > 0;
}

static void also_add(struct tw_required *to, const struct tw_required_also *also)
{
	for (uint32_t i = 0; i < to->also_count; i++) {
		if (memcmp(&to->also[i], also, sizeof(*also)) == 0) {
			return;
		}
	}
	if (to->also_count < TW_REQUIRED_ALSO_MAX) {
		to->also[to->also_count++] = *also;
	}
}

static struct tw_required settled(const struct tw_required *texts)
{
	struct tw_required out = *texts;
	for (uint32_t i = 0; i < out.count; i++) {
		settle_text(&out.text[i]);
	}
	return out;
}

static uint32_t shortest(const struct tw_required *texts)
{
	uint32_t least = texts->count ? UINT32_MAX : 0;
	for (uint32_t i = 0; i < texts->count; i++) {
		least = texts->text[i].len < least ? texts->text[i].len : least;
	}
	return least;
}

/* How many texts there are for one that holds a text's rarest gram, as a logarithm: rarer is better. */
static uint32_t rarity(const struct tw_required_text *text)
{
	uint32_t most = 0;
	if (text->len < GRAM_BYTES) {
		return tw_required_rarity(text->bytes, text->len);
	}
	for (uint32_t i = 0; i + GRAM_BYTES <= text->len; i++) {
		uint32_t of = tw_required_rarity(text->bytes + i, GRAM_BYTES);
		most = of > most ? of : most;
	}
	return most;
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

/* One of `other` is needed, and so is all that its own reading found. @param other an exact part's texts too: edges are settled here */
static void keep_better(struct tw_required *best, const struct tw_required *other)
{
	struct tw_required offer = settled(other);
	uint32_t have = worth(best), offered = worth(&offer);
	struct tw_required_also grams;
	if (grams_of(&offer, &grams)) {
		also_add(best, &grams);
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

/* exact x exact. @return false when the product would be too large or too long */
static bool multiply(struct part *left, const struct part *right)
{
	struct part product = {.exact = true};
	if (left->texts.count * right->texts.count > PRODUCT_MAX) {
		return false;
	}
	for (uint32_t i = 0; i < left->texts.count; i++) {
		for (uint32_t j = 0; j < right->texts.count; j++) {
			const struct tw_required_text *a = &left->texts.text[i], *b = &right->texts.text[j];
			struct tw_required_text *text = &product.texts.text[product.texts.count++];
			if (a->len + b->len > (int)TW_REQUIRED_BYTES_MAX) {
				return false;
			}
			text->len = (uint8_t)(a->len + b->len);
			memcpy(text->bytes, a->bytes, a->len);
			memcpy(text->bytes + a->len, b->bytes, b->len);
		}
	}
	*left = product;
	return true;
}

/* left | right. Too many alternatives: nothing is known. */
static void add(struct part *left, const struct part *right)
{
	bool known = left->texts.count && right->texts.count && left->texts.count + right->texts.count <= TW_REQUIRED_MAX;
	if (!known) {
		*left = anything();
		return;
	}
	left->exact = left->exact && right->exact;
	memcpy(&left->texts.text[left->texts.count], right->texts.text, right->texts.count * sizeof(right->texts.text[0]));
	left->texts.count += right->texts.count;
	if (!left->exact) {
		left->texts = settled(&left->texts);
	}
}

static struct part lose(struct reader *reader)
{
	reader->lost = true;
	reader->at = reader->end;
	return anything();
}

/* \p{…}, \P{…}, \pL */
static struct part property(struct reader *reader)
{
	if (reader->at < reader->end && *reader->at == '{') {
		while (reader->at < reader->end && *reader->at != '}') {
			reader->at++;
		}
	}
	if (reader->at == reader->end) {
		return lose(reader);
	}
	reader->at++;
	return anything();
}

static struct part escape(struct reader *reader)
{
	if (reader->at == reader->end) {
		return lose(reader);
	}
	char c = *reader->at++;
	if (c == '\0') {
		return lose(reader); /* strchr would find it */
	}
	if (c == 'b') {
		return one_byte(EDGE);
	}
	if (strchr("BAzZG", c)) {
		return empty_text();
	}
	if (strchr("sWhv", c)) {
		return one_byte(' '); /* one character of no word, whichever it is */
	}
	if (strchr("dDwSHVNRX", c)) {
		return c == 'N' && reader->at < reader->end && *reader->at == '{' ? lose(reader) : anything();
	}
	if (c == 'p' || c == 'P') {
		return property(reader);
	}
	bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
	return word ? lose(reader) : one_char(c);
}

/* What a class may be, while it is read. */
struct members {
	struct part part; /* exact, each form once */
	bool simple;
};

static void member_add(struct members *members, char c)
{
	struct tw_required *texts = &members->part.texts;
	for (uint32_t i = 0; i < texts->count; i++) {
		if (texts->text[i].bytes[0] == c) {
			return;
		}
	}
	if (texts->count == CLASS_MAX) {
		members->simple = false;
		return;
	}
	texts->text[texts->count++] = one_byte(c).texts.text[0];
}

/* @return false: nothing may be said about the pattern */
static bool member_escaped(struct members *members, char c)
{
	if (strchr("QEpPxoNc", c)) { /* a zero byte too */
		return false;
	}
	if (strchr("sWhv", c)) {
		member_add(members, ' ');
	} else if (strchr("-./]\\[^ ,:;_+*()'\"", c)) {
		member_add(members, tw_required_char(c));
	} else {
		members->simple = false;
	}
	return true;
}

/* Spells out [-_ ], [\s.-] and the like; anything cleverer is "some character". */
static struct part class(struct reader *reader)
{
	struct members members = {.part = {.exact = true}, .simple = true};
	bool first = true;
	if (reader->at < reader->end && *reader->at == '^') {
		members.simple = false;
		reader->at++;
	}
	for (; reader->at < reader->end && (first || *reader->at != ']'); first = false) {
		char c = *reader->at++;
		if (c == '\\' && reader->at < reader->end) {
			if (!member_escaped(&members, *reader->at++)) {
				return lose(reader);
			}
			continue;
		}
		if (c == '[' && reader->at < reader->end && (*reader->at == ':' || *reader->at == '.' || *reader->at == '=')) {
			return lose(reader);
		}
		bool range = c == '-' && !first && reader->at < reader->end && *reader->at != ']';
		members.simple = members.simple && c != '[' && (unsigned char)c < 0x80 && !range;
		member_add(&members, tw_required_char(c));
	}
	if (reader->at == reader->end) {
		return lose(reader);
	}
	reader->at++;
	return members.simple ? members.part : anything();
}

static bool skip_prefix(struct reader *reader, const char *prefix)
{
	size_t length = strlen(prefix);
	if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, prefix, length) != 0) {
		return false;
	}
	reader->at += length;
	return true;
}

static struct part group(struct reader *reader)
{
	struct part inside;
	bool asserts = skip_prefix(reader, "?=") || skip_prefix(reader, "?!") || skip_prefix(reader, "?<=") || skip_prefix(reader, "?<!");
	if (!asserts && !skip_prefix(reader, "?:") && !skip_prefix(reader, "?>") && reader->at < reader->end &&
	    (*reader->at == '?' || *reader->at == '*')) {
		return lose(reader);
	}
	if (++reader->depth > DEPTH_MAX) {
		return lose(reader);
	}
	alternatives(reader, &inside);
	reader->depth--;
	if (reader->lost || reader->at == reader->end || *reader->at != ')') {
		return lose(reader);
	}
	reader->at++;
	return asserts ? empty_text() : inside;
}

/* A character beyond ASCII, its first byte read. Only U+017F and U+212A fold to ASCII: those say nothing. */
static struct part foreign(struct reader *reader)
{
	static const char long_s[] = "\xC5\xBF", kelvin[] = "\xE2\x84\xAA";
	const char *from = reader->at - 1;
	while (reader->at < reader->end && ((unsigned char)*reader->at & 0xC0) == 0x80) {
		reader->at++;
	}
	size_t length = (size_t)(reader->at - from);
	bool folds = (length == 2 && memcmp(from, long_s, 2) == 0) || (length == 3 && memcmp(from, kelvin, 3) == 0);
	struct part part = anything();
	if (!folds) {
		part.texts.count = 1;
		part.texts.text[0] = (struct tw_required_text){2, {TW_REQUIRED_FOREIGN, TW_REQUIRED_FOREIGN}};
	}
	return part;
}

static struct part atom(struct reader *reader)
{
	char c = *reader->at++;
	switch (c) {
	case '(':
		return group(reader);
	case '[':
		return class(reader);
	case '\\':
		return escape(reader);
	case '.':
		return anything();
	case '^':
	case '$':
		return empty_text();
	case '{':
	case '*':
	case '+':
	case '?':
		return lose(reader);
	default:
		break;
	}
	if ((unsigned char)c < 0x80) {
		return one_char(c);
	}
	return foreign(reader);
}

/* {n}, {n,}, {n,m}. @return the least count, or -1 when it is no quantifier */
static int braces(struct reader *reader)
{
	const char *at = reader->at + 1;
	int least = 0;
	bool digits = false;
	for (; at < reader->end && *at >= '0' && *at <= '9'; at++, digits = true) {
		least = least > 9999 ? least : least * 10 + (*at - '0');
	}
	bool comma = at < reader->end && *at == ',';
	for (at += comma; at < reader->end && *at >= '0' && *at <= '9'; at++) {
	}
	if (!digits || at == reader->end || *at != '}') {
		return -1;
	}
	reader->at = at + 1;
	return least;
}

static void optional(struct part *part)
{
	if (part->exact && part->texts.count < TW_REQUIRED_MAX) {
		part->texts.text[part->texts.count++] = (struct tw_required_text){.len = 0};
	} else {
		*part = anything();
	}
}

static struct part piece(struct reader *reader)
{
	struct part part = atom(reader);
	if (reader->at == reader->end) {
		return part;
	}
	char c = *reader->at;
	if (c == '{') {
		int least = braces(reader);
		if (least < 0) {
			return lose(reader);
		}
		part.again = part.exact;
		part = least ? part : anything();
	} else if (c == '?') {
		reader->at++;
		optional(&part);
	} else if (c == '*' || c == '+') {
		reader->at++;
		part.again = part.exact;
		part = c == '+' ? part : anything();
	} else {
		return part;
	}
	if (reader->at < reader->end && (*reader->at == '?' || *reader->at == '+')) {
		reader->at++; /* lazy, possessive */
	}
	return part;
}

static void sequence(struct reader *reader, struct part *out)
{
	struct part run = empty_text(); /* the exact texts since the last break */
	struct tw_required best = {0};
	bool whole = true;
	while (reader->at < reader->end && *reader->at != '|' && *reader->at != ')') {
		struct part next = piece(reader);
		bool joined = next.exact && multiply(&run, &next);
		if (joined && !next.again) {
			continue;
		}
		whole = false;
		keep_better(&best, &run.texts);
		keep_better(&best, &next.texts);
		run = next.exact ? next : empty_text(); /* what follows touches its last repetition */
	}
	if (whole) {
		*out = run;
		return;
	}
	keep_better(&best, &run.texts);
	*out = (struct part){.exact = false, .texts = best};
}

static void alternatives(struct reader *reader, struct part *out)
{
	sequence(reader, out);
	while (!reader->lost && reader->at < reader->end && *reader->at == '|') {
		struct part next;
		reader->at++;
		sequence(reader, &next);
		out->texts.also_count = 0; /* of one alternative alone */
		add(out, &next);
	}
}

void tw_required_of(struct tw_slice pattern, struct tw_required *out)
{
	struct reader reader = {.at = pattern.ptr, .end = pattern.ptr + pattern.len};
	struct part whole;
	alternatives(&reader, &whole);
	*out = settled(&whole.texts);
	if (reader.lost || reader.at != reader.end || shortest(out) < 2) {
		out->count = 0;
	}
}
