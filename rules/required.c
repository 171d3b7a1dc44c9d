/**
 * @file required.c
 * A conservative reader of patterns; see required.h.
 *
 * Every part of a pattern has, at most, an *exact* set (it matches these texts and nothing else) and a *needed* set (every match
 * contains one of them). Concatenation multiplies exact sets, alternation adds them, repetition makes exact into needed; required_part.h has that
 * algebra, this file the syntax.
 */
#include "rules/required_part.h"

#define DEPTH_MAX 20
#define CLASS_MAX 4 /* members of a character class that are still spelled out */

struct reader {
	const char *at, *end;
	int depth;
	bool lost;  /* something not understood: nothing may be said about the whole pattern */
	bool loose; /* something of which the form keeps less than the pattern says */
};

static void alternatives(struct reader *reader, struct tw_part *out);

char tw_required_char(char c)
{
	bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
	return word ? c : c >= 'A' && c <= 'Z' ? (char)(c + 32) : ' ';
}

static struct tw_part one_char(struct reader *reader, char c)
{
	char form = tw_required_char(c);
	reader->loose = reader->loose || form == ' ';
	return tw_part_byte(form);
}

/* Of no width, or of whatever width: what it asks for is not in the form. */
static struct tw_part loosen(struct reader *reader, struct tw_part part)
{
	reader->loose = true;
	return part;
}

static struct tw_part lose(struct reader *reader)
{
	reader->lost = true;
	reader->at = reader->end;
	return tw_part_anything();
}

/* \p{…}, \P{…}, \pL */
static struct tw_part property(struct reader *reader)
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
	return tw_part_anything();
}

static struct tw_part escape(struct reader *reader)
{
	if (reader->at == reader->end) {
		return lose(reader);
	}
	char c = *reader->at++;
	if (c == '\0') {
		return lose(reader); /* strchr would find it */
	}
	if (c == 'b') {
		return tw_part_byte(TW_PART_EDGE);
	}
	if (strchr("BAzZG", c)) {
		return loosen(reader, tw_part_empty());
	}
	if (strchr("sWhv", c)) {
		return loosen(reader, tw_part_byte(' ')); /* one character of no word, whichever it is */
	}
	if (strchr("dDwSHVNRX", c)) {
		return c == 'N' && reader->at < reader->end && *reader->at == '{' ? lose(reader) : tw_part_anything();
	}
	if (c == 'p' || c == 'P') {
		return property(reader);
	}
	bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
	return word ? lose(reader) : one_char(reader, c);
}

