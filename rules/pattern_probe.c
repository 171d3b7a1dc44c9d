/**
 * @file pattern_probe.c
 * See pattern_probe.h.
 */
#include "rules/pattern_probe.h"

#include <ctype.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "rules/patterns.h"
#include "rules/required.h"

#define UNITS_MAX    24U
#define PREFIXES     2U
#define SUFFIXES     3U
#define SUFFIX_BYTES 160U

#define FAILING_DEPTH_MAX 20U /* groups in groups */

/* ---- never ---- */

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* @return offset one past the class that begins at `at` */
static uint32_t class_end(struct tw_slice pattern, uint32_t at)
{
	at++;
	at += at < pattern.len && pattern.ptr[at] == '^';
	at += at < pattern.len && pattern.ptr[at] == ']';
	while (at < pattern.len && pattern.ptr[at] != ']') {
		at += pattern.ptr[at] == '\\' ? 2 : 1;
	}
	return at + 1;
}

/* May what stands at `at` be left out? */
static bool optional(struct tw_slice pattern, uint32_t at)
{
	return at < pattern.len && (pattern.ptr[at] == '?' || pattern.ptr[at] == '*' || pattern.ptr[at] == '{');
}

static bool changes_meaning(struct tw_slice pattern)
{
	for (uint32_t i = 0; i + 1 < pattern.len; i++) {
		bool option = pattern.ptr[i] == '(' && (pattern.ptr[i + 1] == '*' || (pattern.ptr[i + 1] == '?' && i + 2 < pattern.len &&
		                                                                      ((pattern.ptr[i + 2] >= 'a' && pattern.ptr[i + 2] <= 'z'))));
		if (option || (pattern.ptr[i] == '\\' && (pattern.ptr[i + 1] == 'Q' || pattern.ptr[i + 1] == 'K'))) {
			return true; /* (?m), (*VERB), \Q...\E: not read here */
		}
	}
	return false;
}

/* Only a pattern without alternatives is judged: of others another branch may match. */
static bool has_branches(struct tw_slice pattern)
{
	for (uint32_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] == '[') {
			i = class_end(pattern, i) - 1;
		} else if (pattern.ptr[i] == '\\') {
			i++;
		} else if (pattern.ptr[i] == '|' || pattern.ptr[i] == '(') {
			return true;
		}
	}
	return false;
}

/* Reads for assertions that fail wherever they stand: of nothing, that it is not there; that a word begins or ends here, and does not. */
struct failing {
	struct tw_slice pattern;
	uint32_t at, depth;
	bool lost; /* something that is not read here */
};

static bool branches_fail(struct failing *failing, bool *empty);

static char char_at(const struct failing *failing, uint32_t beyond)
{
	return failing->at + beyond < failing->pattern.len ? failing->pattern.ptr[failing->at + beyond] : '\0';
}

static bool opens(const struct failing *failing, const char *opening)
{
	size_t length = strlen(opening);
	return failing->pattern.len - failing->at >= length && memcmp(failing->pattern.ptr + failing->at, opening, length) == 0;
}

/* What is in a group begins behind its opening. @return whether the group asks that it is not there */
static bool group_open(struct failing *failing)
{
	static const char *const openings[] = {"(?!", "(?<!", "(?:", "(?=", "(?<=", "(?>"};
	for (uint32_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		if (opens(failing, openings[i])) {
			failing->at += (uint32_t)strlen(openings[i]);
			return i < 2;
		}
	}
	failing->lost |= char_at(failing, 1) == '?'; /* names, conditions, calls */
	failing->at++;
	return false;
}

static bool group_fails(struct failing *failing)
{
	bool empty = false, denies = group_open(failing), inside = branches_fail(failing, &empty);
	failing->lost |= char_at(failing, 0) != ')';
	failing->at++;
	return denies ? empty : inside;
}

