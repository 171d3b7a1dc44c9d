/**
 * @file name_parts.c
 * Markers are looked for where a word begins; see name_parts.h.
 */
#include "feeds/name_parts.h"

enum marker_of { OF_VESSEL = 1 << 0, OF_OTHERS = 1 << 1, OF_ANY = OF_VESSEL | OF_OTHERS };

enum place {
	BETWEEN, /* two names */
	LEADS,   /* before the one name */
	ENDS,    /* behind it, and what follows is no party's: a father's name, a box at a post office */
};

/* A space stands for what parts words, a stroke for a stroke or a full stop, a bar for a stroke alone. The longer before the shorter. */
static const struct marker {
	const char *words;
	uint32_t of;
	enum place place;
} markers[] = {
    {"a/k/a", OF_ANY, BETWEEN},
    {"aka", OF_ANY, BETWEEN},
    {"alias", OF_OTHERS, BETWEEN},
    {"attention", OF_OTHERS, BETWEEN},
    {"attn", OF_OTHERS, BETWEEN},
    {"attn", OF_OTHERS, LEADS},
    {"also known as", OF_ANY, BETWEEN},
    {"c/o", OF_OTHERS, BETWEEN},
    {"care of", OF_OTHERS, BETWEEN},
    {"d|o", OF_OTHERS, ENDS},
    {"d/b/a", OF_OTHERS, BETWEEN},
    {"dba", OF_OTHERS, BETWEEN},
    {"doing business as", OF_OTHERS, BETWEEN},
    {"ex", OF_VESSEL, BETWEEN},
    {"f/k/a", OF_ANY, BETWEEN},
    {"fka", OF_ANY, BETWEEN},
    {"formerly known as", OF_ANY, BETWEEN},
    {"formerly", OF_ANY, BETWEEN},
    {"n/k/a", OF_ANY, BETWEEN},
    {"now known as", OF_ANY, BETWEEN},
    {"o/b/o", OF_OTHERS, BETWEEN},
    {"on behalf of", OF_OTHERS, BETWEEN},
    {"p/o box", OF_OTHERS, ENDS},
    {"po box", OF_OTHERS, ENDS},
    {"previously known as", OF_ANY, BETWEEN},
    {"previously", OF_ANY, BETWEEN},
    {"s|o", OF_OTHERS, ENDS},
    {"t/a", OF_OTHERS, BETWEEN},
    {"to order of", OF_OTHERS, LEADS},
    {"to the order of", OF_OTHERS, LEADS},
    {"trading as", OF_OTHERS, BETWEEN},
    {"w|o", OF_OTHERS, ENDS},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_word(char c)
{
	c = lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool has_words(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		if (is_word(text.ptr[i])) {
			return true;
		}
	}
	return false;
}

static uint32_t skip_gap(struct tw_slice text, uint32_t at)
{
	while (at < text.len && !is_word(text.ptr[at])) {
		at++;
	}
	return at;
}

/* @return where a marker that begins at `at` ends, 0: it does not stand there */
static uint32_t marker_end(struct tw_slice text, uint32_t at, const char *words)
{
	for (; *words; words++) {
		if (*words == ' ') {
			uint32_t next = skip_gap(text, at);
			if (next == at) {
				return 0;
			}
			at = next;
			continue;
		}
		char wanted = *words == '|' ? '/' : *words;
		bool same = at < text.len && (lower(text.ptr[at]) == wanted || (*words == '/' && text.ptr[at] == '.'));
		if (!same) {
			return 0;
		}
		at++;
	}
	return at < text.len && is_word(text.ptr[at]) ? 0 : at;
}

/* "V.012W", "VOY 12": a voyage's number, which ends the text. */
static bool is_voyage(struct tw_slice text, uint32_t at)
{
	static const char *const words[] = {"v", "voy", "voyage"};
	uint32_t end = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !end; i++) {
		end = marker_end(text, at, words[i]);
	}
	if (!end || skip_gap(text, end) == text.len) {
		return false;
	}
	uint32_t digits = 0;
	for (at = skip_gap(text, end); at < text.len && is_word(text.ptr[at]); at++) {
		digits += text.ptr[at] >= '0' && text.ptr[at] <= '9';
	}
	return digits > 1 && skip_gap(text, at) == text.len;
}

