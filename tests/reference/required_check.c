/**
 * @file required_check.c
 * See required_check.h.
 */
#include "required_check.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "rules/required_key.h"

/* ---- checking ---- */

static char form_of(struct tw_slice text, uint32_t at)
{
	unsigned char c = (unsigned char)text.ptr[at];
	if (c < 0x80) {
		return tw_required_char((char)c);
	}
	if (at + 2 <= text.len && memcmp(text.ptr + at, "\xC5\xBF", 2) == 0) {
		return 's';
	}
	return at + 3 <= text.len && memcmp(text.ptr + at, "\xE2\x84\xAA", 3) == 0 ? 'k' : ' ';
}

/* As the pass reads a text: in the form of tw_required_char, a character beyond ASCII as a blank but for the two that are a letter; one blank for any
 * run of them, one on both sides. @return malloc'd */
static char *read_form(struct tw_slice text, uint32_t *length)
{
	char *out = malloc((size_t)text.len + 3);
	uint32_t at = 0;
	out[at++] = ' ';
	for (uint32_t i = 0; i < text.len; i++) {
		bool inside = ((unsigned char)text.ptr[i] & 0xC0) == 0x80; /* of a character that was read */
		char c = inside ? ' ' : form_of(text, i);
		if (!inside && (c != ' ' || out[at - 1] != ' ')) {
			out[at++] = c;
		}
	}
	if (out[at - 1] != ' ') {
		out[at++] = ' ';
	}
	*length = at;
	return out;
}

static bool holds(struct tw_slice text, const char *bytes, uint32_t length)
{
	uint32_t room = 0;
	char *form = read_form(text, &room);
	bool found = memmem(form, room, bytes, length) != NULL;
	free(form);
	return found;
}

static bool beyond_ascii(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80) {
			return true;
		}
	}
	return false;
}

/* What the word that begins at `at` of a form begins with, eight bytes, nothing behind its blank: as required_key.h says. */
static uint64_t word_read(const char *form, uint32_t length, uint32_t at)
{
	uint64_t out = 0;
	for (uint32_t i = 0; i < 8 && at + i < length; i++) {
		out |= (uint64_t)(unsigned char)form[at + i] << 8 * i;
		if (form[at + i] == ' ') {
			break;
		}
	}
	return out;
}

static bool holds_words(const char *form, uint32_t length, uint64_t key)
{
	uint64_t before = 0;
	for (uint32_t i = 0; i < length; i++) {
		if (form[i] != ' ') {
			continue;
		}
		uint64_t word = word_read(form, length, i + 1); /* 0 behind the last */
		if ((word && (tw_key_head(word) == key || tw_key_whole(word) == key || tw_key_begin(word) == key)) ||
		    (before && tw_key_pair(before, word) == key)) {
			return true;
		}
		before = word;
	}
	return false;
}

static bool holds_one_of(struct tw_slice text, const struct tw_required_also *also)
{
	bool found = false;
	for (uint32_t i = 0; i < also->count; i++) {
		uint64_t key = htole64(also->key[i] & ~TW_KEY_GRAM);
		char bytes[8];
		uint32_t length = 0;
		char *form = read_form(text, &length);
		memcpy(bytes, &key, sizeof(bytes));
		found = found || (tw_key_of_word(also->key[i]) ? holds_words(form, length, also->key[i]) : memmem(form, length, bytes, 4) != NULL);
		free(form);
	}
	return found;
}

struct required_checker {
	pcre2_code *compiled; /* NULL: PCRE2 refuses it */
	pcre2_match_context *context;
	pcre2_match_data *data;
	struct tw_required required;
};

