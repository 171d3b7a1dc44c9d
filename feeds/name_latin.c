/**
 * @file name_latin.c
 * Cyrillic, Arabic and Hebrew are read by tables here, because names are not spelt as ICU's reversible schemes spell them (mhmd, Hruŝëv)
 * and several readings are wanted; every other script by ICU's Any-Latin, a run of characters at a time.
 *
 *     NFKC characters  -> [Cyrillic | Arabic | Hebrew word] table -> Latin text -> tw_name_split
 *                      -> [run of another script] Any-Latin ------^
 *
 * Invariant: no state that changes after the first call. utrans_transUChars on a shared transliterator reads it only; ICU guards its own
 * data (i18n/rbt.cpp and anytrans.cpp lock).
 * Sources: Cyrillic: BGN/PCGN 1947 and ICAO 9303 part 3; Arabic and Hebrew: BGN/PCGN, less the marks, with the short vowels guessed.
 */
#include "feeds/name_latin.h"

#include <pthread.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"

#define EXPANSION 6 /* most Latin bytes for one character, with its vowel and a space */

static UTransliterator *any_latin;
static const UNormalizer2 *nfkc;
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_icu(void)
{
	UErrorCode status = U_ZERO_ERROR;
	nfkc = unorm2_getNFKCInstance(&status);
	UChar id[16];
	u_uastrcpy(id, "Any-Latin");
	any_latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
}

/* U+0430 to U+045F. */
static const char *const cyrillic[][2] = {
    {"a", "a"},   {"b", "b"},   {"v", "v"},  {"g", "g"},   {"d", "d"},   {"e", "e"},      {"zh", "j"}, {"z", "z"},  {"i", "i"}, {"y", "i"},
    {"k", "k"},   {"l", "l"},   {"m", "m"},  {"n", "n"},   {"o", "o"},   {"p", "p"},      {"r", "r"},  {"s", "s"},  {"t", "t"}, {"u", "u"},
    {"f", "f"},   {"kh", "h"},  {"ts", "c"}, {"ch", "ch"}, {"sh", "sh"}, {"shch", "sch"}, {"", "ie"},  {"y", "i"},  {"", ""},   {"e", "e"},
    {"yu", "iu"}, {"ya", "ia"}, {"e", "e"},  {"e", "yo"},  {"dj", "d"},  {"g", "g"},      {"e", "ie"}, {"z", "dz"}, {"i", "y"}, {"i", "yi"},
    {"j", "y"},   {"lj", "l"},  {"nj", "n"}, {"c", "ch"},  {"k", "kj"},  {"i", "i"},      {"u", "w"},  {"dz", "j"},
};

/* U+0621 to U+064A; capital A: a long a, U: w or u, I: y or i, by place. */
static const char *const arabic[] = {
    "",  "A", "A", "U", "A",  "I", "A", "b", "a", "t", "th", "j", "h", "kh", "d", "dh", "r", "z", "s", "sh", "s",
    "d", "t", "z", "a", "gh", "",  "",  "",  "",  "",  "",   "f", "q", "k",  "l", "m",  "n", "h", "U", "A",  "I",
};

/* U+05D0 to U+05EA. */
static const char *const hebrew[] = {"A", "b", "g", "d", "h", "U", "z", "h",  "t",  "I", "k", "k",  "l", "m",
                                     "m", "n", "n", "s", "a", "f", "p", "ts", "ts", "k", "r", "sh", "t"};

struct letter {
	UChar character;
	const char *latin;
};

/* What Ukrainian and Belarusian write otherwise than Russian. Source: Ukraine, Cabinet of Ministers, Resolution 55 (2010); Belarus, instruction of
 * the State Property Committee (2007), with the e of passports. The second table: at the head of a word. */
static const struct letter national[] = {{0x433, "h"},  {0x438, "y"},  {0x439, "i"}, {0x44e, "iu"}, {0x44f, "ia"},
                                         {0x451, "io"}, {0x454, "ie"}, {0x457, "i"}, {0x45e, "u"}};
static const struct letter national_heads[] = {{0x435, "e"}, {0x439, "y"}, {0x44e, "yu"}, {0x44f, "ya"}, {0x451, "yo"}, {0x454, "ye"}, {0x457, "yi"}};