/* What a class may be, while it is read. */
struct members {
	struct tw_part part; /* exact, each form once */
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
	texts->text[texts->count++] = tw_part_byte(c).texts.text[0];
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

static bool has_blank(const struct tw_required *bytes)
{
	for (uint32_t i = 0; i < bytes->count; i++) {
		if (bytes->text[i].bytes[0] == ' ') {
			return true;
		}
	}
	return false;
}

/* Spells out [-_ ], [\s.-] and the like; anything cleverer is "some character". */
static struct tw_part class(struct reader *reader)
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
	reader->loose = reader->loose || has_blank(&members.part.texts);
	return members.simple ? members.part : tw_part_anything();
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

static struct tw_part group(struct reader *reader)
{
	struct tw_part inside;
	bool asserts = skip_prefix(reader, "?=") || skip_prefix(reader, "?!") || skip_prefix(reader, "?<=") || skip_prefix(reader, "?<!");
	bool atomic = !asserts && skip_prefix(reader, "?>");
	reader->loose = reader->loose || asserts || atomic; /* what is taken first is not given back */
	if (!asserts && !atomic && !skip_prefix(reader, "?:") && reader->at < reader->end && (*reader->at == '?' || *reader->at == '*')) {
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
	return asserts ? tw_part_empty() : inside;
}

/* A character beyond ASCII, its first byte read. Only U+017F and U+212A fold to ASCII: those say nothing. */
static struct tw_part foreign(struct reader *reader)
{
	static const char long_s[] = "\xC5\xBF", kelvin[] = "\xE2\x84\xAA";
	const char *from = reader->at - 1;
	while (reader->at < reader->end && ((unsigned char)*reader->at & 0xC0) == 0x80) {
		reader->at++;
	}
	size_t length = (size_t)(reader->at - from);
	bool folds = (length == 2 && memcmp(from, long_s, 2) == 0) || (length == 3 && memcmp(from, kelvin, 3) == 0);
	struct tw_part part = tw_part_anything();
	if (!folds) {
		part.texts.count = 1;
		part.texts.text[0] = (struct tw_required_text){2, {TW_REQUIRED_FOREIGN, TW_REQUIRED_FOREIGN}};
	}
	return part;
}

static struct tw_part atom(struct reader *reader)
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
		return tw_part_anything();
	case '^':
	case '$':
		return loosen(reader, tw_part_empty());
	case '{':
	case '*':
	case '+':
	case '?':
		return lose(reader);
	default:
		break;
	}
	if ((unsigned char)c < 0x80) {
		return one_char(reader, c);
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

/* Blanks, however many, are one or none; of anything else that may be missing nothing is known. */
static void repeated(struct tw_part *part, bool once)
{
	tw_part_repeat(part);
	if (once) {
		return;
	}
	if (part->again) {
		*part = tw_part_anything();
	} else {
		tw_part_optional(part);
	}
}

static struct tw_part piece(struct reader *reader)
{
	struct tw_part part = atom(reader);
	if (reader->at == reader->end) {
		return part;
	}
	char c = *reader->at;
	if (c == '{') {
		int least = braces(reader);
		if (least < 0) {
			return lose(reader);
		}
		repeated(&part, least > 0);
	} else if (c == '?') {
		reader->at++;
		tw_part_optional(&part);
	} else if (c == '*' || c == '+') {
		reader->at++;
		repeated(&part, c == '+');
	} else {
		return part;
	}
	if (reader->at < reader->end && (*reader->at == '?' || *reader->at == '+')) {
		reader->loose = reader->loose || *reader->at == '+';
		reader->at++; /* lazy, possessive */
	}
	return part;
}

/* Exact texts that go no further, and what is behind them. @param lead what the two begin with together */
static void part_break(struct tw_required *best, const struct tw_part *run, const struct tw_part *next, struct tw_part *lead)
{
	*lead = *run;
	if (!next->exact && tw_part_lead(lead, next)) {
		tw_part_keep_better(best, &lead->texts);
	}
	tw_part_keep_better(best, &run->texts);
	tw_part_keep_better(best, &next->texts);
}

static void sequence(struct reader *reader, struct tw_part *out)
{
	struct tw_part run = tw_part_empty(), lead, behind; /* the exact texts since the last break; what is known of where it all begins */
	struct tw_required best = {0};
	bool whole = true;
	while (reader->at < reader->end && *reader->at != '|' && *reader->at != ')') {
		struct tw_part next = piece(reader);
		bool joined = next.exact && tw_part_multiply(&run, &next);
		if (joined && !next.again) {
			continue;
		}
		part_break(&best, &run, &next, whole ? &lead : &behind);
		whole = false;
		run = next.exact ? next : tw_part_empty(); /* what follows touches its last repetition */
	}
	if (whole) {
		*out = run;
		return;
	}
	tw_part_keep_better(&best, &run.texts);
	lead.texts = tw_part_settled(&lead.texts);
	*out = (struct tw_part){.exact = false, .begins = tw_part_same_texts(&best, &lead.texts), .texts = best};
}

static void alternatives(struct reader *reader, struct tw_part *out)
{
	sequence(reader, out);
	while (!reader->lost && reader->at < reader->end && *reader->at == '|') {
		struct tw_part next;
		reader->at++;
		sequence(reader, &next);
		out->texts.also_count = 0; /* of one alternative alone */
		tw_part_add(out, &next);
	}
}

/* Is each text letters and digits, edges at most around them? Between two of them an edge is never. */
static bool edges_around(const struct tw_required *texts)
{
	for (uint32_t i = 0; i < texts->count; i++) {
		const struct tw_required_text *text = &texts->text[i];
		uint32_t from = 0, to = text->len;
		while (from < to && text->bytes[from] == TW_PART_EDGE) {
			from++;
		}
		while (to > from && text->bytes[to - 1] == TW_PART_EDGE) {
			to--;
		}
		if (from == to || memchr(text->bytes + from, TW_PART_EDGE, to - from)) {
			return false;
		}
	}
	return true;
}

void tw_required_of(struct tw_slice pattern, struct tw_required *out)
{
	struct reader reader = {.at = pattern.ptr, .end = pattern.ptr + pattern.len};
	struct tw_part whole;
	alternatives(&reader, &whole);
	*out = tw_part_settled(&whole.texts);
	out->exact = whole.exact && !whole.again && !reader.loose && edges_around(&whole.texts);
	if (reader.lost || reader.at != reader.end || tw_part_shortest(out) < 2) {
		out->count = 0;
		out->exact = false;
	}
}