static enum required_verdict judge(const struct tw_required *required, struct tw_slice text)
{
	if (required->count == 0) {
		return REQUIRED_SILENT;
	}
	for (uint32_t i = 0; i < required->also_count; i++) {
		if (!holds_one_of(text, &required->also[i])) {
			return REQUIRED_LACKING;
		}
	}
	for (uint32_t i = 0; i < required->count; i++) {
		const struct tw_required_text *literal = &required->text[i];
		if (literal->len == 0 ||
		    (literal->bytes[0] == TW_REQUIRED_FOREIGN ? beyond_ascii(text) : holds(text, literal->bytes, literal->len))) {
			return REQUIRED_HOLDS;
		}
	}
	return REQUIRED_LACKING;
}

static struct required_checker *open_checker(struct tw_slice pattern)
{
	int code;
	PCRE2_SIZE at;
	struct required_checker *checker = calloc(1, sizeof(*checker));
	if (!checker) {
		abort();
	}
	checker->compiled =
	    pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
	if (!checker->compiled) {
		return checker;
	}
	checker->context = pcre2_match_context_create(NULL);
	checker->data = pcre2_match_data_create_from_pattern(checker->compiled, NULL);
	if (!checker->context || !checker->data) {
		abort();
	}
	pcre2_set_match_limit(checker->context, 100000);
	tw_required_of(pattern, &checker->required);
	return checker;
}

struct required_checker *required_checker_new(struct tw_slice pattern)
{
	struct required_checker *checker = open_checker(pattern);
	if (checker->compiled) {
		pcre2_jit_compile(checker->compiled, PCRE2_JIT_COMPLETE); /* pays with the second text; without it, it is the same, only slower */
	}
	return checker;
}

void required_checker_free(struct required_checker *checker)
{
	if (checker) {
		pcre2_match_data_free(checker->data);
		pcre2_match_context_free(checker->context);
		pcre2_code_free(checker->compiled);
		free(checker);
	}
}

enum required_verdict required_checker_text(struct required_checker *checker, struct tw_slice text)
{
	if (!checker->compiled) {
		return REQUIRED_NO_PATTERN;
	}
	/* well-formed by contract: PCRE2's own look at it would cost more than the match */
	PCRE2_SPTR bytes = (PCRE2_SPTR)(text.len ? text.ptr : "");
	if (pcre2_match(checker->compiled, bytes, text.len, 0, PCRE2_NO_UTF_CHECK, checker->data, checker->context) < 0) {
		return REQUIRED_NO_MATCH;
	}
	return judge(&checker->required, text); /* the pass reads the whole text, and a literal may need what stands beside the match */
}

enum required_verdict required_check(struct tw_slice pattern, struct tw_slice text)
{
	struct required_checker *checker = open_checker(pattern);
	enum required_verdict verdict = required_checker_text(checker, text);
	required_checker_free(checker);
	return verdict;
}

/* ---- making ---- */

#define DEPTH_MAX 4

static void alternatives(struct dice *dice, int depth, FILE *pattern, FILE *text);

static void letters(struct dice *dice, FILE *pattern, FILE *text)
{
	static const char *const texts[] = {"gun", "Rifle", "a", "K", "s", "пушка", "é", "9", " ", "part", "步", "ſ", "unmanned Aerial vehicles"};
	const char *chosen = texts[dice_below(dice, sizeof(texts) / sizeof(texts[0]))];
	fputs(chosen, pattern);
	fputs(chosen, text);
}

/* What stands for one of several: written as the pattern has it, and one text that meets it. */
static void class(struct dice *dice, FILE *pattern, FILE *text)
{
	static const char *const classes[][2] = {
	    {"[ab]", "b"},  {"[-_ ]", "_"},  {"[^x]", "y"},  {"\\d", "7"},      {"\\w", "w"},         {"\\s", " "},  {".", "q"},
	    {"\\.", "."},   {"[a-c]", "c"},  {"[]a]", "]"},  {"\\b", ""},       {"[[:alpha:]]", "z"}, {"\\pL", "l"}, {"\\p{Lu}", "U"},
	    {"\\x41", "A"}, {"\\R", "\n"},   {"\\h", "\t"},  {"[\\d\\]]", "]"}, {"\\Qa.b\\E", "a.b"}, {"[k]", "k"},  {"[éa]", "é"},
	    {"\\N", "n"},   {"\\e", "\x1b"}, {"\\101", "A"}, {"(?#gun)", ""},   {"\\K", ""}};
	const char *const *chosen = classes[dice_below(dice, sizeof(classes) / sizeof(classes[0]))];
	fputs(chosen[0], pattern);
	fputs(chosen[1], text);
}