/* Arabic letters of Persian and Urdu, and Latin letters that no normalisation takes apart. */
static const struct letter others[] = {
    {0x00e6, "ae"}, {0x00f0, "d"},  {0x00f8, "o"}, {0x00fe, "th"}, {0x0111, "d"}, {0x0127, "h"}, {0x0131, "i"},  {0x0142, "l"}, {0x014b, "ng"},
    {0x0138, "k"},  {0x0153, "oe"}, {0x0167, "t"}, {0x0259, "a"},  {0x0491, "g"}, {0x0493, "g"}, {0x0497, "j"},  {0x049b, "k"}, {0x04a3, "n"},
    {0x04af, "u"},  {0x04b1, "u"},  {0x04b3, "h"}, {0x04b7, "j"},  {0x04bb, "h"}, {0x04d9, "a"}, {0x04e3, "i"},  {0x04e9, "o"}, {0x04ef, "u"},
    {0x0671, "A"},  {0x0679, "t"},  {0x067e, "p"}, {0x0686, "ch"}, {0x0688, "d"}, {0x0691, "r"}, {0x0698, "zh"}, {0x06a9, "k"}, {0x06af, "g"},
    {0x06ba, "n"},  {0x06be, "h"},  {0x06c1, "h"}, {0x06cc, "I"},  {0x06d2, "e"},
};

/* Where a text is being read: characters in, Latin out. */
struct reader {
	const UChar *in;
	int32_t at, count;
	char *out;
	uint32_t length, room;
	enum tw_name_reading reading;
	bool national; /* Ukrainian or Belarusian, and the other reading */
};

static void put(struct reader *reader, const char *text)
{
	for (; *text && reader->length < reader->room; text++) {
		reader->out[reader->length++] = *text;
	}
}

static const char *find_letter(const struct letter *letters, size_t count, UChar c)
{
	for (size_t i = 0; i < count; i++) {
		if (letters[i].character == c) {
			return letters[i].latin;
		}
	}
	return NULL;
}

static const char *other_letter(UChar c)
{
	return find_letter(others, sizeof(others) / sizeof(others[0]), c);
}

static bool is_cyrillic(UChar c)
{
	return c >= 0x400 && c <= 0x45f;
}

/* The Latin of a letter of a script that leaves vowels out; NULL for any other character. */
static const char *semitic(UChar c)
{
	if (c >= 0x621 && c <= 0x64a) {
		return arabic[c - 0x621];
	}
	if (c >= 0x5d0 && c <= 0x5ea) {
		return hebrew[c - 0x5d0];
	}
	return c >= 0x671 && c <= 0x6d2 ? other_letter(c) : NULL;
}

static bool is_mark(UChar c)
{
	return (c >= 0x591 && c <= 0x5c7) || (c >= 0x64b && c <= 0x65f) || c == 0x670 || c == 0x640 || c == 0x200c || c == 0x200d || c == 0x200e ||
	       c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Latin letters that look like Cyrillic ones, and stand for them beside them: a slip of the keyboard, or meant to deceive. */
static UChar look_alike(UChar c)
{
	static const UChar pairs[][2] = {{'A', 0x430}, {'a', 0x430},  {'B', 0x432},  {'C', 0x441},  {'c', 0x441}, {'E', 0x435}, {'e', 0x435},
	                                 {'H', 0x43d}, {'I', 0x456},  {'i', 0x456},  {'K', 0x43a},  {'k', 0x43a}, {'M', 0x43c}, {'O', 0x43e},
	                                 {'o', 0x43e}, {'P', 0x440},  {'p', 0x440},  {'T', 0x442},  {'X', 0x445}, {'x', 0x445}, {'Y', 0x443},
	                                 {'y', 0x443}, {0xcb, 0x451}, {0xeb, 0x451}, {0x138, 0x43a}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i][0] == c) {
			return pairs[i][1];
		}
	}
	return 0;
}

/* A look-alike among Cyrillic letters is made one; a Latin word with a Cyrillic letter in it keeps its own. */
static void make_cyrillic(UChar *text, int32_t count)
{
	int32_t from = 0, own = 0, like = 0, latin = 0;
	for (int32_t at = 0; at <= count; at++) {
		if (at < count && u_isalpha(text[at])) {
			own += is_cyrillic(text[at]);
			like += look_alike(text[at]) != 0;
			latin += !is_cyrillic(text[at]) && !look_alike(text[at]);
			continue;
		}
		for (; own > like && !latin && like && from < at; from++) {
			text[from] = look_alike(text[from]) ? look_alike(text[from]) : text[from];
		}
		from = at + 1;
		own = like = latin = 0;
	}
}