static bool is_letter(struct tw_slice pattern, uint32_t at)
{
	return at < pattern.len && (unsigned char)pattern.ptr[at] < 0x80 && is_word(pattern.ptr[at]);
}

/* Letters are looked for ahead, and letters stand there: others, or where it is denied the same. In any case: letters of ASCII are one when they are
 * but for the bit of their case. */
static bool ahead_fails(const struct failing *failing)
{
	struct tw_slice pattern = failing->pattern;
	bool denies = opens(failing, "(?!");
	uint32_t from = failing->at + 3, end = from;
	while (is_letter(pattern, end)) {
		end++;
	}
	bool letters = (denies || opens(failing, "(?=")) && end > from && end < pattern.len && pattern.ptr[end] == ')' && !optional(pattern, end + 1);
	for (uint32_t i = 0; letters && from + i < end; i++) {
		uint32_t behind = end + 1 + i;
		bool many = behind + 1 < pattern.len && pattern.ptr[behind + 1] == '+' && from + i + 1 < end;
		letters = is_letter(pattern, behind) && !optional(pattern, behind + 1);
		if (letters && tolower((unsigned char)pattern.ptr[from + i]) != tolower((unsigned char)pattern.ptr[behind])) {
			return !denies;
		}
		letters = letters && !many; /* what follows is not known to stand there */
	}
	return letters && denies;
}

/* What a piece takes, as far as the edges of words go. */
enum side { UNKNOWN, WORD, NO_WORD, BEGIN, END };

static enum side side_of(char c, char next)
{
	bool escaped = c == '\\';
	if ((unsigned char)c >= 0x80 || (unsigned char)next >= 0x80) {
		return UNKNOWN;
	}
	if (escaped && is_word(next)) {
		return next == 'd' || next == 'w' ? WORD : next == 's' || next == 'W' ? NO_WORD : next == 'z' || next == 'Z' ? END : UNKNOWN;
	}
	if (escaped) {
		return next == '_' ? WORD : NO_WORD;
	}
	return c == '^' ? BEGIN : c == '$' ? END : strchr(".[(", c) ? UNKNOWN : is_word(c) || c == '_' ? WORD : NO_WORD;
}

/* Between two letters no word begins or ends, nor between two blanks; and between a letter and a blank one does. */
static bool edge_fails(enum side before, char edge, enum side behind)
{
	bool known = (before == WORD || before == NO_WORD || before == BEGIN) && (behind == WORD || behind == NO_WORD || behind == END);
	bool differ = (before == WORD) != (behind == WORD);
	return edge && known && differ == (edge == 'B');
}

/* @param edge out: 'b' or 'B', where that is all that the piece asks @param side out: what it takes */
static bool piece_fails(struct failing *failing, char *edge, enum side *side)
{
	char c = char_at(failing, 0), next = char_at(failing, 1);
	uint32_t from = failing->at;
	*side = side_of(c, next);
	if (c == '(') {
		return group_fails(failing);
	}
	if (c == '[') {
		failing->at = class_end(failing->pattern, from);
		failing->lost |=
		    failing->at > failing->pattern.len || memmem(failing->pattern.ptr + from + 1, failing->pattern.len - from - 1, "[:", 2);
		return false;
	}
	failing->at += c == '\\' ? 2 : 1;
	failing->lost |= c == '{' || (c == '\\' && (next == 'c' || next == 'E')); /* \\E: a quantifier behind it is that of what stood before */
	*edge = c == '\\' && (next == 'b' || next == 'B') ? next : '\0';
	return false;
}

/* {n}, {n,}, {n,m}; any other brace is a letter, or part of an escape. */
static void quantifier_skip(struct failing *failing)
{
	if (char_at(failing, 0) == '{') {
		uint32_t digits = 0;
		for (failing->at++; char_at(failing, 0) == ',' || (char_at(failing, 0) >= '0' && char_at(failing, 0) <= '9'); failing->at++) {
			digits++;
		}
		failing->lost |= digits == 0 || char_at(failing, 0) != '}';
		failing->at++;
	}
	while (char_at(failing, 0) == '?' || char_at(failing, 0) == '*' || char_at(failing, 0) == '+') {
		failing->at++;
	}
}

