/**
 * @file name_syllables.c
 * A word is cut into syllables, the longest first and back where that leads nowhere; see name_syllables.h.
 */
#include "feeds/name_syllables.h"

#include "engine/base/arena.h"
#include "feeds/name_surnames.h"

#define SYLLABLE_MAX 6 /* letters: "zhuang", "chuang" */
#define DEPTH_MAX    4 /* syllables of a word */

struct pair {
	const char *from, *to;
};

/* Of pinyin, the longer first. */
static const struct pair initials[] = {{"zh", "ch"}, {"ch", "ch"}, {"sh", "sh"}, {"b", "p"},  {"p", "p"}, {"m", "m"}, {"f", "f"},  {"d", "t"},
                                       {"t", "t"},   {"n", "n"},   {"l", "l"},   {"g", "k"},  {"k", "k"}, {"h", "h"}, {"j", "ch"}, {"q", "ch"},
                                       {"x", "hs"},  {"r", "j"},   {"z", "ts"},  {"c", "ts"}, {"s", "s"}, {"y", "y"}, {"w", "w"},  {"", ""}};
static const struct pair finals[] = {
    {"a", "a"},   {"o", "o"},     {"e", "e"},     {"ai", "ai"},     {"ei", "ei"},   {"ao", "ao"},     {"ou", "ou"},  {"an", "an"},
    {"en", "en"}, {"ang", "ang"}, {"eng", "eng"}, {"ong", "ung"},   {"i", "i"},     {"ia", "ia"},     {"ie", "ieh"}, {"iao", "iao"},
    {"iu", "iu"}, {"ian", "ien"}, {"in", "in"},   {"iang", "iang"}, {"ing", "ing"}, {"iong", "iung"}, {"u", "u"},    {"ua", "ua"},
    {"uo", "uo"}, {"uai", "uai"}, {"ui", "ui"},   {"uan", "uan"},   {"un", "un"},   {"uang", "uang"}, {"ue", "ueh"}, {"er", "erh"}};
/* Spelt otherwise than by initial and final. The vowel of zhi, chi, ji and qi is one letter in either: they meet. */
static const struct pair wholes[] = {{"yi", "i"},   {"you", "yu"}, {"ye", "yeh"},  {"yan", "yen"}, {"yong", "yung"}, {"zi", "tzu"},
                                     {"ci", "tzu"}, {"si", "ssu"}, {"zhi", "chi"}, {"chi", "chi"}, {"shi", "shi"},   {"ri", "ji"},
                                     {"e", "o"},    {"er", "erh"}, {"guo", "kuo"}, {"kuo", "kuo"}, {"huo", "huo"},   {"shuo", "shuo"}};

/* Of Wade-Giles without marks, with what is written for it elsewhere. */
static const char *const wade_initials[] = {"ch", "hs", "sh", "tz", "ts", "ss", "sz", "p", "m", "f", "t", "n", "l", "k", "h", "j", "s", "y", "w", ""};
static const struct pair wade_finals[] = {{"a", "a"},     {"o", "o"},     {"e", "e"},       {"eh", "eh"},     {"ai", "ai"},   {"ei", "ei"},
                                          {"ao", "ao"},   {"ou", "ou"},   {"an", "an"},     {"en", "en"},     {"ang", "ang"}, {"eng", "eng"},
                                          {"ung", "ung"}, {"i", "i"},     {"ih", "i"},      {"ia", "ia"},     {"ieh", "ieh"}, {"iao", "iao"},
                                          {"iu", "iu"},   {"ien", "ien"}, {"in", "in"},     {"iang", "iang"}, {"ing", "ing"}, {"iung", "iung"},
                                          {"u", "u"},     {"ua", "ua"},   {"uo", "uo"},     {"uai", "uai"},   {"ui", "ui"},   {"uei", "ui"},
                                          {"uan", "uan"}, {"un", "un"},   {"uang", "uang"}, {"ueh", "ueh"},   {"erh", "erh"}};

/* Korean letters by class, the longer first; a vowel that a dictionary tells apart, and papers do not, is one. */
static const struct pair korean_consonants[] = {{"kk", "k"}, {"tt", "t"}, {"pp", "p"}, {"jj", "c"}, {"ss", "s"}, {"ch", "c"}, {"sh", "s"},
                                                {"k", "k"},  {"g", "k"},  {"t", "t"},  {"d", "t"},  {"p", "p"},  {"b", "p"},  {"s", "s"},
                                                {"j", "c"},  {"h", "h"},  {"m", "m"},  {"n", "n"},  {"r", "r"},  {"l", "r"}};