/* Letters that Russian, Bulgarian and Serbian do not have: i, yi, ye, short u. */
static bool is_national(const UChar *text, int32_t count)
{
	bool found = false;
	for (int32_t i = 0; i < count && !found; i++) {
		UChar lower = (UChar)u_tolower(text[i]);
		found = lower == 0x454 || lower == 0x456 || lower == 0x457 || lower == 0x45e || lower == 0x491;
	}
	return found;
}

/* @return NULL: as in the other languages */
static const char *national_letter(UChar lower, bool first)
{
	const char *head = first ? find_letter(national_heads, sizeof(national_heads) / sizeof(national_heads[0]), lower) : NULL;
	return head ? head : find_letter(national, sizeof(national) / sizeof(national[0]), lower);
}

static void read_cyrillic(struct reader *reader)
{
	UChar lower = (UChar)u_tolower(reader->in[reader->at]);
	bool first = reader->at == 0 || !is_cyrillic(reader->in[reader->at - 1]);
	bool last = reader->at + 1 == reader->count || !is_cyrillic(reader->in[reader->at + 1]);
	reader->at++;
	bool usual = reader->reading == TW_READING_USUAL || reader->reading == TW_READING_WHOLE;
	const char *own = reader->national ? national_letter(lower, first) : NULL;
	if (own) {
		put(reader, own);
	} else if (reader->national && lower >= 0x430 && lower <= 0x45f) {
		put(reader, cyrillic[lower - 0x430][0]);
	} else if (lower == 0x435 && first && !usual) {
		put(reader, "ye");
	} else if (lower == 0x439 && last && usual && reader->length && strchr("iy", reader->out[reader->length - 1])) {
		reader->out[reader->length - 1] = 'y'; /* -ий and -ый are -y, as passports of the eighties and lists write them */
	} else if (lower >= 0x430 && lower <= 0x45f) {
		put(reader, cyrillic[lower - 0x430][usual ? 0 : 1]);
	}
}

/* A letter that is a vowel or a consonant by its place: a vowel between consonants and at the end. */
static const char *weak_letter(char kind, bool consonant)
{
	if (kind == 'U') {
		return consonant ? "w" : "u";
	}
	if (kind == 'I') {
		return consonant ? "y" : "i";
	}
	return "a";
}

static bool is_vowel(char c)
{
	return c && strchr("aeiou", c);
}

/* One word of Arabic or Hebrew: [from, to) of letters and marks. Between two consonants stands a vowel that nobody wrote: for names that are
 * listed so too; which Latin names such a word spells is asked elsewhere (name_script.h). */
static void read_semitic_word(struct reader *reader, int32_t from, int32_t to)
{
	uint32_t start = reader->length;
	bool open = false; /* the last letter was a consonant */
	if (to - from >= 5 && reader->in[from] == 0x627 && reader->in[from + 1] == 0x644) {
		put(reader, "al ");
		from += 2;
		start = reader->length;
	}
	for (int32_t i = from; i < to; i++) {
		const char *latin = semitic(reader->in[i]);
		if (!latin || !*latin) {
			continue;
		}
		const char *next = i + 1 < to ? semitic(reader->in[i + 1]) : NULL;
		if (*latin >= 'A' && *latin <= 'Z') {
			bool after_vowel = reader->length == start || !open;
			bool before_vowel = next && *next == 'A' && *latin != 'A';
			bool consonant = *latin != 'A' && ((after_vowel && (next || reader->length > start)) || before_vowel);
			bool doubled = *latin == 'A' && reader->length > start && reader->out[reader->length - 1] == 'a';
			put(reader, doubled ? "" : weak_letter(*latin, consonant));
			open = consonant;
			continue;
		}
		if (is_vowel(*latin)) {
			put(reader, reader->length > start && reader->out[reader->length - 1] == 'a' ? "" : latin);
			open = false;
			continue;
		}
		if (open) {
			put(reader, "a");
		}
		put(reader, latin);
		open = true;
	}
}

static bool has_syllables(UChar c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3);
}

/* A run of letters that no table here knows. */
static bool is_for_icu(UChar c)
{
	return c >= 0x250 && !(c >= 0x400 && c <= 0x4ff) && c != 0x259 && !semitic(c) && !is_mark(c) && !(c >= 0x2b9 && c <= 0x2bf) &&
	       !(c >= 0x300 && c <= 0x36f) && !(c >= 0x1e00 && c <= 0x1eff) && !(c >= 0x2000 && c <= 0x206f) && c != 0xfffd;
}