/* @param empty set when nothing stands there: that matches everywhere */
static bool sequence_fails(struct failing *failing, bool *empty)
{
	bool fails = false;
	char before = '\0';
	enum side last = UNKNOWN; /* what stands before the edge */
	uint32_t from = failing->at;
	while (!failing->lost && failing->at < failing->pattern.len && char_at(failing, 0) != '|' && char_at(failing, 0) != ')') {
		char edge = '\0';
		enum side side;
		fails |= ahead_fails(failing);
		bool piece = piece_fails(failing, &edge, &side), needed = !optional(failing->pattern, failing->at);
		quantifier_skip(failing);
		edge = needed ? edge : '\0';
		side = needed ? side : UNKNOWN;
		fails |= (piece && needed) || (edge && before && edge != before) || (!edge && edge_fails(last, before, side));
		last = edge ? last : side;
		before = edge;
	}
	*empty |= failing->at == from;
	return fails;
}

static bool branches_fail(struct failing *failing, bool *empty)
{
	failing->lost |= ++failing->depth > FAILING_DEPTH_MAX;
	bool all = sequence_fails(failing, empty);
	while (!failing->lost && char_at(failing, 0) == '|') {
		failing->at++;
		all &= sequence_fails(failing, empty);
	}
	failing->depth--;
	return all;
}

static bool fails(struct tw_slice pattern)
{
	struct failing failing = {.pattern = pattern};
	bool empty = false, all = branches_fail(&failing, &empty);
	return all && !failing.lost && failing.at == pattern.len;
}

bool tw_pattern_never(struct tw_slice pattern)
{
	bool literal = false; /* a letter that must stand there has gone by */
	bool end = false;     /* the text has ended */
	if (changes_meaning(pattern)) {
		return false;
	}
	if (fails(pattern)) {
		return true;
	}
	if (has_branches(pattern)) {
		return false;
	}
	for (uint32_t i = 0; i < pattern.len; i++) {
		char c = pattern.ptr[i];
		if (c == '[') {
			i = class_end(pattern, i) - 1;
		} else if (c == '\\') {
			i++;
		} else if (c == '{') {
			while (i < pattern.len && pattern.ptr[i] != '}') {
				i++;
			}
		} else if (c == '^') {
			if (literal && !optional(pattern, i + 1)) {
				return true;
			}
		} else if (c == '$') {
			end = !optional(pattern, i + 1);
		} else if (is_word(c) && !optional(pattern, i + 1)) {
			if (end) {
				return true;
			}
			literal = true;
		}
	}
	return false;
}

/* ---- giving up ---- */

struct probing {
	struct tw_patterns *patterns;
	struct tw_pattern_bench *bench;
	struct tw_arena *arena;
	uint32_t set;
	char unit[UNITS_MAX][TW_PROBE_UNIT_BYTES];
	uint32_t unit_count;
	char prefix[PREFIXES][TW_PROBE_UNIT_BYTES]; /* nothing; what a match may begin with */
	char suffix[SUFFIXES][SUFFIX_BYTES];        /* ends that do not fit: nothing of the pattern; all its literals behind a break of each kind */
	char text[TW_PROBE_TEXT_BYTES + TW_PROBE_UNIT_BYTES + SUFFIX_BYTES];
};

static void unit_add(struct probing *probing, const char *bytes, uint32_t length)
{
	char unit[TW_PROBE_UNIT_BYTES] = "";
	if (length == 0 || length >= sizeof(unit) || probing->unit_count == UNITS_MAX) {
		return;
	}
	memcpy(unit, bytes, length);
	for (uint32_t i = 0; i < probing->unit_count; i++) {
		if (strcmp(probing->unit[i], unit) == 0) {
			return;
		}
	}
	memcpy(probing->unit[probing->unit_count++], unit, sizeof(unit));
}

