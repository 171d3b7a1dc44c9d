/**
 * @file name_parts.c
 * Markers are looked for where a word begins; see name_parts.h.
 */
#include "feeds/name_parts.h"

enum marker_of { OF_VESSEL = 1 << 0, OF_OTHERS = 1 << 1, OF_ANY = OF_VESSEL | OF_OTHERS };

/* A space stands for what parts words, a stroke for a stroke or a full stop. The longer before the shorter. */
static const struct marker {
	const char *words;
	uint32_t of;
	bool leads; /* it stands before the one name */
} markers[] = {
    {"a/k/a", OF_ANY, false},
    {"aka", OF_ANY, false},
    {"alias", OF_OTHERS, false},
    {"also known as", OF_ANY, false},
    {"c/o", OF_OTHERS, false},
    {"care of", OF_OTHERS, false},
    {"d/b/a", OF_OTHERS, false},
    {"dba", OF_OTHERS, false},
    {"doing business as", OF_OTHERS, false},
    {"ex", OF_VESSEL, false},
    {"f/k/a", OF_ANY, false},
    {"fka", OF_ANY, false},
    {"formerly known as", OF_ANY, false},
    {"formerly", OF_ANY, false},
    {"n/k/a", OF_ANY, false},
    {"now known as", OF_ANY, false},
    {"o/b/o", OF_OTHERS, false},
    {"on behalf of", OF_OTHERS, false},
    {"previously known as", OF_ANY, false},
    {"previously", OF_ANY, false},
    {"t/a", OF_OTHERS, false},
    {"to order of", OF_OTHERS, true},
    {"to the order of", OF_OTHERS, true},
    {"trading as", OF_OTHERS, false},
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
		bool same = at < text.len && (*words == '/' ? text.ptr[at] == '/' || text.ptr[at] == '.' : lower(text.ptr[at]) == *words);
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

static bool begins_marker(char c)
{
	return c && strchr("acdefnoptv", lower(c));
}

uint32_t tw_name_parts(struct tw_slice text, enum tw_name_domain domain, struct tw_slice parts[TW_NAME_PARTS_MAX])
{
	uint32_t of = domain == TW_NAME_OF_VESSEL ? OF_VESSEL : OF_OTHERS, first = skip_gap(text, 0);
	parts[0] = text;
	for (uint32_t at = first; at < text.len; at++) {
		if (!begins_marker(text.ptr[at]) || (at && is_word(text.ptr[at - 1]))) {
			continue;
		}
		struct tw_slice before = {text.ptr, at};
		if (domain == TW_NAME_OF_VESSEL && at > first && is_voyage(text, at)) {
			parts[0] = before;
			return 1;
		}
		for (size_t i = 0; i < sizeof(markers) / sizeof(markers[0]); i++) {
			uint32_t end = (markers[i].of & of) && markers[i].leads == (at == first) ? marker_end(text, at, markers[i].words) : 0;
			struct tw_slice behind = {text.ptr + end, end ? text.len - end : 0};
			if (!has_words(behind)) {
				continue;
			}
			parts[0] = markers[i].leads ? behind : before;
			parts[1] = behind;
			return markers[i].leads ? 1 : 2;
		}
	}
	return 1;
}