static const struct pair korean_vowels[] = {{"yeo", "yo"}, {"yae", "ye"}, {"yoo", "yo"}, {"you", "yo"}, {"yai", "ye"}, {"wae", "we"}, {"woo", "o"},
                                            {"weo", "wo"}, {"eui", "i"},  {"yo", "yo"},  {"yu", "yo"},  {"ya", "ya"},  {"ye", "ye"},  {"yi", "i"},
                                            {"wa", "wa"},  {"we", "we"},  {"wi", "wi"},  {"wo", "wo"},  {"oe", "we"},  {"oi", "we"},  {"ui", "i"},
                                            {"eo", "o"},   {"eu", "o"},   {"oo", "o"},   {"ou", "o"},   {"ae", "e"},   {"ai", "e"},   {"ay", "e"},
                                            {"ee", "i"},   {"ie", "i"},   {"a", "a"},    {"e", "e"},    {"i", "i"},    {"o", "o"},    {"u", "o"}};
static const struct pair korean_ends[] = {{"ng", "ng"}, {"k", "k"}, {"g", "k"}, {"t", "t"}, {"p", "p"}, {"b", "p"},
                                          {"l", "r"},   {"r", "r"}, {"m", "m"}, {"n", "n"}, {"h", ""},  {"", ""}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool begins(struct tw_slice text, const char *with)
{
	size_t length = strlen(with);
	return length <= text.len && memcmp(text.ptr, with, length) == 0;
}

static struct tw_slice rest_of(struct tw_slice text, const char *taken)
{
	uint32_t length = (uint32_t)strlen(taken);
	return (struct tw_slice){text.ptr + length, text.len - length};
}

static const struct pair *find(const struct pair *pairs, size_t count, struct tw_slice word)
{
	for (size_t i = 0; i < count; i++) {
		if (tw_slice_is(word, pairs[i].from)) {
			return &pairs[i];
		}
	}
	return NULL;
}

static uint32_t put(char *out, const char *initial, const char *final)
{
	uint32_t head = (uint32_t)strlen(initial), tail = (uint32_t)strlen(final);
	memcpy(out, initial, head);
	memcpy(out + head, final, tail);
	return head + tail;
}

/* Which initial stands before which final, as far as it tells pinyin from Wade-Giles. */
static bool go_together(const char *initial, const char *final)
{
	if (*initial && strchr("jqx", *initial)) {
		return *final == 'i' || strcmp(final, "u") == 0 || strcmp(final, "ue") == 0 || strcmp(final, "uan") == 0 || strcmp(final, "un") == 0;
	}
	if (!*initial) {
		return *final != 'i' && *final != 'u';
	}
	if (strcmp(final, "ue") == 0) {
		return strchr("nly", *initial) != NULL;
	}
	if (*initial == 'y') {
		return strcmp(final, "en") != 0 && strcmp(final, "ei") != 0 && strcmp(final, "eng") != 0 && strcmp(final, "ai") != 0;
	}
	bool hard = *initial && strchr("gkhzcsrw", *initial);
	return !hard || *final != 'i';
}

static uint32_t pinyin(struct tw_slice syllable, char *out)
{
	const struct pair *whole = find(wholes, COUNT(wholes), syllable);
	if (whole) {
		return put(out, "", whole->to);
	}
	for (size_t i = 0; i < COUNT(initials); i++) {
		if (!begins(syllable, initials[i].from)) {
			continue;
		}
		const struct pair *final = find(finals, COUNT(finals), rest_of(syllable, initials[i].from));
		if (!final || !go_together(initials[i].from, final->from)) {
			return 0;
		}
		bool round = strcmp(final->from, "uo") == 0; /* elsewhere than in guo, kuo, huo, shuo it is o, and so is e behind k and h */
		bool open = strcmp(final->from, "e") == 0 && strchr("gkh", initials[i].from[0]);
		return put(out, initials[i].to, round || open ? "o" : final->to);
	}
	return 0;
}

static uint32_t wade_giles(struct tw_slice syllable, char *out)
{
	for (size_t i = 0; i < COUNT(wade_initials); i++) {
		if (!begins(syllable, wade_initials[i])) {
			continue;
		}
		const char *initial = strcmp(wade_initials[i], "sz") == 0 ? "ss" : wade_initials[i];
		const struct pair *final = find(wade_finals, COUNT(wade_finals), rest_of(syllable, wade_initials[i]));
		bool round = final && strcmp(final->from, "uo") == 0 && !(*initial && (strchr("kh", *initial) || strcmp(initial, "sh") == 0));
		return final ? put(out, initial, round ? "o" : final->to) : 0;
	}
	return 0;
}

/* Every syllable in one scheme. @param left syllables that may still come, those that came taken off @return length, 0: it cannot be cut so */
static uint32_t cut(struct tw_slice word, uint32_t (*syllable)(struct tw_slice, char *), uint32_t *left, char *out)
{
	for (uint32_t length = word.len < SYLLABLE_MAX ? word.len : SYLLABLE_MAX; *left && length; length--) {
		char spelt[SYLLABLE_MAX + 2];
		uint32_t bytes = syllable((struct tw_slice){word.ptr, length}, spelt), still = *left - 1;
		uint32_t more =
		    bytes && length < word.len ? cut((struct tw_slice){word.ptr + length, word.len - length}, syllable, &still, out + bytes) : 0;
		if (bytes && (more || length == word.len)) {
			memcpy(out, spelt, bytes);
			*left = still;
			return bytes + more;
		}
	}
	return 0;
}

/* Longer words have more letters than a token keeps. */
#define WORD_MAX (TW_NAME_FORM_TOKEN_MAX * 2 / 3)

uint32_t tw_name_chinese(struct tw_slice word, char *out)
{
	if (word.len > WORD_MAX) {
		return 0;
	}
	char spelt[WORD_MAX * 2];
	uint32_t of_pinyin = DEPTH_MAX, of_wade = DEPTH_MAX; /* that are left: in fewer syllables it is likelier */
	uint32_t length = cut(word, pinyin, &of_pinyin, out), other = cut(word, wade_giles, &of_wade, spelt);
	if (other && (!length || of_wade > of_pinyin)) {
		memcpy(out, spelt, other);
		return other;
	}
	return length;
}

static const struct pair *begin_of(const struct pair *pairs, size_t count, struct tw_slice text)
{
	for (size_t i = 0; i < count; i++) {
		if (begins(text, pairs[i].from)) {
			return &pairs[i];
		}
	}
	return NULL;
}

static uint32_t korean_syllable(struct tw_slice syllable, char *out)
{
	const struct pair *first = begin_of(korean_consonants, COUNT(korean_consonants), syllable);
	struct tw_slice rest = first ? rest_of(syllable, first->from) : syllable;
	const struct pair *vowel = begin_of(korean_vowels, COUNT(korean_vowels), rest);
	if (!vowel) {
		return 0;
	}
	const struct pair *end = find(korean_ends, COUNT(korean_ends), rest_of(rest, vowel->from));
	if (!end) {
		return 0;
	}
	uint32_t length = put(out, first ? first->to : "", vowel->to);
	return length + put(out + length, "", end->to);
}

uint32_t tw_name_korean(struct tw_slice word, char *out)
{
	uint32_t left = 2;
	return word.len > WORD_MAX ? 0 : cut(word, korean_syllable, &left, out);
}

/* ---- names ---- */

/* A language's words and surnames. */
struct language {
	uint32_t (*word)(struct tw_slice, char *);
	uint32_t (*surname)(struct tw_slice, const char **); /* how many it may be */
	char mark;                                           /* before a word in this spelling, which meets its equal alone */
	uint32_t given_max;                                  /* letters of a given name in this spelling */
};

/* @return whether the words but the surname's are of the language, joined in `out` */
static bool given_name(const struct tw_name_form *name, uint32_t surname, const struct language *language, char *out, uint32_t *length)
{
	*length = 0;
	for (uint32_t i = 0; i < name->count; i++) {
		if (i == surname) {
			continue;
		}
		char spelt[TW_NAME_FORM_TOKEN_MAX];
		uint32_t bytes = language->word(name->token[i].text, spelt);
		if (!bytes || *length + bytes > language->given_max) {
			return false;
		}
		memcpy(out + *length, spelt, bytes);
		*length += bytes;
	}
	return *length > 0;
}

static bool push(struct tw_name_form *form, char mark, struct tw_slice word, struct tw_arena *arena)
{
	char *text = tw_arena_alloc_raw(arena, word.len + 1);
	if (text) {
		text[0] = mark;
		memcpy(text + 1, word.ptr, word.len);
		form->token[form->count++] = (struct tw_name_form_token){{text, word.len + 1}, TW_WORD_PLAIN};
	}
	return text != NULL;
}

static bool add(const struct language *language, const char *surname, struct tw_slice given, struct tw_arena *arena, struct tw_name_form *form)
{
	form->count = 0;
	form->read = TW_READ_SYLLABLES;
	return push(form, language->mark, tw_slice_str(surname), arena) && push(form, language->mark, given, arena);
}

static bool add_language(const struct tw_name_form *name, const struct language *language, struct tw_arena *arena, struct tw_name_form *out,
                         uint32_t *count)
{
	const uint32_t places[] = {0, name->count - 1};
	for (size_t i = 0; i < COUNT(places); i++) {
		const char *surname[TW_SURNAMES_MAX];
		char given[TW_NAME_FORM_TOKEN_MAX];
		uint32_t length, surnames = language->surname(name->token[places[i]].text, surname);
		if (!surnames || !given_name(name, places[i], language, given, &length)) {
			continue;
		}
		for (uint32_t k = 0; k < surnames && *count < TW_SYLLABLE_FORMS_MAX; k++) {
			if (!add(language, surname[k], (struct tw_slice){given, length}, arena, &out[*count])) {
				return false;
			}
			*count += 1;
		}
	}
	return true;
}

bool tw_name_syllables(const struct tw_name_form *name, struct tw_arena *arena, struct tw_name_form *out, uint32_t *count)
{
	static const struct language chinese = {tw_name_chinese, tw_surname_chinese, '1', 20}, korean = {tw_name_korean, tw_surname_korean, '2', 12};
	*count = 0;
	if (name->count < 2 || name->count > 3) {
		return true;
	}
	return add_language(name, &chinese, arena, out, count) && add_language(name, &korean, arena, out, count);
}