/* All words of the pattern in a row: what a chain of `a.*b.*c` goes wrong on. */
static void unit_of_words(struct probing *probing, struct tw_slice pattern)
{
	char all[TW_PROBE_UNIT_BYTES];
	uint32_t used = 0;
	for (uint32_t i = 0; i < pattern.len && used + 2 < sizeof(all); i++) {
		bool escape = pattern.ptr[i] == '\\';
		i += escape;
		if (!escape && is_word(pattern.ptr[i])) {
			all[used++] = pattern.ptr[i];
		} else if (used && all[used - 1] != ' ') {
			all[used++] = ' ';
		}
	}
	unit_add(probing, all, used);
}

/* Whole words of the pattern, their first letters, and what classes and dots usually take. */
static void units_of(struct probing *probing, struct tw_slice pattern)
{
	static const char *const always[] = {"a", " ", "0", "-", "a ", "0 ", "a.", "x0"};
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
		unit_add(probing, always[i], (uint32_t)strlen(always[i]));
	}
	unit_of_words(probing, pattern);
	for (uint32_t i = 0; i < pattern.len; i++) {
		uint32_t from = i;
		if (pattern.ptr[i] == '\\') {
			i++;
			continue;
		}
		while (i < pattern.len && (is_word(pattern.ptr[i]) || pattern.ptr[i] == ' ')) {
			i++;
		}
		unit_add(probing, pattern.ptr + from, i - from);
		if (i - from > 1 && (unsigned char)pattern.ptr[from] < 0x80) {
			unit_add(probing, pattern.ptr + from, 1);
		}
		char spaced[TW_PROBE_UNIT_BYTES];
		int length = snprintf(spaced, sizeof(spaced), "%.*s ", (int)(i - from), pattern.ptr + from);
		if (i > from && length > 0 && (size_t)length < sizeof(spaced)) {
			unit_add(probing, spaced, (uint32_t)length);
		}
	}
}

/* The first two plain letters or more that stand together: what a match may begin with. */
static void first_word(struct tw_slice pattern, char out[TW_PROBE_UNIT_BYTES])
{
	uint32_t used = 0;
	for (uint32_t i = 0; i < pattern.len && used + 1 < TW_PROBE_UNIT_BYTES; i++) {
		if (is_word(pattern.ptr[i]) && (i == 0 || pattern.ptr[i - 1] != '\\')) {
			out[used++] = pattern.ptr[i];
		} else if (used > 1) {
			break;
		} else {
			used = 0;
		}
	}
	out[used > 1 ? used : 0] = '\0';
}

/* PCRE2 looks first whether a letter that must come stands anywhere: so it does, where it is of no use. */
static void ends_of(struct probing *probing, struct tw_slice pattern)
{
	struct tw_required required;
	uint32_t used = 0;
	char literals[SUFFIX_BYTES - TW_REQUIRED_BYTES_MAX - 8];
	tw_required_of(pattern, &required);
	bool needs = required.count && required.text[0].bytes[0] != TW_REQUIRED_FOREIGN;
	first_word(pattern, probing->prefix[1]);
	for (uint32_t i = 0; i < pattern.len && used + 1 < sizeof(literals); i++) {
		bool escape = pattern.ptr[i] == '\\' && i + 1 < pattern.len;
		i += escape;
		bool meta = escape ? is_word(pattern.ptr[i]) : strchr(".*+?()[]{}|^$", pattern.ptr[i]) != NULL;
		if (!meta && (unsigned char)pattern.ptr[i] < 0x80) {
			literals[used++] = pattern.ptr[i];
		}
	}
	literals[used] = '\0';
	/* behind a line's end stands what the prefilter asks for */
	int length = needs ? required.text[0].len : 0;
	snprintf(probing->suffix[0], SUFFIX_BYTES, "\x01!\n %.*s ", length, required.text[0].bytes);
	snprintf(probing->suffix[1], SUFFIX_BYTES, "\x01%s\n %.*s ", literals, length, required.text[0].bytes);
	snprintf(probing->suffix[2], SUFFIX_BYTES, "\n%s %.*s ", literals, length, required.text[0].bytes);
}