static void group(struct dice *dice, int depth, FILE *pattern, FILE *text)
{
	static const char *const opens[] = {"(",     "(?:", "(?i:",  "(?>",      "(?=",   "(?!zz|", "(?<=",      "(?<n>",
	                                    "(?x: ", "(?|", "(?-i:", "(?<!zz)(", "(?i)(", "(?x)(",  "(*COMMIT)("};
	FILE *inner = text;
	char *lost = NULL;
	size_t size = 0;
	uint32_t which = dice_below(dice, 4) ? dice_below(dice, 2) : dice_below(dice, sizeof(opens) / sizeof(opens[0]));
	bool around = which >= 4 && which <= 6; /* takes no text of its own */
	if (around) {
		inner = open_memstream(&lost, &size);
	}
	fputs(opens[which], pattern);
	alternatives(dice, depth + 1, pattern, inner);
	fputc(')', pattern);
	if (around) {
		fclose(inner);
		fputs(which == 4 && dice_below(dice, 2) ? lost : "", text);
		free(lost);
	}
}

static void piece(struct dice *dice, int depth, FILE *pattern, FILE *text)
{
	static const char *const repeats[] = {"",  "",  "",  "",    "",      "",     "",   "",   "",   "",     "",   "",
	                                      "?", "*", "+", "{2}", "{0,2}", "{1,}", "??", "+?", "*+", "{,2}", "{0}"};
	char *once = NULL;
	size_t size = 0;
	FILE *part = open_memstream(&once, &size);
	uint32_t which = dice_below(dice, depth < DEPTH_MAX ? 12 : 9);
	if (which < 7) {
		letters(dice, pattern, part);
	} else if (which < 9) {
		class(dice, pattern, part);
	} else {
		group(dice, depth, pattern, part);
	}
	fclose(part);
	uint32_t repeat = dice_below(dice, sizeof(repeats) / sizeof(repeats[0]));
	bool may_lack = strchr("?*", repeats[repeat][0]) || strstr("{0,2}{,2}{0}", repeats[repeat]);
	bool many = repeats[repeat][0] && !strstr("?{0}??", repeats[repeat]) && dice_below(dice, 2);
	bool none = repeats[repeat][0] && may_lack && !many && dice_below(dice, 2);
	fputs(repeats[repeat], pattern);
	fputs(none ? "" : once, text);
	fputs(many && !none ? once : "", text);
	free(once);
}

static void alternatives(struct dice *dice, int depth, FILE *pattern, FILE *text)
{
	uint32_t count = 1 + dice_below(dice, 3), met = dice_below(dice, 3);
	for (uint32_t i = 0; i < count; i++) {
		char *other = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&other, &size);
		uint32_t pieces = 1 + dice_below(dice, 3);
		fputs(i ? "|" : "", pattern);
		for (uint32_t k = 0; k < pieces; k++) {
			piece(dice, depth, pattern, out);
		}
		fclose(out);
		fputs(i == met % count ? other : "", text);
		free(other);
	}
}

void random_pattern(struct dice *dice, FILE *pattern, FILE *text)
{
	fputs(dice_once_in(dice, 8) ? "^" : "", pattern);
	fputs(dice_below(dice, 2) ? "x " : "", text);
	alternatives(dice, 0, pattern, text);
	fputs(dice_below(dice, 2) ? " y" : "", text);
}