/* Surnames whose usual spelling is not the scheme's, in the south and in the north. Source: South Korean passports' usual spellings; the romanisation
 * that the north's own papers use, which keeps the first r. */
static const struct surname {
	UChar character;
	const char *south, *north;
} surnames[] = {
    {0xac15, "kang", "kang"}, {0xace0, "ko", "ko"},  {0xacfd, "kwak", "kwak"}, {0xad6c, "koo", "ku"},      {0xad8c, "kwon", "kwon"},
    {0xae40, "kim", "kim"},   {0xb178, "noh", "no"}, {0xb77c, "ra", "ra"},     {0xb7c9, "ryang", "ryang"}, {0xb85c, "ro", "ro"},
    {0xb958, "ryu", "ryu"},   {0xb9ac, "ri", "ri"},  {0xb9bc, "rim", "rim"},   {0xbc15, "park", "pak"},    {0xc2e0, "shin", "sin"},
    {0xc2ec, "shim", "sim"},  {0xc548, "ahn", "an"}, {0xc624, "oh", "o"},      {0xc6b0, "woo", "u"},       {0xc720, "yoo", "yu"},
    {0xc724, "yoon", "yun"},  {0xc774, "lee", "ri"}, {0xc784, "lim", "rim"},   {0xc815, "jung", "jong"},   {0xc870, "cho", "jo"},
    {0xcd5c, "choi", "choe"},
};

static const char *surname_of(const struct reader *reader)
{
	bool first = reader->reading != TW_READING_WHOLE && (reader->at == 0 || !has_syllables(reader->in[reader->at - 1]));
	for (size_t i = 0; first && i < sizeof(surnames) / sizeof(surnames[0]); i++) {
		if (surnames[i].character == reader->in[reader->at]) {
			return reader->reading == TW_READING_OTHER ? surnames[i].north : surnames[i].south;
		}
	}
	return NULL;
}

/* Is the syllable read last the first of a surname or a given name, or one behind k, t or p? Elsewhere a consonant is voiced.
 * Source: McCune and Reischauer, Transactions of the Korea Branch of the Royal Asiatic Society 29 (1939). */
static bool is_hard(const struct reader *reader)
{
	int32_t at = reader->at - 1;
	if (at == 0 || !has_syllables(reader->in[at - 1])) {
		return true;
	}
	if (at == 1 && (reader->at == reader->count || has_syllables(reader->in[reader->at]))) { /* behind a surname, not of two names apart */
		return true;
	}
	int end = reader->in[at - 1] >= 0xac00 ? (reader->in[at - 1] - 0xac00) % 28 : 0; /* none, n, l, m, ng */
	return end != 0 && end != 4 && end != 8 && end != 16 && end != 21;
}

/* A syllable ends in k, t, p, which ICU writes as g, d, b. Source: Republic of Korea, Ministry of Culture and Tourism, Notice 2000-8. */
static void end_hard(char *bytes, int32_t count)
{
	char *last = count > 1 ? &bytes[count - 1] : bytes;
	if (last > bytes && !(*last == 'g' && last[-1] == 'n') && strchr("gdb", *last)) {
		*last = *last == 'g' ? 'k' : *last == 'd' ? 't' : 'p';
	}
}

/* Append what ICU made of a run, joined or not; the other reading of Korean has o and u for eo and eu, and k, t, p for g, d, b where they are hard.
 */
static void put_romanised(struct reader *reader, const UChar *text, int32_t length, bool korean, bool joined)
{
	char bytes[512];
	int32_t count = 0;
	UErrorCode status = U_ZERO_ERROR;
	u_strToUTF8WithSub(bytes, (int32_t)sizeof(bytes) - 1, &count, text, length, ' ', NULL, &status);
	if (U_FAILURE(status)) {
		return;
	}
	count = count < (int32_t)sizeof(bytes) ? count : (int32_t)sizeof(bytes) - 1;
	bytes[count] = '\0';
	if (korean && count && reader->reading != TW_READING_WHOLE) {
		end_hard(bytes, count);
	}
	for (int32_t i = 0; i < count && reader->length < reader->room; i++) {
		if (korean && reader->reading == TW_READING_OTHER && bytes[i] == 'e' && (bytes[i + 1] == 'o' || bytes[i + 1] == 'u')) {
			continue;
		}
		if (korean && reader->reading == TW_READING_OTHER && i == 0 && strchr("gdb", bytes[0]) && is_hard(reader)) {
			bytes[0] = bytes[0] == 'g' ? 'k' : bytes[0] == 'd' ? 't' : 'p';
		}
		if (joined && (bytes[i] == ' ' || bytes[i] == '\'')) {
			continue;
		}
		reader->out[reader->length++] = bytes[i];
	}
}

