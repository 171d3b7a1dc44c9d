/**
 * @file required.c
 * A conservative reader of patterns; see required.h.
 *
 * Every part of a pattern has, at most, an *exact* set (it matches these texts and nothing else) and a *needed* set (every match
 * contains one of them). Concatenation multiplies exact sets, alternation adds them, repetition makes exact into needed.
 */
#include "rules/required.h"

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

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static struct part one_char(char c)
{
	struct part part = empty_text();
	part.texts.text[0].len = 1;
	part.texts.text[0].bytes[0] = lower(c);
	return part;
}

static uint32_t shortest(const struct tw_required *texts)
{
	uint32_t least = texts->count ? UINT32_MAX : 0;
	for (uint32_t i = 0; i < texts->count; i++) {
		least = texts->text[i].len < least ? texts->text[i].len : least;
	}
	return least;
}

/* Longer literals are rarer, up to a point; then fewer alternatives are cheaper. */
static void keep_better(struct tw_required *best, const struct tw_required *other)
{
	uint32_t have = shortest(best), offer = shortest(other);
	have = have > 6 ? 6 : have;
	offer = offer > 6 ? 6 : offer;
	if (offer > have || (offer == have && offer && other->count < best->count)) {
		*best = *other;
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
	if (strchr("bBAzZG", c)) {
		return empty_text();
	}
	if (strchr("dDwWsShHvVNRX", c)) {
		return c == 'N' && reader->at < reader->end && *reader->at == '{' ? lose(reader) : anything();
	}
	if (c == 'p' || c == 'P') {
		return property(reader);
	}
	bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
	return word ? lose(reader) : one_char(c);
}

/* Spells out [-_ ] and the like; anything cleverer is "some character". */
static struct part class(struct reader *reader)
{
	struct part members = {.exact = true};
	bool simple = true, first = true;
	if (reader->at < reader->end && *reader->at == '^') {
		simple = false;
		reader->at++;
	}
	for (; reader->at < reader->end && (first || *reader->at != ']'); first = false) {
		char c = *reader->at++;
		if (c == '\\' && reader->at < reader->end) {
			c = *reader->at++;
			simple = simple && (c == '-' || c == '.' || c == '/' || c == ']' || c == '\\');
			if (c == 'Q' || c == 'E' || c == 'p' || c == 'P' || c == 'x' || c == 'o' || c == 'N' || c == 'c') {
				return lose(reader);
			}
		} else if (c == '[' || (unsigned char)c >= 0x80) {
			simple = false;
			if (c == '[' && reader->at < reader->end && (*reader->at == ':' || *reader->at == '.' || *reader->at == '=')) {
				return lose(reader);
			}
		} else if (c == '-' && !first && reader->at < reader->end && *reader->at != ']') {
			simple = false;
		}
		if (members.texts.count < CLASS_MAX) {
			struct part one = one_char(c);
			members.texts.text[members.texts.count++] = one.texts.text[0];
		} else {
			simple = false;
		}
	}
	if (reader->at == reader->end) {
		return lose(reader);
	}
	reader->at++;
	return simple ? members : anything();
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
		add(out, &next);
	}
}

void tw_required_of(struct tw_slice pattern, struct tw_required *out)
{
	struct reader reader = {.at = pattern.ptr, .end = pattern.ptr + pattern.len};
	struct part whole;
	alternatives(&reader, &whole);
	*out = whole.texts;
	if (reader.lost || reader.at != reader.end || shortest(&whole.texts) < 2) {
		out->count = 0;
	}
}