/* Units and prefixes may end inside a character, and PCRE2 is told that texts are UTF-8: whatever is none becomes a question mark. */
static void make_utf8(char *text, uint32_t length)
{
	uint32_t from = 0, at = 0;
	while (!tw_utf8_valid((struct tw_slice){text + from, length - from}, &at)) {
		text[from + at] = '?';
		from += at;
	}
}

/* @return true when the pattern gave up on prefix, unit, unit, ..., and an end that does not fit */
static bool gives_up(struct probing *probing, const char *prefix, const char *unit, const char *suffix, bool *failed)
{
	struct tw_pattern_marks marks = {NULL};
	uint32_t used = (uint32_t)snprintf(probing->text, sizeof(probing->text), "%s", prefix), length = (uint32_t)strlen(unit);
	while (used + length < TW_PROBE_TEXT_BYTES) {
		memcpy(probing->text + used, unit, length);
		used += length;
	}
	memcpy(probing->text + used, suffix, strlen(suffix));
	used += (uint32_t)strlen(suffix);
	make_utf8(probing->text, used);
	struct tw_arena_mark mark = tw_arena_mark(probing->arena);
	uint64_t before = tw_pattern_bench_limited(probing->bench);
	(void)tw_patterns_match(probing->patterns, probing->bench, &marks, probing->set, (struct tw_slice){probing->text, used}, probing->arena,
	                        failed);
	tw_arena_rewind(probing->arena, mark);
	return tw_pattern_bench_limited(probing->bench) != before;
}

static void probe_all(struct probing *probing, struct tw_slice pattern, struct tw_pattern_probe *out, bool *failed)
{
	const uint32_t ways = PREFIXES * SUFFIXES;
	units_of(probing, pattern);
	ends_of(probing, pattern);
	for (uint32_t i = 0; i < probing->unit_count * ways; i++) {
		const char *unit = probing->unit[i / ways], *prefix = probing->prefix[i % PREFIXES], *suffix = probing->suffix[i % ways / PREFIXES];
		if (gives_up(probing, prefix, unit, suffix, failed)) {
			out->gives_up = true;
			memcpy(out->unit, unit, sizeof(out->unit));
			memcpy(out->prefix, prefix, sizeof(out->prefix));
			return;
		}
	}
}

enum tw_code tw_pattern_probe(struct tw_slice pattern, struct tw_arena *arena, struct tw_pattern_probe *out, struct tw_error *err)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct probing *probing = tw_arena_alloc(arena, sizeof(*probing));
	struct tw_literal literal = {.text = pattern, .mark = {1, 1}};
	struct tw_literals literals = {&literal, 1};
	struct tw_rule_report unheard = {.file = "", .err = err};
	bool failed = probing == NULL;
	enum tw_code code = TW_OK;
	*out = (struct tw_pattern_probe){.gives_up = false};
	if (!failed) {
		probing->arena = arena;
		probing->patterns = tw_patterns_new(arena);
		failed = !probing->patterns || !tw_patterns_add(probing->patterns, &literals, &unheard, &probing->set) ||
		         !tw_patterns_seal(probing->patterns);
	}
	if (!failed) {
		code = tw_pattern_bench_new(probing->patterns, &probing->bench, err);
	}
	if (!failed && code == TW_OK) {
		probe_all(probing, pattern, out, &failed);
	}
	if (probing) {
		tw_pattern_bench_free(probing->bench);
		tw_patterns_free(probing->patterns);
	}
	tw_arena_rewind(arena, mark);
	return failed ? tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to probe a pattern", NULL, NULL) : code;
}