static void read_by_icu(struct reader *reader)
{
	UChar run[256];
	int32_t count = 0;
	bool syllables = has_syllables(reader->in[reader->at]), korean = reader->in[reader->at] >= 0xac00 && reader->in[reader->at] <= 0xd7a3;
	bool whole = reader->reading == TW_READING_WHOLE;
	const char *surname = surname_of(reader);
	if (surname) {
		put(reader, " ");
		put(reader, surname);
		put(reader, " ");
		reader->at++;
		return;
	}
	do {
		run[count++] = reader->in[reader->at++];
	} while ((!korean || whole) && count < 64 && reader->at < reader->count && is_for_icu(reader->in[reader->at]) &&
	         has_syllables(reader->in[reader->at]) == syllables);
	UErrorCode status = U_ZERO_ERROR;
	int32_t limit = count;
	if (any_latin) {
		utrans_transUChars(any_latin, run, &count, (int32_t)(sizeof(run) / sizeof(run[0])), 0, &limit, &status);
	}
	put(reader, syllables ? " " : "");
	if (U_SUCCESS(status)) {
		put_romanised(reader, run, count, korean, whole && syllables);
	}
	put(reader, syllables ? " " : "");
}

/* Latin letters, digits, signs: as they are, but for letters that have no accent to take off. */
static void copy_character(struct reader *reader)
{
	const char *latin = other_letter((UChar)u_tolower(reader->in[reader->at]));
	if (latin) {
		put(reader, latin);
		reader->at++;
		return;
	}
	put_romanised(reader, reader->in + reader->at, 1, false, false);
	reader->at++;
}

static void read_all(struct reader *reader)
{
	while (reader->at < reader->count) {
		UChar c = reader->in[reader->at];
		if (is_mark(c)) {
			reader->at++;
		} else if (is_cyrillic(c)) {
			read_cyrillic(reader);
		} else if (semitic(c)) {
			int32_t from = reader->at;
			while (reader->at < reader->count && (semitic(reader->in[reader->at]) || is_mark(reader->in[reader->at]))) {
				reader->at++;
			}
			read_semitic_word(reader, from, reader->at);
		} else if (is_for_icu(c)) {
			read_by_icu(reader);
		} else {
			copy_character(reader);
		}
	}
}

struct tw_name_script tw_name_script_of(struct tw_slice text)
{
	struct tw_name_script script = {0};
	if (tw_text_is_ascii(text)) {
		return script;
	}
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		script.foreign |= c >= 0x80;
		script.other |= c >= 0xcd && c != 0xe2;
		script.ambiguous |= (c >= 0xd0 && c <= 0xd3) || (c >= 0xea && c <= 0xed) || c == 0xef;
		script.syllables |= c >= 0xe3 && c <= 0xed;
	}
	return script;
}

bool tw_name_latin(struct tw_slice text, enum tw_name_reading reading, struct tw_arena *arena, struct tw_slice *out)
{
	UChar raw[TW_NAME_LATIN_BYTES_MAX], plain[TW_NAME_LATIN_BYTES_MAX * 2];
	pthread_once(&opened, open_icu);
	int32_t bytes = (int32_t)(text.len < TW_NAME_LATIN_BYTES_MAX ? text.len : TW_NAME_LATIN_BYTES_MAX), count = 0;
	UErrorCode status = U_ZERO_ERROR;
	u_strFromUTF8WithSub(raw, TW_NAME_LATIN_BYTES_MAX, &count, text.ptr, bytes, 0xfffd, NULL, &status);
	int32_t plain_count = nfkc ? unorm2_normalize(nfkc, raw, count, plain, (int32_t)(sizeof(plain) / sizeof(plain[0])), &status) : 0;
	bool whole = U_SUCCESS(status) && nfkc;
	make_cyrillic(whole ? plain : raw, whole ? plain_count : count);
	struct reader reader = {whole ? plain : raw, 0, whole ? plain_count : count, NULL, 0, 0, reading, false};
	reader.national = reading == TW_READING_OTHER && is_national(reader.in, reader.count);
	reader.room = (uint32_t)reader.count * EXPANSION + EXPANSION;
	reader.out = tw_arena_alloc_raw(arena, reader.room);
	if (!reader.out) {
		return false;
	}
	read_all(&reader);
	*out = (struct tw_slice){reader.out, reader.length};
	return true;
}