/* "Rm 1203", "Suite 4": where in a house a party sits. A unit may be a military one. */
static bool is_room(struct tw_slice text, uint32_t at)
{
	static const char *const words[] = {"flat", "floor", "rm", "room", "suite"};
	uint32_t end = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !end; i++) {
		end = marker_end(text, at, words[i]);
	}
	uint32_t next = end ? skip_gap(text, end) : text.len;
	return next < text.len && text.ptr[next] >= '0' && text.ptr[next] <= '9';
}

static bool begins_marker(char c)
{
	return c && strchr("acdefnoprstuvw", lower(c));
}

/* Chinese, Japanese and Korean signs are of three bytes, the first of these. */
static bool is_sign(char c)
{
	return (unsigned char)c >= 0xe3 && (unsigned char)c <= 0xed;
}

static bool is_ascii(struct tw_slice text)
{
	uint32_t at = 0;
	while (at < text.len && (unsigned char)text.ptr[at] < 0x80) {
		at++;
	}
	return at == text.len;
}

/* One name in signs and in Latin letters: the word in signs stands first or last. */
static bool part_signs(struct tw_slice text, struct tw_slice parts[TW_NAME_PARTS_MAX])
{
	uint32_t head = 0, tail = text.len;
	while (head + 2 < text.len && is_sign(text.ptr[head])) {
		head += 3;
	}
	while (!head && tail > 2 && is_sign(text.ptr[tail - 3])) {
		tail -= 3;
	}
	uint32_t at = head ? head : tail;
	struct tw_slice left = {text.ptr, at}, right = {text.ptr + at, text.len - at}, latin = head ? right : left;
	bool apart = at && at < text.len && (head ? text.ptr[at] == ' ' : text.ptr[at - 1] == ' ');
	if (!apart || !is_ascii(latin) || !has_words(latin)) {
		return false;
	}
	parts[0] = latin;
	parts[1] = head ? left : right;
	return true;
}

/* What no marker parts. */
static uint32_t unmarked(struct tw_slice text, enum tw_name_domain domain, struct tw_slice parts[TW_NAME_PARTS_MAX])
{
	if (domain != TW_NAME_OF_VESSEL && part_signs(text, parts)) {
		return 2;
	}
	parts[0] = text;
	return 1;
}

uint32_t tw_name_parts(struct tw_slice text, enum tw_name_domain domain, struct tw_slice parts[TW_NAME_PARTS_MAX])
{
	uint32_t of = domain == TW_NAME_OF_VESSEL ? OF_VESSEL : OF_OTHERS, first = skip_gap(text, 0);
	for (uint32_t at = first; at < text.len; at++) {
		if (!begins_marker(text.ptr[at]) || (at && is_word(text.ptr[at - 1]))) {
			continue;
		}
		struct tw_slice before = {text.ptr, at};
		if (domain == TW_NAME_OF_VESSEL && at > first && is_voyage(text, at)) {
			parts[0] = before;
			return 1;
		}
		if (of == OF_OTHERS && at > first && is_room(text, at)) {
			parts[0] = before;
			return 1;
		}
		for (size_t i = 0; i < sizeof(markers) / sizeof(markers[0]); i++) {
			uint32_t end = (markers[i].of & of) && (markers[i].place == LEADS) == (at == first) ? marker_end(text, at, markers[i].words) : 0;
			struct tw_slice behind = {text.ptr + end, end ? text.len - end : 0};
			if (!has_words(behind)) {
				continue;
			}
			parts[0] = markers[i].place == LEADS ? behind : before;
			parts[1] = behind;
			return markers[i].place == BETWEEN ? 2 : 1;
		}
	}
	return unmarked(text, domain, parts);
}

#define LONG_WORD_BYTES 4 /* shorter ones are articles and parts of others: "Abd al-Rahman" is one name */

bool tw_name_bracketed(struct tw_slice text, enum tw_name_domain domain, struct tw_slice *before)
{
	const char *open = domain == TW_NAME_OF_PERSON && text.len && text.ptr[text.len - 1] == ')' ? memrchr(text.ptr, '(', text.len) : NULL;
	*before = (struct tw_slice){text.ptr, open ? (uint32_t)(open - text.ptr) : 0};
	uint32_t words = 0, run = 0;
	for (uint32_t i = 0; i < before->len; i++) {
		run = is_word(before->ptr[i]) ? run + 1 : 0;
		words += run == LONG_WORD_BYTES;
	}
	return words > 1;
}
